"""Reads what people write in comments: which of it is said to us, and what it means.

Quotes, code and HTML comments are talk about words, not words said. A word that is not ours is somebody
else's: other bots live on a change, too.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.lifecycle.words import ADDRESS, WORDS, Word
from bot.packages.naming import quoted

MOST = 10  # words of one comment that are heard
LONGEST = 65_536  # characters of a comment that are read; no forge allows more
_HTML_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_SAID = re.compile(r" {0,3}/([a-z][a-z-]*)(?:[ \t]+(.*))?$")


class Said(NamedTuple):
    """A word that was said to us, with its arguments; for a word with a text, that is the one."""

    word: Word
    arguments: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.arguments[0] if self.arguments else ""


class Mistaken(NamedTuple):
    """Something that was said to us, and cannot be understood; `hint` is the answer."""

    hint: str


def read_remark(text: str) -> tuple[Said | Mistaken, ...]:
    """Everything in a comment that was said to us, in order, the first MOST of it."""
    heard = (_heard(line) for line in _own_lines(text[:LONGEST]))
    return tuple(item for item in heard if item is not None)[:MOST]


def _own_lines(text: str) -> Iterator[str]:
    """The lines that are the writer's own words: no quotes, no code, no HTML comments."""
    fence = ""
    for line in _HTML_COMMENT.sub("", text).splitlines():
        marks = _FENCE.match(line)
        if fence:
            # A fence ends with as many marks of its kind, or more, and nothing after them (CommonMark §4.5).
            if marks and marks[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif marks:
            fence = marks[1]
        elif not line.startswith(("    ", "\t")) and not line.lstrip().startswith(">"):
            yield line


def _heard(line: str) -> Said | Mistaken | None:
    found = _SAID.fullmatch(line.rstrip())
    if found is None:
        return None
    name, rest = found[1], (found[2] or "").strip()
    addressed = name == ADDRESS
    if addressed:
        name, _, rest = rest.partition(" ")
        name, rest = name.removeprefix("/"), rest.strip()
    word = WORDS.get(name)
    if word is None:
        return Mistaken(_unknown(name)) if addressed else None
    return _understood(word, rest)


def _understood(word: Word, rest: str) -> Said | Mistaken:
    if word.most < 0:
        return Said(word, (rest,) if rest else ())
    arguments = tuple(rest.split())
    if word.least <= len(arguments) <= word.most:
        return Said(word, arguments)
    if word.most == 0:
        return Mistaken(f"`/{word.word}` stands alone on its line: {quoted(rest[:100])} was not understood.")
    return Mistaken(f"`/{word.word}` was not understood; write it as `{word.usage}`.")


def _unknown(name: str) -> str:
    known = ", ".join(f"`/{word}`" for word in WORDS)
    return f"{quoted(name[:100])} is no word of mine; I know {known}."
