"""What the built-in functions say and do, beyond what the conformance cases show."""

import pytest

from bot.packages.documents import parse
from bot.packages.documents.node import Node
from bot.packages.redaction import REDACTED, shown
from bot.packages.resource import Resource
from bot.render.catalog import load
from bot.render.function import Outcome
from bot.render.functions.apply_setters import derive

ROLE = "apiVersion: v1\nkind: Role\nmetadata:\n  name: r\n  namespace: {}\n"


def run(name: str, text: str, config: str = "") -> tuple[Outcome, str]:
    items = [Resource(document, "r.yaml", index) for index, document in enumerate(parse(text.encode()))]
    given: Node | None = parse(config.encode())[0] if config else None
    outcome = load(name)(items, given)
    return outcome, b"---\n".join(item.emit() for item in outcome.items).decode()


def data(pairs: str) -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata: {{{pairs}}}\n"


def test_set_namespace_moves_only_what_matches() -> None:
    text = "---\n".join(ROLE.format(name) for name in ("old", "other"))
    outcome, after = run("set-namespace", text, data("namespace: new, namespaceMatcher: old"))
    assert after == "---\n".join(ROLE.format(name) for name in ("new", "other"))
    assert outcome.results[0].message == 'namespace [old] updated to "new", 1 value(s) changed'


def test_set_namespace_keeps_quotes_and_comments() -> None:
    _, after = run("set-namespace", ROLE.format("'old' # why"), data("namespace: new"))
    assert after == ROLE.format("'new' # why")


def test_set_namespace_leaves_local_configs_and_cluster_wide_kinds() -> None:
    local = ROLE.format("old") + '  annotations:\n    config.kubernetes.io/local-config: "true"\n'
    wide = "apiVersion: v1\nkind: PersistentVolume\nmetadata:\n  name: v\n"
    outcome, after = run("set-namespace", local + "---\n" + wide, data("namespace: new"))
    assert after == local + "---\n" + wide
    assert outcome.results[0].message == 'all matching namespaces are already "new". no value changed'


def test_set_namespace_follows_dependencies_between_the_items() -> None:
    key = "  annotations:\n    config.kubernetes.io/depends-on: {}\n"
    depends = "rbac/namespaces/old/Role/r,/namespaces/old/Role/r,/namespaces/old/Role/elsewhere"
    outcome, after = run("set-namespace", ROLE.format("old") + key.format(depends), data("namespace: new"))
    moved = "rbac/namespaces/old/Role/r,/namespaces/new/Role/r,/namespaces/old/Role/elsewhere"
    assert after == ROLE.format("new") + key.format(moved)
    assert "`depends-on` annotation namespace [old] updated" in outcome.results[1].message


def test_set_namespace_does_not_mix_several_origins() -> None:
    origin = "  annotations:\n    internal.kpt.dev/upstream-identifier: '|Role|{}|r'\n"
    text = "---\n".join(ROLE.format("a") + origin.format(name) for name in ("a", "b"))
    outcome, after = run("set-namespace", text, data("namespace: new"))
    assert (outcome.exit_code, after) == (1, text)
    assert "found [a b]" in outcome.results[0].message
    assert run("set-namespace", text, data("namespace: new, namespaceMatcher: a"))[0].exit_code == 0


@pytest.mark.parametrize(
    ("name", "config", "said"),
    [
        ("set-namespace", "", "FunctionConfig is missing"),
        ("set-namespace", data(""), "`data.namespace` should not be empty"),
        ("set-namespace", "apiVersion: v1\nkind: Odd\n", "unknown FunctionConfig"),
        (
            "set-namespace",
            "apiVersion: fn.kpt.dev/v1alpha1\nkind: SetNamespace\n",
            "`namespace` should not be",
        ),
        ("set-annotations", "", "must be a `ConfigMap` or `SetAnnotations`"),
        ("set-annotations", data(""), "cannot be empty"),
        ("set-annotations", "apiVersion: v1\nkind: Odd\n", "must be a `ConfigMap` or `SetAnnotations`"),
        ("set-labels", "", "is not given"),
        ("set-labels", "apiVersion: v1\nkind: Odd\n", "unknown FunctionConfig `Odd`"),
        ("set-labels", data("a: 1"), "cannot unmarshal number"),
    ],
)
def test_configs_that_do_not_do(name: str, config: str, said: str) -> None:
    outcome, after = run(name, ROLE.format("a"), config)
    assert (outcome.exit_code, after) == (1, ROLE.format("a"))
    assert said in outcome.results[0].message


