"""What a rendering writes: the files whose resources came out otherwise than they went in."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from bot.packages.documents import plain
from bot.packages.documents.node import Kind, Style
from bot.packages.krm_list import format_documents
from bot.packages.package import Files
from bot.packages.resource import Resource

_SEPARATOR = b"---\n"
_BOM = b"\xef\xbb\xbf"
# Comments before the first separator: a file's licence, which belongs to no document.
_PREAMBLE = re.compile(rb"\A(?:[ \t]*(?:#[^\n]*)?\n)*#[^\n]*\n(?:[ \t]*\n)*(?=---[^\n]*\n)")


Places = Mapping[str, list[Resource]]


def changes(files: Files, before: Places, left: Iterable[Resource]) -> dict[str, bytes | None]:
    """The files to write (None: to delete), given the resources before and after the pipeline."""
    after = by_path(left)
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


def formatted(files: Files, before: Places, left: Iterable[Resource]) -> dict[str, bytes | None]:
    """Every file with resources as kpt writes it (None: to delete), where that is not what it holds."""
    found: dict[str, bytes | None] = dict.fromkeys(before)
    for path, items in by_path(left).items():
        found[path] = _as_json(items[0]) if _is_json(path, items) else format_documents(items)
    return {path: data for path, data in sorted(found.items()) if _content(files, path) != data}


def _content(files: Files, path: str) -> bytes | None:
    return files[path].content if path in files else None


def by_path(items: Iterable[Resource]) -> dict[str, list[Resource]]:
    """The resources of each file, in their order."""
    found: defaultdict[str, list[Resource]] = defaultdict(list)
    for item in items:
        found[item.path].append(item)
    return {path: sorted(group, key=lambda item: item.index) for path, group in found.items()}


def _text(path: str, old: bytes, items: list[Resource]) -> bytes:
    """The new content of a file, with the old one's byte order mark, line endings and leading comments."""
    if _is_json(path, items):
        return _as_json(items[0])
    for item in items:
        tidy(item)
    is_crlf = b"\r\n" in old[: old.find(b"\n") + 1]
    preamble = _PREAMBLE.match(old.removeprefix(_BOM).replace(b"\r\n", b"\n"))
    parts = [preamble[0].rstrip() + b"\n"] if preamble else []
    text = _SEPARATOR.join(parts + [item.emit() for item in items])
    if is_crlf:
        text = text.replace(b"\n", b"\r\n")
    return _BOM + text if old.startswith(_BOM) else text


def _is_json(path: str, items: list[Resource]) -> bool:
    return path.endswith(".json") and len(items) == 1


def _as_json(item: Resource) -> bytes:
    value = plain(item.document, path=item.path)
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def tidy(item: Resource) -> None:
    """Write a resource as kpt's functions leave one that passed through them.

    The blank line between a leading comment and the first key goes, and folded scalars become quoted ones.
    """
    item.order_annotations()
    document, root = item.document, item.root
    if document.head_comment and root is not document and root.content:
        first = root.content[0] if root.kind is Kind.MAPPING else root
        first.head_comment = "\n".join(filter(None, (document.head_comment, first.head_comment)))
        document.head_comment = ""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.style and Style.FOLDED in node.style:  # most have none, and asking an enumeration is slow
            node.style = (node.style & ~Style.FOLDED) | Style.DOUBLE_QUOTED
        waiting += node.content
