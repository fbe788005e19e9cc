"""A mark proves who made one change of one object, and nothing else."""

from typing import Any

import pytest

from bot.kubernetes.stamp import STAMP, Stamps
from bot.lifecycle.person import Person

STAMPS = Stamps(b"a key that nobody else has")


def item(mark: str = "", generation: int = 4, **metadata: Any) -> dict[str, Any]:
    annotations = {STAMP: mark} if mark else {}
    return {
        "metadata": {
            "name": "shop.net.dns.v1",
            "namespace": "team-a",
            "uid": "u-1",
            "generation": generation,
            "annotations": annotations,
            **metadata,
        },
        "spec": {"lifecycle": "Proposed"},
    }


def test_a_mark_is_read_on_the_change_that_it_was_made_for() -> None:
    mark = STAMPS.make(item(generation=3), "ada", "Proposed")
    assert STAMPS.read(item(mark)) == Person("ada")


def test_a_user_with_an_address_is_known_by_it() -> None:
    mark = STAMPS.make(item(generation=3), "ada@example.com", "Proposed")
    assert STAMPS.read(item(mark)) == Person("ada@example.com", email="ada@example.com")


def test_of_what_is_created_the_mark_is_for_what_it_asks_for() -> None:
    """An object that is gone can be created anew with its mark, which everybody has seen."""
    asked = {"lifecycle": "Draft", "packageName": "dns", "source": {"init": {}}}
    new = {"metadata": {"name": "shop.net.dns.v1", "namespace": "team-a"}, "spec": asked}
    mark = STAMPS.make(new, "ada", "Draft")
    assert STAMPS.read(item(mark, generation=1) | {"spec": asked}) == Person("ada")
    other = {**asked, "source": {"copyFrom": {"name": "shop.dns.evil"}}}
    assert STAMPS.read(item(mark, generation=1) | {"spec": other}) is None


def test_what_is_created_has_no_uid_when_it_is_marked() -> None:
    mark = STAMPS.make({"metadata": {"name": "shop.net.dns.v1", "namespace": "team-a"}}, "ada", "Proposed")
    assert STAMPS.read(item(mark, generation=1)) == Person("ada")


@pytest.mark.parametrize(
    "other",
    [
        item(generation=5),
        item(generation=3),
        item(uid="u-2"),
        item(name="shop.net.dns.v2"),
        item(namespace="team-b"),
        item(deletionTimestamp="2026-01-01T00:00:00Z"),
        item() | {"spec": {"lifecycle": "Published"}},
        item() | {"kind": "PackageRevisionResources"},
    ],
    ids=[
        "a later change",
        "an earlier one",
        "another object",
        "another name",
        "another namespace",
        "a deletion",
        "another lifecycle",
        "another kind",
    ],
)
def test_a_mark_is_good_for_nothing_else(other: dict[str, Any]) -> None:
    mark = STAMPS.make(item(generation=3), "ada", "Proposed")
    other["metadata"]["annotations"] = {STAMP: mark}
    assert STAMPS.read(other) is None


@pytest.mark.parametrize(
    "mark",
    [
        "",
        "ada",
        "3 ada",
        "3  ada",
        f"3 {'0' * 64} ada",
        "x 0 ada",
        f"{'9' * 5000} 0 ada",
        "٣ 0 ada",
        Stamps(b"another key").make(item(generation=3), "ada", "Proposed"),
        STAMPS.make(item(generation=3), "ada", "Proposed").replace("ada", "grace"),
    ],
)
def test_what_is_no_mark_of_ours_proves_nothing(mark: str) -> None:
    assert STAMPS.read(item(mark)) is None


def test_the_key_is_never_shown() -> None:
    assert "nobody" not in repr(STAMPS)
