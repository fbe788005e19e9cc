"""Regular expressions of strangers: whole-text matches in time that grows with the text, never with luck.

The common part of RE2's syntax, run as a set of states side by side; there is nothing to backtrack into.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.naming import quoted

LONGEST = 200  # characters of a pattern
MOST_STATES = 1_000  # of its machine; counted repetitions multiply
_PLAIN = re.compile(r"[\w/:-]*")
_REPEAT = re.compile(r"\{(\d{1,3})(?:(,)(\d{1,3})?)?\}")
_SETS: dict[str, Callable[[str], bool]] = {
    "d": lambda char: "0" <= char <= "9",
    "w": lambda char: char == "_" or (char.isascii() and char.isalnum()),
    "s": lambda char: char in "\t\n\f\r ",
}


class Effort:
    """What is left of the steps that all patterns of one run may take together."""

    def __init__(self, steps: int = 20_000_000) -> None:
        self._left = steps

    def spend(self, steps: int) -> None:
        """Raises InvalidDocument when nothing is left."""
        self._left -= steps
        if self._left < 0:
            raise InvalidDocument("The patterns ask for too much work; make them simpler, or fewer.")


class _State(NamedTuple):
    """Goes on to `out` when `takes` holds of a character, or at once, for what `takes` has no say in."""

    out: tuple[int, ...]
    takes: Callable[[str], bool] | None = None
    anchor: str = ""


class Pattern:
    """A compiled pattern; raises InvalidDocument for one that is wrong, or of a syntax that is not known."""

    def __init__(self, text: str, effort: Effort) -> None:
        self._text = text
        self._effort = effort
        self._at = 0
        self._states: list[_State] = [_State(())]
        self._plain = _PLAIN.fullmatch(text) is not None
        if len(text) > LONGEST:
            raise InvalidDocument(f"The pattern {quoted(text[:20])}… must have at most {LONGEST} characters.")
        self._start = 0
        if not self._plain:
            self._start = self._either(0)(0)
            if self._at < len(text):
                raise self._error()

    def matches(self, text: str) -> bool:
        """Whether all of `text` is what the pattern describes; an empty pattern matches anything."""
        if self._plain:
            return self._text in {"", text}
        now = self._closure({self._start}, is_first=True, is_last=not text)
        for index, char in enumerate(text):
            self._effort.spend(len(now) + 1)
            states = (self._states[one] for one in now)
            taken = {one for state in states if state.takes and state.takes(char) for one in state.out}
            now = self._closure(taken, is_first=False, is_last=index == len(text) - 1)
        return 0 in now

    def _closure(self, states: set[int], *, is_first: bool, is_last: bool) -> set[int]:
        waiting, found = list(states), set(states)
        while waiting:
            state = self._states[waiting.pop()]
            is_open = state.anchor == "" or (is_first if state.anchor == "^" else is_last)
            for one in state.out if state.takes is None and is_open else ():
                if one not in found:
                    found.add(one)
                    waiting.append(one)
        return found

    def _add(self, *out: int, takes: Callable[[str], bool] | None = None, anchor: str = "") -> int:
        if len(self._states) >= MOST_STATES:
            raise InvalidDocument(f"The pattern {quoted(self._text)} asks for too many repetitions.")
        self._effort.spend(1)
        self._states.append(_State(out, takes, anchor))
        return len(self._states) - 1

    # Each reader gives what, told the state to go on to, makes the states of its part and says the first.

    def _either(self, depth: int) -> Callable[[int], int]:
        parts = [self._sequence(depth)]
        while self._text[self._at : self._at + 1] == "|":
            self._at += 1
            parts.append(self._sequence(depth))
        return lambda after: self._add(*(part(after) for part in parts))

    def _sequence(self, depth: int) -> Callable[[int], int]:
        parts: list[Callable[[int], int]] = []
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            parts.append(self._repeated(self._atom(depth)))

        def make(after: int) -> int:
            for part in reversed(parts):
                after = part(after)
            return after

        return make

    def _repeated(self, part: Callable[[int], int]) -> Callable[[int], int]:
        char = self._text[self._at : self._at + 1]
        counts = _REPEAT.match(self._text, self._at)
        if char and char in "*+?":
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[char]
            self._at += 1
        elif counts:
            least = int(counts[1])
            most = least if not counts[2] else int(counts[3]) if counts[3] else None
            self._at = counts.end()
        else:
            return part
        if self._text[self._at : self._at + 1] == "?":
            self._at += 1  # lazy or greedy, a whole match is the same
        if self._text[self._at : self._at + 1] in {"*", "+", "?"} or (most is not None and most < least):
            raise self._error()
        return lambda after: self._times(part, least, most, after)

    def _times(self, part: Callable[[int], int], least: int, most: int | None, after: int) -> int:
        if most is None:
            loop = self._add()
            self._states[loop] = _State((part(loop), after))
            after = loop
        else:
            end = after
            for _ in range(most - least):
                after = self._add(part(after), end)
        for _ in range(least):
            after = part(after)
        return after

    def _atom(self, depth: int) -> Callable[[int], int]:
        char = self._text[self._at]
        self._at += 1
        if char == "(":
            return self._group(depth)
        if char in "^$":
            return lambda after: self._add(after, anchor=char)
        if char in "*+?":
            raise self._error()
        if char == "[":
            return self._taking(self._class())
        if char == "\\":
            return self._taking(self._escape())
        return self._taking((lambda one: one != "\n") if char == "." else char.__eq__)

    def _taking(self, takes: Callable[[str], bool]) -> Callable[[int], int]:
        return lambda after: self._add(after, takes=takes)

    def _group(self, depth: int) -> Callable[[int], int]:
        if self._text.startswith("?:", self._at):
            self._at += 2
        elif self._text.startswith("?", self._at):
            raise self._error()
        part = self._either(depth + 1)
        if self._text[self._at : self._at + 1] != ")":
            raise self._error()
        self._at += 1
        return part

    def _escape(self) -> Callable[[str], bool]:
        char = self._text[self._at : self._at + 1]
        self._at += 1
        if char in _SETS:
            return _SETS[char]
        if char.lower() in _SETS:
            takes = _SETS[char.lower()]
            return lambda one: not takes(one)
        if not char or char.isalnum():
            raise self._error()
        return char.__eq__

    def _class(self) -> Callable[[str], bool]:
        """What stands in brackets, after the opening one."""
        found = re.compile(r"(\^?)(\]?(?:[^\]\\\[]|\\.)*)\]", re.DOTALL).match(self._text, self._at)
        if not found or not found[2]:
            raise self._error()
        self._at = found.end()
        try:
            # One character against one class: there is nothing in it to backtrack.
            takes = re.compile(f"[{found[1]}{re.sub(r'[&|~]', _escaped, found[2])}]", re.ASCII)
        except re.error:
            raise self._error() from None
        return lambda one: takes.match(one) is not None

    def _error(self) -> InvalidDocument:
        return InvalidDocument(
            f"The pattern {quoted(self._text)} is wrong, or of an unknown syntax, at {self._at}."
        )


def _escaped(found: re.Match[str]) -> str:
    return "\\" + found[0]
