"""The tokens of Rego, and which brackets belong together."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.render.workers.fault import Fault

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*) | (?P<text>"(?:[^"\\\n]|\\.)*") | (?P<raw>`[^`]*`) | (?P<word>[A-Za-z_]\w*)
    | (?P<sign>:=|==|!=|<=|>=|[^\s\w"`\#]) | (?P<number>\d[\w.]*) | (?P<stray>["`])""",
    re.VERBOSE | re.ASCII,
)
_CLOSING = {"[": "]", "{": "}", "(": ")"}


class Token(NamedTuple):
    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def tokens_of(source: str) -> list[Token]:
    """All but comments. Raises Fault for a text without an end."""
    return [_checked(token, source) for token in _tokens(source) if token.kind != "comment"]


def _tokens(source: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(source):
        yield Token(match.lastgroup or "", match[0], match.start())


def _checked(token: Token, source: str) -> Token:
    if token.kind == "stray":
        raise Fault(f"line {line_of(source, token.start)}: a text must end with the quote that it began with")
    return token


def line_of(source: str, at: int) -> int:
    return source.count("\n", 0, at) + 1


def pairs_of(tokens: list[Token], source: str) -> dict[int, int]:
    """Where each bracket that opens is closed."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for at, token in enumerate(tokens):
        if token.text in _CLOSING:
            opened.append(at)
        elif token.kind == "sign" and token.text in "]})":
            if not opened or _CLOSING[tokens[opened[-1]].text] != token.text:
                raise Fault(
                    f"line {line_of(source, token.start)}: nothing is open that {token.text!r} could close"
                )
            pairs[opened.pop()] = at
    if opened:
        token = tokens[opened[-1]]
        raise Fault(f"line {line_of(source, token.start)}: {token.text!r} is never closed")
    return pairs


def apart(tokens: list[Token], source: str, at: int) -> bool:
    """Whether a token stands on another line than the one before it."""
    return "\n" in source[tokens[at - 1].end : tokens[at].start]
