"""Which comment belongs to which event: go-yaml v3's rules, asked only where a document has comments.

libyaml throws comments away, so the gaps between its tokens that hold a '#' are scanned here once more. A
comment waits until the first token at or after the place where it applies, and goes to the next event that
takes comments; this is what `scannerc.go` and `parserc.go` of go-yaml do, restricted to those gaps.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from bot.packages.documents.events import (
    ALIAS,
    DOCUMENT_END,
    DOCUMENT_START,
    ENDS,
    MAPPING_END,
    MAPPING_START,
    SCALAR,
    SEQUENCE_START,
    STARTS,
    STREAM_END,
    STREAM_START,
    Event,
    has_properties,
)
from bot.packages.documents.gap import Comment, Gap, Place, Sort, Token, after_properties

# A comment behind a value, and then at once the next content: by far the most frequent case.
_LINE_COMMENT = re.compile(r"[ \t]*(#[^\n]*)(?:\n[ \t\n]*(?:- +)*(?=[\w\"'/{\[])|[ \t\n]*\Z)")
_FLOW = -1
_INDENTLESS = -2


class Note(NamedTuple):
    """The comments of one event."""

    head: str = ""
    line: str = ""
    foot: str = ""


def notes_of(text: str, events: Sequence[Event], deepest: int) -> dict[int, Note]:
    """The comments in `text` by the number of the event that they belong to.

    Stops at collections deeper than `deepest`, because the document is going to be refused for them.
    """
    placing = _Placing(text, events, deepest)
    starts = [event.start_mark.index for event in events]
    done = 0
    found = text.find("#")
    while found >= 0:
        if found >= done:
            here = bisect_right(starts, found) - 1
            while not placing.has_token(here) or placing.stands_before(found, here):
                here -= 1
            done = placing.end_of_inside(found, here)
            if done < 0:
                done = placing.place_line_comment(found, here) or placing.place_from(here)
        found = text.find("#", max(done, found + 1))
    return placing.notes


class _Placing:
    """Walks over the events around each gap with comments, and hands out the comments."""

    def __init__(self, text: str, events: Sequence[Event], deepest: int) -> None:
        self.text = text
        self.events = events
        self.deepest = deepest
        self.notes: dict[int, Note] = {}
        self.next_event = 0
        # The column of each open block collection; _FLOW or _INDENTLESS for those that open no block.
        self.open: list[int] = []
        self.waiting: deque[Comment] = deque()
        # What was taken up and goes to the next event that takes comments; the stem to the next collection.
        self.head: list[str] = []
        self.line: list[str] = []
        self.foot: list[str] = []
        self.stem: list[str] = []

    def has_token(self, number: int) -> bool:
        """Whether an event has a token of its own, that is neither an indicator nor implied."""
        event = self.events[number]
        kind = type(event)
        if kind is SCALAR and not event.value and not event.style:
            return False
        if kind is SCALAR or kind in ENDS:
            return event.start_mark.index < event.end_mark.index
        if kind in STARTS:
            return event.flow_style and self.text[event.end_mark.index - 1] in "{["
        return kind is ALIAS or kind is STREAM_START or kind is STREAM_END

    def stands_before(self, found: int, number: int) -> bool:
        """Whether the '#' at `found` stands between an event's anchor or tag and its content."""
        event = self.events[number]
        return has_properties(event) and found < after_properties(self.text, event.start_mark.index)

    def end_of_inside(self, found: int, number: int) -> int:
        """The end of the scalar that the '#' at `found` is a part of; -1 when it begins a comment."""
        event = self.events[number]
        end = event.end_mark.index
        if type(event) is not SCALAR or found >= end:
            return -1
        if event.style in {"|", ">"} and "\n" not in self.text[event.start_mark.index : found]:
            return -1
        return end

    def place_line_comment(self, found: int, number: int) -> int:
        """Place the comment at `found` where it is the only one before the next token; 0 where it is not."""
        event = self.events[number]
        kind = type(event)
        if kind in STARTS or kind is STREAM_START or (kind is SCALAR and event.style in {"|", ">"}):
            return 0
        match = _LINE_COMMENT.match(self.text, event.end_mark.index)
        if not match or match.start(1) != found:
            return 0
        self.notes[number] = Note(line=match[1])
        return match.end()

    def place_from(self, number: int) -> int:
        """Place the comments from the gap behind an event on, until none waits; return where that is."""
        self._advance(number)
        while True:
            following = number + 1
            while following < len(self.events) and not self.has_token(following):
                following += 1
            if following == len(self.events) or len(self.open) > self.deepest:
                return len(self.text)
            gap = self._scan(number, following)
            event = self.events[number]
            if type(event) is not STREAM_START:
                self._peek(event.start_mark.index)
                self._deliver(number)
            self._walk(number, following, gap)
            number = following
            if not (self.waiting or self.head or self.line or self.foot or self.stem):
                return self.events[number].start_mark.index
            if type(self.events[number]) is STREAM_END:
                return len(self.text)

    def _scan(self, number: int, following: int) -> Gap:
        event, stop = self.events[number], self.events[following]
        columns = [column for column in self.open if column >= 0]
        gap = Gap(self.text, columns, flow=_FLOW in self.open)
        end = event.end_mark
        block = type(event) is SCALAR and event.style in {"|", ">"}
        plain = type(event) is SCALAR and not event.style
        gap.begin(Place(event.start_mark.index, event.start_mark.line), Place(end.index, end.line))
        if block:
            gap.header_comment(event.start_mark.index)
        if block or plain:
            gap.skip_blanks()
        last = len(self.text) if type(stop) is STREAM_END else stop.start_mark.index
        gap.scan(last, properties=has_properties(stop), line_comment=type(event) is not STREAM_START)
        self.waiting += gap.comments
        return gap

    def _walk(self, number: int, following: int, gap: Gap) -> None:
        """Hand the tokens of a gap to the events that take them, up to the event behind the gap."""
        tokens = gap.tokens
        for between in range(number + 1, following + 1):
            event = self.events[between]
            if type(event) in ENDS and between < following:
                self._end(between, event, tokens, gap.position)
            elif type(event) in {DOCUMENT_START, DOCUMENT_END}:
                self._document(between, event, tokens, gap.position)
            elif type(event) is not STREAM_END:
                self._take_indicators(event, tokens, gap.position)
                if type(event) in STARTS and between < following:
                    self._start(between, event, tokens, gap.position)
                elif between < following:
                    self._peek_next(tokens, gap.position)
            self._advance(between)

    def _end(self, number: int, event: Event, tokens: deque[Token], position: int) -> None:
        if self.open and self.open[-1] >= 0 and tokens and tokens[0].sort is Sort.BLOCK_END:
            self._peek(tokens.popleft().index, block_end=True)
            if type(event) is MAPPING_END:
                self._deliver(number)
        else:
            self._peek_next(tokens, position)

    def _start(self, number: int, event: Event, tokens: deque[Token], position: int) -> None:
        if type(event) is SEQUENCE_START and tokens and tokens[0].sort is Sort.SEQUENCE_START:
            self._peek(tokens.popleft().index)
        elif type(event) is SEQUENCE_START:
            self._peek_next(tokens, position)
            return
        else:
            self._peek(event.end_mark.index)
        if self.stem:
            self.notes[number] = Note(head="\n".join(self.stem))
            self.stem = []

    def _document(self, number: int, event: Event, tokens: deque[Token], position: int) -> None:
        self._peek_next(tokens, position)
        end = event.end_mark.index
        while tokens and tokens[0].index < end:
            self._peek(tokens.popleft().index)
        if type(event) is DOCUMENT_END:
            if self.head and not self.foot:
                self.head, self.foot = [], self.head
            self._deliver(number)
        elif type(event) is DOCUMENT_START and not event.explicit:
            self._split_document_head(number)

    def _split_document_head(self, number: int) -> None:
        """The blocks above the last empty line are the document's, the last block is the first node's."""
        head = "\n".join(self.head)
        for index in range(len(head) - 1, 0, -1):
            if head[index] != "\n":
                continue
            if index == len(head) - 1:
                above = head[:index]
            elif head[index - 1] == "\n":
                above = head[: index - 1]
            else:
                continue
            self.notes[number] = Note(head=above)
            self.head = [head[index + 1 :]]
            return

    def _take_indicators(self, event: Event, tokens: deque[Token], position: int) -> None:
        start = event.start_mark.index
        own = has_properties(event)
        while tokens and (tokens[0].index < start or (own and tokens[0].sort is Sort.PROPERTY)):
            if tokens[0].sort in {Sort.BLOCK_END, Sort.SEQUENCE_START}:
                break
            token = tokens.popleft()
            self._peek(token.index)
            if token.sort is Sort.ENTRY and self.head:
                self._split_stem(event, tokens, position)

    def _split_stem(self, event: Event, tokens: deque[Token], position: int) -> None:
        """The comment above a '-' before a block collection is that collection's, not its first item's."""
        above = len(self.head)
        self._peek_next(tokens, position)
        if has_properties(event):
            return
        opens = type(event) in STARTS and not event.flow_style
        if opens:
            self.stem, self.head = self.head[:above], self.head[above:]

    def _peek_next(self, tokens: deque[Token], position: int) -> None:
        if tokens:
            self._peek(tokens[0].index, block_end=tokens[0].sort is Sort.BLOCK_END)
        else:
            self._peek(position)

    def _peek(self, index: int, *, block_end: bool = False) -> None:
        """Take up the comments that apply to a token at `index`; the end of a block takes no heads."""
        while self.waiting and index >= self.waiting[0].applies:
            comment = self.waiting[0]
            if comment.head and block_end:
                return
            self.waiting.popleft()
            for place, text in (
                (self.head, comment.head),
                (self.line, comment.line),
                (self.foot, comment.foot),
            ):
                if text:
                    place.append(text)

    def _deliver(self, number: int) -> None:
        if self.head or self.line or self.foot:
            self.notes[number] = Note("\n".join(self.head), "\n".join(self.line), "\n".join(self.foot))
            self.head, self.line, self.foot = [], [], []
        self.stem = []

    def _advance(self, number: int) -> None:
        """Follow which collections are open after the event `number`."""
        for event in self.events[self.next_event : number + 1]:
            if type(event) in ENDS:
                self.open.pop()
            elif type(event) in STARTS:
                if event.flow_style:
                    column = _FLOW
                elif type(event) is MAPPING_START or self.text[event.end_mark.index] == "-":
                    column = event.end_mark.column
                else:
                    column = _INDENTLESS
                self.open.append(column)
        self.next_event = max(self.next_event, number + 1)
