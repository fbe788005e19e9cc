"""What go-yaml says of text that is no YAML: libyaml's problem, with the line as go-yaml counts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.packages.documents.events import YAMLError

# Heads go-yaml's list of what it cannot put into the types of a program.
UNMARSHAL = "yaml: unmarshal errors:"
_ENCODING = {
    "invalid start byte": "invalid leading UTF-8 octet",
    "unexpected end of data": "incomplete UTF-8 octet sequence",
}


def words_of(error: YAMLError | UnicodeDecodeError) -> str:
    """go-yaml's words for what libyaml, or the decoding, stopped at."""
    if isinstance(error, UnicodeDecodeError):
        return f"yaml: {_ENCODING.get(error.reason, 'invalid trailing UTF-8 octet')}"
    from yaml.scanner import ScannerError  # noqa: PLC0415 - libyaml is loaded by then, and not for a constant

    problem = getattr(error, "problem", None) or getattr(error, "reason", None)
    marks = (getattr(error, "context_mark", None), getattr(error, "problem_mark", None))
    # go-yaml takes the context's line unless it is the first, and counts from 1 in its scanner alone.
    line = next((mark.line for mark in marks if mark is not None and mark.line), 0)
    if line and isinstance(error, ScannerError):
        line += 1
    place = f"line {line}: " if line else ""
    return f"yaml: {place}{problem or 'unknown problem parsing YAML content'}"
