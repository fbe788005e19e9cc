"""Situations S51 to S60: limits, weaknesses and ends of GitHub, of tokens, and of ourselves."""

import json
from pathlib import Path

import pytest

from bot.action.run import perform, read_run
from bot.errors import AccessDenied, Later, UserError
from bot.git.branches import RemoteBranches
from bot.lifecycle.person import Person
from bot.packages.naming import RevisionName
from tests.attendant.conftest import KPTFILE, PIPELINE, ZONE
from tests.attendant.github.conftest import BRANCH, Street
from tests.attendant.github.hands import (
    MAIN,
    ZONE_FILE,
    approve,
    approved,
    content,
    living_on,
    propose,
    ref,
    tags,
    writes,
)
from tests.forges.github.exchange import Response
from tests.forges.github.faults import exhausted, failure, secondary

DOWN = 10**6


@pytest.mark.parametrize(
    "limit", [secondary(7), secondary(7, 429), secondary(None), exhausted(2_000_000_000)]
)
@pytest.mark.parametrize(
    "where", ["PATCH /issues/comments", "PUT /merge", "POST /check-runs", "POST /git/refs"]
)
def test_s51_github_asks_to_wait(street: Street, where: str, limit: Response) -> None:
    """The look ends there, and another one later does what is left, once."""
    pull = approved(street)
    method, _, path = where.partition(" ")
    street.cast.world.faults.order(method, path, limit)
    writes(street)

    with pytest.raises(Later) as caught:
        street.look()
    assert caught.value.seconds >= 7
    sent = writes(street)
    assert len(sent) == len(set(sent))

    street.look()
    assert tags(street) == {"net/dns/v1": pull.merge_commit}
    assert "Published as v1" in living_on(street, pull)


@pytest.mark.parametrize("path", ["/comments$", "/pulls$", "/check-runs$"])
def test_s52_an_answer_is_lost_after_the_work(street: Street, path: str) -> None:
    """What was made is found by its marks, and not made twice."""
    street.write("ada", "60")
    street.cast.world.faults.order("POST", path, failure(502), after=True)

    for _ in range(2):
        try:
            street.attendant.look_at_branch(BRANCH)
        except Later:
            continue

    assert len(street.cast.repo.pulls) == 1
    assert "📝 Draft" in living_on(street, street.pull)
    assert len(street.cast.repo.runs_of(street.pull.head_sha)) == 1


@pytest.mark.parametrize("path", ["/merge$", "/git/refs$"])
def test_s52_an_answer_to_a_publication_is_lost(street: Street, path: str) -> None:
    """The merge and the tag are found to be done."""
    pull = approved(street)
    street.cast.world.faults.order("*", path, failure(502), after=True)

    street.look()

    assert tags(street) == {"net/dns/v1": pull.merge_commit}


def test_s53_a_token_ends_between_two_requests(street: Street) -> None:
    """A new one is asked for, once, and the look goes on."""
    pull = approved(street)
    attendant = street.attendant
    tokens = street.cast.world.tokens
    street.cast.world.faults.race("PUT", "/merge", lambda _: tokens.clear())
    street.cast.hub.log.clear()

    attendant.look(pull.number)

    assert tags(street) == {"net/dns/v1": pull.merge_commit}
    assert len([each for each in street.cast.hub.log if "access_tokens" in each.path]) <= 2


def test_s53_a_token_ends_before_git_is_asked(street: Street) -> None:
    """Git's program is given a new one, too."""
    street.cast.repo.private = True
    pull = propose(street)
    attendant = street.attendant
    attendant.look(pull.number)  # from now on nothing is asked of the API before Git fetches
    approve(street, pull)
    revoke(street)

    attendant.look(pull.number)

    assert tags(street) == {"net/dns/v1": pull.merge_commit}


def test_s53_what_was_fetched_is_broken(street: Street) -> None:
    """It is fetched anew with the credentials that there are, of a private repository too."""
    street.cast.repo.private = True
    pull = approved(street)
    attendant = street.attendant
    mirror = street.place / "mirror.git"
    for each in (mirror / "objects").rglob("*"):
        if each.is_file():
            each.unlink()
    (mirror / "HEAD").write_text("nonsense")

    attendant.look(pull.number)

    assert tags(street) == {"net/dns/v1": pull.merge_commit}


