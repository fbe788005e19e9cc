"""Packages rendered by functions in containers, good ones and hostile ones."""

import pytest

from bot.packages.function import Function
from bot.packages.package import File
from bot.packages.rendering import Rendering
from bot.render.container import run_in_container
from bot.render.containers.container import Container
from bot.render.containers.runtime import Runtime
from bot.render.function import Runner
from bot.render.pipeline import Pipeline
from tests.containers.conftest import Make

KPTFILE = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: {}\n"
PIPELINE = "pipeline:\n  mutators:\n    - image: {}\n"
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {} # kept\ndata:\n  key: before\n"
# What a function adds to the items: a resource that says where it wants to be.
NEW = "{{apiVersion: v1, kind: ConfigMap, metadata: {{name: new, annotations: {{{}: '{}'}}}}}}"
ANNOTATIONS = ("internal.config.kubernetes.io/path", "config.kubernetes.io/path")
OUTSIDE = (
    "../a.yaml",
    "../../etc/passwd",
    "x/../../a.yaml",
    "..",
    ".",
    "../sub2/x.yaml",
    "x/../../../../a.yaml",
)


def render(runtime: Runtime, image: str) -> Rendering:
    """A package without functions, and its subpackage with this one."""
    texts = {
        "Kptfile": KPTFILE.format("root"),
        "a.yaml": MAP.format("a"),
        "sub/Kptfile": KPTFILE.format("sub") + PIPELINE.format(image),
        "sub/b.yaml": MAP.format("b"),
        "sub/c.yaml": MAP.format("c"),
    }

    def find(function: Function) -> Runner:
        return Runner(function.image, run_in_container(runtime, Container(function.image)))

    return Pipeline(find).render({path: File(text.encode()) for path, text in texts.items()})


def replacing(before: str, after: str) -> str:
    """A function that replaces text, given as sed's expression."""
    return f"sed -e 's|{before}|{after}|'"


def adding(annotation: str, path: str) -> str:
    return replacing("^items:$", "items:\\n- " + NEW.format(annotation, path))


def changes(rendering: Rendering) -> dict[str, str]:
    assert [str(problem) for problem in rendering.problems] == []
    return {path: (data or b"").decode() for path, data in rendering.changes.items() if path != "Kptfile"}


def refused(rendering: Rendering) -> str:
    assert rendering.changes.keys() <= {"Kptfile"}
    assert len(rendering.problems) == 1
    return str(rendering.problems[0])


def test_a_function_changes_a_package(runtime: Runtime, make: Make) -> None:
    rendering = render(runtime, make(replacing("key: before", "key: after")))
    assert changes(rendering) == {
        "sub/b.yaml": MAP.format("b").replace("before", "after"),
        "sub/c.yaml": MAP.format("c").replace("before", "after"),
    }


def test_what_a_function_leaves_alone_is_not_written(runtime: Runtime, make: Make) -> None:
    assert changes(render(runtime, make("cat"))) == {}


@pytest.mark.parametrize("annotation", ANNOTATIONS)
def test_a_function_adds_a_resource_in_its_package(runtime: Runtime, make: Make, annotation: str) -> None:
    assert set(changes(render(runtime, make(adding(annotation, "x/new.yaml"))))) == {"sub/x/new.yaml"}


def test_a_function_is_given_nothing_of_packages_above(runtime: Runtime, make: Make) -> None:
    rendering = render(runtime, make("grep -e 'name: ' >&2; exit 1"))
    assert sorted(rendering.steps[0].stderr.split()) == sorted(
        ["name:", "sub", "name:", "b", "#", "kept", "name:", "c", "#", "kept"]
    )


@pytest.mark.parametrize("path", OUTSIDE)
@pytest.mark.parametrize("annotation", ANNOTATIONS)
def test_a_resource_cannot_be_added_outside_of_the_package(
    runtime: Runtime, make: Make, annotation: str, path: str
) -> None:
    refused(render(runtime, make(adding(annotation, path))))


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_resource_cannot_be_moved_out_of_the_package(runtime: Runtime, make: Make, path: str) -> None:
    refused(render(runtime, make(replacing("b[.]yaml", path))))


def test_one_resource_cannot_take_the_place_of_another(runtime: Runtime, make: Make) -> None:
    assert "already exists" in refused(render(runtime, make(replacing("b[.]yaml", "c.yaml"))))


def test_a_package_that_a_function_claims_is_not_given_to_it(runtime: Runtime, make: Make) -> None:
    claimed = replacing("package-path: 'sub'", "package-path: ''")
    assert changes(render(runtime, make(claimed))) == {}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("echo no >&2; exit 7", "no"),
        ("echo Hello", "must return a ResourceList"),
        ("true", "has 0 documents"),
        ("sed -e 's/kind: ConfigMap//'", "must contain only KRM resources"),
        ("echo '{'", "no valid YAML"),
    ],
)
def test_a_function_that_fails_is_a_problem_of_the_package(
    runtime: Runtime, make: Make, body: str, said: str
) -> None:
    rendering = render(runtime, make(body))
    assert rendering.changes.keys() <= {"Kptfile"}
    assert said in f"{rendering.problems} {rendering.steps}"
