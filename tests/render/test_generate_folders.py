"""generate-folders beyond the catalog's examples: each version, subtrees, and hierarchies that are none."""

import pytest

from bot.packages.documents import parse
from bot.packages.package import File
from bot.packages.resource import Resource
from bot.render.function import Outcome
from bot.render.functions.generate_folders import MOST_FOLDERS, generate_folders
from bot.render.pipeline import Pipeline

LATEST, OLDER, OLDEST = "blueprints.cloud.google.com/v1alpha3", "cft.dev/v1alpha2", "cft.dev/v1alpha1"
PARENT = "  parentRef:\n    kind: Organization\n    external: '7'\n"
FOLDER = (
    "apiVersion: resourcemanager.cnrm.cloud.google.com/v1beta1\nkind: Folder\nmetadata:\n  name: dev\n"
    "  annotations:\n    cnrm.cloud.google.com/blueprint: 'kpt-fn'\n"
    'spec:\n  displayName: Dev\n  organizationRef:\n    external: "7"\n'
)


def hierarchy(spec: str, version: str = LATEST, parent: str = PARENT, namespace: str = "") -> str:
    meta = f"metadata:\n  name: h\n{f'  namespace: {namespace}' if namespace else ''}\n"
    return f"apiVersion: {version}\nkind: ResourceHierarchy\n{meta}spec:\n{parent}{spec}"


def run(*texts: str) -> Outcome:
    items = [Resource(parse(text.encode())[0], f"{number}.yaml") for number, text in enumerate(texts)]
    return generate_folders(items, None)


def names(outcome: Outcome) -> dict[str, str]:
    """Each folder's name with what is written on it."""
    found = [item for item in outcome.items if item.kind == "Folder"]
    return {item.name: item.root.text("spec", "displayName") for item in found}


def test_layers_are_multiplied() -> None:
    spec = "  organization: 12\n  layers: [team, env]\n  config:\n    env: [Dev, Prod]\n    team: [A, B 2]\n"
    outcome = run(hierarchy(spec, OLDEST, parent=""))
    assert names(outcome) == {
        "a": "A",
        "a.dev": "Dev",
        "a.prod": "Prod",
        "b-2": "B 2",
        "b-2.dev": "Dev",
        "b-2.prod": "Prod",
    }
    first, second = outcome.items[1:3]
    assert first.annotations["cnrm.cloud.google.com/organization-id"] == "12"
    assert second.annotations["cnrm.cloud.google.com/folder-ref"] == "a"
    assert [(result.severity, result.file) for result in outcome.results] == [("warn", "0.yaml")]


def test_layers_may_have_a_parent_too() -> None:
    outcome = run(hierarchy("  layers: [a]\n  config: {a: [X]}\n", OLDEST))
    assert outcome.items[1].annotations["cnrm.cloud.google.com/organization-id"] == "7"


@pytest.mark.parametrize("form", ["[{$subtree: envs}]", "{$subtree: envs}", "[dev, {prod: [{$subtree: x}]}]"])
def test_subtrees_are_put_where_they_are_named(form: str) -> None:
    subtrees = "  subtrees:\n    envs: [dev, {prod: {$subtree: x}}]\n    x: [2024]\n"
    spec = f"  config:\n  - One: {form}\n" + subtrees
    outcome = run(hierarchy(spec))
    assert names(outcome) == {"one": "One", "one.dev": "dev", "one.prod": "prod", "one.prod.2024": "2024"}
    assert outcome.results == ()


@pytest.mark.parametrize(
    ("version", "parent", "wanted"),
    [
        (LATEST, "{kind: Folder, external: 1}", 'spec:\n  displayName: A\n  folderRef:\n    external: "1"\n'),
        (LATEST, "{kind: Folder, name: up}", "spec:\n  displayName: A\n  folderRef:\n    name: up\n"),
        (OLDER, "{kind: Folder, external: 1}", '    cnrm.cloud.google.com/folder-id: "1"\n'),
        (OLDER, "{kind: Folder, name: up}", "    cnrm.cloud.google.com/folder-ref: up\n"),
        (OLDER, "{external: o}", "    cnrm.cloud.google.com/organization-id: o\n"),
    ],
)
def test_what_the_first_folders_lie_in(version: str, parent: str, wanted: str) -> None:
    outcome = run(hierarchy("  config: [A]\n", version, parent=f"  parentRef: {parent}\n"))
    assert wanted in outcome.items[1].emit().decode()


