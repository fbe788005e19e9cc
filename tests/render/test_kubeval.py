"""kubeval beyond the conformance case: every kind of fault, and what has no schema."""

import pytest

from bot.packages.documents import parse
from bot.packages.resource import Resource
from bot.render.config import config_map_of
from bot.render.function import Outcome
from bot.render.functions.kubeval import kubeval
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
LIMITS = "spec.containers.0.resources.limits"
CUSTOM = "apiVersion: example.com/v1\nkind: Deployment\nmetadata:\n  name: c\n"


def run(text: str, **pairs: str) -> Outcome:
    items = [Resource(document, "r.yaml", index) for index, document in enumerate(parse(text.encode()))]
    return kubeval(items, config_map_of(tuple(pairs.items())) if pairs else None)


def said(outcome: Outcome) -> list[tuple[str, str]]:
    return [(result.field, result.message) for result in outcome.results]


def pod_since(time: str) -> str:
    return POD.replace("  name: p\n", f"  name: p\n  creationTimestamp: {time}\n") + CONTAINER


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (POD + CONTAINER, []),
        (POD + "  priority: a\n  odd: 1\n", [
            ("containers", "containers is required"),
            ("odd", "Additional property odd is not allowed"),
            ("spec.priority", "Invalid type. Expected: [integer,null], given: string"),
        ]),
        (POD + "  - a\n", [("spec", "Invalid type. Expected: [object,null], given: array")]),
        (POD + CONTAINER + "  priority: 1.5\n", [
            ("spec.priority", "Invalid type. Expected: [integer,null], given: number")
        ]),
        (POD + "  containers: [{name: 1}]\n  nodeSelector: {a: true}\n", [
            ("spec.containers.0.name", "Invalid type. Expected: string, given: integer"),
            ("spec.nodeSelector.a", "Invalid type. Expected: [string,null], given: boolean"),
        ]),
        (POD + CONTAINER + "      resources: {limits: {cpu: 1, more: true, none: null}}\n", [
            (LIMITS + ".more", "Must validate one and only one schema (oneOf)"),
            (LIMITS + ".more", "Invalid type. Expected: [string,null], given: boolean"),
            (LIMITS + ".none", "Must validate one and only one schema (oneOf)"),
        ]),
        (
            STATEFUL_SET + "  volumeClaimTemplates: [{apiVersion: v2}]\n",
            [(
                "spec.volumeClaimTemplates.0.apiVersion",
                'spec.volumeClaimTemplates.0.apiVersion must be one of the following: "v1"',
            )],
        ),
    ],
)  # fmt: skip
def test_each_kind_of_fault_has_its_words(text: str, wanted: list[tuple[str, str]]) -> None:
    outcome = run(text, strict="true")
    assert said(outcome) == wanted
    assert (outcome.exit_code, outcome.stderr) == (1 if wanted else 0, "")


@pytest.mark.parametrize(
    "time", ["2020-02-29", "12:00:00", "12:00:00Z", "2020-01-01T00:00:00.123456789+02:00", "null"]
)
def test_times_are_those_of_rfc_3339(time: str) -> None:
    assert run(pod_since(time)).exit_code == 0


@pytest.mark.parametrize("time", ["2021-02-29", "25:00:00", "2020-01-01T00:00:00", "now", "''", "2020-W01"])
def test_other_times_are_faults(time: str) -> None:
    assert said(run(pod_since(time))) == [("metadata.creationTimestamp", "Does not match format 'date-time'")]


def test_an_unknown_field_has_its_own_line() -> None:
    (result,) = run(POD + CONTAINER + "  # why\n  odd: 1\n", strict="true").results
    assert result.line == 9


def test_a_kind_without_schema_is_a_fault_unless_it_may_be() -> None:
    (result,) = run(CUSTOM).results
    assert result.message.startswith("There is no schema for the kind 'Deployment' of 'example.com/v1' in")
    assert (result.severity, result.file, result.line) == ("error", "r.yaml", 1)
    assert run(CUSTOM, ignore_missing_schemas="true").exit_code == 0
    assert run(CUSTOM, skip_kinds="Service,Deployment").exit_code == 0


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata: {name: k}\n",
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nmetadata: {name: k}\n",
        CUSTOM + "  annotations: {config.kubernetes.io/local-config: 'true'}\n",
    ],
)
def test_what_configures_tools_needs_no_schema(text: str) -> None:
    assert run(text).results == ()


@pytest.mark.parametrize("field", ["schema_location", "additional_schema_locations"])
def test_schemas_from_elsewhere_are_refused_and_never_ignored(field: str) -> None:
    outcome = run(POD + CONTAINER, **{field: "file:///schemas"})
    assert outcome.exit_code == 1
    assert "or run the image of kubeval in a container" in outcome.results[0].message


def test_many_faults_are_cut_short() -> None:
    outcome = run(POD + CONTAINER + "".join(f"  k{n}: 1\n" for n in range(20_000)), strict="true")
    assert len(outcome.results) == MOST_FAULTS + 1
