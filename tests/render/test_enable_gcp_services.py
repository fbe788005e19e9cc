"""enable-gcp-services beyond the conformance table: what is left alone, moved and refused."""

import pytest

from bot.packages.documents import parse
from bot.packages.package import File
from bot.packages.resource import Resource
from bot.render.function import Outcome
from bot.render.functions.enable_gcp_services import OWNER, enable_gcp_services
from bot.render.pipeline import Pipeline

KPTFILE = (
    "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: p\npipeline:\n  mutators:\n"
    "    - image: gcr.io/kpt-fn/enable-gcp-services:v0.1\n"
)
SET = (
    "apiVersion: blueprints.cloud.google.com/v1alpha1\nkind: ProjectServiceSet\nmetadata:\n  name: s\n"
    "spec:\n  services: [{}]\n  projectID: p\n"
)
SERVICE = (
    "apiVersion: serviceusage.cnrm.cloud.google.com/v1beta1\nkind: Service\nmetadata:\n  name: s-{}\n"
    f"  annotations:\n    {OWNER}: 'blueprints.cloud.google.com/ProjectServiceSet/s'\n"
    "    cnrm.cloud.google.com/blueprint: 'kpt-fn'\n"
    "spec:\n  resourceID: {}.googleapis.com\n  projectRef:\n    external: p\n"
)


def service(api: str) -> str:
    return SERVICE.format(api, api)


def run(**files: str) -> tuple[Outcome, list[tuple[str, str]]]:
    items = [
        Resource(document, f"{path}.yaml", index)
        for path, text in files.items()
        for index, document in enumerate(parse(text.encode()))
    ]
    outcome = enable_gcp_services(items, None)
    return outcome, [(item.path, item.emit().decode()) for item in outcome.items]


def render(files: dict[str, str]) -> dict[str, bytes | None]:
    rendering = Pipeline().render({path: File(text.encode()) for path, text in files.items()})
    assert rendering.problems == ()
    return dict(rendering.changes)


def test_a_service_where_it_belongs_keeps_its_comments() -> None:
    here = "service_s-compute.yaml"
    commented = service("compute").replace("spec:", "# why\nspec: # that")
    files = {"Kptfile": KPTFILE, "ps.yaml": SET.format("compute.googleapis.com"), here: commented}
    assert render(files) == {}
    assert render({**files, here: commented.replace("external: p", "external: q")}) == {
        here: commented.encode()
    }


def test_a_service_elsewhere_moves_to_its_place() -> None:
    files = {
        "Kptfile": KPTFILE,
        "ps.yaml": SET.format("compute.googleapis.com"),
        "x.yaml": service("compute"),
    }
    assert render(files) == {"x.yaml": None, "service_s-compute.yaml": service("compute").encode()}


def test_services_of_a_subpackage_come_to_its_parent_and_stay() -> None:
    files = {"Kptfile": KPTFILE, "b/Kptfile": KPTFILE, "b/ps.yaml": SET.format("compute.googleapis.com")}
    first = render(files)
    assert first == {"service_s-compute.yaml": service("compute").encode()}
    assert render({**files, "service_s-compute.yaml": service("compute")}) == {}


def test_what_is_asked_for_twice_comes_once() -> None:
    outcome, after = run(ps=SET.format("compute.googleapis.com, compute.googleapis.com"))
    assert after[1:] == [("", service("compute"))]
    assert len(outcome.results) == 1


def test_services_that_are_no_sets_of_ours_stay() -> None:
    plain = "apiVersion: v1\nkind: Service\nmetadata:\n  name: s-compute\n"
    gone = service("dns").replace("ServiceSet/s", "ServiceSet/gone")
    manual = service("run").replace(OWNER, "note")
    _, after = run(ps=SET.format("redis.googleapis.com"), a=plain, b=gone, c=manual)
    assert after[1:] == [("a.yaml", plain), ("b.yaml", gone), ("c.yaml", manual), ("", service("redis"))]


def test_nothing_to_do_is_no_failure() -> None:
    assert enable_gcp_services([], None) == Outcome([])


def test_a_service_that_no_set_generated_is_not_overwritten() -> None:
    manual = service("run").replace(OWNER, "note")
    outcome, after = run(ps=SET.format("run.googleapis.com"), r=manual)
    assert (outcome.exit_code, after[1]) == (1, ("r.yaml", manual))
    assert (outcome.results[0].file, outcome.results[0].severity) == ("r.yaml", "error")
    assert "remove one of them" in outcome.results[0].message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SET.format(""), "at least one service must be specified under `spec.services[]`"),
        (SET.replace("[{}]", "null"), "at least one service must be specified under `spec.services[]`"),
        (SET.replace("spec:", "other:"), "at least one service must be specified under `spec.services[]`"),
        (SET.partition("spec:")[0] + "spec: [a]\n", "at least one service must be specified under"),
        (SET.replace("[{}]", "compute.googleapis.com"), "`spec.services` must be a list."),
        (SET.format("{a: b}"), "invalid service specified: "),
        (SET.format("1"), "invalid service specified: 1"),
        (SET.format(".googleapis.com"), "invalid service specified: .googleapis.com"),
        (SET.format("../../x.googleapis.com"), "invalid service specified: ../../x.googleapis.com"),
        (SET.format('"a.googleapis.com\\n"'), "invalid service specified: a.googleapis.com\n"),
        (SET.format("a" * 999), f"invalid service specified: {'a' * 80}"),
        (SET.format("a.googleapis.com").replace("ID: p", "ID: 7"), "`spec.projectID` must be a string: put"),
        (
            SET.format("a.googleapis.com").replace("ID: p", "ID: [a]"),
            "`spec.projectID` must be a string: put",
        ),
    ],
)
def test_sets_that_do_not_do(text: str, said: str) -> None:
    outcome, after = run(ps=text, other=service("dns"))
    assert (outcome.exit_code, len(after)) == (1, 2)
    assert outcome.results[0].message.startswith(said)
    assert outcome.results[0].line
    assert outcome.stderr == f"[error]: {outcome.results[0].message}"


@pytest.mark.parametrize("name", ["../../etc", "/etc", "a/../../../b"])
def test_names_that_leave_the_package_are_refused(name: str) -> None:
    text = SET.format("run.googleapis.com").replace("name: s", f"name: x\n  namespace: {name}")
    files = {"Kptfile": KPTFILE, "ps.yaml": text}
    rendering = Pipeline().render({path: File(text.encode()) for path, text in files.items()})
    assert "outside of package" in str(rendering.problems[0])


def test_many_sets_of_many_services() -> None:
    apis = ", ".join(f"a{number}.googleapis.com" for number in range(100))
    text = "---\n".join(SET.format(apis).replace("name: s", f"name: s{number}") for number in range(20))
    outcome, _ = run(ps=text)
    assert len(outcome.items) == 20 + 2000
