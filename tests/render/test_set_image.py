"""set-image changes the image that is named, where the catalog's function looks, and says how many."""

import pytest

from bot.packages.documents import parse
from bot.packages.resource import Resource
from bot.render.function import Outcome
from bot.render.functions.set_image import set_image

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers:\n  - image: {}\n"
WORK = (
    "apiVersion: apps/v1\nkind: {}\nmetadata:\n  name: w\nspec:\n  template:\n    spec:\n"
    "      containers:\n      - image: a:1 # why\n      initContainers:\n      - image: a:1\n"
)
TEMPLATE = "apiVersion: v1\nkind: PodTemplate\nmetadata:\n  name: t\ntemplate:\n  spec:\n    containers:\n"


def run(text: str, config: str) -> tuple[Outcome, str]:
    items = [Resource(document, "r.yaml", index) for index, document in enumerate(parse(text.encode()))]
    outcome = set_image(items, parse(config.encode())[0] if config else None)
    return outcome, b"---\n".join(item.emit() for item in outcome.items).decode()


def data(pairs: str) -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata: {{{pairs}}}\n"


@pytest.mark.parametrize(
    ("image", "pairs", "after"),
    [
        ("a:1", "name: a, newTag: '2'", "a:2"),
        ("a", "name: a, newTag: '2'", "a:2"),
        ("a@sha256:12", "name: a, newTag: '2'", "a:2"),
        ("a:1", "name: a, newName: host:5000/b", "host:5000/b:1"),
        ("'a:1'", "name: a, digest: 'sha256:3'", "'a@sha256:3'"),
        ("a:1", "name: a, newTag: '2', digest: 'sha256:3'", "a@sha256:3"),
        ("ab:1", "name: a, newTag: '2'", "ab:1"),
        ("x/a:1", "name: a, newTag: '2'", "x/a:1"),
        ("abc:1", "name: a.c, newTag: '2'", "abc:1"),
        ("host:5000/a:1", "name: host, newTag: '2'", "host:5000/a:1"),
    ],
)
def test_what_an_image_becomes(image: str, pairs: str, after: str) -> None:
    outcome, text = run(POD.format(image), data(pairs))
    assert text == POD.format(after)
    assert outcome.results[0].message == f"summary: updated a total of {int(image != after)} image(s)"


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "ReplicaSet", "DaemonSet"])
def test_templates_have_containers_too_and_init_containers_stay(kind: str) -> None:
    outcome, text = run(WORK.format(kind), data("name: a, newTag: '2'"))
    assert text == WORK.format(kind).replace("a:1 #", "a:2 #")
    assert outcome.results[0].message == "summary: updated a total of 1 image(s)"


def test_a_pod_template_and_other_kinds() -> None:
    text = TEMPLATE + "    - image: a\n---\n" + WORK.format("Job")
    _, after = run(text, data("name: a, newTag: '2'"))
    assert after == TEMPLATE + "    - image: a:2\n---\n" + WORK.format("Job")


def test_other_fields_are_named_by_the_config() -> None:
    text = (
        "apiVersion: e.com/v1\nkind: Odd\nmetadata:\n  name: o\nspec:\n  x/y:\n  - image: a\n  - image: 1\n"
    )
    config = (
        "apiVersion: fn.kpt.dev/v1alpha1\nkind: SetImage\nmetadata: {name: c}\n"
        "image: {name: a, newTag: '2'}\nadditionalImageFields:\n"
        "- {group: e.com, version: v1, kind: Odd, path: 'spec/x\\/y[]/image'}\n"
        "- {kind: Other, path: metadata/name}\n"
    )
    outcome, after = run(text, config)
    assert after == text.replace("image: a", "image: a:2")
    assert outcome.results[0].message == "summary: updated a total of 1 image(s)"


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("", "must specify `name`"),
        (data("newTag: '2'"), "must specify `name`"),
        (data("name: a"), "must specify one of `newName`, `newTag`, or `digest`"),
        (data("name: a, tag: b"), "ConfigMap has wrong field name tag"),
        ("apiVersion: v1\nkind: Odd\n", "unknown FunctionConfig `Odd`"),
    ],
)
def test_configs_that_do_not_do(config: str, said: str) -> None:
    outcome, after = run(POD.format("a"), config)
    assert (outcome.exit_code, after) == (1, POD.format("a"))
    first, second = outcome.results
    assert said in first.message
    assert second.message == f"function is terminated: {first.message}"
    assert outcome.stderr == f"failed to evaluate function: {second.message}"


def test_what_is_in_the_way_is_said_with_its_line() -> None:
    text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers: x\n"
    outcome, _ = run(text, data("name: a, newTag: '2'"))
    assert (outcome.exit_code, outcome.results[0].line) == (1, 6)
    assert outcome.results[0].message == "`spec.containers` must be a list."
