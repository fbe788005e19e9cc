"""apply-replacements copies values as kustomize does, and is not led astray by what strangers ask."""

import pytest

from bot.packages.documents import parse
from bot.packages.resource import Resource
from bot.render.fieldpath import split_path
from bot.render.function import Outcome
from bot.render.functions.apply_replacements import apply_replacements

HEAD = "apiVersion: fn.kpt.dev/v1alpha1\nkind: ApplyReplacements\nreplacements:\n"
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\n"
BOTH = MAP.format("a") + "data:\n  x: 'on' # why\n---\n" + MAP.format("b") + "data:\n  y: old # kept\n"

PART = "name: a, fieldPath: data.x, options: {delimiter: /, index: 1}"
VALUE = "name: a, fieldPath: data.x"


def run(text: str, config: str) -> tuple[Outcome, str]:
    items = [Resource(document, "r.yaml", index) for index, document in enumerate(parse(text.encode()))]
    outcome = apply_replacements(items, parse(config.encode())[0] if config else None)
    return outcome, b"---\n".join(item.emit() for item in outcome.items).decode()


def one(path: str, source: str = VALUE, select: str = "name: b", options: str = "") -> str:
    return (
        f"- source: {{{source}}}\n  targets:\n  - select: {{{select}}}\n    fieldPaths: ['{path}']\n"
        f"    options: {{{options}}}\n"
    )


def test_a_value_is_copied_and_comments_stay() -> None:
    outcome, after = run(BOTH, HEAD + one("data.y"))
    assert after == BOTH.replace("old # kept", '"on" # kept')
    assert (outcome.exit_code, outcome.results) == (0, ())


def test_what_has_its_value_is_not_changed() -> None:
    outcome, after = run(BOTH, HEAD + one("data.x", select="name: a"))
    assert (after, [item.is_changed for item in outcome.items]) == (BOTH, [False, False])


def test_names_are_the_default_of_both_sides() -> None:
    text = MAP.format("a") + "---\n" + MAP.format("b")
    config = HEAD + "- source: {name: a}\n  targets:\n  - select: {name: b}\n"
    assert run(text, config)[1] == MAP.format("a") + "---\n" + MAP.format("a")


@pytest.mark.parametrize(
    ("labels", "selector", "is_meant"),
    [
        ("{a: b}", "a=b", True),
        ("{a: b}", "a==b,c!=d", True),
        ("{a: b}", "a!=b", False),
        ("{a: b}", "a in (x, b)", True),
        ("{a: b}", "a notin (x, b)", False),
        ("{a: b}", "a,!c", True),
        ("{a: b}", "!a", False),
        ("{}", "a=b", False),
    ],
)
def test_selectors_of_labels(labels: str, selector: str, is_meant: bool) -> None:  # noqa: FBT001 - a row's value
    text = BOTH.replace("name: b\n", f"name: b\n  labels: {labels}\n")
    config = HEAD + one("data.y", select=f"name: b, labelSelector: '{selector}'")
    assert ('y: "on"' in run(text, config)[1]) is is_meant


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("", "must be an `ApplyReplacements`"),
        ("apiVersion: v1\nkind: ConfigMap\n", "must be an `ApplyReplacements`"),
        (HEAD + "- source: {name: a}\n  targets: [{}]\n", "target must specify resources to select"),
        (HEAD + one("data.no"), 'unable to find field "data.no" in replacement target'),
        (HEAD + one("data.y", source="kind: ConfigMap"), "multiple matches for selector ConfigMap.[noVer]"),
        (HEAD + one("data.y", select="name: '('"), "`pattern` is no regular expression"),
        (HEAD + one("data.y", select="labelSelector: 'a = = b'"), 'unable to parse the selector "a = = b"'),
        (HEAD + one("data.y", options="index: x"), "`options.index` must be a number"),
        (HEAD + one("data", options="delimiter: /"), "delimiter option can only be used with scalar nodes"),
        (
            HEAD + one("data.y", source="name: a, fieldPath: data"),
            "cannot replace a scalar",
        ),
        (
            HEAD + one("data.y", source="name: a, fieldPath: data.x, options: {delimiter: /, index: 1}"),
            "out of bounds",
        ),
        (HEAD + one("data.y", select=f"labelSelector: {'a' * 1001}"), "at most 1000 characters"),
        (HEAD + one(".".join("a" * 51)), "must have at most 50 parts"),
    ],
)
def test_what_is_refused(config: str, said: str) -> None:
    outcome, after = run(BOTH, config)
    assert (outcome.exit_code, after) == (1, BOTH)
    assert said in outcome.results[0].message
    assert outcome.stderr == "failed to evaluate function: error: function failure"


@pytest.mark.parametrize(
    "step",
    [
        one("data.z", source="name: a, fieldPath: data", select="name: a", options="create: true"),
        one("data.x", select="name: a", options="delimiter: '/', index: 99999"),
    ],
)
def test_a_value_that_goes_into_itself_comes_to_an_end(step: str) -> None:
    outcome, _ = run(BOTH, HEAD + step * 100)
    assert "as if a value went into itself" in outcome.results[0].message


def test_too_many_targets_are_refused_before_anything_is_done() -> None:
    text = "---\n".join([BOTH] * 300)
    outcome, after = run(text, HEAD + one("data.y") * 5_000)
    assert (outcome.exit_code, after) == (1, text)
    assert "too many targets" in outcome.results[0].message


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("a.b", ("a", "b")),
        (r"a\.b.c", ("a.b", "c")),
        ("[a.b/c].d", ("a.b/c", "d")),
        ("a.[x=.y].*", ("a", "[x=.y]", "*")),
        ("[a][" + "[a]" * 5_000 + "\\", None),
    ],
)
def test_paths(path: str, parts: tuple[str, ...] | None) -> None:
    assert parts is None or split_path(path) == parts
    assert split_path(path)
