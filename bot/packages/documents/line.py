"""One line of an ordinary document, understood by itself: its columns, its key, and the value behind it."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from bot.packages.documents.node import Style
from bot.packages.documents.scalars import resolve_tag

_LONGEST_REMEMBERED = 200  # characters, so that hostile documents fill no memory
_QUOTED = r"\"(?:[^\"\\]|\\[\"\\nt])*+\"|'(?:[^']|'')*+'"  # with the escapes that are frequent
_ITEM = rf"{_QUOTED}|-{{0,2}}[\w/.$][\w/.$=+@-]*+"
_LINE = re.compile(
    rf"""
    \ *
    (?P<dash>-\ +)?
    (?:(?P<key>\"[^\"\\]{{0,200}}+\"|'[^']{{0,200}}+'|[A-Za-z0-9_/][\w./-]{{0,200}}+):(?:\ +|\Z))?
    (?:
        (?P<scalar>
            {_QUOTED}
            | (?:[\w/.$+(=~^]|-(?=[^ ]))(?:[^ \#:]++|:(?=[^ ])|\ ++(?=[^ \#])|(?<=[^ ])\#)*+
        )
        (?:\ +(?P<comment>\#.*))?
        | (?P<literal>\|-?)
        | (?P<list>\[\ *(?:(?:{_ITEM})(?:,\ *(?:{_ITEM}))*)?\ *\])
        | (?P<mapping>\{{\}})
        | (?P<remark>\#.*)
    )?
    \ *
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}
_ITEMS = re.compile(_ITEM)
_QUOTES = {'"': Style.DOUBLE_QUOTED, "'": Style.SINGLE_QUOTED}


class Sort(IntEnum):
    """What stands on a line, or behind its key."""

    BLANK = 0
    COMMENT = 1
    NOTHING = 2
    SCALAR = 3
    LITERAL = 4
    LIST = 5
    MAPPING = 6


class Text(NamedTuple):
    """A scalar: its value, tag and style."""

    value: str
    tag: str
    style: Style


NO_TEXT = Text("", "", Style.PLAIN)


class Line(NamedTuple):
    """A line: `indent` is the column of its first character, `inner` of what follows a dash (0: no dash).

    `items` are of a flow list; `comment` is what follows a scalar or a key alone, or all of the line.
    """

    sort: Sort
    indent: int = 0
    inner: int = 0
    key: Text | None = None
    scalar: Text = NO_TEXT
    comment: str = ""
    items: tuple[Text, ...] = ()


BLANK = Line(Sort.BLANK)


def line_of(text: str) -> Line | None:
    """What stands on the line `text`; None where that takes YAML's whole grammar to tell.

    Lines of resources are much alike: nine of ten are known already, and hold the same strings in memory.
    """
    return _known(text) if len(text) <= _LONGEST_REMEMBERED else _read(text)


def _read(text: str) -> Line | None:
    if not text.isprintable():  # control characters, and all that may end a line
        return None
    content = text.lstrip(" ")
    indent = len(text) - len(content)
    if not content:
        return BLANK
    if content[0] == "#":
        return Line(Sort.COMMENT, indent, comment=content)
    found = _LINE.fullmatch(text)
    if not found:
        return None
    dash, name, scalar, comment, literal, items, mapping, remark = found.groups()
    if not (name or dash):
        return None
    inner = found.end(1) if dash else 0
    key = _key(name) if name else None
    if scalar:
        return Line(Sort.SCALAR, indent, inner, key, _text(scalar), comment or "")
    if literal:
        return Line(Sort.LITERAL, indent, inner, key, Text(literal, "!!str", Style.LITERAL))
    if items:
        return Line(Sort.LIST, indent, inner, key, items=tuple(_text(item) for item in _ITEMS.findall(items)))
    if mapping:
        return Line(Sort.MAPPING, indent, inner, key)
    return Line(Sort.NOTHING, indent, inner, key, comment=remark or "") if key else None


def _text(written: str) -> Text:
    style = _QUOTES.get(written[0])
    if style is None:
        return Text(written, resolve_tag(written), Style.PLAIN)
    value = written[1:-1]
    if style is Style.SINGLE_QUOTED:
        value = value.replace("''", "'")
    elif "\\" in value:
        value = _ESCAPE.sub(lambda found: _ESCAPES[found[1]], value)
    return Text(value, "!!str", style)


_known = lru_cache(maxsize=8192)(_read)
_key = lru_cache(maxsize=1024)(_text)  # most lines that are new have a key that is not
