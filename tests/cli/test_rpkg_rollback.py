"""Packages are brought back to what they were, on a real Git server."""

from pathlib import Path

import pytest

from bot.packages.annotation import read_annotations
from tests.cli.person import Person, git, publish_file


@pytest.fixture
def changed(registered: Person, bare: Path) -> Person:
    """A person whose package `apps/web` has a second revision, with one file more."""
    publish_file(bare, "apps/web/new.txt", "new")
    git(bare, "tag", "apps/web/v2", "main")
    return registered


@pytest.mark.parametrize("name", ["apps.web", "apps.web.v1", "apps.web.v2", "apps.web.main"])
def test_the_old_content_becomes_a_draft(changed: Person, bare: Path, name: str) -> None:
    out = changed.did("rpkg", "rollback", f"blueprints.{name}", "--revision", "1")
    assert out == "blueprints.apps.web.rollback-v1 created\n"
    ref = "drafts/apps/web/rollback-v1"
    assert git(bare, "rev-parse", f"{ref}:apps/web") == git(bare, "rev-parse", "apps/web/v1:apps/web")
    assert git(bare, "rev-parse", f"{ref}^") == git(bare, "rev-parse", "main")
    assert git(bare, "log", "-1", "--format=%an: %s", ref) == "Ada: Rolling back to v1"
    (annotation,) = read_annotations(git(bare, "log", "-1", "--format=%B", ref))
    assert annotation.task == {"type": "edit", "edit": {"sourceRef": {"name": "blueprints.apps.web.v1"}}}


def test_workspaces_are_found_or_named(changed: Person) -> None:
    words = ("rpkg", "rollback", "blueprints.apps.web", "--revision", "v1")
    made = [changed.did(*words) for _ in range(3)]
    assert made == [
        f"blueprints.apps.web.{workspace} created\n"
        for workspace in ("rollback-v1", "rollback-v1-2", "rollback-v1-3")
    ]
    assert changed.did(*words, "--workspace", "undo") == "blueprints.apps.web.undo created\n"


@pytest.mark.parametrize(
    ("name", "argv", "says"),
    [
        ("apps.web", ("--revision", "7"), "has no published revision v7; there are v1, v2."),
        ("dns", ("--revision", "2"), "has no published revision v2; there is v1."),
        ("apps.web", ("--revision", "2"), "There is nothing to roll back: the latest revision holds exactly"),
        ("dns", ("--revision", "1"), "There is nothing to roll back"),
        ("apps.web", ("--revision", "-1"), "may not be a placeholder package revision"),
        ("apps.web", ("--revision", "0"), "must be a number from 1 on"),
        ("apps.web", ("--revision", "main"), "must be a number from 1 on"),
        ("apps.web", (), "--revision"),
        ("apps.web", ("--revision", "1", "--workspace", "v2"), "must be unique"),
        ("apps.web", ("--revision", "1", "--workspace", "A"), "'A' must be lower-case"),
        ("apps", ("--revision", "1"), "neither a package nor a package revision 'blueprints.apps'"),
        ("apps.web.v3", ("--revision", "1"), "neither a package nor a package revision"),
    ],
)
def test_what_is_refused_begins_nothing(
    changed: Person, bare: Path, name: str, argv: tuple[str, ...], says: str
) -> None:
    answer = changed("rpkg", "rollback", f"blueprints.{name}", *argv)
    assert (answer.code, answer.out) == (1, "")
    assert says in answer.err
    assert git(bare, "for-each-ref", "refs/heads/drafts") == ""


def test_a_repository_that_nobody_registered(changed: Person) -> None:
    answer = changed("rpkg", "rollback", "elsewhere.dns", "--revision", "1")
    assert (answer.code, "No repository is registered as 'elsewhere'" in answer.err) == (1, True)


def test_a_later_revision_with_the_old_content_is_the_latest(changed: Person, bare: Path) -> None:
    git(bare, "tag", "apps/web/v3", "apps/web/v1")
    answer = changed("rpkg", "rollback", "blueprints.apps.web", "--revision", "1")
    assert (answer.code, "nothing to roll back" in answer.err) == (1, True)
    assert changed.did("rpkg", "rollback", "blueprints.apps.web", "--revision", "2")


def test_a_rollback_is_published_like_any_draft(served: Person, bare: Path) -> None:
    served.did("rpkg", "copy", "blueprints.dns.v1", "--workspace", "add")
    served.did("rpkg", "pull", "blueprints.dns.add", "dns")
    Path("dns/new.txt").write_text("new")
    served.did("rpkg", "push", "blueprints.dns.add", "dns")
    for name in ("add", "rollback-v1"):
        if name != "add":
            served.become("ada")
            served.did("rpkg", "rollback", "blueprints.dns", "--revision", "1")
        served.did("rpkg", "propose", f"blueprints.dns.{name}")
        served.become("grace")
        served.did("rpkg", "approve", f"blueprints.dns.{name}")
    assert git(bare, "rev-parse", "dns/v3:dns") == git(bare, "rev-parse", "dns/v1:dns")
    assert git(bare, "rev-parse", "dns/v3:dns") == git(bare, "rev-parse", "main:dns")
