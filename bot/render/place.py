"""Where resources stand that a function made or moved: in the package, and each at a place of its own."""

import json
import posixpath
import re

from bot.errors import InvalidDocument
from bot.packages.resource import UNPLACED, Resource

# No file system and no Git tree takes these; '.git' would be the repository's own (CVE-2014-9390), also with
# what HFS+ ignores in names, and with a stream of NTFS behind it (Git's is_hfs_dotgit and is_ntfs_dotgit).
_NOTHING = r"[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]*"
_DOTGIT = _NOTHING + _NOTHING.join((r"\.", "g", "i", "t", ""))
_BAD = re.compile(
    rf"[\x00-\x1f\x7f\\]|(?:^|/){_DOTGIT}[. ]*(?:[/:]|$)|(?:^|/)git~[0-9]+(?:[/:]|$)", re.IGNORECASE
)
_LONGEST = 1024


# Paths that were looked at, by package and path, in their shortest form.
Judged = dict[tuple[str, str], str]


def place(items: list[Resource], package: str, judged: Judged | None = None) -> None:
    """Give the resources that a function of `package` made a path and an index.

    Raises InvalidDocument, in kpt's words, for a path that leaves the package, and for two resources at one
    place. `judged` remembers the paths of earlier calls.
    """
    last: dict[str, int] = {}
    new = []
    for item in items:
        if item.package == UNPLACED:
            item.path = posixpath.join(package, item.path) if item.path else ""
            item.package = package
        if not item.path:
            item.package = package
            item.path = posixpath.join(package, item.namespace, f"{item.kind.lower()}_{item.name}.yaml")
            item.index = -1
        if item.index < 0:
            new.append(item)
        else:
            last[item.path] = max(last.get(item.path, -1), item.index)
    for item in new:
        item.index = last[item.path] = last.get(item.path, -1) + 1
    _check(items, {} if judged is None else judged)


def _check(items: list[Resource], judged: Judged) -> None:
    seen: set[tuple[str, int]] = set()
    for item in items:
        which = item.package, item.path
        path = judged.get(which)
        if path is None:
            path = judged[which] = _judged(item)
        item.path = path
        if (path, item.index) in seen:
            inside = posixpath.relpath(path, item.package or ".")
            where = f'path {_quoted(inside)} and index "{item.index}"'
            raise InvalidDocument(f"resource at {where} already exists")
        seen.add((path, item.index))


def _judged(item: Resource) -> str:
    """The path in its shortest form; raises InvalidDocument when it is not inside of the item's package."""
    path = posixpath.normpath(item.path)
    inside = posixpath.relpath(path, item.package or ".") if not path.startswith("/") else path
    if inside.startswith(("../", "/")) or inside in {".", ".."}:
        raise InvalidDocument(
            f"function must not modify resources outside of package: resource has path {inside}"
        )
    if _BAD.search(path) or len(path) > _LONGEST:
        raise InvalidDocument(
            f"function must give resources usable paths: resource has path {_quoted(inside)}"
        )
    return path


def _quoted(path: str) -> str:
    return json.dumps(path[:_LONGEST], ensure_ascii=False)
