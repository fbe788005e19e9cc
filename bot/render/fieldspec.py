"""kustomize's field specs: which resources, and by which path, through lists as through mappings."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.packages.documents.node import Kind, Node
from bot.render.fields import EACH, Path

_SLASH = re.compile(r"(?<!\\)/")


class FieldSpec(NamedTuple):
    """Where a function works; what is empty matches any resource."""

    path: Path
    create: bool = False
    group: str = ""
    version: str = ""
    kind: str = ""

    def matches(self, group: str, version: str, kind: str) -> bool:
        return self.kind in {"", kind} and self.group in {"", group} and self.version in {"", version}


def read_specs(node: Node | None) -> tuple[FieldSpec, ...]:
    """The specs that a functionConfig lists; entries without a path are left out."""
    entries = node.content if node is not None and node.kind is Kind.SEQUENCE else []
    return tuple(
        FieldSpec(
            split(entry.text("path")),
            entry.text("create") == "true",
            entry.text("group"),
            entry.text("version"),
            entry.text("kind"),
        )
        for entry in entries
        if entry.text("path")
    )


def split(path: str) -> Path:
    r"""The names of a path such as 'metadata/annotations/a.b\/c'."""
    return tuple(part.replace("\\/", "/") for part in _SLASH.split(path))


def reach(node: Node, path: Path) -> Iterator[Node]:
    """Every node at `path` that is there; each item of a list on the way, and of one at the end, is meant."""
    if node.kind is Kind.SEQUENCE:
        for entry in node.content:
            yield from reach(entry, path)
    elif not path:
        yield node
    else:
        child = node.get(path[0].removesuffix(EACH))
        if child is not None:
            yield from reach(child, path[1:])
