"""upsert-resource replaces what is the same resource, where it stands, and adds what is not there."""

import pytest

from bot.packages.documents import parse
from bot.packages.package import File
from bot.packages.resource import Resource
from bot.render.function import Outcome
from bot.render.functions.upsert_resource import upsert_resource
from bot.render.pipeline import Pipeline

KPTFILE = (
    "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: p\npipeline:\n  mutators:\n"
    "    - image: ghcr.io/kptdev/krm-functions-catalog/upsert-resource:v0.2\n      configPath: config.yaml\n"
)
SERVICE = "apiVersion: v1\nkind: Service\nmetadata:\n  name: s\n"
AT = SERVICE + "  annotations:\n    config.kubernetes.io/target-path: {}\nspec:\n  a: b\n"


def run(text: str, config: str, package: str = "") -> tuple[Outcome, str]:
    items = [
        Resource(document, f"{package}r.yaml", index, package.rstrip("/"))
        for index, document in enumerate(parse(text.encode()))
    ]
    outcome = upsert_resource(items, parse(config.encode())[0] if config else None)
    return outcome, b"---\n".join(item.emit() for item in outcome.items).decode()


def test_what_is_replaced_keeps_its_place_its_comments_and_its_order() -> None:
    old = (
        "# head\nkind: Service\napiVersion: v1 # version\nmetadata:\n  name: s\n  labels:\n    a: b\n"
        "spec:\n  # list\n  ports:\n    - name: x # one\n      port: 1\n    - name: y # two\n      port: 2\n"
    )
    config = (
        SERVICE + "spec:\n  ports:\n    - name: y\n      port: 3\n    - name: z\n      port: 4\n  more: 1\n"
    )
    outcome, after = run(old, config)
    assert after == (
        "# head\nkind: Service\napiVersion: v1 # version\nmetadata:\n  name: s\n"
        "spec:\n  # list\n  ports:\n    - name: y # one\n      port: 3\n"
        "    - name: z # two\n      port: 4\n  more: 1\n"
    )
    assert [(item.path, item.index, item.is_changed) for item in outcome.items] == [("r.yaml", 0, True)]
    assert outcome.results == ()


def test_what_is_the_same_already_is_not_changed() -> None:
    outcome, after = run(SERVICE, SERVICE)
    assert (after, outcome.items[0].is_changed) == (SERVICE, False)


def test_another_version_is_the_same_resource_and_another_namespace_is_not() -> None:
    outcome, _ = run(SERVICE, SERVICE + "  namespace: default\n")
    assert [item.path for item in outcome.items] == ["r.yaml", ""]
    assert len(run(SERVICE.replace("v1", "v2"), SERVICE)[0].items) == 1


def test_a_target_path_alone_is_replaced() -> None:
    outcome, _ = run(SERVICE, AT.format("r.yaml"))
    assert [item.emit().decode() for item in outcome.items] == [SERVICE + "spec:\n  a: b\n"]
    outcome, _ = run(SERVICE, AT.format("b/other.yaml"))
    assert [(item.path, item.index) for item in outcome.items] == [("r.yaml", 0), ("b/other.yaml", 0)]


def test_paths_are_those_of_the_package_whose_function_it_is() -> None:
    outcome, _ = run(SERVICE, AT.format("other.yaml"), "sub/")
    assert [(item.path, item.package) for item in outcome.items] == [
        ("sub/r.yaml", "sub"),
        ("sub/other.yaml", "sub"),
    ]


def test_a_package_gets_a_resource_once() -> None:
    files = {"Kptfile": KPTFILE, "config.yaml": AT.format("deep/s.yaml"), "r.yaml": SERVICE}
    package = {path: File(text.encode()) for path, text in files.items()}
    rendering = Pipeline().render(package)
    assert rendering.changes == {"deep/s.yaml": (SERVICE + "spec:\n  a: b\n").encode()}
    again = {**package, "deep/s.yaml": File(rendering.changes["deep/s.yaml"] or b"")}
    assert Pipeline().render(again).changes == {}


@pytest.mark.parametrize("path", ["../x.yaml", "/x.yaml", "a/../x.yaml", "..", ".", "README.md", "a//b.yaml"])
def test_paths_that_no_resource_may_have(path: str) -> None:
    outcome, after = run(SERVICE, AT.format(path))
    assert (outcome.exit_code, after) == (1, SERVICE)
    assert "must be one of a YAML or JSON file within the package" in outcome.results[0].message


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("", "must be a resource, or a `List` of resources"),
        ("apiVersion: v1\nkind: Service\n", "it must have `metadata.name`"),
        ("apiVersion: v1\nkind: List\nitems:\n- a\n", "it must be a mapping"),
    ],
)
def test_configs_that_do_not_do(config: str, said: str) -> None:
    outcome, after = run(SERVICE, config)
    assert (outcome.exit_code, after) == (1, SERVICE)
    assert said in outcome.results[0].message


def test_many_over_many_take_no_time_of_their_own() -> None:
    names = [SERVICE.replace("name: s", f"name: s{number}") for number in range(1_000)]
    config = "apiVersion: v1\nkind: List\nitems:\n" + "".join(
        "- " + name.replace("\n", "\n  ").rstrip() + "\n" for name in [*names, *names]
    )
    outcome, _ = run("---\n".join(names[:500]), config)
    assert [item.name for item in outcome.items] == [f"s{number}" for number in range(1_000)]
