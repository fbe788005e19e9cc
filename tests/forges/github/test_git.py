"""Git over HTTP is the same world: pull requests follow what is pushed."""

from pathlib import Path

import pytest

from tests.forges.git_half import HEADS
from tests.forges.github.cast import Cast, Pushed
from tests.forges.github.rules import Protection, Ruleset

BRANCH = "drafts/blue/v1"


def commit(cast: Cast, folder: Path, name: str, text: str) -> str:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    cast.git(folder, "add", "-A")
    cast.git(folder, "commit", "-qm", f"Change {name}")
    return cast.git(folder, "rev-parse", "HEAD").text.strip()


def names(cast: Cast) -> list[str]:
    return [f"{event}.{action}" if action else event for event, action, _ in cast.world.switchboard.told]


@pytest.fixture
def folder(cast: Cast) -> Path:
    """Ada's clone with the draft's branch checked out, and a pull request open for it."""
    cast.pull()
    folder = cast.clone("ada")
    assert cast.git(folder, "switch", "-q", BRANCH).ok
    return folder


def push(cast: Cast, folder: Path, *words: str) -> Pushed:
    return cast.git(folder, "push", "-q", *words)


def test_a_pull_request_follows_its_branch(cast: Cast, folder: Path) -> None:
    pull = cast.repo.pull(1)
    before = pull.head_sha
    after = commit(cast, folder, "blue/y.yaml", "y: 1\n")
    assert push(cast, folder, "origin", BRANCH).ok
    assert pull.head_sha == after
    event = cast.world.switchboard.told[-1]
    assert event[:2] == ("pull_request", "synchronize")
    assert (event[2]["before"], event[2]["after"], event[2]["sender"]["login"]) == (before, after, "ada")
    activity = cast.ask("GET", "/repos/acme/blueprints/activity").json()[0]
    assert (activity["activity_type"], activity["before"], activity["after"]) == ("push", before, after)
    fetched = cast.git(folder, "fetch", "-q", "origin", "refs/pull/1/head")
    assert fetched.ok
    assert cast.git(folder, "rev-parse", "FETCH_HEAD").text.strip() == after


def test_a_forced_push_is_told(cast: Cast, folder: Path) -> None:
    cast.git(folder, "commit", "-q", "--amend", "-m", "Other words")
    assert not push(cast, folder, "origin", BRANCH).ok
    assert push(cast, folder, "--force", "origin", BRANCH).ok
    forced = [payload["forced"] for event, _, payload in cast.world.switchboard.told if event == "push"]
    assert forced[-1] is True
    assert cast.repo.activities[-1].kind == "force_push"


def test_a_branch_that_is_deleted_closes(cast: Cast, folder: Path) -> None:
    head = cast.repo.pull(1).head_sha
    assert push(cast, folder, "origin", f":{BRANCH}").ok
    pull = cast.repo.pull(1)
    assert (pull.state, pull.merged) == ("closed", None)
    assert names(cast)[-3:] == ["push", "delete", "pull_request.closed"]
    assert cast.repo.bare.ref("refs/pull/1/head") == head
    # Restored, it can be open again.
    assert push(cast, folder, "origin", f"{BRANCH}:{BRANCH}").ok
    assert cast.ask("PATCH", "/repos/acme/blueprints/pulls/1", {"state": "open"}).status == 200


def test_a_head_that_the_base_holds_is_merged(cast: Cast, folder: Path) -> None:
    assert push(cast, folder, "origin", f"{BRANCH}:main").ok
    pull = cast.repo.pull(1)
    assert (pull.state, pull.merge_commit) == ("closed", pull.head_sha)
    assert pull.merged is not None
    assert names(cast)[-2:] == ["push", "pull_request.closed"]


def test_a_branch_that_is_put_back_to_its_base_closes_unmerged(cast: Cast, folder: Path) -> None:
    assert push(cast, folder, "--force", "origin", f"origin/main:{BRANCH}").ok
    assert (cast.repo.pull(1).state, cast.repo.pull(1).merged) == ("closed", None)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("origin", f"{BRANCH}:main"), "Changes must be made through a pull request"),
        (("--force", "origin", f"{BRANCH}~1:main"), "Changes must be made through a pull request"),
        (("origin", ":main"), "Cannot delete a protected branch"),
        (("origin", "HEAD:refs/pull/1/head"), "deny updating a hidden ref"),
        (("origin", "HEAD:refs/tags/blue/v1"), "Cannot create ref due to creations being restricted"),
    ],
)
def test_a_push_that_is_refused_moves_nothing(
    cast: Cast, folder: Path, words: tuple[str, ...], told: str
) -> None:
    cast.repo.protections["main"] = Protection(reviews=1)
    cast.repo.rulesets[7] = Ruleset(7, "tags", "tag", ("*/v*",), {"creation": {}, "update": {}})
    before, heard = cast.repo.bare.refs(), len(cast.world.switchboard.told)
    commit(cast, folder, "z", "z")
    pushed = push(cast, folder, *words)
    assert not pushed.ok
    assert told in pushed.text
    assert cast.repo.bare.refs() == before
    assert len(cast.world.switchboard.told) == heard


