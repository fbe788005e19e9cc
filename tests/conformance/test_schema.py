"""Shapes of Kubernetes' kinds are those that kpt knows."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.packages.documents import dump, parse
from bot.packages.schema import UNKNOWN, Shape, shape_of

PLACE = Path(__file__).parents[2] / "../shared/conformance/schema/k8s_merge_schema_v1_21_2.json"
pytestmark = pytest.mark.skipif(not PLACE.is_file(), reason=f"{PLACE} is not here")
# The data is of merging and has these as empty types; to Kubernetes they are strings.
STRINGS = ("resource.Quantity", "meta.v1.Time", "meta.v1.MicroTime")


def shape_at(version: str, kind: str) -> Shape:
    return shape_of(parse(dump({"apiVersion": version, "kind": kind}))[0].root)


class Comparison:
    """Walks the types of the data and our shapes side by side; each pair once."""

    def __init__(self, types: dict[str, Any]) -> None:
        self.types = types
        self.seen: set[tuple[str, Shape]] = set()
        self.wrong: list[str] = []

    def type(self, name: str, shape: Shape, place: str) -> None:
        if name.endswith(STRINGS):
            self.same(shape.scalar, "string", place)
            return
        if (name, shape) in self.seen:
            return
        self.seen.add((name, shape))
        for key, field in self.types[name].items():
            self.field(field, shape.field(key), f"{place}.{key}")

    def field(self, field: dict[str, Any], shape: Shape, place: str) -> None:
        keys = field.get("mapKeys") or [field["mergeKey"]] if "mergeKey" in field else []
        merges = "merge" in field.get("strategy", "").split(",") and field["type"] == "array"
        self.same(shape.merge_keys, tuple(keys) if merges else None, place)
        if "ref" in field:
            self.type(field["ref"], shape, place)
        elif field["type"] == "array":
            self.inner(field.get("items"), field.get("items_type"), shape.item(), place)
        elif field["type"] == "object":
            self.inner(field.get("additional"), field.get("additional_type"), shape.field("any"), place)
        else:
            self.same(shape.scalar, field["type"], place)

    def inner(self, name: str | None, kind: str | None, shape: Shape, place: str) -> None:
        if name:
            self.type(name, shape, place)
        elif kind and kind != "array":
            self.same(shape.scalar, kind, place)

    def same(self, found: object, wanted: object, place: str) -> None:
        if found != wanted:
            self.wrong.append(f"{place}: {found}, not {wanted}")


def test_every_field_of_every_kind_has_its_shape() -> None:
    data = json.loads(PLACE.read_text())
    comparison = Comparison(data["definitions"])
    kinds = 0
    for kind, name in data["gvk"].items():
        # Lists and options of requests are in no package.
        if "metadata" in data["definitions"][name] and not kind.endswith("List"):
            kinds += 1
            comparison.type(name, shape_at(*kind.split()), kind)
    assert comparison.wrong == []
    assert (kinds, len(comparison.seen) > 400) == (90, True)


def test_what_kubernetes_does_not_know_has_no_shape() -> None:
    shape = shape_at("example.com/v1", "Deployment")
    assert (shape, shape.field("spec"), shape.item(), shape.merge_keys) == (UNKNOWN, UNKNOWN, UNKNOWN, None)
    assert shape_at("apps/v1", "Deployment").field("spec").field("kinds").field("v1") == UNKNOWN