def test_only_folders_of_a_namespace_depend_on_each_other() -> None:
    config = "  config:\n  - A:\n    - B\n"
    key = "config.kubernetes.io/depends-on"
    assert key not in run(hierarchy(config)).items[2].annotations
    first, second = run(hierarchy(config, namespace="n")).items[1:]
    assert (key in first.annotations, second.annotations[key].rpartition("/namespaces/")[2]) == (
        False,
        "n/Folder/a",
    )


def test_a_folder_that_is_there_is_generated_anew_where_it_stands() -> None:
    old = FOLDER.replace("Dev", "dev").replace("spec:", "# why\nspec: # that")
    outcome = run(hierarchy("  config: [Dev]\n"), old)
    assert [(item.path, item.is_changed) for item in outcome.items] == [("0.yaml", False), ("1.yaml", True)]
    assert outcome.items[1].emit().decode() == FOLDER.replace("spec:", "# why\nspec: # that")
    assert not run(hierarchy("  config: [Dev]\n"), FOLDER).items[1].is_changed


def test_folders_that_no_hierarchy_draws_stay() -> None:
    outcome = run(hierarchy("  config: []\n"), FOLDER, "apiVersion: v1\nkind: ResourceHierarchy\n")
    assert len(outcome.items) == 3
    assert generate_folders([], None) == Outcome([])


def test_a_package_comes_to_rest() -> None:
    kptfile = (
        "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: p\npipeline:\n  mutators:\n"
        "    - image: generate-folders:v0.1\n    - image: set-labels:v0.2\n      configMap:\n        a: b\n"
        "    - image: set-namespace:v0.4\n      configMap:\n        namespace: n\n"
    )
    texts = {"Kptfile": kptfile, "h.yaml": hierarchy("  config:\n  - A: [B]\n", namespace="m")}
    files = {path: File(text.encode()) for path, text in texts.items()}
    first = Pipeline().render(files)
    assert first.changes.keys() == {"Kptfile", "h.yaml", "m/folder_a.yaml", "m/folder_a.b.yaml"}
    files |= {path: File(data) for path, data in first.changes.items() if data is not None}
    second = Pipeline().render(files)
    # Now the hierarchy has its namespace, and so have the dependencies.
    assert second.changes.keys() <= {"m/folder_a.b.yaml"}
    files |= {path: File(data) for path, data in second.changes.items() if data is not None}
    assert Pipeline().render(files).changes == {}


