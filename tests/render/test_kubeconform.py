"""kubeconform beyond the conformance cases: every kind of fault, its options, and resources made to harm."""

import pytest

from bot.packages.documents import from_plain, parse
from bot.packages.rendering import Reference, Result
from bot.packages.resource import Resource
from bot.render.config import config_map_of
from bot.render.function import Outcome
from bot.render.functions.kubeconform import kubeconform
from bot.render.validator import MOST_FAULTS

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n"
CONTAINER = "  containers:\n    - name: c\n"
STATEFUL_SET = """\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: s}
spec:
  serviceName: s
  selector: {}
  template: {}
"""
CUSTOM = "apiVersion: example.com/v1\nkind: Deployment\nmetadata:\n  name: c\nspec: 1\n"
FAILURE = "failed to evaluate function: error: function failure"


def run(text: str, **pairs: str) -> Outcome:
    items = [Resource(document, "r.yaml", index) for index, document in enumerate(parse(text.encode()))]
    return kubeconform(items, config_map_of(tuple(pairs.items())) if pairs else None)


def said(outcome: Outcome) -> list[tuple[str, str]]:
    return [(result.field, result.message) for result in outcome.results]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (POD + CONTAINER, []),
        (POD + "  {}\n", [("spec", "missing property 'containers'")]),
        (POD + "  - a\n", [("spec", "got array, want null or object")]),
        (POD + "  containers: [{}, {name: 1}]\n", [
            ("spec.containers.0", "missing property 'name'"),
            ("spec.containers.1.name", "got number, want string"),
        ]),
        (POD + CONTAINER + "  priority: 1.5\n", [("spec.priority", "got number, want null or integer")]),
        (POD + CONTAINER + "  priority: 3.0\n", []),
        (POD + CONTAINER + "  hostPID: 'yes'\n", [("spec.hostPID", "got string, want null or boolean")]),
        (POD + CONTAINER + "  hostPID:\n  nodeSelector: {a/b.c: true, d: e}\n", [
            ("spec.nodeSelector.a.b.c", "got boolean, want null or string")
        ]),
        (POD + CONTAINER + "      resources: {limits: {cpu: 1, memory: 1Gi, more: true, none: null}}\n", [
            ("spec.containers.0.resources.limits.more", "'oneOf' failed, none matched"),
            ("spec.containers.0.resources.limits.none", "'oneOf' failed, subschemas 0, 1 matched"),
        ]),
        (POD + "  odd: 1\n  priority: a\n  more: 2\n", [
            ("spec", "missing property 'containers'"),
            ("spec.priority", "got string, want null or integer"),
            ("spec", "additional properties 'odd', 'more' not allowed"),
        ]),
        (
            STATEFUL_SET + "  volumeClaimTemplates: [{apiVersion: v2, kind: null}]\n",
            [
                ("spec.volumeClaimTemplates.0.apiVersion", "value must be 'v1'"),
                ("spec.volumeClaimTemplates.0.kind", "value must be 'PersistentVolumeClaim'"),
            ],
        ),
        ("apiVersion: v1\nkind: DeleteOptions\nmetadata: {name: d}\n", [
            ("", "additional properties 'metadata' not allowed")
        ]),
    ],
)  # fmt: skip
def test_each_kind_of_fault_has_its_words(text: str, wanted: list[tuple[str, str]]) -> None:
    outcome = run(text, strict="true")
    assert said(outcome) == wanted
    assert (outcome.exit_code, outcome.stderr) == ((1, FAILURE) if wanted else (0, ""))


def test_unknown_fields_are_faults_only_where_strict() -> None:
    text = POD + CONTAINER + "  odd: 1\n"
    assert run(text).exit_code == run(text, strict="false").exit_code == 0
    assert run(text, strict="true").exit_code == 1


def test_a_result_names_its_resource_and_its_line() -> None:
    text = "kind: A\n---\n" + POD.replace("  name: p\n", "  name: p\n  namespace: n\n") + "  # why\n  x: 1\n"
    assert run(text).results == (
        Result(
            "missing property 'containers'", "error", "r.yaml", "spec", Reference("v1", "Pod", "p", "n"), 8, 1
        ),
    )


def test_a_kind_without_schema_is_no_fault() -> None:
    assert run(CUSTOM + "---\napiVersion: v1\nkind: Odd\n").exit_code == 0
    assert run(CUSTOM, ignore_missing_schemas="true", strict="true").exit_code == 0


@pytest.mark.parametrize("kinds", ["Pod", "Secret, Pod ,", "v1/Pod"])
def test_kinds_are_skipped(kinds: str) -> None:
    assert run(POD + "  {}\n", skip_kinds=kinds).exit_code == 0
    assert run(POD + "  {}\n", skip_kinds="pod,apps/v1/Pod").exit_code == 1


