"""list-setters beyond the conformance table."""

from bot.packages.documents import parse
from bot.packages.redaction import REDACTED
from bot.packages.resource import Resource
from bot.render.functions.list_setters import list_setters

KPTFILE = """apiVersion: kpt.dev/v1
kind: Kptfile
metadata: {name: p}
pipeline:
  mutators:
    - image: ghcr.io/kptdev/krm-functions-catalog/apply-setters:v0.2
      configMap: {b: "1", list: "[x, y]", api-key: hunter2}
    - image: set-labels:v0.1
      configMap: {c: "1"}
"""


def test_setters_are_told_by_name_and_nothing_changes() -> None:
    items = [
        Resource(parse(text.encode())[0], path)
        for path, text in {
            "Kptfile": KPTFILE,
            "r.yaml": "a: x-true # kpt-set: ${z}-${a}\nlist: # kpt-set: ${list}\n- x\n",
            "flow.yaml": "list: [] # kpt-set: ${none}\nodd: x # kpt-set: ${p}${q}\n",
        }.items()
    ]
    before = [item.emit() for item in items]
    outcome = list_setters(items, None)
    assert [item.emit() for item in outcome.items] == before
    assert [(result.message, result.severity) for result in outcome.results] == [
        ("Name: a, Value: true, Type: bool, Count: 1", "info"),
        (f"Name: api-key, Value: {REDACTED}, Type: str, Count: 0", "info"),
        ("Name: b, Value: 1, Type: int, Count: 0", "info"),
        ("Name: list, Value: [x, y], Type: array, Count: 1", "info"),
        ("Name: none, Value: [], Type: array, Count: 1", "info"),
        ("Name: z, Value: x, Type: str, Count: 1", "info"),
    ]


def test_what_is_amiss_is_told_after_the_setters() -> None:
    outcome = list_setters([Resource(parse(b"a: x # kpt-set: ${a}\n")[0], "r.yaml")], None)
    assert [result.severity for result in outcome.results] == ["info", "warning"]
    assert "unable to find Kptfile" in outcome.results[1].message


def test_a_pipeline_of_any_shape_is_survived() -> None:
    for pipeline in ("3", "{mutators: 3}", "{mutators: [3, {image: [x]}]}", "{mutators: {a: b}}"):
        item = Resource(parse(f"pipeline: {pipeline}\na: x # kpt-set: ${{a}}\n".encode())[0], "Kptfile")
        assert list_setters([item], None).exit_code == 0


def test_none_is_a_warning() -> None:
    (result,) = list_setters([], None).results
    assert (result.message, result.severity) == ("no setters found", "warning")
