"""A schema of Kubernetes' API: the few keywords of JSON Schema that such schemas use, read when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

# What is understood here, and all that the API's schemas use beside notes (`description`, `x-kubernetes-…`).
KEYWORDS = frozenset({
    "$ref", "type", "enum", "format", "oneOf",
    "properties", "required", "additionalProperties", "items",
})  # fmt: skip
# The first is how a file of one kind points to the file of definitions, the second how that points to itself.
_REFERENCES = ("/api/_definitions.json#/$defs/", "#/$defs/")
_TYPES: dict[type, str] = {
    type(None): "null", bool: "boolean", int: "integer", str: "string", list: "array", dict: "object",
}  # fmt: skip

Raw = Mapping[str, Any]


def type_of(value: object) -> str:
    """The JSON type of a plain value; a number is an 'integer' where nothing follows its point, as in 3.0."""
    if isinstance(value, float):
        return "integer" if value.is_integer() else "number"
    return _TYPES[type(value)]


class Definitions:
    """All schemas of one version of the API, from the mapping that holds them by name."""

    def __init__(self, raws: Mapping[str, Raw]) -> None:
        self._raws = raws
        self._read: dict[str, Schema] = {}
        self._kinds = {
            (f"{kind['group']}/{kind['version']}".lstrip("/"), kind["kind"]): name
            for name, raw in raws.items()
            for kind in raw.get("x-kubernetes-group-version-kind", ())
        }

    def kind(self, api_version: str, kind: str) -> Schema | None:
        """The schema of a kind of resource; None for one that Kubernetes does not have."""
        name = self._kinds.get((api_version, kind))
        return None if name is None else self._named(name)

    def schema(self, raw: Raw) -> Schema:
        """The schema that `raw` is, or refers to: a reference stands alone, and leads only to these."""
        reference = raw.get("$ref")
        if reference is None:
            return Schema(raw, self)
        return self._named(
            next(reference.removeprefix(one) for one in _REFERENCES if reference.startswith(one))
        )

    def _named(self, name: str) -> Schema:
        """Read once, however many refer to it: the tree below is shared, and may lead back to itself."""
        if name not in self._read:
            self._read[name] = Schema(self._raws[name], self)
        return self._read[name]


class Schema:
    """What is asked of one value.

    `types` are the JSON types that it may have, in the schema's order, () for any; `enum` are the texts that
    it may be, () for any; `required` are the properties that it must have; `closed` says that it may have no
    others than `properties`.
    """

    def __init__(self, raw: Raw, definitions: Definitions) -> None:
        types = raw.get("type", ())
        self.types: tuple[str, ...] = (types,) if isinstance(types, str) else tuple(types)
        self.enum: tuple[str, ...] = tuple(raw.get("enum", ()))
        self.format: str = raw.get("format", "")
        self.required: tuple[str, ...] = tuple(raw.get("required", ()))
        self.closed = raw.get("additionalProperties") is False
        self._raw = raw
        self._definitions = definitions

    @cached_property
    def properties(self) -> dict[str, Schema]:
        return {name: self._definitions.schema(raw) for name, raw in self._raw.get("properties", {}).items()}

    @cached_property
    def additional(self) -> Schema | None:
        """What is asked of properties that have no schema of their own; None where nothing is."""
        return self._below("additionalProperties")

    @cached_property
    def items(self) -> Schema | None:
        """What is asked of each item of a list; None where nothing is."""
        return self._below("items")

    @cached_property
    def one_of(self) -> tuple[Schema, ...]:
        """Schemas of which exactly one must fit; () where there is no such choice."""
        return tuple(self._definitions.schema(raw) for raw in self._raw.get("oneOf", ()))

    def allows(self, kind: str) -> bool:
        """Whether a value may have this JSON type; every integer is a number."""
        return not self.types or kind in self.types or (kind == "integer" and "number" in self.types)

    def _below(self, keyword: str) -> Schema | None:
        raw = self._raw.get(keyword)
        return self._definitions.schema(raw) if isinstance(raw, Mapping) else None