def test_a_branch_that_only_goes_forward(cast: Cast, folder: Path) -> None:
    cast.repo.protections[BRANCH] = Protection()
    cast.git(folder, "commit", "-q", "--amend", "-m", "Other words")
    pushed = push(cast, folder, "--force", "origin", BRANCH)
    assert (pushed.ok, "Cannot force-push to this branch" in pushed.text) == (False, True)
    cast.git(folder, "reset", "-q", "--hard", f"origin/{BRANCH}")
    commit(cast, folder, "z", "z")
    assert push(cast, folder, "origin", BRANCH).ok


def test_an_app_that_may_pass_makes_the_tag(cast: Cast) -> None:
    passes = frozenset({("Integration", cast.app.id)})
    cast.repo.rulesets[7] = Ruleset(7, "tags", "tag", ("*/v*",), {"creation": {}}, passes)
    folder = cast.clone("ada")
    token = cast.world.installation_token(cast.installation).token
    assert not push(cast, folder, "origin", "HEAD:refs/tags/blue/v1").ok
    assert push(cast, folder, cast.address(token), "HEAD:refs/tags/blue/v1").ok
    assert cast.world.switchboard.told[-1][2]["sender"]["login"] == "portico[bot]"


def test_who_may_not_is_told_so(cast: Cast) -> None:
    folder = cast.clone("eve")
    commit(cast, folder, "z", "z")
    denied = push(cast, folder, "origin", "HEAD:refs/heads/z")
    assert not denied.ok
    assert "403" in denied.text
    reader = cast.world.installation_token(cast.installation, {"contents": "read"}).token
    assert "403" in push(cast, folder, cast.address(reader), "HEAD:refs/heads/z").text
    # Git shows its token only where it is asked for one.
    assert cast.git(folder, "ls-remote", cast.address("ghp_wrong")).ok
    cast.repo.private = True
    assert not cast.git(folder, "ls-remote", cast.address("ghp_wrong")).ok
    assert not cast.git(folder, "ls-remote", "origin").ok
    assert cast.git(folder, "ls-remote", cast.address(reader)).ok
    assert "z" not in " ".join(cast.repo.bare.refs(HEADS))


def test_a_fork_has_a_pull_request_of_its_own(cast: Cast) -> None:
    fork = cast.world.fork(cast.repo, "eve")
    folder = cast.clone("eve", fork)
    head = commit(cast, folder, "blue/x.yaml", "by: eve\n")
    assert push(cast, folder, "origin", "HEAD:refs/heads/work").ok
    body = {"title": "From afar", "head": "eve:work", "base": "main"}
    made = cast.ask("POST", "/repos/acme/blueprints/pulls", body, "eve")
    assert made.status == 201
    assert made.json()["head"]["repo"]["full_name"] == "eve/blueprints"
    assert cast.repo.bare.ref("refs/pull/1/head") == head
    after = commit(cast, folder, "blue/x.yaml", "by: eve again\n")
    assert push(cast, folder, "origin", "HEAD:refs/heads/work").ok
    assert cast.repo.pull(1).head_sha == after
    cast.world.delete(fork)
    found = cast.ask("GET", "/repos/acme/blueprints/pulls/1").json()
    assert (found["head"]["repo"], found["head"]["sha"]) == (None, after)
    assert cast.ask("PUT", "/repos/acme/blueprints/pulls/1/merge", {}).status == 200


def test_more_than_three_tags_at_once_are_not_told(cast: Cast) -> None:
    folder = cast.clone("ada")
    for count in (4, 3):
        cast.world.switchboard.told.clear()
        tags = [f"HEAD:refs/tags/p{count}{n}/v1" for n in range(count)]
        assert push(cast, folder, "origin", *tags).ok
        assert names(cast) == ([] if count > 3 else ["push", "create"] * 3)
    assert len(cast.repo.bare.refs("refs/tags/")) == 7
