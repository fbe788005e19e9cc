"""Images of functions: what a Kptfile names, and what runs."""

import contextlib
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InvalidName, NotFound, UserError
from bot.packages.function import is_image
from bot.render.image import CATALOG, MOST_TAGS, Image, check_prefix, in_full, parts_of, resolve_image

DIGEST = "sha256:" + "a" * 64


def published(_repository: str) -> list[str]:
    return ["v0.1.0", "v0.2", "v0.2.0", "v0.3.0-rc.1", "sha256-aa.sig", "x-git-1", "latest"]


@pytest.mark.parametrize(
    ("image", "tag", "resolved"),
    [
        ("set-labels", "", f"{CATALOG}set-labels:latest"),
        ("set-labels:v0.2", "", f"{CATALOG}set-labels:v0.2"),
        (f"set-labels@{DIGEST}", "", f"{CATALOG}set-labels@{DIGEST}"),
        ("localhost:5000/fn", "", "localhost:5000/fn:latest"),
        (f"localhost:5000/fn:v1@{DIGEST}", "", f"localhost:5000/fn:v1@{DIGEST}"),
        (f"localhost:5000/fn:v1@{DIGEST}", "v2", "localhost:5000/fn:v2"),
        ("a/fn:v1", "0.2.1", "a/fn:0.2.1"),
        ("a/fn", "v0.2", "a/fn:v0.2"),
        ("a/fn", "main", "a/fn:main"),
        ("a/fn", "*", "a/fn:v0.2.0"),
        ("a/fn", ">=0.3-0", "a/fn:v0.3.0-rc.1"),
        ("a/fn", "0.1 - 0.2", "a/fn:v0.2.0"),
        ("a/fn", "~0.1 || ~9", "a/fn:v0.1.0"),
    ],
)
def test_what_runs(image: str, tag: str, resolved: str) -> None:
    assert str(resolve_image(image, tag, [published])) == resolved


@pytest.mark.parametrize(
    ("image", "tag", "why"),
    [
        ("a/B", "", 'failed to parse image "a/B" as reference: it must be'),
        ("", "v1", 'failed to parse image "" as reference'),
        ("a/b:", "", "failed to parse image"),
        ("a/b", "-x", '`function.tag` "-x" must be a valid image tag, such as'),
        ("a/b", "v1/../x", "must be a valid image tag"),
        ("a/b", "1.0.0+meta", "must be a valid image tag"),
        ("a/b", "x" * 129, "must be a valid image tag"),
        ("a/b", "a\n", r'`function.tag` "a\n" must be'),
        ("a/b", "~9", 'no tag could be found matching the version constraint "~9": of'),
        ("a/b", "~9", "of 'a/b' the highest that is known is 'v0.3.0-rc.1'."),
    ],
)
def test_what_does_not(image: str, tag: str, why: str) -> None:
    with pytest.raises(NotFound) as raised:
        resolve_image(image, tag, [published])
    assert why in str(raised.value)


def test_why_nothing_is_found_is_said() -> None:
    def broken(repository: str) -> list[str]:
        raise UserError(f"The registry of {repository} is away.")

    with pytest.raises(NotFound, match=r"of 'a/b' none is known. The registry of a/b is away.$"):
        resolve_image("a/b", "*", [broken])
    assert resolve_image("a/b", "*", [broken, published]).tag == "v0.2.0"


def test_a_registry_cannot_list_for_ever() -> None:
    def endless(_repository: str) -> Iterable[str]:
        yield "v0.1.0"
        while True:
            yield "v0.2.0-rc.1"

    assert resolve_image("a/b", "*", [endless]).tag == "v0.1.0"
    late = ["x"] * MOST_TAGS + ["v1.0.0"]
    with pytest.raises(NotFound, match="none is known"):
        resolve_image("a/b", "*", [lambda _: late])


@pytest.mark.parametrize(
    "prefix",
    [
        "https://a.io/",
        "a b/",
        "a.io/x?y",
        "a.io/x#y",
        "/",
        "/a/",
        "a.io//x",
        "A.io/Upper",
        "a:port/",
        "a/" * 300,
    ],
)
def test_bad_prefixes(prefix: str) -> None:
    with pytest.raises(InvalidName, match="without a scheme"):
        check_prefix(prefix)
    with pytest.raises(InvalidName):
        resolve_image("set-labels", prefix=prefix)
    assert in_full("a/b", prefix) == "a/b"


def test_prefixes_are_put_before_short_names_alone() -> None:
    assert str(resolve_image("fn", prefix="localhost:5000")) == "localhost:5000/fn:latest"
    assert str(resolve_image("a/fn", prefix="b.io/")) == "a/fn:latest"
    assert str(resolve_image("fn", prefix="")) == "fn:latest"


SEGMENTS = st.from_regex(r"[a-z0-9]{1,5}(-[a-z]{1,3})?", fullmatch=True)
PATHS = st.lists(SEGMENTS, min_size=1, max_size=4).map("/".join)
TAGS = st.one_of(st.just(""), st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,9}", fullmatch=True))


@given(st.sampled_from(["", "localhost:5000/", "a.io/"]), PATHS, TAGS, st.sampled_from(["", DIGEST]))
def test_parts_make_the_whole(host: str, path: str, tag: str, digest: str) -> None:
    image = Image(host + path, tag, digest)
    assert parts_of(str(image)) == image
    assert is_image(str(image))


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_resolved_or_refused(image: str, tag: str) -> None:
    with contextlib.suppress(NotFound):
        found = resolve_image(image, tag, [published])
        assert is_image(str(found))
        assert found.tag or found.digest
