"""To which images the built-in functions answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotFound
from bot.packages.function import Function
from bot.packages.version import read_version
from bot.render.catalog import BUILT_IN
from bot.render.image import CATALOG, Image
from bot.render.versions import PUBLISHED, UNVERSIONED, Resolved, answers, catalog_name, published, resolve

OLD = "gcr.io/kpt-fn/"
DIGEST = "sha256:" + "a" * 64


def test_every_built_in_function_has_its_versions() -> None:
    assert BUILT_IN.keys() <= PUBLISHED.keys() | UNVERSIONED, (
        "a row of PUBLISHED in bot/render/versions.py is missing"
    )


@pytest.mark.parametrize(
    ("image", "tag", "resolved"),
    [
        ("set-labels", "", "set-labels:latest"),
        ("set-labels:unstable", "", "set-labels:unstable"),
        ("set-labels:v0", "", "set-labels:v0"),
        ("set-labels:v0.2", "", "set-labels:v0.2"),
        ("set-labels:v0.2.0", "", "set-labels:v0.2.0"),
        ("set-labels:v0.2.99", "", "set-labels:v0.2.99"),
        ("set-labels:v9.9.9", "v0.1.5", "set-labels:v0.1.5"),
        (f"set-labels@{DIGEST}", "~0.2", "set-labels:v0.2.5"),
        ("set-labels", ">=0.1 <0.2", "set-labels:v0.1.5"),
        ("set-labels", "<0.2.3, >=0.2", "set-labels:v0.2.2"),
        ("set-annotations", "^0.1", "set-annotations:v0.1"),
    ],
)
def test_images_that_are_answered(image: str, tag: str, resolved: str) -> None:
    found = resolve(Function(CATALOG + image, tag=tag))
    assert found == resolve(Function(image, tag=tag))
    assert (str(found.image), found.name) == (CATALOG + resolved, resolved.partition(":")[0])


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (
            "set-labels:v9.9.9",
            "The function 'set-labels' is known, but not its version 'v9.9.9'; use v0.1 or v0.2 or latest.",
        ),
        ("set-labels:v0.3", "The function 'set-labels' is known, but not its version 'v0.3'"),
        ("set-labels:v1", "The function 'set-labels' is known, but not its version 'v1'"),
        ("set-labels:0.2.5", "The function 'set-labels' is known, but not its version '0.2.5'"),
        ("set-labels:v0.2.5-rc.1", "The function 'set-labels' is known, but not its version 'v0.2.5-rc.1'"),
        ("set-labels:v0.2.5-build", "The function 'set-labels' is known, but not its version 'v0.2.5-build'"),
        ("set-labels:evil", "The function 'set-labels' is known, but not its version 'evil'"),
        ("no-op:v0.1", "The function 'no-op' is known, but not its version 'v0.1'; use latest."),
        (f"set-labels@{DIGEST}", "No built-in function stands for a digest of 'set-labels'; use a tag"),
        (f"set-labels:v0.2@{DIGEST}", "No built-in function stands for a digest of 'set-labels'; use a tag"),
        ("no-such:v0.1", ""),
        ("elsewhere.io/set-labels:v0.2", ""),
        (f"{CATALOG}sub/set-labels:v0.2", ""),
        ("gcr.io/kpt-fn-contrib/set-labels:v0.1", ""),
        ("ghcr.io/kptdev/krm-functions-catalog-evil/set-labels", ""),
        (f"{CATALOG}builtins/gen-pkg-context", ""),
        ("builtins/gen-pkg-context:latest", ""),
    ],
)
def test_images_that_are_not(image: str, reason: str) -> None:
    found = resolve(Function(image))
    assert found.name == ""
    assert found.reason.startswith(reason)
    assert bool(found.reason) is bool(reason)


def test_the_homes_of_the_catalog() -> None:
    assert resolve(Function(f"{OLD}set-labels:v0.1")).name == "set-labels"
    contributed = resolve(Function("gcr.io/kpt-fn-contrib/delete-annotations:unstable"))
    assert contributed.name == "delete-annotations"
    context = "builtins/gen-pkg-context"
    assert resolve(Function(context)) == Resolved(Image(context), context)
    assert resolve(Function(context, tag="v1")).name == ""


def test_another_prefix_is_another_home() -> None:
    for prefix in ("example.com/fns/", ""):
        found = resolve(Function("set-labels:v0.2"), prefix=prefix)
        assert found == Resolved(Image(f"{prefix}set-labels", "v0.2"))
    assert resolve(Function("set-labels"), prefix=OLD).name == "set-labels"


def test_what_a_registry_knows_is_heard() -> None:
    newer = (published, lambda _: ["v0.2.7", "v0.9.0"])
    assert resolve(Function("set-labels", tag="~0.2"), newer) == Resolved(
        Image(f"{CATALOG}set-labels", "v0.2.7"), "set-labels"
    )
    beyond = resolve(Function("set-labels", tag="*"), newer)
    assert (beyond.image.tag, beyond.name) == ("v0.9.0", "")


def test_a_constraint_that_nothing_matches() -> None:
    for function in (Function("set-labels", tag="~9"), Function("elsewhere.io/x", tag="~0.1")):
        with pytest.raises(NotFound, match="no tag could be found matching the version constraint"):
            resolve(function)


@pytest.mark.parametrize("name", PUBLISHED)
def test_what_is_published_is_answered(name: str) -> None:
    tags = published(CATALOG + name)
    assert len(set(tags)) == len(tags)
    assert all(read_version(tag) and answers(name, tag) for tag in tags)
    assert answers(name, "latest")


@given(st.text())
def test_nothing_else_is_the_catalogs(text: str) -> None:
    assert catalog_name(text) == ""
    assert not answers(text, "latest")
    assert published(text) == ()
