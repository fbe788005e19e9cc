"""format: the order of fields and items, quotes by type, and what is left alone."""

import pytest

from bot.packages.documents import parse
from bot.packages.resource import Resource
from bot.render.function import Outcome
from bot.render.functions.format import format  # noqa: A004 - its name in the catalog

DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\n"


def run(text: str) -> tuple[Outcome, str]:
    item = Resource(parse(text.encode())[0], "r.yaml")
    outcome = format([item], None)
    return outcome, item.emit().decode()


def test_fields_are_sorted_with_their_comments() -> None:
    outcome, after = run(
        "# licence\n\nspec: # what\n  zeta: 1\n  alpha: 2\n  replicas: 3 # three\n"
        "kind: Odd # kind\n# meta\nmetadata:\n  labels: {b: x, a: y}\n  name: o\napiVersion: example.com/v1\n"
    )
    assert outcome == Outcome(outcome.items)
    assert after == (
        "# licence\n\napiVersion: example.com/v1\nkind: Odd # kind\n# meta\nmetadata:\n  name: o\n"
        "  labels: {a: y, b: x}\nspec: # what\n  replicas: 3 # three\n  alpha: 2\n  zeta: 1\n"
    )


def test_containers_are_sorted_and_other_lists_are_not() -> None:
    pod = (
        "    spec:\n      containers:\n      # b\n      - name: b\n        args:\n        - z\n        - x\n"
    )
    more = "      # a\n      - name: a\n"
    _, after = run(f"{DEPLOYMENT}spec:\n  template:\n{pod}{more}")
    head, _, list_ = pod.partition("      # b\n")
    assert after == f"{DEPLOYMENT}spec:\n  template:\n{head}{more}      # b\n{list_}"
    odd = f"{DEPLOYMENT}spec:\n  template:\n{pod}{more}".replace("kind: Deployment", "kind: Odd")
    assert run(odd)[1] == odd


def test_operations_of_webhooks_are_sorted() -> None:
    text = (
        "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata:\n"
        "  name: w\nwebhooks:\n- name: x\n  rules:\n  - operations: [UPDATE, CREATE]\n"
    )
    assert run(text)[1] == text.replace("UPDATE, CREATE", "CREATE, UPDATE")


@pytest.mark.parametrize(
    ("field", "after"),
    [
        ("paused: 'true'", "paused: true"),
        ('replicas: "3"', "replicas: 3"),
        ("replicas: 'three'", "replicas: 'three'"),
        ("progressDeadlineSeconds: 3 # s", "progressDeadlineSeconds: 3 # s"),
        ("selector:\n    matchLabels:\n      a: on", 'selector:\n    matchLabels:\n      a: "on"'),
        ("selector:\n    matchLabels:\n      a: '1'", "selector:\n    matchLabels:\n      a: '1'"),
        ("template:\n    metadata:\n      name: null", "template:\n    metadata:\n      name: null"),
        ("strategy:\n    rollingUpdate: {maxSurge: '1'}", "strategy:\n    rollingUpdate: {maxSurge: '1'}"),
        ("unknown: 1", "unknown: 1"),
    ],
)
def test_quotes_follow_the_type(field: str, after: str) -> None:
    assert run(f"{DEPLOYMENT}spec:\n  {field}\n")[1] == f"{DEPLOYMENT}spec:\n  {after}\n"


def test_twice_is_once() -> None:
    fields = ("spec: {b: 1, a: [2, {d: 1, c: 2}]}", "metadata: {name: d, labels: {x: 1}}")
    text = "\n".join((*fields, "kind: Deployment", "apiVersion: apps/v1", ""))
    once = run(text)[1]
    assert run(once)[1] == once != text


@pytest.mark.parametrize("head", ["kind: Odd\n", "apiVersion: v1\n"])
def test_what_is_no_resource_is_left_alone(head: str) -> None:
    text = f"z: 1\na: 2\n{head}"
    assert run(text)[1] == text


def test_who_does_not_want_it_is_left_alone() -> None:
    notes = "  annotations:\n    config.kubernetes.io/formatting: none\n"
    text = f"kind: Odd\napiVersion: v1\nmetadata:\n{notes}  name: o\n"
    assert run(text)[1] == text


def test_an_unknown_wish_is_refused() -> None:
    text = DEPLOYMENT + "  annotations:\n    config.kubernetes.io/formatting: nice\n"
    outcome, after = run(text)
    (result,) = outcome.results
    assert (outcome.exit_code, after, outcome.stderr) == (1, text, result.message)
    assert result.message == (
        "The annotation `config.kubernetes.io/formatting` must be 'standard' or 'none', but is 'nice'."
    )
    assert (result.field, result.line) == ("metadata.annotations.config.kubernetes.io/formatting", 6)


def test_aliases_stay_behind_their_anchors() -> None:
    text = DEPLOYMENT + "z: &x 1\na: *x\n"
    outcome, after = run(text)
    assert (after, outcome.exit_code, outcome.results[0].severity) == (text, 0, "warning")