@pytest.mark.parametrize("name", ["set-labels", "set-annotations"])
def test_what_is_in_the_way_is_said_with_its_line(name: str) -> None:
    text = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\nspec:\n  template: [a]\n"
    outcome, _ = run(name, text, data("a: b"))
    (result,) = outcome.results
    assert (outcome.exit_code, result.file, result.line) == (1, "r.yaml", 6)
    assert result.message == "`spec.template` must be a mapping."


def test_labels_that_read_as_something_else_are_quoted() -> None:
    _, after = run("set-labels", ROLE.format("a"), data('on: "true", n: "1"'))
    assert after == ROLE.format("a") + '  labels:\n    "n": "1"\n    "on": "true"\n'


def test_annotations_go_where_the_config_says() -> None:
    config = (
        "apiVersion: fn.kpt.dev/v1alpha1\nkind: SetAnnotations\nannotations: {a: b}\n"
        "additionalAnnotationFields:\n  - {kind: Role, path: x/y\\/z, create: true}\n"
        "  - {kind: Role, path: no}\n"
    )
    outcome, after = run("set-annotations", ROLE.format("a"), config)
    assert after == ROLE.format("a") + "  annotations:\n    a: b\nx:\n  y/z:\n    a: b\n"
    assert [(result.message, result.field, result.file) for result in outcome.results] == [
        ('set annotations: {"a":"b"}', "metadata.annotations", "r.yaml"),
        ('set annotations: {"a":"b"}', "x.y/z", "r.yaml"),
    ]


def test_setters_say_what_they_set_and_keep_secrets() -> None:
    text = "name: a # kpt-set: ${name}\npassword: b # kpt-set: ${name}\nkey: c # kpt-set: ${api-key}\n"
    outcome, after = run("apply-setters", text, data("name: new, api-key: hunter2"))
    assert after == text.replace(" a ", " new ").replace(" b ", " new ").replace(" c ", " hunter2 ")
    assert [(result.message, result.field, result.line) for result in outcome.results] == [
        ('set field value to "new"', "name", 1),
        (f'set field value to "{REDACTED}"', "password", 2),
        (f'set field value to "{REDACTED}"', "key", 3),
    ]


def test_a_setter_without_value_is_said_with_its_line() -> None:
    outcome, _ = run("apply-setters", "a: 1\nimage: '' # kpt-set: ${image}:${tag}\n", data("image: x"))
    assert (outcome.exit_code, outcome.results[-1].line) == (1, 2)
    assert "values for setters [${tag}] must be provided" in outcome.results[-1].message


def test_setters_change_types_as_their_text_says() -> None:
    text = "a: 1 # kpt-set: ${x}\nb: 'q' # kpt-set: ${x}\nc: # kpt-set: ${l}\n  - a\n"
    _, after = run("apply-setters", text, data('x: "true", l: "[b, 2]"'))
    assert after == "a: true # kpt-set: ${x}\nb: 'true' # kpt-set: ${x}\nc: # kpt-set: ${l}\n  - b\n  - 2\n"
    outcome, again = run("apply-setters", after, data('x: "true", l: "[b, 2]"'))
    assert (again, outcome.results[1].message) == (after, 'set field value to "true"')


def test_a_pattern_is_matched_in_no_time() -> None:
    pattern = "".join(f"${{s{number}}}a" for number in range(1000)) + "!"
    assert derive(pattern, "a" * 100_000) == {}


@pytest.mark.parametrize(
    "value",
    ["-----BEGIN RSA PRIVATE KEY-----", "AKIA" + "A" * 16, "ghp_" + "a" * 36, "xoxb-1", "Q" * 40 + "=="],
)
def test_what_looks_secret_is_not_said(value: str) -> None:
    assert shown(value) == REDACTED


def test_long_values_are_cut() -> None:
    assert shown("a b" * 100) == ("a b" * 100)[:128] + "... (truncated 172 chars)"
