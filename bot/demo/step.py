"""The steps of a story, and in what an answer differs from what a step expects."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bot.packages.naming import quoted


class Answer(NamedTuple):
    """What a command came to: `text` is all that the person saw, `refs` are the server's afterwards."""

    code: int
    text: str
    refs: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Say:
    """A word to the reader."""

    text: str


@dataclass(frozen=True, slots=True)
class Write:
    """`who` writes a new file; `path` counts from the folder that they work in."""

    who: str
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """`who` replaces the one place where `old` stands in a file by `new`, both whole lines."""

    who: str
    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Run:
    """`who` runs `command`, which must end with `code` and say each of `says`, however it is spaced.

    Afterwards the refs `there` must be on the server, and those of `gone` must not. With `silent` it must
    say nothing at all.
    """

    who: str
    command: str
    says: tuple[str, ...] = ()
    code: int = 0
    there: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    silent: bool = False

    def differences(self, answer: Answer) -> Iterator[str]:
        """Each expectation that `answer` does not meet, as a sentence."""
        if answer.code != self.code:
            yield f"It must end with the exit code {self.code}, and ended with {answer.code}."
        said = _one_space(answer.text)
        for words in self.says:
            if _one_space(words) not in said:
                yield f"It must say {quoted(words)}."
        if self.silent and said:
            yield "It must say nothing."
        for ref in self.there:
            if ref not in answer.refs:
                yield f"The server must have {quoted(ref)} now."
        for ref in self.gone:
            if ref in answer.refs:
                yield f"The server must not have {quoted(ref)} any more."


Step = Say | Write | Edit | Run


class Chapter(NamedTuple):
    """A part of a story."""

    title: str
    steps: tuple[Step, ...]


def _one_space(text: str) -> str:
    return " ".join(text.split())
