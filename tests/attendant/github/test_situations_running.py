"""Situations S53 and S58: tokens of GitHub that end, and that may too little."""

import json
from pathlib import Path

import pytest

from bot.action.run import perform, read_run
from bot.errors import AccessDenied
from bot.git.branches import RemoteBranches
from bot.lifecycle.person import Person
from bot.packages.naming import RevisionName
from tests.attendant.conftest import KPTFILE, ZONE
from tests.attendant.github.hands import (
    ZONE_FILE,
    approve,
    approved,
    content,
    propose,
    ref,
    tags,
)
from tests.attendant.github.street import BRANCH, Street


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
    assert summary.count("Allow GitHub Actions to create and approve pull requests") == 1
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
