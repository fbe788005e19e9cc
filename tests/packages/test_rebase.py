"""A draft and what was published since, merged: of one package, nothing is only one side's."""

import pytest

from bot.packages.merge.conflict import OnConflict
from bot.packages.merge.trees import Trees
from bot.packages.operations.content import Content
from bot.packages.operations.rebase import rebase
from bot.packages.operations.stopped import Stopped
from bot.packages.package import File, Files

KPTFILE = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: dns # mine\n"
INFO = "info:\n  site: x\n"


def package(kptfile: str = KPTFILE, **others: str) -> Files:
    texts = {"Kptfile": kptfile} | {path.replace("__", "/"): text for path, text in others.items()}
    return {path: File(text.encode()) for path, text in texts.items()}


def rebased(*trees: Files, on_conflict: OnConflict = OnConflict.UPSTREAM) -> Content:
    return rebase(Trees(*trees), on_conflict)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: dns", "name: names"),
        ("metadata:", "metadata:\n  namespace: prod"),
        ("kind: Kptfile\n", "kind: Kptfile\nowner: them\n"),
    ],
)
def test_what_was_published_of_the_kptfile_is_not_undone(old: str, new: str) -> None:
    published = KPTFILE.replace(old, new)
    for here, there in ((KPTFILE + INFO, published), (published, KPTFILE + INFO)):
        found = rebased(package(), package(here), package(there), on_conflict=OnConflict.STOP)
        text = found.files["Kptfile"].content.decode()
        assert sorted(text.splitlines()) == sorted((published + INFO).splitlines())


def test_two_names_are_a_conflict() -> None:
    trees = [package(KPTFILE.replace("name: dns", f"name: {name}")) for name in ("dns", "ours", "theirs")]
    with pytest.raises(Stopped, match=r"`metadata\.name`"):
        rebased(*trees, on_conflict=OnConflict.STOP)
    assert b"name: theirs" in rebased(*trees).files["Kptfile"].content
    assert b"name: ours" in rebased(*trees, on_conflict=OnConflict.LOCAL).files["Kptfile"].content


def test_an_upstream_that_is_followed_no_more_stays_away() -> None:
    followed = KPTFILE + "upstream:\n  type: git\n  git:\n    repo: r\n    directory: /\n    ref: v1\n"
    found = rebased(package(followed), package(followed + INFO), package())
    assert found.files["Kptfile"].content.decode() == KPTFILE + INFO


def test_a_kptfile_that_was_taken_out_of_a_folder_does_not_come_back() -> None:
    sub = KPTFILE.replace("dns", "sub")
    origin = package(sub__Kptfile=sub, sub__x="0\n")
    without, changed = package(sub__x="0\n"), package(sub__Kptfile=sub, sub__x="1\n")
    for trees in ((origin, without, changed), (origin, changed, without)):
        found = rebased(*trees, on_conflict=OnConflict.STOP)
        assert found.files == package(sub__x="1\n")
    other = package(sub__Kptfile=sub + INFO, sub__x="0\n")
    assert rebased(origin, without, other, on_conflict=OnConflict.LOCAL).files == without
    with pytest.raises(Stopped, match="'sub/Kptfile': here it was removed, upstream changed"):
        rebased(origin, without, other, on_conflict=OnConflict.STOP)


def test_a_subpackage_that_one_side_removed_stays_a_whole() -> None:
    sub = KPTFILE.replace("dns", "sub")
    origin = package(sub__Kptfile=sub, sub__x="0\n")
    other = package(sub__Kptfile=sub + INFO, sub__x="0\n", sub__y="new\n")
    found = rebased(origin, package(), other)
    assert found.files == package()
    assert [conflict.file for conflict in found.conflicts] == ["sub"]
    assert rebased(origin, package(), origin, on_conflict=OnConflict.STOP).files == package()
