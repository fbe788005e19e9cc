"""Who owns a package by the repository's CODEOWNERS file, as GitHub and GitLab read it.

https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
"""

import re
from collections.abc import Iterator

# Where forges look, in this order; the first that is there counts.
PLACES = (".github/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
MOST_LINES = 20_000
_COMMENT = re.compile(r"(?:^|\s)#.*")
_SECTION = re.compile(r"\^?\[[^\]]*\]")  # GitLab's; what follows counts as any other line


def owners_of(text: str, path: str) -> tuple[str, ...]:
    """Owners (`@login`, `@organization/team`, addresses) of a directory, by the last line that covers it.

    Nobody where no line does, or the line names nobody.
    """
    found: tuple[str, ...] = ()
    for pattern, owners in _lines(text):
        if _covers(pattern, path):
            found = owners
    return found


def _lines(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for line in text.splitlines()[:MOST_LINES]:
        words = _COMMENT.sub("", line).split()
        if words and not _SECTION.match(words[0]):
            yield words[0], tuple(words[1:])


def _covers(pattern: str, path: str) -> bool:
    """Whether every file of the directory `path` matches the pattern."""
    body = pattern.strip("/")
    if body in {"*", "**"}:
        return pattern != "/*"
    if body.endswith("/*"):
        return path == body[:-2]  # files right below, and no deeper ones
    start = "" if "/" in pattern.rstrip("/") else "(?:.*/)?"
    ends = body.removesuffix("/**")
    return re.fullmatch(f"{start}{_translated(ends)}(?:/.*)?", path) is not None


def _translated(pattern: str) -> str:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(known.get(part, re.escape(part)) for part in parts)
