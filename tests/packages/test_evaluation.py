"""What one function made of a draft becomes its files, and the task that tells of it."""

import pytest

from bot.errors import Refused
from bot.packages.documents import parse
from bot.packages.function import Function, Selector
from bot.packages.operations.evaluation import evaluation
from bot.packages.package import EXECUTABLE, File
from bot.packages.problem import Problem
from bot.packages.rendering import Rendering, Step

FILES = {"Kptfile": File(b"kind: Kptfile\n"), "b.yaml": File(b"b: 1\n", EXECUTABLE), "c": File(b"c")}
STEPS = (Step("example.com/fn:v1"),)
FUNCTION = Function("fn")


def task(config: str, function: Function = FUNCTION) -> object:
    content = evaluation(FILES, Rendering({}, STEPS), function, parse(config.encode())[0])
    return content.story.task["eval"]


def test_files_are_changed_added_and_removed() -> None:
    rendering = Rendering({"a.yaml": b"a: 1\n", "b.yaml": b"b: 2\n", "c": None}, STEPS)
    content = evaluation(FILES, rendering, FUNCTION, parse(b"kind: X\n")[0])
    assert content.files == {
        "Kptfile": FILES["Kptfile"], "a.yaml": File(b"a: 1\n"), "b.yaml": File(b"b: 2\n", EXECUTABLE),
    }  # fmt: skip
    assert list(content.files) == ["Kptfile", "a.yaml", "b.yaml"]
    assert content.story.subject == "Intermediate commit: eval"
    assert content.story.task["type"] == "eval"


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("{apiVersion: v1, kind: ConfigMap, data: {}, metadata: {name: x}}", {}),
        (
            "{apiVersion: v1, kind: ConfigMap, data: {a: b}, metadata: {name: x}}",
            {"configMap": {"a": "b"}},
        ),
        (
            "{apiVersion: v1, kind: ConfigMap, data: {a: 1}, metadata: {name: x}}",
            {
                "config": {
                    "apiVersion": "v1",
                    "kind": "ConfigMap",
                    "data": {"a": 1},
                    "metadata": {"name": "x"},
                }
            },
        ),
        (
            "{apiVersion: v1, kind: ConfigMap, data: {a: b}, metadata: {labels: {c: d}}}",
            {
                "config": {
                    "apiVersion": "v1",
                    "kind": "ConfigMap",
                    "data": {"a": "b"},
                    "metadata": {"labels": {"c": "d"}},
                }
            },
        ),
        ("{kind: SetX, token: abc, by: me}", {"config": {"kind": "SetX", "token": "<redacted>", "by": "me"}}),
        ("{kind: SetX, most: .inf}", {}),
        (f"{{kind: SetX, text: {'word ' * 1000}}}", {}),
    ],
)
def test_the_config_is_told_as_porch_tells_it(config: str, told: dict[str, object]) -> None:
    assert task(config) == {"image": "example.com/fn:v1", **told}


def test_what_it_was_run_over_is_told() -> None:
    labels = (("app", "web"),)
    function = Function(
        "fn", selectors=(Selector("v1", "Pod", "a", "b", labels),), exclude=(Selector(name="c"),)
    )
    assert task("{kind: X}", function) == {
        "image": "example.com/fn:v1",
        "config": {"kind": "X"},
        "match": {"apiVersion": "v1", "kind": "Pod", "name": "a", "namespace": "b", "labels": {"app": "web"}},
        "exclude": {"name": "c"},
    }


def test_what_cannot_be_a_draft_is_refused() -> None:
    config = parse(b"kind: X\n")[0]
    with pytest.raises(Refused, match="The function failed"):
        evaluation(FILES, Rendering({}, STEPS, (Problem("", "no"),)), FUNCTION, config)
    with pytest.raises(Refused, match="removed the Kptfile"):
        evaluation(FILES, Rendering({"Kptfile": None}, STEPS), FUNCTION, config)