def test_a_list_is_held_against_the_schemas_of_what_it_holds() -> None:
    text = "apiVersion: v1\nkind: List\nmetadata: {name: l}\nitems:\n"
    pod = "- {apiVersion: v1, kind: Pod, spec: {}}\n"
    outcome = run(f"{text}{pod}- 1\n- {{kind: Odd}}\n{pod}")
    assert said(outcome) == [(f"items.{index}.spec", "missing property 'containers'") for index in (0, 3)]
    assert [result.line for result in outcome.results] == [5, 8]


@pytest.mark.parametrize("field", ["schema_location", "additional_schema_locations"])
def test_schemas_from_elsewhere_are_refused_and_never_ignored(field: str) -> None:
    outcome = run(POD + CONTAINER, **{field: "https://example.com/{{.ResourceKind}}"})
    assert (outcome.exit_code, outcome.stderr) == (1, FAILURE)
    (result,) = outcome.results
    assert f"`{field}` asks for schemas from 'https://example.com/" in result.message
    assert "or run the image of kubeconform in a container" in result.message
    assert run(POD + CONTAINER, **{field: "default"}).exit_code == 0


def test_an_option_is_true_or_false() -> None:
    (result,) = run(POD, strict="yes").results
    assert result.message == '`strict` must be "true" or "false", but is \'yes\''


def test_a_config_of_another_kind_is_refused() -> None:
    config = parse(b"apiVersion: v1\nkind: Options\nmetadata: {name: o}\n")[0]
    (result,) = kubeconform([], config).results
    assert (result.message, result.severity) == ("`functionConfig` must be a `ConfigMap`", "error")


def test_many_faults_are_cut_short() -> None:
    outcome = run(POD + CONTAINER + "  nodeSelector:\n" + "".join(f"    k{n}: 1\n" for n in range(20_000)))
    assert len(outcome.results) == MOST_FAULTS + 1
    assert outcome.results[-1].message == f"There are more faults than these {MOST_FAULTS}."
    (result,) = run(POD + CONTAINER + "".join(f"  k{n}: 1\n" for n in range(20_000)), strict="true").results
    assert result.message.endswith("'k49' and 19950 more not allowed")


def test_odd_names_stay_in_their_quotes_and_long_ones_are_cut() -> None:
    long = "n" * 500
    spec = {"containers": [], 'a\n"\u202e': 1, "initContainers": [{"name": "c", long: 1}]}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec}
    items = [Resource(from_plain(pod), "r.yaml")]
    outcome = kubeconform(items, config_map_of((("strict", "true"),)))
    assert said(outcome) == [
        ("spec.initContainers.0", f"additional properties '{'n' * 200}…' not allowed"),
        ("spec", "additional properties 'a\\x0a\"\\x202e' not allowed"),
    ]
    labels = {"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {long: 1}}}
    (first, _) = kubeconform([Resource(from_plain(labels | {"spec": {}}), "r.yaml")], None).results
    assert first.field == "metadata.labels." + "n" * 400


def test_what_cannot_be_read_as_json_is_one_error() -> None:
    (result,) = run(POD + "  ? [a]\n  : b\n").results
    assert (result.message, result.line) == ("A key must be text, not a list or a mapping.", 6)
    assert (result.severity, result.file) == ("error", "r.yaml")


def test_an_alias_whose_anchor_a_function_removed_is_one_error() -> None:
    (document,) = parse(POD.replace("spec:", "x: &x a\nspec: *x").encode())
    document.root.drop("x")
    (result,) = kubeconform([Resource(document, "r.yaml")], None).results
    assert result.message == "The alias '*x' names no anchor."


def test_aliases_that_nest_too_deep_are_one_error() -> None:
    deep = "  k0: &k0 " + "[" * 90 + "]" * 90 + "\n"
    deep += "".join(f"  k{n}: &k{n} {'[' * 90}*k{n - 1}{']' * 90}\n" for n in range(1, 15))
    (result,) = run(POD + deep).results
    assert (result.message, result.severity) == (
        "The aliases nest deeper than 100 levels; write the values out.",
        "error",
    )


def test_anchors_and_merge_keys_are_followed() -> None:
    text = (
        POD + "  containers: [&c {name: a}, {<<: *c, image: 1}]\n  priority: &p a\n  runtimeClassName: *p\n"
    )
    assert said(run(text)) == [
        ("spec.containers.1.image", "got number, want null or string"),
        ("spec.priority", "got string, want null or integer"),
    ]


def test_schemas_that_hold_themselves_are_followed_as_deep_as_documents_go() -> None:
    crd = (
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: c}\nspec:\n"
        "  group: g\n  scope: Namespaced\n  names: {kind: K, plural: ks}\n  versions:\n"
        "    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: "
    )
    outcome = run(crd + "{not: " * 80 + "{type: 1}" + "}" * 80 + "}}\n")
    (result,) = outcome.results
    assert result.message == "got number, want null or string"
    assert result.field == "spec.versions.0.schema.openAPIV3Schema." + "not." * 80 + "type"
