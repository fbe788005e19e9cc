"""How the lines of a document were written, kept where the document says something else now."""

from __future__ import annotations

from typing import NamedTuple

from bot.packages.merge.lines import Run, runs


class _Line(NamedTuple):
    """A line with text, and the blank ones before it; `words` are what tells it from others."""

    blank: str
    text: str
    words: str


def respelled(text: str, plain: str, wanted: str) -> str:
    """`wanted` with its lines as `text` has them, of which `plain` is the same in the writer's own format.

    Blank lines stay where they were, and lines that say the same keep their spaces; what is new is indented
    as what is around it. Whoever asks must look whether what came out still says what is wanted.
    """
    written, ours, theirs = _lines(text), _lines(plain), _lines(wanted)
    spelled: dict[int, _Line] = {}
    at = (0, 0)
    for run in [*_common(ours, written), Run(len(ours), len(written), 0)]:
        between = (run.left - at[0], run.right - at[1])
        # Between lines that are alike stand as many that are spelled otherwise.
        if between[0] == between[1]:
            spelled |= {at[0] + step: written[at[1] + step] for step in range(between[0])}
        spelled |= {run.left + step: written[run.right + step] for step in range(run.length)}
        at = (run.left + run.length, run.right + run.length)
    known = {
        run.right + step: spelled[run.left + step]
        for run in _common(ours, theirs)
        for step in range(run.length)
        if run.left + step in spelled
    }
    indents = _Indents()
    result = []
    for index, line in enumerate(theirs):
        own = known.get(index)
        if own is None:
            result.append(line.blank + indents.shifted(line.text))
        else:
            indents.learn(line.text, own.text)
            result.append(own.blank + own.text)
    return "".join(result)


class _Indents:
    """How far lines of each depth are indented in the text, where the writer would indent them otherwise."""

    def __init__(self) -> None:
        self._known: list[tuple[int, int]] = []

    def learn(self, plain: str, own: str) -> None:
        """Take in a line in the writer's format, and as it stands in the text."""
        for theirs, ours in zip(_columns(plain), _columns(own), strict=False):
            self._forget(theirs)
            self._known.append((theirs, ours))

    def shifted(self, line: str) -> str:
        """A line in the writer's format, as far indented as those of its depth."""
        text = line.lstrip(" ")
        column = len(line) - len(text)
        theirs, ours = next((pair for pair in reversed(self._known) if pair[0] <= column), (0, 0))
        return " " * max(ours + column - theirs, 0) + text

    def _forget(self, column: int) -> None:
        while self._known and self._known[-1][0] >= column:
            self._known.pop()


def _columns(line: str) -> list[int]:
    """Where the text of a line begins, and where what follows each dash does."""
    found = []
    column = len(line) - len(line.lstrip(" "))
    while True:
        found.append(column)
        if not line.startswith("- ", column):
            return found
        column += 2


def _common(one: list[_Line], other: list[_Line]) -> list[Run]:
    return runs([line.words for line in one], [line.words for line in other])


def _lines(text: str) -> list[_Line]:
    """The lines of a text; what is blank at its end is a line of no words."""
    found: list[_Line] = []
    blank = ""
    for line in text.splitlines(keepends=True):
        if line.strip():
            found.append(_Line(blank, line, " ".join(line.split())))
            blank = ""
        else:
            blank += line
    return [*found, _Line(blank, "", "")]
