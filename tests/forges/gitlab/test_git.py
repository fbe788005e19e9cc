"""Git over HTTP is the same world: merge requests follow what is pushed, and protection speaks."""

from pathlib import Path

import pytest

from tests.forges.git_half import HEADS
from tests.forges.gitlab.cast import BRANCH, Cast, Pushed
from tests.forges.gitlab.people import DEVELOPER, NONE
from tests.forges.gitlab.project import Protection


def commit(cast: Cast, folder: Path, name: str, text: str, message: str = "Change") -> str:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    cast.git(folder, "add", "-A")
    cast.git(folder, "commit", "-qm", message)
    return cast.git(folder, "rev-parse", "HEAD").text.strip()


@pytest.fixture
def folder(cast: Cast) -> Path:
    """Ada's clone with the draft's branch checked out, and a merge request open for it."""
    cast.propose()
    folder = cast.clone("ada")
    assert cast.git(folder, "switch", "-q", BRANCH).ok
    return folder


def push(cast: Cast, folder: Path, *words: str) -> Pushed:
    return cast.git(folder, "push", "-q", *words)


def told(cast: Cast) -> list[str]:
    return [f"{event} {action}".strip() for event, action, _ in cast.world.switchboard.told]


def test_a_merge_request_follows_its_branch(cast: Cast, folder: Path) -> None:
    held = cast.project.merge_request(1)
    before = held.head
    after = commit(cast, folder, "blue/y.yaml", "y: 1\n")
    assert push(cast, folder, "origin", BRANCH).ok
    assert held.head == after
    assert told(cast)[-2:] == ["Push Hook", "Merge Request Hook update"]
    attributes = cast.world.switchboard.told[-1][2]["object_attributes"]
    assert (attributes["oldrev"], attributes["last_commit"]["id"]) == (before, after)
    listed = cast.ask("GET", "/merge_requests/1/versions").json()
    assert [each["head_commit_sha"] for each in listed] == [after, before]
    event = cast.ask("GET", "/events?action=pushed").json()[0]
    assert event["author"]["username"] == "ada"
    assert {key: event["push_data"][key] for key in ("ref", "commit_from", "commit_to", "action")} == {
        "ref": BRANCH,
        "commit_from": before,
        "commit_to": after,
        "action": "pushed",
    }
    assert cast.git(folder, "fetch", "-q", "origin", "refs/merge-requests/1/head").ok
    assert cast.git(folder, "rev-parse", "FETCH_HEAD").text.strip() == after


def test_a_branch_that_is_deleted_closes(cast: Cast, folder: Path) -> None:
    assert push(cast, folder, "origin", f":{BRANCH}").ok
    assert cast.project.merge_request(1).state == "closed"
    assert told(cast)[-2:] == ["Push Hook", "Merge Request Hook close"]
    assert cast.project.events[-2].push is not None
    assert cast.project.events[-2].push["commit_to"] is None


def test_a_head_that_the_target_holds_is_merged(cast: Cast, folder: Path) -> None:
    cast.project.branches["main"].push = DEVELOPER
    cast.git(folder, "switch", "-q", "main")
    assert cast.git(folder, "merge", "-q", "--no-ff", "-m", "By hand", BRANCH).ok
    assert push(cast, folder, "origin", "main").ok
    held = cast.project.merge_request(1)
    assert (held.state, held.merged_by) == ("merged", cast.user("ada"))
    assert held.merge_commit == cast.project.tip("main")
    assert told(cast)[-1] == "Merge Request Hook merge"


def test_a_commit_that_is_unfinished_makes_a_draft(cast: Cast, folder: Path) -> None:
    commit(cast, folder, "blue/y.yaml", "y: 1\n", "fixup! Change")
    assert push(cast, folder, "origin", BRANCH).ok
    assert cast.project.merge_request(1).title == f"Draft: Propose {BRANCH}"
    assert cast.world.switchboard.told[-1][2]["changes"]["draft"] == {"previous": False, "current": True}


def test_more_than_three_at_once_are_told_to_no_hook(cast: Cast, folder: Path) -> None:
    commit(cast, folder, "blue/y.yaml", "y: 1\n")
    before = told(cast)
    names = [f"HEAD:refs/heads/drafts/x/v{n}" for n in range(3)]
    assert push(cast, folder, "origin", *names, f"HEAD:{HEADS}{BRANCH}").ok
    assert told(cast) == [*before, "Merge Request Hook update"], "but merge requests follow"
    event = cast.ask("GET", "/events?action=pushed").json()[0]
    assert (event["push_data"]["ref_count"], event["push_data"]["ref"], event["push_data"]["commit_to"]) == (
        4,
        None,
        None,
    )
    tags = [f"HEAD:refs/tags/x/v{n}" for n in range(3)]
    assert push(cast, folder, "origin", *tags).ok
    assert told(cast)[-3:] == ["Tag Push Hook"] * 3


@pytest.mark.parametrize(
    ("username", "words", "said"),
    [
        (
            "ada",
            ["origin", "HEAD~:main", "--force"],
            "not allowed to push code to protected branches on this project",
        ),
        ("ada", ["origin", ":main"], "default branch of a project cannot be deleted"),
        ("ada", ["origin", "HEAD:refs/tags/red/v1"], "not allowed to create this tag as it is protected"),
        ("mia", ["--force", "origin", "HEAD~:main"], "not allowed to force push code to a protected branch"),
        ("mia", ["--force", "origin", "HEAD:refs/tags/red/v0"], "Protected tags cannot be updated"),
        ("mia", ["origin", ":refs/tags/red/v0"], "only delete protected tags using the web interface"),
        ("ada", ["--force", "origin", "HEAD:refs/tags/blue/v0"], "not allowed to change existing tags"),
        ("eve", ["origin", "HEAD:x"], "error: 403"),
    ],
)
def test_refused_pushes(cast: Cast, username: str, words: list[str], said: str) -> None:
    first = cast.project.tip("main")
    cast.commit("root", "main", {"x.yaml": b"x: 1\n"})
    for tag in ("red/v0", "blue/v0"):
        cast.project.bare.git.references.create(f"refs/tags/{tag}", first)
    cast.project.tags["red/*"] = Protection(1, "red/*")
    folder = cast.clone(username)
    before, heard = cast.project.bare.refs(), told(cast)
    answer = push(cast, folder, *words)
    assert not answer.ok
    assert said in answer.text
    assert cast.project.bare.refs() == before
    assert told(cast) == heard


def test_levels_of_protection(cast: Cast) -> None:
    cast.project.branches["drafts/*"] = Protection(1, "drafts/*", push=NONE, force=True)
    folder = cast.clone("root")
    assert not push(cast, folder, "origin", "HEAD:drafts/x/v1").ok
    cast.project.branches["drafts/*"].push = DEVELOPER
    assert push(cast, folder, "origin", "HEAD:drafts/x/v1").ok


def test_whoever_may_not_see_is_told_nothing(cast: Cast) -> None:
    for token, said in (
        (cast.world.token(cast.user("mallory")), "not found"),
        ("glpat-nobody", "Authentication failed"),
        (cast.world.token(cast.user("ada"), ("read_user",)), "error: 403"),
    ):
        answer = cast.git(cast.root, "clone", "-q", cast.address(token), "nowhere")
        assert not answer.ok
        assert said in answer.text
    assert cast.git(cast.root, "clone", "-q", cast.address(cast.bot_token), "bot").ok
