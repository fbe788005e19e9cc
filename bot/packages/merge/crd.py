"""The lists of custom resources, as the package's own CustomResourceDefinitions tell of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.documents import parse, plain
from bot.packages.documents.node import Node
from bot.packages.merge.guide import Guide, ResourceGuide, key_by, key_of_scalar

_KIND = b"CustomResourceDefinition"


class Type(NamedTuple):
    """A kind of resource in one version."""

    api_version: str
    kind: str


@dataclass(frozen=True, slots=True)
class CustomGuide:
    """What one place of an OpenAPI v3 schema says."""

    schema: dict[str, object]

    def field(self, name: str) -> Guide:
        properties = _mapping(self.schema, "properties")
        found = _mapping(properties, name) if name in properties else None
        return CustomGuide(_mapping(self.schema, "additionalProperties") if found is None else found)

    def item(self) -> Guide:
        return CustomGuide(_mapping(self.schema, "items"))

    def key_of(self, item: Node) -> Hashable:
        kind = self.schema.get("x-kubernetes-list-type")
        if kind == "set":
            return key_of_scalar(item)
        names = self.schema.get("x-kubernetes-list-map-keys")
        if kind != "map" or not isinstance(names, list):
            return None
        return key_by(item, tuple(map(str, names)))

    @property
    def merges(self) -> bool:
        return self.schema.get("x-kubernetes-map-type") != "atomic"


def custom_guides(files: Iterable[bytes]) -> dict[Type, Guide]:
    """What is known of custom resources from the definitions in `files`; of two the first says it."""
    found: dict[Type, Guide] = {}
    for data in files:
        if _KIND not in data:
            continue
        try:
            documents = [plain(document) for document in parse(data)]
        except InvalidDocument:
            continue  # whoever merges this file will say so
        for document in documents:
            if isinstance(document, dict) and document.get("kind") == _KIND.decode():
                for kind, schema in _versions(_mapping(document, "spec")):
                    found.setdefault(kind, ResourceGuide(CustomGuide(schema)))
    return found


def _versions(spec: dict[str, object]) -> Iterable[tuple[Type, dict[str, object]]]:
    """Each version of a definition with its schema; before v1 all could share one."""
    kind, group = _mapping(spec, "names").get("kind"), spec.get("group")
    shared = _mapping(_mapping(spec, "validation"), "openAPIV3Schema")
    versions = spec.get("versions")
    each = (
        [version for version in versions if isinstance(version, dict)] if isinstance(versions, list) else []
    )
    for version in each or [{"name": spec.get("version")}]:
        own = _mapping(_mapping(version, "schema"), "openAPIV3Schema")
        yield Type(f"{group}/{version.get('name')}", str(kind)), own or shared


def _mapping(value: dict[str, object], name: str) -> dict[str, object]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}
