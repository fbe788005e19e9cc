"""Line comments that a function writes: setters' marks, and what search-replace is told to put."""

from bot.errors import InvalidDocument
from bot.packages.naming import quoted

SETTER = "kpt-set: "


def line_comment(text: str, line: int = 0) -> str:
    """`text` as a comment on one line; raises InvalidDocument for what ends a line or cannot be seen."""
    if not text.isprintable():
        raise InvalidDocument(
            f"A comment must be one line of printable text, but is {quoted(text[:80])}.", line=line
        )
    return text if text.startswith("#") else f"# {text}"
