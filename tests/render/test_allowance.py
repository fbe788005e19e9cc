"""Which images a policy allows: names that only look alike are others."""

import pytest

from bot.errors import NotFound
from bot.packages.function import Function
from bot.render.allowance import allowed
from bot.render.containers.runtime import runtime
from bot.render.runners import Functions

A, B = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"


@pytest.mark.parametrize(
    ("rule", "image"),
    [
        ("ghcr.io/team/", "ghcr.io/team/fn"),
        ("ghcr.io/team/", "ghcr.io/team/deep/er/fn:v1"),
        ("ghcr.io/team", "ghcr.io/team/fn:v1"),
        ("ghcr.io/", "ghcr.io/team/fn:v1"),
        ("GHCR.io/team/", "ghcr.io/team/fn:v1"),
        ("ghcr.io/team/fn", "ghcr.io/team/fn"),
        ("ghcr.io/team/fn", f"ghcr.io/team/fn:v1@{A}"),
        ("ghcr.io/team/fn:v1", "ghcr.io/team/fn:v1"),
        ("ghcr.io/team/fn:latest", "ghcr.io/team/fn"),
        (f"ghcr.io/team/fn@{A}", f"ghcr.io/team/fn@{A}"),
        (f"ghcr.io/team/fn@{A}", f"ghcr.io/team/fn:v9@{A}"),
        (f"ghcr.io/team/fn:v1@{A}", f"ghcr.io/team/fn@{A}"),
        (A, f"elsewhere.example/fn@{A}"),
        ("localhost:5000/", "localhost:5000/fn:v1"),
        ("localhost/", "localhost/fn"),
        ("busybox", "docker.io/library/busybox:v1"),
        ("docker.io/library/", "busybox"),
        ("docker.io/", "team/fn"),
        ("index.docker.io/team/", "team/fn:v1"),
        ("team/", "docker.io/team/fn"),
    ],
)
def test_a_rule_allows(rule: str, image: str) -> None:
    assert allowed(image, [A[:-1], rule]) == ""


@pytest.mark.parametrize(
    ("rule", "image"),
    [
        ("ghcr.io/team/", "ghcr.io/team-evil/fn"),
        ("ghcr.io/team", "ghcr.io/teams/fn"),
        ("ghcr.io/team/", "ghcr.io/other/fn"),
        ("ghcr.io/team/", "evil.example/ghcr.io/team/fn"),
        ("ghcr.io", "ghcr.io.evil.example/fn"),
        ("ghcr.io/team/fn", "ghcr.io/team/fn2"),
        ("ghcr.io/team/fn:v1", "ghcr.io/team/fn:v10"),
        ("ghcr.io/team/fn:v1", "ghcr.io/team/fn"),
        ("ghcr.io/team/fn:v1", f"ghcr.io/team/fn:v1@{B}"),
        (f"ghcr.io/team/fn@{A}", f"ghcr.io/team/fn@{B}"),
        (f"ghcr.io/team/fn@{A}", "ghcr.io/team/fn:v1"),
        (f"ghcr.io/team/fn@{A}", f"ghcr.io/other/fn@{A}"),
        (A, f"ghcr.io/team/fn@{B}"),
        (A, "ghcr.io/team/fn:v1"),
        ("localhost:5000/", "localhost:5001/fn"),
        ("localhost/", "localhost.example/fn"),
        ("team/", "ghcr.io/team/fn"),
        ("busybox", "team/busybox"),
        ("busybox", "busybox/evil:v1"),
        ("docker.io/busybox", "docker.io/busybox/evil"),
        ("", "busybox"),
        ("/", "busybox"),
        (" ", "busybox"),
        ("*", "busybox"),
        ("ghcr.io/*", "ghcr.io/team/fn"),
    ],
)
def test_a_rule_does_not_allow(rule: str, image: str) -> None:
    assert "must not run here" in allowed(image, [rule])


@pytest.mark.parametrize(
    "image", ["", "a b", "../fn", "ghcr.io/team/../evil/fn", "-v", "ghcr.io/", "x" * 600]
)
def test_what_is_no_image_is_never_allowed(image: str) -> None:
    assert "is no reference to an image" in allowed(image, ["ghcr.io/team/", "docker.io/", image])


def test_the_reason_says_what_is_allowed() -> None:
    assert allowed("busybox", []).startswith("The image 'busybox' must not run here, as the policy allows no")
    assert "allows 'ghcr.io/a/', 'ghcr.io/b/'." in allowed("busybox", ["ghcr.io/a/", "ghcr.io/b/"])


@pytest.mark.parametrize("lists", [(), ((),), (("ghcr.io/team/",), ()), ((), ("ghcr.io/team/",))])
def test_an_image_must_be_in_every_list_and_in_one(lists: tuple[tuple[str, ...], ...]) -> None:
    with runtime({}) as engine, pytest.raises(NotFound, match="must not run here"):
        Functions(engine)(lists)(Function("ghcr.io/team/fn:v1"))
