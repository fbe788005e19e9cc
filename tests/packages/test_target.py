"""To which ref a package is upgraded, by what its upstream has and what a person says."""

import pytest

from bot.errors import NotFound, Refused
from bot.packages.kptfile import Upstream
from bot.packages.operations.target import number_of, target_ref

OWN = ("refs/tags/a/b/v1", "refs/tags/a/b/v2", "refs/tags/a/b/v10", "refs/tags/a/b/beta")
ALL = ("refs/tags/v1", "refs/tags/v20", "refs/tags/v1.2.3")
HEADS = ("refs/heads/main", "refs/heads/7")


def _target(ref: str, refs: tuple[str, ...], wanted: str = "", locked: str = "", path: str = "/a/b") -> str:
    lock = Upstream("r", path, locked, "c") if locked else None
    return target_ref(Upstream("r", path, ref), lock, refs, wanted)


@pytest.mark.parametrize(
    ("ref", "refs", "wanted", "target"),
    [
        ("v1", OWN, "", "v10"),
        ("v1", OWN + ALL, "", "v10"),
        ("a/b/v1", OWN, "", "a/b/v10"),
        ("refs/tags/a/b/v1", OWN, "", "a/b/v10"),
        ("v1", ALL, "", "v20"),
        ("v1", OWN, "2", "v2"),
        ("v1", OWN, "v2", "v2"),
        ("main", OWN + HEADS, "", "main"),
        ("main", OWN + HEADS, "latest", "v10"),
        ("main", HEADS, "latest", "main"),
        ("v1.2.3", ("refs/tags/v1.2.3",), "", "v1.2.3"),
        ("v1", OWN, "beta", "beta"),
        ("v1", OWN + HEADS, "7", "7"),
        ("v1", ("refs/tags/a/b/3", *OWN[:2]), "", "3"),
        ("drafts/a/b/w", (*OWN, "refs/heads/drafts/a/b/w"), "", "v10"),
        ("v1", (*OWN, "refs/heads/deletionProposed/a/b/v10"), "", "v2"),
        ("v1", (*OWN, "refs/heads/deletionProposed/a/b/v10"), "10", "v10"),
    ],
)
def test_the_target(ref: str, refs: tuple[str, ...], wanted: str, target: str) -> None:
    assert _target(ref, refs, wanted) == target


def test_a_package_that_is_a_whole_repository_follows_the_tags_of_all() -> None:
    assert _target("v1", OWN + ALL, path="/") == "v20"


def test_a_revision_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(NotFound, match="has no revision v3; there: v10, v2, v1"):
        _target("v1", OWN, "3")
    with pytest.raises(NotFound, match="there: no revisions"):
        _target("main", HEADS, "3")


def test_what_is_newer_than_the_latest_does_not_go_back_by_itself() -> None:
    with pytest.raises(Refused, match="The latest revision upstream is v10, older than v11"):
        _target("v11", OWN, locked="a/b/v11")
    assert _target("v11", OWN, "10", locked="a/b/v11") == "v10"


@pytest.mark.parametrize(
    ("ref", "number"), [("a/b/v3", 3), ("v3", 3), ("refs/tags/a/b/v3", 3), ("main", -1), ("a/v3", -1)]
)
def test_the_number_that_a_ref_names(ref: str, number: int) -> None:
    assert number_of(Upstream("r", "/a/b", ref)) == number
