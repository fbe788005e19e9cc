"""`.krmignore`: which files of a package are none of its resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import InvalidDocument
from bot.packages.naming import quoted

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

KRMIGNORE = ".krmignore"
MOST_PATTERNS = 1000
LONGEST_PATTERN = 256
# Patterns become regular expressions, and each wildcard multiplies the time that one can be made to take.
MOST_WILDCARDS = 3
MOST_DOUBLE_WILDCARDS = 3


class Ignore:
    """The patterns of one `.krmignore`; paths are relative to the directory that holds it."""

    def __init__(self, data: bytes = b"", *, path: str = KRMIGNORE) -> None:
        """Read the patterns; raises InvalidDocument, with the line, for one that would take too long."""
        lines = data.decode("utf-8", errors="replace").splitlines()
        if len(lines) > MOST_PATTERNS:
            raise InvalidDocument(f"There are more than {MOST_PATTERNS} patterns here; use fewer.", path=path)
        for number, line in enumerate(lines, 1):
            fault = _fault(line)
            if fault:
                raise InvalidDocument(fault, path=path, line=number)
        self._spec = _compile(lines, path) if any(line.strip() for line in lines) else None

    def ignores(self, path: str) -> bool:
        """Whether the file is left out."""
        return self._spec is not None and self._spec.match_file(path)


def _fault(line: str) -> str:
    if line.startswith("#"):
        return ""
    double = line.split("/").count("**")
    single = line.count("*") - 2 * double
    if len(line) <= LONGEST_PATTERN and single <= MOST_WILDCARDS and double <= MOST_DOUBLE_WILDCARDS:
        return ""
    return (
        f"The pattern {quoted(line)} is too long or has too many wildcards; it must have at most "
        f"{LONGEST_PATTERN} characters, {MOST_WILDCARDS} '*' and {MOST_DOUBLE_WILDCARDS} '**'."
    )


def _compile(lines: list[str], path: str) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - only packages with a .krmignore pay for the import

    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError as error:
        raise InvalidDocument(f"A pattern here is none that Git knows: {error}.", path=path) from error
