"""What a rendering writes: the files whose resources came out otherwise than they went in."""

import json
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable

from bot.errors import InvalidDocument
from bot.packages.documents import plain
from bot.packages.documents.node import Kind, Node, Style
from bot.packages.naming import quoted
from bot.packages.package import Files
from bot.packages.resource import Resource

_SEPARATOR = b"---\n"
_BOM = b"\xef\xbb\xbf"
# Comments before the first separator: a file's licence, which belongs to no document.
_PREAMBLE = re.compile(rb"\A(?:[ \t]*(?:#[^\n]*)?\n)*#[^\n]*\n(?:[ \t]*\n)*(?=---[^\n]*\n)")


def changes(files: Files, loaded: Iterable[Resource], left: Iterable[Resource]) -> dict[str, bytes | None]:
    """The files to write (None: to delete), given the resources before and after the pipeline."""
    before, after = _by_path(loaded), _by_path(left)
    found: dict[str, bytes | None] = {}
    for path in before.keys() | after.keys():
        items = after.get(path)
        if items is None:
            found[path] = None
        elif items != before.get(path) or any(item.is_changed for item in items):
            old = files[path].content if path in files else b""
            text = _text(path, old, items)
            if text != old or path not in files:
                found[path] = text
    return dict(sorted(found.items()))


def place(items: list[Resource], package: str) -> None:
    """Give the resources that a function of `package` made a path and an index.

    Raises InvalidDocument for a path that leaves the package, and for two resources at one place.
    """
    last: dict[str, int] = {}
    for item in items:
        if item.path:
            last[item.path] = max(last.get(item.path, -1), item.index)
    for item in items:
        if not item.path:
            item.package = package
            item.path = posixpath.join(package, item.namespace, f"{item.kind.lower()}_{item.name}.yaml")
            item.index = last[item.path] = last.get(item.path, -1) + 1
    _check_places(items)


def _check_places(items: list[Resource]) -> None:
    seen: set[tuple[str, int]] = set()
    for item in items:
        if (
            item.path.startswith("/")
            or posixpath.normpath(item.path) != item.path
            or item.path.startswith("../")
        ):
            raise InvalidDocument(
                f"A function made a resource outside of the package, at {quoted(item.path)}."
            )
        if (item.path, item.index) in seen:
            raise InvalidDocument(
                f"A function made two resources at {quoted(item.path)}, index {item.index}."
            )
        seen.add((item.path, item.index))


def _by_path(items: Iterable[Resource]) -> dict[str, list[Resource]]:
    found: defaultdict[str, list[Resource]] = defaultdict(list)
    for item in items:
        found[item.path].append(item)
    return {path: sorted(group, key=lambda item: item.index) for path, group in found.items()}


def _text(path: str, old: bytes, items: list[Resource]) -> bytes:
    """The new content of a file, with the old one's byte order mark, line endings and leading comments."""
    if path.endswith(".json") and len(items) == 1:
        value = plain(items[0].document, path=path)
        return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False).encode() + b"\n"
    for item in items:
        tidy(item.document)
    is_crlf = b"\r\n" in old[: old.find(b"\n") + 1]
    preamble = _PREAMBLE.match(old.removeprefix(_BOM).replace(b"\r\n", b"\n"))
    parts = [preamble[0].rstrip() + b"\n"] if preamble else []
    text = _SEPARATOR.join(parts + [item.emit() for item in items])
    if is_crlf:
        text = text.replace(b"\n", b"\r\n")
    return _BOM + text if old.startswith(_BOM) else text


def tidy(document: Node) -> None:
    """Write a document as kpt's functions leave one that passed through them.

    The blank line between a leading comment and the first key goes, and folded scalars become quoted ones.
    """
    root = document.root
    if document.head_comment and root is not document and root.content:
        first = root.content[0] if root.kind is Kind.MAPPING else root
        first.head_comment = "\n".join(filter(None, (document.head_comment, first.head_comment)))
        document.head_comment = ""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.style and node.style & Style.FOLDED:
            node.style = (node.style & ~Style.FOLDED) | Style.DOUBLE_QUOTED
        waiting += node.content
