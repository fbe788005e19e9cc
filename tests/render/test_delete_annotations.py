"""delete-annotations beyond the conformance table."""

import pytest

from bot.errors import NotFound
from bot.packages.documents import parse
from bot.packages.function import Function
from bot.packages.resource import Resource
from bot.render.catalog import built_in
from bot.render.config import config_map_of
from bot.render.function import Outcome
from bot.render.functions.delete_annotations import delete_annotations

TEXT = "kind: K\nmetadata:\n  name: r\n  annotations:\n    a: x # why\n    b: y\n"


def run(text: str, keys: str) -> tuple[Outcome, str]:
    item = Resource(parse(text.encode())[0], "r.yaml")
    outcome = delete_annotations([item], config_map_of((("annotationKeys", keys),)))
    return outcome, item.emit().decode()


def test_the_mapping_goes_with_its_last_annotation() -> None:
    assert run(TEXT, "a")[1] == TEXT.replace("    a: x # why\n", "")
    assert run(TEXT, "b, a,b,")[1] == "kind: K\nmetadata:\n  name: r\n"


@pytest.mark.parametrize("text", [TEXT, "kind: K\n", "metadata: {annotations: [a]}\n", "metadata: c\n"])
def test_without_such_an_annotation_nothing_changes(text: str) -> None:
    outcome, after = run(text, "c")
    assert (outcome.exit_code, after) == (0, text)
    assert [result.message for result in outcome.results] == [
        "None of the resources had the provided annotations to delete"
    ]


def test_keys_must_be_given() -> None:
    for keys in ("", " , "):
        outcome, after = run(TEXT, keys)
        assert (outcome.exit_code, after) == (1, TEXT)
        assert "`data.annotationKeys` must name" in outcome.results[0].message
    assert delete_annotations([], None).exit_code == 1


def test_the_home_of_contributed_functions_stands_for_these_alone() -> None:
    assert built_in(Function("gcr.io/kpt-fn-contrib/delete-annotations:v0.1")).run is delete_annotations
    for image in ("gcr.io/kpt-fn-contrib/set-labels:v0.1", "example.com/delete-annotations:v0.1"):
        with pytest.raises(NotFound, match="is unknown here"):
            built_in(Function(image))