def test_s53_words_that_push_to_a_private_repository(street: Street) -> None:
    """Whatever asks Git's program has the credentials."""
    street.cast.repo.private = True
    approved(street)
    street.look()
    pull = propose(street, "drafts/net/dns/back", {ZONE_FILE: ZONE.encode()})
    street.cast.comment("ada", pull, "/rollback v1")

    street.look()

    assert "'60'" in content(street, pull.head_sha)


def test_s53_a_token_is_revoked_before_a_word_pushes(street: Street) -> None:
    """What `/rollback` and `/upgrade` push, and what is fetched by its id, goes with a new one."""
    street.cast.repo.private = True
    approved(street)
    street.look()
    url = f"{street.cast.world.place.web}/acme/blueprints.git"
    lock = f"repo: {url}\n    directory: blue\n    ref: main\n"
    kptfile = KPTFILE + f"upstream:\n  type: git\n  git:\n    {lock}"
    head = street.cast.commit("ada", BRANCH, {"net/dns/Kptfile": kptfile.encode()})
    branches = street.attendant.room.branches
    branches.refresh()
    assert isinstance(branches, RemoteBranches)
    name, ada = RevisionName("net/dns", "ttl"), Person("ada", "Ada", "ada@example.com")

    revoke(street)
    assert branches.upgrade(name, head, "", [], ada) is not None
    branches.refresh()
    revoke(street)
    assert branches.rollback(name, ref(street, f"refs/heads/{BRANCH}"), 1, ada)
    bare = street.cast.repo.bare
    person, now = street.cast.user("ada").person, street.cast.world.clock.now
    loose = bare.make(bare.tree({"a": b"b"}), [], "Nowhere", person, now)
    revoke(street)
    assert branches.bring(loose)


def revoke(street: Street) -> None:
    """Take away every token of the App, of which it is not told."""
    tokens = street.cast.world.tokens
    for each in [word for word, caller in tokens.items() if caller.is_app]:
        del tokens[each]


def test_s53_the_app_is_removed(street: Street) -> None:
    """No token is to be had then: the error says who must do what."""
    pull = approved(street)
    attendant = street.attendant
    street.cast.app.installations.clear()
    street.cast.world.tokens.clear()

    with pytest.raises(AccessDenied, match="is not installed for the repository 'acme/blueprints'"):
        attendant.look(pull.number)


STEPS = (
    "PUT .*/merge$",
    "POST .*/git/refs$",
    "POST .*/comments$",
    "POST .*/check-runs$",
    "PATCH .*/comments/",
)


@pytest.mark.parametrize("step", STEPS)
def test_s54_two_bots_at_once(street: Street, step: str) -> None:
    """Whatever the other does in between, there is one merge, one tag and one comment."""
    pull = approved(street)
    method, _, path = step.partition(" ")
    rival = street.hire(street.place / "rival")
    fault = street.cast.world.faults.race(method, path, lambda _: rival.look(pull.number))

    for comment in street.cast.repo.comments_on(pull.number):
        if step == "POST .*/comments$":
            del street.cast.repo.comments[comment.id]
    street.look()
    street.look()

    assert fault.times == 0
    assert tags(street) == {"net/dns/v1": pull.merge_commit} == {"net/dns/v1": ref(street, MAIN)}
    assert "Published as v1" in living_on(street, pull)


def test_s54_two_bots_open_the_same_draft(street: Street) -> None:
    """There is one pull request, with one comment."""
    street.write("ada", "60")
    rival = street.hire(street.place / "rival")
    street.cast.world.faults.race("POST", "/pulls$", lambda _: rival.look_at_branch(BRANCH))

    street.attendant.look_at_branch(BRANCH)

    assert len(street.cast.repo.pulls) == 1
    assert "📝 Draft" in living_on(street, street.pull)


