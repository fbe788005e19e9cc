"""Which side holds where both changed something, by each strategy and each answer, and what is told of it."""

import pytest

from bot.errors import UserError
from bot.packages.merge import Merged, OnConflict, Side, Strategy, merge
from bot.packages.merge.merge_comment import with_merge_comments
from bot.packages.package import File, Files
from tests.packages.merging import config

KPTFILE = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: p\ninfo:\n  description: {}\n"
COPYING = (Strategy.COPY_MERGE, Strategy.FORCE_DELETE_REPLACE)
# Origin, local, upstream; None where there is no such file.
FILES: dict[str, tuple[bytes | None, bytes | None, bytes | None]] = {
    "Kptfile": (KPTFILE.format("1").encode(), KPTFILE.format("2").encode(), KPTFILE.format("3").encode()),
    "added.txt": (None, b"mine\n", b"theirs\n"),
    "bytes": (b"\0", b"\0mine", b"\0theirs"),
    "field.yaml": (config("f", "1").encode(), config("f", "2").encode(), config("f", "3").encode()),
    "gone-here": (b"a\n", None, b"theirs\n"),
    "gone-here.yaml": (config("h", "1").encode(), None, config("h", "3").encode()),
    "gone-there": (b"a\n", b"mine\n", None),
    "gone-there.yaml": (config("t", "1").encode(), config("t", "2").encode(), None),
    "lines.txt": (b"a\nb\n", b"mine\nb\n", b"theirs\nb\n"),
}
# What is no field holds as it is here where resources are merged; all else is as it was asked for.
FIELDS = {"Kptfile", "field.yaml"}


def merged(strategy: Strategy, on_conflict: OnConflict, *names: str) -> Merged:
    return merge(*_trees(*(names or FILES)), strategy, on_conflict)


def _trees(*names: str) -> tuple[Files, Files, Files]:
    trees: tuple[dict[str, File], ...] = ({}, {}, {})
    for name in names:
        for tree, content in zip(trees, FILES[name], strict=True):
            if content is not None:
                tree[name] = File(content)
    origin, local, upstream = trees
    return origin, local, upstream


def content_of(found: Merged, name: str) -> bytes | None:
    file = found.files.get(name)
    return file.content if file is not None else None


@pytest.mark.parametrize("on_conflict", OnConflict)
@pytest.mark.parametrize("strategy", [Strategy.RESOURCE_MERGE, *COPYING])
def test_the_side_that_holds_is_the_one_that_is_told(strategy: Strategy, on_conflict: OnConflict) -> None:
    found = merged(strategy, on_conflict)
    assert sorted(conflict.file for conflict in found.conflicts) == sorted(FILES)
    assert found.stopped is (on_conflict is OnConflict.STOP)
    for conflict in found.conflicts:
        _, ours, theirs = FILES[conflict.file]
        side = ours if conflict.taken is Side.LOCAL else theirs
        assert content_of(found, conflict.file) == side, str(conflict)
        assert str(conflict).endswith(f"; taken: {conflict.taken}.")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("strategy", [Strategy.RESOURCE_MERGE, *COPYING])
def test_what_is_asked_for_holds(strategy: Strategy, name: str) -> None:
    def taken(on_conflict: OnConflict) -> Side:
        (conflict,) = merged(strategy, on_conflict, name).conflicts
        return conflict.taken

    is_asked = strategy in COPYING or name in FIELDS
    assert taken(OnConflict.UPSTREAM) is (Side.UPSTREAM if is_asked else Side.LOCAL)
    assert taken(OnConflict.LOCAL) is Side.LOCAL
    assert taken(OnConflict.STOP) is Side.LOCAL


@pytest.mark.parametrize("on_conflict", OnConflict)
def test_fast_forward_asks_nothing_and_refuses(on_conflict: OnConflict) -> None:
    with pytest.raises(
        UserError, match=r"local package files have been modified: \[Kptfile added\.txt bytes"
    ):
        merged(Strategy.FAST_FORWARD, on_conflict)
    origin, _, upstream = _trees("bytes", "lines.txt")
    found = merge(origin, origin, upstream, Strategy.FAST_FORWARD, on_conflict)
    assert (found.files, found.conflicts, found.stopped) == (upstream, (), False)


@pytest.mark.parametrize("on_conflict", OnConflict)
@pytest.mark.parametrize("strategy", COPYING)
def test_to_copy_files_that_one_side_changed_is_no_conflict(
    strategy: Strategy, on_conflict: OnConflict
) -> None:
    origin, _, upstream = _trees("field.yaml", "bytes", "gone-there.yaml")
    noted = with_merge_comments(origin)
    assert noted["field.yaml"] != origin["field.yaml"]
    assert merge(origin, noted, upstream, strategy, on_conflict).files == upstream
    same = with_merge_comments(upstream)
    assert merge(origin, same, upstream, strategy, on_conflict).conflicts == ()
    # As with kpt, what was done here is lost to what is copied.
    changed = {**origin, "bytes": File(b"\0mine"), "mine.txt": File(b"mine\n")}
    found = merge(origin, changed, origin, strategy, on_conflict)
    assert found.files["bytes"] == origin["bytes"]
    assert ("mine.txt" in found.files) is (strategy is Strategy.COPY_MERGE)
    assert found.conflicts == ()
