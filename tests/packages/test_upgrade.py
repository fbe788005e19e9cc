"""Packages are upgraded with all that follows an upstream of its own; fetching is the caller's."""

import pytest

from bot.errors import NotFound, UserError
from bot.packages.acquisition import Fetched
from bot.packages.kptfile import Upstream, read_kptfile
from bot.packages.merge import OnConflict, Strategy
from bot.packages.merge.upgrade import upgrade
from bot.packages.package import File, Files
from tests.packages.merging import config, text_of

HEAD = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: {name} # mine\n"
SOURCE = "  type: git\n  git:\n    repo: {repo}\n    directory: /\n    ref: {ref}\n"


def kptfile(
    name: str, repo: str = "", ref: str = "v1", commit: str = "", strategy: str = "resource-merge"
) -> File:
    """A Kptfile that says where its package comes from, if that is given."""
    text = HEAD.format(name=name)
    source = SOURCE.format(repo=repo, ref=ref)
    if repo:
        text += f"upstream:\n{source}  updateStrategy: {strategy}\n"
    if commit:
        text += f"upstreamLock:\n{source}    commit: {commit}\n"
    return File(text.encode())


class Sources:
    """Packages by repository and ref; a ref's commit is its name, spelled with 'c'."""

    def __init__(self, **packages: Files) -> None:
        self.packages = packages
        self.asked: list[Upstream] = []

    def __call__(self, wanted: Upstream) -> Fetched:
        self.asked.append(wanted)
        ref = wanted.commit.replace("c", "v") or wanted.ref
        if f"{wanted.repo}_{ref}" not in self.packages:
            raise NotFound(f"There is no '{ref}' in '{wanted.repo}'.")
        lock = wanted._replace(commit=ref.replace("v", "c"))
        return Fetched(self.packages[f"{wanted.repo}_{ref}"], wanted, lock)


def one(value: str) -> Files:
    return {"Kptfile": kptfile("up"), "a.yaml": File(config("app", value).encode())}


APP = Sources(app_v1=one("1"), app_v2=one("2"))
LOCAL = {
    "Kptfile": kptfile("web", "app", commit="c1"),
    "a.yaml": File(config("app").replace("c: x", "c: y").encode()),
}


def test_a_package_is_upgraded_and_says_to_what() -> None:
    result = upgrade(LOCAL, APP, ref="v2")
    assert "a: 2\n" in text_of(result)
    assert "c: y\n" in text_of(result)
    assert "metadata: # kpt-merge: /app\n" in text_of(result)
    read = read_kptfile(result.files["Kptfile"].content)
    assert read.upstream == Upstream("app", "/", "v2")
    assert read.upstream_lock == Upstream("app", "/", "v2", "c2")
    assert "name: web # mine\n" in text_of(result, "Kptfile")


def test_what_is_noted_keeps_how_it_is_written() -> None:
    odd = config("app").replace("\ndata:\n", "\n\ndata:   # why\n")
    result = upgrade(LOCAL | {"a.yaml": File(odd.encode())}, APP, ref="v2")
    assert "\n\ndata:   # why\n  a: 2\n" in text_of(result)
    assert "metadata: # kpt-merge: /app\n" in text_of(result)


def test_what_nothing_happened_to_is_not_touched() -> None:
    assert upgrade(LOCAL, APP).files == LOCAL


def test_an_upgrade_that_was_to_stop_changes_nothing() -> None:
    local = LOCAL | {"a.yaml": File(config("app", "9").encode())}
    result = upgrade(local, APP, ref="v2", on_conflict=OnConflict.STOP)
    assert (result.files, result.stopped) == (local, True)
    assert [each.field for each in result.conflicts] == ["data.a"]


def test_conflicts_of_subpackages_are_named_by_their_place() -> None:
    inner = {f"sub/{path}": file for path, file in LOCAL.items()} | {
        "sub/Kptfile": kptfile("sub", "app", "v2", commit="c1"),
        "sub/a.yaml": File(config("app", "9").encode()),
    }
    outer = {"Kptfile": kptfile("web", "top", commit="c1")}
    sources = Sources(top_v1=outer, app_v1=one("1"), app_v2=one("2"))
    result = upgrade(outer | inner, sources)
    assert [(each.file, each.field) for each in result.conflicts] == [("sub/a.yaml", "data.a")]
    assert "a: 2\n" in text_of(result, "sub/a.yaml")


def test_a_package_without_upstream_is_refused() -> None:
    with pytest.raises(
        UserError, match=r"^package must have an upstream reference\nOnly a package that was cloned"
    ):
        upgrade({"Kptfile": kptfile("web")}, APP)


def test_an_unknown_strategy_is_refused() -> None:
    local = {"Kptfile": kptfile("web", "app", commit="c1", strategy="magic")}
    with pytest.raises(
        UserError, match=r"^unrecognized update strategy magic\n.* must be one of 'resource-merge',"
    ):
        upgrade(local, APP)


def test_what_cannot_be_fetched_is_told_by_who_fetches() -> None:
    with pytest.raises(NotFound, match="There is no 'v9' in 'app'"):
        upgrade(LOCAL, APP, ref="v9")


def test_the_strategy_is_noted() -> None:
    result = upgrade(LOCAL, APP, ref="v2", strategy=Strategy.COPY_MERGE)
    assert "updateStrategy: copy-merge\n" in text_of(result, "Kptfile")
    assert "c: x\n" in text_of(result)


def test_a_package_that_contains_itself_ends() -> None:
    loop = {"Kptfile": kptfile("web"), "sub/Kptfile": kptfile("sub", "loop")}
    with pytest.raises(UserError, match="it must not contain itself"):
        upgrade({"Kptfile": kptfile("web", "loop")}, Sources(loop_v1=loop))


def test_a_subpackage_that_one_side_removed_and_the_other_changed_is_told() -> None:
    sub = {"sub/Kptfile": kptfile("sub", "part", commit="c1"), "sub/a.yaml": File(config("s").encode())}
    new = sub | {"sub/a.yaml": File(config("s", "2").encode())}
    parts = Sources(app_v1={**one("1"), **sub}, app_v2={**one("2"), **new}, part_v1={})
    removed = upgrade(LOCAL, parts, ref="v2")
    assert "sub/a.yaml" not in removed.files
    parts.packages["app_v2"] = APP.packages["app_v2"]
    kept = upgrade(LOCAL | new, parts, ref="v2")
    assert kept.files["sub/a.yaml"].content.startswith(new["sub/a.yaml"].content[:60])
    for result in (removed, kept):
        (conflict,) = result.conflicts
        assert (conflict.file, conflict.field, conflict.taken) == ("sub", "", "local")
    assert upgrade(LOCAL, parts, ref="v2", on_conflict=OnConflict.STOP).conflicts == ()