def test_s54_two_bots_render_the_same_draft(street: Street) -> None:
    """The slower one finds that its push does not fit any more, and looks again."""
    street.cast.commit("ada", BRANCH, {"net/dns/Kptfile": PIPELINE.encode()})
    rival = street.hire(street.place / "rival")
    rival_was_there = street.cast.world.faults.race(
        "POST", "/graphql", lambda _: rival.look_at_branch(BRANCH)
    )

    street.attendant.look_at_branch(BRANCH)

    head = street.cast.repo.bare.commit(street.pull.head_sha)
    assert rival_was_there.times == 0
    assert "team: net" in content(street, str(head.id))
    assert "team: net" not in content(street, str(head.parent_ids[0]))
    assert len(street.cast.repo.pulls) == 1


def test_s55_github_is_down_for_a_while(street: Street) -> None:
    """Nothing is lost, and what is caught up with is said once."""
    pull = propose(street)
    attendant = street.attendant
    outage = street.cast.world.faults.order("*", "", failure(503), times=DOWN)
    street.write("ada", "61")
    for _ in range(3):
        with pytest.raises(UserError):
            attendant.look(pull.number)
    outage.times = 0
    writes(street)

    assert street.attendant.look_at_all() == []
    assert street.attendant.look_at_all() == []

    assert pull.head_sha[:10] in living_on(street, pull)
    assert len([each for each in writes(street) if "comments" in each]) == 1


@pytest.mark.parametrize("days", [-3, 3, 400])
def test_s57_the_clocks_differ(street: Street, days: int) -> None:
    """Nothing is decided by comparing our clock with GitHub's."""
    street.cast.world.clock.move(days * 86_400)
    pull = propose(street)
    street.cast.comment("grace", pull, "/approve")

    street.look()

    assert tags(street) == {"net/dns/v1": pull.merge_commit}
    assert street.attendant.look_at_all() == []


def workflow(street: Street, tmp_path: Path, token: str) -> tuple[int, str]:
    """A run of the Action for a push to the draft; its exit code and its summary."""
    event, summary = tmp_path / "event.json", tmp_path / "summary.md"
    event.write_text(json.dumps({"ref": f"refs/heads/{BRANCH}"}))
    summary.touch()
    environ = {
        "GITHUB_REPOSITORY": "acme/blueprints",
        "PORTICO_TOKEN": token,
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_SERVER_URL": street.cast.world.place.web,
        "GITHUB_API_URL": street.cast.hub.api,
        "GITHUB_STEP_SUMMARY": str(summary),
    }
    code = perform(read_run(environ, branch="main", directory="", place=tmp_path / "action"))
    return code, summary.read_text()


def test_s58_a_workflow_may_not_open_pull_requests(street: Street, tmp_path: Path) -> None:
    """The step's summary says what to allow, and where; allowed, it works."""
    street.write("ada", "60")
    permissions = dict.fromkeys(("contents", "pull_requests", "issues", "checks", "statuses"), "write")
    token = street.cast.world.workflow_token(street.cast.repo, permissions).token

    code, summary = workflow(street, tmp_path, token)
    assert code != 0
    assert "GitHub Actions is not permitted to create or approve pull requests" in summary
    assert "Allow GitHub Actions to create and approve pull requests" in summary
    assert street.cast.repo.pulls == {}

    street.cast.repo.settings.actions_may_open_pulls = True
    code, _ = workflow(street, tmp_path, token)
    assert (code, len(street.cast.repo.pulls)) == (0, 1)


def test_s58_a_workflow_has_no_requests_left(street: Street, tmp_path: Path) -> None:
    """The summary says that GitHub asks to wait, and the next run does it."""
    street.write("ada", "60")
    street.cast.repo.settings.actions_may_open_pulls = True
    permissions = dict.fromkeys(("contents", "pull_requests", "issues", "checks", "statuses"), "write")
    token = street.cast.world.workflow_token(street.cast.repo, permissions).token
    street.cast.hub.rest.limits.used[token] = 1000
    street.cast.hub.rest.limits.reset = int(street.cast.world.clock.now.timestamp()) + 1800

    code, summary = workflow(street, tmp_path, token)

    assert code != 0
    assert "GitHub asks to wait" in summary
    assert "The next run does it" in summary
