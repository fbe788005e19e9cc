"""A difference as text for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.packages.difference.change import Difference
from bot.packages.difference.sections import Role, Section, sections
from bot.packages.difference.title import summary

_SIGNS = {
    Role.ADDED: "+ ",
    Role.REMOVED: "- ",
    Role.CHANGED: "~ ",
    Role.SAME: "  ",
    Role.HUNK: "",
    Role.NOTE: "  ",
}
_INDENT = "    "
HEAD = "head"

# Paints one line, without its line feed, as what it tells asks for: a Role, or HEAD.
Style = Callable[[str, str], str]


def plain_style(_role: str, line: str) -> str:
    """No colours at all."""
    return line


def format_text(difference: Difference, style: Style = plain_style) -> str:
    """The whole difference, '' for none; no control characters are in it but those of `style`."""
    if not difference:
        return ""
    lines = [line for section in sections(difference) for line in _lines(section, style)]
    return "\n".join([*lines, style(Role.NOTE, summary(difference)), ""])


def headline(section: Section) -> str:
    """'changed Deployment prod/web in web.yaml (comments changed)'."""
    place = f" in {section.path}" if section.path else ""
    notes = f" ({'; '.join(section.notes)})" if section.notes else ""
    return f"{section.words} {section.name}{place}{notes}"


def _lines(section: Section, style: Style) -> Iterator[str]:
    yield style(HEAD, headline(section))
    for block in section.blocks:
        for role, text in block:
            yield style(role, f"{_INDENT}{_SIGNS[role]}{text}".rstrip(" "))
