"""A difference as Markdown, for a comment on a change."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from bot.packages.difference.change import Difference
from bot.packages.difference.sections import Block, Role, Section, sections
from bot.packages.difference.title import summary

_SIGNS = {
    Role.ADDED: "+ ",
    Role.REMOVED: "- ",
    Role.CHANGED: "! ",
    Role.SAME: "  ",
    Role.HUNK: "",
    Role.NOTE: "# ",
}
_TICKS = re.compile(r"`+")
# What means something to forges even where HTML is taken off.
_MARKS = {ord(char): f"&#{ord(char)};" for char in "@#!`*_~[]|$:/"}
_LEAST = 600  # what the end and the frame of a section take


def format_markdown(difference: Difference, longest: int = 60_000) -> str:
    """A summary, and one collapsed section for each resource and file; '' for no difference.

    At most `longest` characters (at least 600): what does not fit is left out from a hunk or a field on, and
    the end says so. Content stands in code alone: no forge finds names, links or markup there.
    """
    if not difference:
        return ""
    page = _Page(max(longest, _LEAST), f"**Difference:** {summary(difference)}\n")
    for section in sections(difference):
        page.add(section)
    return page.text


class _Page:
    """The text so far; after the first thing that does not fit, sections and hunks are counted only."""

    def __init__(self, longest: int, opening: str) -> None:
        self._left = longest - len(opening) - _LEAST // 3
        self._parts = [opening]
        self._left_out = 0

    @property
    def text(self) -> str:
        end = f"\n… and {self._left_out} more that did not fit here.\n" if self._left_out else ""
        return "".join(self._parts) + end

    def add(self, section: Section) -> None:
        head = f"\n<details><summary>{_headline(section)}</summary>\n\n"
        foot = "</details>\n"
        blocks = [_text(block) for block in section.blocks]
        fence = _fence(blocks)
        frame = len(head) + len(foot) + 2 * len(fence) + len("diff\n\n\n")
        if self._left_out or frame > self._left:
            self._left_out += 1
            return
        fitting = list(_fitting(blocks, self._left - frame))
        self._left_out += len(blocks) - len(fitting)
        body = f"{fence}diff\n{''.join(fitting)}{fence}\n\n" if fitting else ""
        self._parts.append(f"{head}{body}{foot}")
        self._left -= len(self._parts[-1])


def _fitting(blocks: list[str], left: int) -> Iterator[str]:
    """The first blocks that fit together."""
    for block in blocks:
        left -= len(block)
        if left < 0:
            return
        yield block


def _fence(blocks: list[str]) -> str:
    """Longer than every run of backticks in the blocks, so that none closes it."""
    longest = max((len(run) for block in blocks for run in _TICKS.findall(block)), default=0)
    return "`" * max(3, longest + 1)


def _text(block: Block) -> str:
    return "".join(f"{_SIGNS[role]}{text}".rstrip(" ") + "\n" for role, text in block)


def _headline(section: Section) -> str:
    place = f" in {_code(section.path)}" if section.path else ""
    notes = f" ({_code('; '.join(section.notes))})" if section.notes else ""
    return f"{section.words} {_code(section.name)}{place}{notes}"


def _code(text: str) -> str:
    """Code in HTML, in which forges look for nothing; on one line, so that no Markdown begins."""
    return f"<code>{html.escape(text).translate(_MARKS)}</code>"
