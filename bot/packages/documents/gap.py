"""The text between two tokens that libyaml saw: its indicators and its comments, as go-yaml v3 scans them."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from enum import Enum, auto

_BLANKS = re.compile(r"[ \t\n]*")
_SPACES = re.compile(r"[ \t]*")
_WORD = re.compile(r"[^ \t\n]+")
_REST = re.compile(r"[^\n]*")
_PROPERTIES = re.compile(r"(?:[&!][^ \t\n]*(?:[ \t\n]|#[^\n]*)*)*")


class Sort(Enum):
    """What a token is, as far as comments care."""

    CONTENT = auto()
    SEQUENCE_START = auto()
    ENTRY = auto()
    KEY = auto()
    VALUE = auto()
    FLOW_ENTRY = auto()
    PROPERTY = auto()
    DOCUMENT = auto()
    BLOCK_END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A token and the index in the text where it counts as standing."""

    sort: Sort
    index: int


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the text: its index and its line, both from 0; `column` from 1 where a comment begins."""

    index: int
    line: int
    column: int = 0


@dataclass(slots=True)
class Comment:
    """A comment; it applies to the first token at or behind index `applies`.

    `scanned` is where the scan began that found it, `end` where it ended; 0 where that does not matter.
    """

    applies: int
    start: Place
    scanned: int = 0
    end: int = 0
    head: str = ""
    line: str = ""
    foot: str = ""


def after_properties(text: str, index: int) -> int:
    """Where the content begins whose anchor or tag stands at `index`."""
    match = _PROPERTIES.match(text, index)
    return match.end() if match else index


class Gap:
    """Scans one gap; afterwards `tokens` and `comments` hold what was found, `position` where it ended."""

    def __init__(self, text: str, columns: list[int], *, flow: bool) -> None:
        self.text = text
        self.columns = [-1, *columns]
        self.flow = flow
        self.tokens: deque[Token] = deque()
        self.comments: list[Comment] = []
        self.position = 0
        self.last = [Token(Sort.CONTENT, 0)]
        self.base = Place(0, 0)

    def begin(self, start: Place, end: Place) -> None:
        """Begin behind a token that stands from `start` to `end`."""
        self.last = [Token(Sort.CONTENT, start.index)]
        self.base = end
        self.position = end.index

    def header_comment(self, start: int) -> None:
        """Take the comment on the first line of a block scalar that stands at `start`."""
        start = after_properties(self.text, start) if self.text[start] in "&!" else start
        header = self.match(_REST, start)
        found = header.find("#")
        if found > 0:
            self.comments.append(Comment(self.last[0].index, Place(start + found, 0), line=header[found:]))

    def skip_blanks(self) -> None:
        """Skip what the scanner of plain and block scalars skips too."""
        self.position += len(self.match(_BLANKS, self.position))

    def scan(self, stop: int, *, properties: bool, line_comment: bool) -> None:
        """Scan up to the token at index `stop`; where it has `properties`, to the content behind them."""
        text = self.text
        applies = self.last[0].index
        while True:
            if line_comment:
                self._line_comment(applies)
            scanned = self.position
            self._to_next_token(scanned)
            here = self.position
            self._unroll(self.column(here), scanned)
            mark = text[here : here + 1]
            if here >= len(text):
                self._unroll(-1, here)
                return
            if here >= stop and not (properties and mark and mark in "&!"):
                return
            applies = self.last[-1].index if self._follows(mark) else here
            sort = self._indicator(mark, here)
            if sort is None:
                return
            self.last.append(Token(sort, here))
            self.tokens.append(self.last[-1])
            line_comment = sort not in {Sort.ENTRY, Sort.DOCUMENT}

    def _follows(self, mark: str) -> bool:
        """Whether a comment behind this indicator belongs to the token before it."""
        return mark == "," if self.flow else mark == ":"

    def _indicator(self, mark: str, here: int) -> Sort | None:
        """Step over the indicator at `here`; None where there is none."""
        column = self.column(here)
        if column == 0 and (mark == "%" or self.text[here : here + 3] in {"---", "..."}):
            self._unroll(-1, here)
            self.position = here + (len(self.match(_REST, here)) if mark == "%" else 3)
            return Sort.DOCUMENT
        self.position = here + 1
        if mark == "-":
            if column > self.columns[-1] and not self.flow:
                self.columns.append(column)
                self.tokens.append(Token(Sort.SEQUENCE_START, here))
            return Sort.ENTRY
        if mark == "?":
            if column > self.columns[-1] and not self.flow:
                self.columns.append(column)
            return Sort.KEY
        if mark in "&!":
            self.position = here + len(self.match(_WORD, here))
            return Sort.PROPERTY
        return {":": Sort.VALUE, ",": Sort.FLOW_ENTRY}.get(mark)

    def _line_comment(self, applies: int) -> None:
        if self.newlines(self.position):
            return
        found = self.position + len(self.match(_SPACES, self.position))
        if self.text[found : found + 1] == "#":
            comment = self.match(_REST, found)
            self.comments.append(Comment(applies, self.mark(found), line=comment))
            self.position = found + len(comment)

    def _to_next_token(self, scanned: int) -> None:
        self.skip_blanks()
        if self.text[self.position : self.position + 1] == "#":
            _Block(self, self.mark(scanned)).scan()
            self.skip_blanks()

    def _unroll(self, column: int, scanned: int) -> None:
        """Close the blocks deeper than `column`, each before the comments that stand at its own column."""
        if self.flow:
            return
        block = scanned - 1
        while self.columns[-1] > column:
            stop = block
            for comment in reversed(self.comments):
                if comment.end < stop:
                    break
                if comment.start.column == self.columns[-1] + 1:
                    block = comment.start.index
                stop = comment.scanned
            self.tokens.append(Token(Sort.BLOCK_END, block))
            self.columns.pop()

    def match(self, pattern: re.Pattern[str], index: int) -> str:
        match = pattern.match(self.text, index)
        return match[0] if match else ""

    def newlines(self, index: int) -> int:
        """Line breaks since the last character before `index` that is no blank."""
        begin = index
        while begin > 0 and self.text[begin - 1] in " \t\n":
            begin -= 1
        return self.text.count("\n", begin, index)

    def column(self, index: int) -> int:
        return index - self.text.rfind("\n", 0, index) - 1

    def mark(self, index: int) -> Place:
        """The place of `index`, which is never before the last one that was asked for."""
        line = self.base.line + self.text.count("\n", self.base.index, index)
        place = Place(index, line, self.column(index) + 1)
        if index > self.base.index:
            self.base = place
        return place


class _Block:
    """Comment lines between two tokens, cut into feet of what is above and a head of what is below."""

    def __init__(self, gap: Gap, scanned: Place) -> None:
        self.gap = gap
        self.scanned = scanned
        self.applies = self._token().index
        self.start = Place(0, 0)
        self.lines: list[str] = []
        here = gap.position
        newlines = gap.newlines(here)
        self.line = gap.mark(here).line
        self.column = gap.column(here)
        self.first_empty = newlines <= 1
        self.recent_empty = False
        self.foot_line = -1
        if scanned.line > 0:
            self.foot_line = self.line - newlines + 1 + (newlines == 0 and self.column > 1)

    def _token(self) -> Token:
        last = self.gap.last
        return last[-2] if last[-1].sort is Sort.FLOW_ENTRY and len(last) > 1 else last[-1]

    def scan(self) -> None:
        """Read all comment lines up to the next token."""
        gap = self.gap
        text = gap.text
        indent = max(gap.columns[-1], 0)
        index = gap.position
        while True:
            self.column += 1
            char = text[index : index + 1]
            if char and char in " \t":
                index += 1
                continue
            closing = gap.flow and bool(char) and char in "]}"
            if closing or char in {"", "\n"}:
                self._line_end(index, indent, closing=closing, at_end=not char)
                if char != "\n":
                    break
                self.first_empty = False
                self.recent_empty = True
                self.column = 0
                self.line += 1
                index += 1
                continue
            if self.lines and self.column - 1 < indent and self.column != self.start.column:
                self._foot(index)
            if char != "#":
                break
            index = self._comment_line(index)
        if self.lines:
            end = index - 1
            comment = Comment(
                self.start.index, self.start, self.scanned.index, end, head="\n".join(self.lines)
            )
            gap.comments.append(comment)

    def _comment_line(self, index: int) -> int:
        """Add the comment at `index`; return where the line below it begins."""
        gap = self.gap
        if not self.lines:
            self.start = Place(index, self.line, self.column)
        comment = gap.match(_REST, index)
        self.lines.append(comment)
        self.recent_empty = False
        self.column = 0
        gap.position = index + len(comment)
        self.line = gap.mark(gap.position).line
        return gap.position + 1

    def _line_end(self, index: int, indent: int, *, closing: bool, at_end: bool) -> None:
        if not closing and self.recent_empty:
            return
        dedented = self.start.column - 1 < indent
        adjacent = self.start.line == self.foot_line and self._token().sort is not Sort.VALUE
        if closing or (self.first_empty and (adjacent or dedented)):
            if self.lines:
                if dedented:
                    self.applies = self.start.index
                self._foot(index)
        elif self.lines and not at_end:
            self.lines.append("")

    def _foot(self, index: int) -> None:
        comment = Comment(self.applies, self.start, self.scanned.index, index, foot="\n".join(self.lines))
        self.gap.comments.append(comment)
        self.scanned = Place(index, self.line, self.column)
        self.applies = index
        self.lines = []
