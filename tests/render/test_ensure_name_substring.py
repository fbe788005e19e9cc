"""ensure-name-substring renames what lacks the text, and whatever refers to it, and nothing else."""

import pytest

from bot.packages.documents import parse
from bot.packages.resource import Resource
from bot.render.function import Outcome
from bot.render.functions.ensure_name_substring import ensure_name_substring

ANY = "apiVersion: {}\nkind: {}\nmetadata:\n  name: {}\n"
SECRET = ANY.format("v1", "Secret", "s") + "  namespace: {}\n"
POD = (
    ANY.format("v1", "Pod", "p")
    + "  namespace: {}\nspec:\n  volumes:\n  - secret:\n      secretName: s # why\n"
)
BINDING = (
    ANY.format("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "x-b")
    + "roleRef:\n  kind: ClusterRole\n  name: r\n"
    "subjects:\n- kind: ServiceAccount\n  name: a\n  namespace: {}\n"
    "- kind: Group\n  name: a\n"
)


def run(text: str, config: str) -> tuple[Outcome, list[str]]:
    items = [Resource(document, "r.yaml", index) for index, document in enumerate(parse(text.encode()))]
    outcome = ensure_name_substring(items, parse(config.encode())[0] if config else None)
    return outcome, [item.emit().decode() for item in outcome.items]


def data(pairs: str) -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata: {{{pairs}}}\n"


@pytest.mark.parametrize(
    ("pairs", "name", "after"),
    [
        ("prepend: x-", "a", "x-a"),
        ("append: -x", "'a'", "'a-x'"),
        ("prepend: x-", "a-x-b", "a-x-b"),
        ("prepend: x", "true", "xtrue"),
    ],
)
def test_names(pairs: str, name: str, after: str) -> None:
    outcome, texts = run(ANY.format("v1", "Odd", name), data(pairs))
    assert (outcome.exit_code, texts) == (0, [ANY.format("v1", "Odd", after)])


@pytest.mark.parametrize("kind", ["APIService", "CustomResourceDefinition", "Namespace", "Kptfile"])
def test_names_that_mean_something_stay(kind: str) -> None:
    text = ANY.format("v1", kind, "a")
    assert run(text, data("prepend: x-"))[1] == [text]


def test_references_follow_within_their_namespace() -> None:
    texts = run(SECRET.format("one") + "---\n" + POD.format("one"), data("prepend: x-"))[1]
    assert "secretName: x-s # why\n" in texts[1]
    texts = run(SECRET.format("one") + "---\n" + POD.format("two"), data("prepend: x-"))[1]
    assert "secretName: s # why\n" in texts[1]


def test_no_namespace_is_the_default_one() -> None:
    texts = run(ANY.format("v1", "Secret", "s") + "---\n" + POD.format("default"), data("prepend: x-"))[1]
    assert "secretName: x-s" in texts[1]


def test_bindings_follow_roles_and_accounts_and_no_groups() -> None:
    others = ANY.format("rbac.authorization.k8s.io/v1", "ClusterRole", "r") + "---\n"
    others += ANY.format("v1", "ServiceAccount", "a") + "  namespace: n\n---\n"
    after = run(others + BINDING.format("n"), data("prepend: x-"))[1][2]
    assert after == BINDING.format("n").replace("name: r\n", "name: x-r\n").replace(
        "name: a\n  n", "name: x-a\n  n"
    )
    assert "name: a\n  namespace: other\n" in run(others + BINDING.format("other"), data("prepend: x-"))[1][2]


def test_a_role_of_the_same_name_is_not_the_cluster_role() -> None:
    role = ANY.format("rbac.authorization.k8s.io/v1", "Role", "r") + "---\n"
    assert "  name: r\n" in run(role + BINDING.format("n"), data("prepend: x-"))[1][1]


def test_several_dependencies() -> None:
    text = (
        ANY.format("apps/v1", "Deployment", "d") + "  annotations:\n    config.kubernetes.io/depends-on: {}\n"
    )
    before, after = (
        "/Secret/s, apps/namespaces/n/Deployment/d,/no/s",
        "/Secret/s, apps/namespaces/n/Deployment/d-x,/no/s",
    )
    assert run(text.format(before), data("append: -x"))[1] == [
        text.format(after).replace("name: d", "name: d-x")
    ]


def test_other_fields_that_hold_names() -> None:
    config = (
        "apiVersion: fn.kpt.dev/v1alpha1\nkind: EnsureNameSubstring\nmetadata: {name: c}\nsubstring: -x\n"
        "editMode: append\nadditionalNameFields:\n- {group: e.com, kind: Odd, path: spec/names}\n"
    )
    text = ANY.format("e.com/v1", "Odd", "a") + "spec:\n  names:\n  - b\n  - c-x\n  - 1\n"
    outcome, texts = run(text, config)
    assert texts == [text.replace("name: a", "name: a-x").replace("- b", "- b-x")]
    assert outcome.results == ()


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("", "only 1 entry is allowed in the ConfigMap, but got: 0"),
        (data("prepend: a, append: b"), "only 1 entry is allowed in the ConfigMap, but got: 2"),
        (data("insert: a"), "unknown editMode: insert, only prepend and append are allowed"),
        (data("prepend: ''"), "substring must not be empty"),
        ("apiVersion: v1\nkind: Odd\n", "must be a `ConfigMap` or `EnsureNameSubstring`"),
    ],
)
def test_configs_that_do_not_do(config: str, said: str) -> None:
    outcome, texts = run(SECRET.format("n"), config)
    assert (outcome.exit_code, texts) == (1, [SECRET.format("n")])
    assert said in outcome.results[0].message
    assert said in outcome.stderr
