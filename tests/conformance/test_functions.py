"""The built-in functions do what the tables of others ask, row by row."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.packages.documents import dump, emit, parse, plain
from bot.packages.resource import Resource
from bot.render.functions.set_image import set_image

SHARED = Path(__file__).parents[2] / "../shared/conformance"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not here")


def rows(name: str, table: int = 0) -> list[Any]:
    place = SHARED / f"tables/{name}.json"
    found = json.loads(place.read_text())[table]["rows"] if place.is_file() else {}
    return [pytest.param(row, id=key) for key, row in found.items()]


def resources(text: str) -> list[Resource]:
    return [Resource(document, "f1.yaml", index) for index, document in enumerate(parse(text.encode()))]


def text_of(items: list[Resource]) -> bytes:
    return emit([item.document for item in items], wide=False)


def meaning(text: str) -> list[Any]:
    return [plain(document) for document in parse(text.encode())]


@needs_shared
@pytest.mark.parametrize("row", rows("kustomize__api__filters__imagetag__imagetag"))
def test_image_tags(row: dict[str, Any]) -> None:
    wish = {key[0].lower() + key[1:]: value for key, value in row["filter"]["ImageTag"].items()}
    config = {
        "apiVersion": "fn.kpt.dev/v1alpha1",
        "kind": "SetImage",
        "image": wish,
        "additionalImageFields": [{"path": spec["Path"]} for spec in row["fsSlice"]],
    }
    items = resources(row["input"])
    outcome = set_image(items, parse(dump(config))[0])
    assert outcome.exit_code == 0
    assert text_of(items).decode().strip() == row["expectedOutput"].strip()