DEEP = "  config: " + "".join(f"[{{a{number}: " for number in range(11)) + "[x]" + "}]" * 11 + "\n"
BOMB = "  config: [{$subtree: s0}]\n  subtrees:\n" + "".join(
    f"    s{number}: [{', '.join([f'{{$subtree: s{number + 1}}}'] * 50)}]\n" for number in range(9)
)
LAYERS = "  layers: [a, b, c, d, e, f]\n  config:\n" + "".join(
    f"    {layer}: [{', '.join(f'x{number}' for number in range(100))}]\n" for layer in "abcdef"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (hierarchy("", parent="").replace("spec:", "spec: [a]"), "`spec` must be a mapping."),
        (hierarchy("  config: x\n"), "`spec.config` must be a list."),
        (hierarchy("  config: {a: [b]}\n"), "`spec.config` must be a list."),
        (hierarchy("  config: [{a: b}]\n"), "`spec.config[0].a` must be a list."),
        (hierarchy("  config: [a, [b]]\n"), "`spec.config[1]` must be a text."),
        (hierarchy("  config: [true]\n"), "`spec.config[0]` must be a text."),
        (hierarchy("  config: [{}]\n"), "`spec.config[0]` must be a text."),
        (hierarchy("  config: [null]\n"), "`spec.config[0]` must be a text."),
        (hierarchy("  config: ['']\n"), "`spec.config[0]` must be a text."),
        (hierarchy("  config: [a/b]\n"), "The folder 'a/b' must have a name of letters a-z"),
        (hierarchy("  config: [../../a]\n"), "The folder '../../a' must have a name of letters a-z"),
        (hierarchy('  config: ["a\\n"]\n'), "The folder 'a\\x0a' must have a name of letters a-z"),
        (hierarchy("  config: [-a]\n"), "The folder '-a' must have a name of letters a-z"),
        (hierarchy("  config: [Größe]\n"), "The folder 'Größe' must have a name of letters a-z"),
        (hierarchy(f"  config: [{'a' * 999}]\n"), "The name 'aaaa"),
        (hierarchy("  config: [A b, a_B]\n"), "Two folders come to the name 'a-b'; rename one."),
        (hierarchy("  config: [{$subtree: x}]\n"), "`spec.subtrees` must be a mapping."),
        (hierarchy("  config: [{$subtree: x}]\n  subtrees: {y: []}\n"), "`spec.config[0]` must name one of"),
        (
            hierarchy("  config: [{$subtree: [x]}]\n  subtrees: {}\n"),
            "`spec.config[0].$subtree` must be a text.",
        ),
        (
            hierarchy("  config: [{$subtree: x}]\n  subtrees: {x: y}\n"),
            "`spec.subtrees['x']` must be a list.",
        ),
        (hierarchy("  config: [{$subtree: x}]\n  subtrees: {x: [{$subtree: x}]}\n"), "Subtrees must not be"),
        (
            hierarchy("  config: [{$subtree: x}]\n  subtrees: {x: [{a: {$subtree: x}}]}\n"),
            "Subtrees must not be",
        ),
        (hierarchy(BOMB + "    s9: []\n"), f"Hierarchies must have at most {MOST_FOLDERS} folders together."),
        (hierarchy(DEEP), "Folders must not be nested deeper than 10; 'a10' is."),
        (hierarchy(LAYERS, OLDEST), f"Hierarchies must have at most {MOST_FOLDERS} folders together."),
        (hierarchy("  config: {a: [x]}\n", OLDEST), "`spec.layers` must be a list of texts."),
        (hierarchy("  layers: [a]\n  config: [x]\n", OLDEST), "`spec.config` must be a mapping."),
        (
            hierarchy("  layers: [a]\n  config: {}\n", OLDEST),
            "`spec.config` must have a list for the layer 'a'.",
        ),
        (hierarchy("  layers: [{a: b}]\n  config: {}\n", OLDEST), "`spec.layers` must be a text."),
        (hierarchy("  layers: [a]\n  config: {a: [[b]]}\n", OLDEST), "`spec.config` must be a text."),
        (hierarchy("  config: [a]\n", parent=""), "`spec.parentRef` must be a mapping."),
        (
            hierarchy("  config: [a]\n", parent="  parentRef: {}\n"),
            "`spec.parentRef.external` must be a text.",
        ),
        (
            hierarchy("  config: [a]\n", parent="  parentRef: {kind: [x]}\n"),
            "`spec.parentRef.kind` must be a text",
        ),
        (
            hierarchy("  config: [a]\n", parent="  parentRef: {kind: Project}\n"),
            "`spec.parentRef.kind` must be `O",
        ),
    ],
)
def test_hierarchies_that_are_none(text: str, said: str) -> None:
    outcome = run(text, FOLDER)
    assert (outcome.exit_code, len(outcome.items)) == (1, 2)
    assert not any(item.is_edited for item in outcome.items)
    assert outcome.results[-1].message.startswith(said)
    assert (outcome.results[-1].severity, outcome.results[-1].file) == ("error", "0.yaml")


def test_folders_of_two_hierarchies_must_differ() -> None:
    text = hierarchy("  config: [a]\n")
    assert run(text, text).results[0].message == "Two folders come to the name 'a'; rename one."


def test_many_hierarchies_together_are_bounded() -> None:
    entries = ", ".join(f"x{number}" for number in range(100))
    spec = f"  layers: [a, b]\n  config:\n    a: [{entries}]\n    b: [{entries}]\n"
    outcome = run(*(hierarchy(spec, OLDEST, namespace=f"n{number}") for number in range(3)))
    assert (outcome.exit_code, outcome.results[-1].file, len(outcome.items)) == (1, "0.yaml", 3)
