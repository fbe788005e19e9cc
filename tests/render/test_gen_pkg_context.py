"""gen-pkg-context writes the package's name into package-context.yaml; no registry answers to it."""

import pytest

from bot.packages.package import File
from bot.packages.rendering import Rendering
from bot.render.pipeline import Pipeline

KPTFILE = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: {}\n"
PIPELINE = "pipeline:\n  mutators:\n    - image: {}\n"
BUILT_IN = "builtins/gen-pkg-context"
CONTEXT = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: kptfile.kpt.dev\n  annotations:\n"
    '    config.kubernetes.io/local-config: "true"\ndata:\n  name: {}\n'
)


def render(files: dict[str, str]) -> Rendering:
    return Pipeline().render({path: File(text.encode()) for path, text in files.items()})


def kptfile(name: str, image: str = BUILT_IN) -> str:
    return KPTFILE.format(name) + PIPELINE.format(image)


def test_a_package_gets_its_context() -> None:
    rendering = render({"Kptfile": kptfile("web")})
    assert rendering.changes == {"package-context.yaml": CONTEXT.format("web").encode()}
    (result,) = rendering.steps[0].results
    assert (result.message, result.file) == ("generated package context", "package-context.yaml")


def test_a_context_that_is_right_stays_as_it_is() -> None:
    same = "# mine\n\n" + CONTEXT.format("'web'")
    assert render({"Kptfile": kptfile("web"), "package-context.yaml": same}).changes == {}


def test_other_contexts_go_and_other_resources_stay() -> None:
    other = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\n"
    rendering = render(
        {
            "Kptfile": kptfile("web"),
            "package-context.yaml": CONTEXT.format("old") + "---\n" + other,
            "a.yaml": CONTEXT.format("web"),
            "sub/Kptfile": KPTFILE.format("sub"),
            "sub/package-context.yaml": CONTEXT.format("sub"),
        }
    )
    assert rendering.changes == {
        "package-context.yaml": (CONTEXT.format("web") + "---\n" + other).encode(),
        "a.yaml": None,
        "sub/package-context.yaml": None,
    }


def test_a_subpackage_gets_its_own() -> None:
    rendering = render({"Kptfile": KPTFILE.format("web"), "sub/Kptfile": kptfile("sub")})
    assert rendering.changes == {"sub/package-context.yaml": CONTEXT.format("sub").encode()}


def test_the_package_path_is_written_too() -> None:
    text = kptfile("web") + "      configMap:\n        package-path: a/b\n"
    after = CONTEXT.format("web") + "  package-path: a/b\n"
    assert render({"Kptfile": text}).changes == {"package-context.yaml": after.encode()}


def test_without_a_kptfile_nothing_is_made() -> None:
    text = kptfile("web") + "      selectors:\n        - kind: ConfigMap\n"
    assert render({"Kptfile": text}).changes == {}


@pytest.mark.parametrize(
    "image",
    [
        "ghcr.io/kptdev/krm-functions-catalog/builtins/gen-pkg-context",
        "elsewhere.io/builtins/gen-pkg-context",
        "gen-pkg-context",
    ],
)
def test_no_other_name_stands_for_it(image: str) -> None:
    assert "is unknown here" in str(render({"Kptfile": kptfile("web", image)}).problems[0])
