"""A tick does what hooks would have done: where they were off, or never ran."""

import os
from pathlib import Path

import pygit2
import pytest

from bot.hooks.tick import tick
from bot.lifecycle.commands import Approve, Propose
from bot.packages.naming import RevisionName
from bot.packages.revision import Lifecycle
from tests.hooks.place import Place, make_place
from tests.hooks.world import run
from tests.laws.realm import PEOPLE
from tests.laws.steps import NAME, ask, doomed, drafted, proposed, published

ODD = 3  # content that rendering changes
BOB = PEOPLE["bob"]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return make_place(tmp_path)


def turn_hooks_off(place: Place) -> None:
    git = ("git", "--git-dir", str(place.server), "config")
    run(*git, "core.hooksPath", os.devnull, cwd=place.server)
    run(*git, "--unset-all", "receive.procReceiveRefs", cwd=place.server)


def at_rest(place: Place) -> bool:
    before = place.realm.refs()
    assert tick(place.server) == []
    return place.realm.refs() == before


@pytest.mark.parametrize("kind", ["drafts", "proposed"])
def test_what_was_pushed_while_hooks_were_off_is_rendered_once(kind: str, place: Place) -> None:
    realm, branch = place.realm, f"refs/heads/{kind}/net/dns/add-mx"
    turn_hooks_off(place)
    pushed = realm.write(NAME, BOB, realm.main(), ODD)
    run("git", "push", "-q", "origin", f"{pushed}:{branch}", cwd=place.clone)
    assert realm.head(NAME) == pushed
    assert tick(place.server) == []
    head = realm.refs()[branch]
    commit = realm.repository[head].peel(pygit2.Commit)
    assert [str(parent) for parent in commit.parent_ids] == [pushed]
    assert (commit.author.name, commit.committer.name) == ("Bob", "Portico")
    assert realm.facts(NAME).outcome == "well"
    assert at_rest(place)


def test_what_was_written_straight_into_the_repository_is_rendered(place: Place) -> None:
    realm = place.realm
    pushed = realm.write(NAME, BOB, realm.main(), ODD)
    words = ("git", "--git-dir", str(place.server), "update-ref", realm.layout.draft_ref(NAME), pushed)
    run(*words, cwd=place.server)
    assert tick(place.server) == []
    assert realm.head(NAME) != pushed
    assert at_rest(place)


def test_what_is_done_is_said_with_its_name(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    realm = place.realm
    realm.repository.references.create(
        realm.layout.draft_ref(NAME), realm.write(NAME, BOB, realm.main(), ODD)
    )
    tick(place.server)
    assert capsys.readouterr().err.startswith(f"portico: {NAME}: rendered: ")


def test_a_life_goes_on_where_hooks_were_off(place: Place) -> None:
    """Rendered by a tick, it is proposed and approved as any other; its author still may not approve."""
    realm = place.realm
    pushed = realm.write(NAME, PEOPLE["grace"], realm.main(), ODD)
    realm.repository.references.create(realm.layout.draft_ref(NAME), pushed)
    tick(place.server)
    assert place.push(ask(realm, Propose, NAME, "bob")).ok
    assert "wrote or pushed part of this" in place.push(ask(realm, Approve, NAME, "grace")).text
    assert "published as net/dns/v1" in place.push(ask(realm, Approve, NAME, "linus")).text
    assert at_rest(place)


@pytest.mark.parametrize("prepare", [drafted, proposed, published, doomed])
def test_where_all_is_well_nothing_is_written(prepare: object, place: Place) -> None:
    assert callable(prepare)
    prepare(place.realm)
    assert at_rest(place)


def test_one_bad_revision_hides_no_other(place: Place) -> None:
    realm = place.realm
    good = RevisionName("zone", "good")
    commit = realm.write(good, BOB, realm.main(), ODD)
    blob = str(realm.repository.create_blob(b"no commit"))
    references = realm.repository.references
    references.create("refs/heads/drafts/nothing", commit)
    references.create("refs/heads/drafts/UPPER/Case", commit)
    references.create(realm.layout.draft_ref(good), commit)
    broken = place.server / "refs" / "heads" / "drafts" / "a" / "broken"
    broken.parent.mkdir(parents=True)
    broken.write_text("no object id\n")
    (broken.parent / "blob").write_text(f"{blob}\n")
    (broken.parent / "missing").write_text("1" * 40 + "\n")
    tick(place.server)
    assert realm.facts(good).outcome == "well"
    refs = all_refs(place)
    tick(place.server)
    assert all_refs(place) == refs


def all_refs(place: Place) -> dict[str, str]:
    refs = place.server / "refs"
    return {str(path): path.read_text() for path in refs.rglob("*") if path.is_file()}


def test_a_package_that_must_not_reach_a_function_is_refused_and_remembered(place: Place) -> None:
    """Past the gate anything can be written; a tick says what is wrong with it, once."""
    realm = place.realm
    repository = realm.repository
    link = repository.create_blob(b"../../../../etc/passwd")
    package = repository.TreeBuilder()
    package.insert("Kptfile", link, 0o120000)
    root = repository.TreeBuilder()
    root.insert("dns", package.write(), 0o040000)
    who = pygit2.Signature("Bob", "bob@example.com")
    parents = [pygit2.Oid(hex=realm.main())]
    commit = repository.create_commit(None, who, who, "bad", root.write(), parents)
    name = RevisionName("dns", "bad")
    repository.references.create(realm.layout.draft_ref(name), commit)
    tick(place.server)
    facts = realm.facts(name)
    assert (facts.lifecycle, facts.outcome) == (Lifecycle.DRAFT, "failed")
    assert facts.render_problems
    refs = realm.refs()
    tick(place.server)
    assert realm.refs() == refs
