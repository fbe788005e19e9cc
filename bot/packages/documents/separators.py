"""Where one document of a file ends and the next begins, and how its lists are indented: kyaml's rules."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.naming import quoted

# kyaml's ByteReader: any line but the first that starts with '---'; the rest of it may be a comment only.
_SEPARATOR = re.compile(r"\n---(.*)\n")
_ITEM = re.compile(r"^( *)- ", re.MULTILINE)


class Part(NamedTuple):
    """The text of one document; `line` is the number of its first line, counted from 1."""

    text: str
    line: int


def split(text: str, *, path: str = "") -> list[Part]:
    """Cut `text`, whose line breaks are line feeds, into its documents, as kyaml does.

    Raises InvalidDocument where content follows '---' on its line.
    """
    parts = []
    start, line = 0, 1
    for match in _SEPARATOR.finditer(text):
        rest = match[1].strip()
        following = line + text.count("\n", start, match.end())
        if rest and not rest.startswith("#"):
            reason = (
                f"Only a comment may follow '---' on its line, not {quoted(rest)}; move it to the next line."
            )
            raise InvalidDocument(reason, path=path, line=following - 1)
        parts.append(Part(text[start : match.start() + 1], line))
        start, line = match.end(), following
    parts.append(Part(text[start:], line))
    return parts


def is_wide(text: str) -> bool:
    """Whether the first list in `text` that tells stands two columns right of its key (kyaml's rule)."""
    for match in _ITEM.finditer(text):
        above = _line_above(text, match.start())
        stripped = above.partition(" #")[0].strip(" ")
        if stripped.count(":") != 1 or not stripped.endswith(":"):
            continue
        step = len(match[1]) - (len(above) - len(above.lstrip(" ")))
        if step in {0, 2}:
            return step == 2
    return False


def _line_above(text: str, start: int) -> str:
    """The nearest line above `start` that is no comment; '' when there is none."""
    while start > 0:
        begin = text.rfind("\n", 0, start - 1) + 1
        line = text[begin : start - 1]
        if not line.lstrip(" ").startswith("#"):
            return line
        start = begin
    return ""
