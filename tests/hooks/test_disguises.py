"""Content that nobody approved must not stand where people look for what was approved, by whichever name."""

from collections.abc import Iterator

import pytest

from bot.git.ledgers import append
from bot.git.repository import open_repository
from bot.hooks.install import install
from bot.lifecycle.ledger import Did, Entry
from bot.lifecycle.person import Person
from tests.hooks.gate import house, kept, refused, refused_request
from tests.hooks.world import Human, World, published, run


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world with net/dns published as v1."""
    for world in house(tmp_path_factory.mktemp("disguises")):
        published(world, "net/dns", "one")
        yield world


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from house(tmp_path_factory.mktemp("own"))


def evil(world: World, path: str = "net/dns") -> str:
    """Commit in ada's clone what nobody approved."""
    ada = world["ada"]
    ada.start()
    ada.package(path, namespace="evil")
    return ada.commit("Evil")


def test_no_object_is_shown_in_place_of_another(shared: World) -> None:
    """`git show` and `git archive` on the server follow refs/replace/."""
    approved, commit = shared.server.refs()["refs/tags/net/dns/v1"], evil(shared)
    refused(shared["ada"], f"{commit}:refs/replace/{approved}", says="is no branch, tag or note")
    assert "evil" not in shared.server.show(f"{approved}:net/dns/Kptfile")


@pytest.mark.parametrize("ref", ["refs/net/dns/v1", "refs/remotes/origin/main", "refs/x/y"])
def test_a_ref_of_another_kind_does_not_hide_a_tag(shared: World, ref: str) -> None:
    """Git takes `net/dns/v1` for refs/net/dns/v1 before it looks among the tags."""
    commit = evil(shared)
    refused(shared["ada"], f"HEAD:{ref}", says=("is no branch, tag or note", "refs/heads/"))
    assert not kept(shared, commit)
    shared.server.git("update-ref", ref, "main")  # what came before the hooks can be removed
    shared["ada"].push(f":{ref}")
    assert ref not in shared.server.refs()


@pytest.mark.parametrize("tag", ["main", "drafts/net/dns/ws", "proposed/net/dns/ws", "origin/main"])
def test_a_tag_does_not_hide_a_branch(shared: World, tag: str) -> None:
    """`git fetch origin main` takes the tag `main` before the branch."""
    commit = evil(shared)
    refused(shared["ada"], f"HEAD:refs/tags/{tag}", says="would be taken for a branch")
    assert not kept(shared, commit)


def test_a_branch_does_not_hide_a_published_tag(shared: World) -> None:
    """`git clone --branch net/dns/v1` takes the branch before the tag."""
    ada = shared["ada"]
    evil(shared)
    says = "would be taken for a published revision"
    for branch in ("net/dns/v1", "net/dns/v2"):
        refused(ada, f"HEAD:refs/heads/{branch}", says=says)
    evil(shared, "net/unborn")
    refused(ada, "HEAD:refs/heads/net/unborn/v1", says=says)
    ada.push("HEAD:refs/heads/net/dns/topic", "HEAD:refs/heads/release/v1")
    shared.server.git("tag", "net/dns/stable", "main")  # made by hand, before the hooks
    refused(ada, "HEAD:refs/heads/net/dns/stable", says=says)


def test_another_name_of_the_branch_is_the_branch(own: World) -> None:
    own.server.git("symbolic-ref", "refs/heads/master", "refs/heads/main")
    evil(own)
    says = "The branch 'main' changes by publication only"
    refused(own["ada"], "HEAD:refs/heads/master", says=says)
    refused(own["ada"], ":refs/heads/master", says="The branch 'main' holds the published packages")


def test_a_branch_that_is_another_one_is_guarded_under_both_names(own: World) -> None:
    own.server.git("update-ref", "refs/heads/trunk", "main")
    own.server.git("symbolic-ref", "refs/heads/main", "refs/heads/trunk")
    evil(own)
    for branch in ("trunk", "main"):
        refused(own["ada"], f"HEAD:refs/heads/{branch}", says="'main' changes by publication only")


def test_another_name_of_a_tag_is_the_tag(shared: World) -> None:
    shared.server.git("symbolic-ref", "refs/tags/net/dns-stable", "refs/tags/net/dns/v1")
    evil(shared)
    refused(shared["ada"], "+HEAD:refs/tags/net/dns-stable", says="never moves")


def test_tags_of_nothing_take_no_numbers(own: World) -> None:
    """A package that is not there yet cannot be kept from being published by tags that claim its numbers."""
    ada = own["ada"]
    ada.start()
    ada.push("HEAD:refs/tags/net/new/v1", "HEAD:refs/tags/net/new/v999999999")
    published(own, "net/new", "one")
    published(own, "net/new", "two", namespace="other")
    refs = own.server.refs()
    assert "refs/tags/net/new/v2" in refs
    assert refs["refs/tags/net/new/v3"] == refs["refs/heads/main"]


def test_who_pushed_is_never_forgotten(own: World) -> None:
    """However much was pushed since: the record is read to its beginning."""
    ada, grace = own["ada"], own["grace"]
    grace.start()
    grace.package("net/long")
    grace.git("config", "user.name", "Eve")
    grace.git("config", "user.email", "eve@example.org")
    grace.commit("Long")
    grace.draft("net/long", "ws")
    ada.ask("propose", "net/long/ws")
    _lengthen(own, "refs/portico/ledger/drafts/net/long/ws", 10_001)
    refused_request(grace, "approve", "net/long/ws", says="@grace wrote or pushed part of this")


def _lengthen(world: World, ledger: str, times: int) -> None:
    """Add what so many pushes of somebody else would have left."""
    repository = open_repository(world.server.path)
    head = world.server.refs()[ledger]
    entry = Entry(Did.PUSHED, Person("eve", "Eve", "eve@example.org"), head)
    for _ in range(times):
        head = append(repository, head, entry)
    world.server.git("update-ref", ledger, head)


def test_a_draft_comes_with_its_whole_history(own: World) -> None:
    own.server.git("config", "receive.shallowUpdate", "true")
    install(own.server.path)
    evil(own)
    ada = own["ada"]
    ada.commit("Later")
    run("git", "clone", "-q", "--depth=1", f"file://{ada.clone}", own.home / "shallow", cwd=own.home)
    shallow = Human("ada", own.home / "shallow", own.server)
    shallow.git("remote", "set-url", "origin", str(own.server.path))
    refused(shallow, "HEAD:refs/heads/drafts/net/dns/ws", says="shallow update not allowed")
