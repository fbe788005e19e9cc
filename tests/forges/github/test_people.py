"""Who may what: by collaboration, team and organization."""

import pytest

from tests.forges.github.cast import Cast

R = "/repos/acme/blueprints"


@pytest.mark.parametrize(
    ("login", "role", "permission"),
    [
        ("root", "admin", "admin"),
        ("mia", "maintain", "write"),
        ("ada", "write", "write"),
        ("tea", "write", "write"),
        ("tom", "triage", "read"),
        ("eve", "read", "read"),
    ],
)
def test_who_may_what(cast: Cast, login: str, role: str, permission: str) -> None:
    for name, given in (("mia", "maintain"), ("tom", "triage")):
        cast.world.user(name)
        cast.repo.collaborators[name] = given
    cast.world.team(cast.acme, "Tea", "tea")
    cast.repo.teams["tea"] = "write"
    found = cast.ask("GET", f"{R}/collaborators/{login}/permission").json()
    assert (found["role_name"], found["permission"]) == (role, permission)


def test_a_private_repository_gives_strangers_nothing(cast: Cast) -> None:
    cast.repo.private = True
    found = cast.ask("GET", f"{R}/collaborators/eve/permission").json()
    assert (found["role_name"], found["permission"]) == ("none", "none")


def test_who_leaves_a_team_may_no_longer(cast: Cast) -> None:
    team = cast.world.team(cast.acme, "Tea", "tea")
    cast.repo.teams["tea"] = "write"
    assert cast.ask("GET", f"{R}/collaborators/tea/permission").json()["role_name"] == "write"
    del team.members["tea"]
    assert cast.ask("GET", f"{R}/collaborators/tea/permission").json()["role_name"] == "read"


def test_a_repository_that_was_renamed_sends_on(cast: Cast) -> None:
    cast.pull()
    cast.world.rename(cast.repo, "acme/plans")
    found = cast.ask("GET", R)
    assert (found.status, found.json()["message"]) == (301, "Moved Permanently")
    assert cast.github("ada").get_repo("acme/blueprints").full_name == "acme/plans"
    assert cast.ask("GET", "/repos/acme/plans/pulls/1").json()["base"]["repo"]["full_name"] == "acme/plans"


def test_what_becomes_of_a_repository_is_told(cast: Cast) -> None:
    cast.commit("ada", "trunk", {"x": b""})
    for change in ({"archived": True}, {"archived": False}, {"default_branch": "trunk"}):
        assert cast.ask("PATCH", R, change, "root").status == 200
    cast.world.rename(cast.repo, "acme/plans")
    told = [each for each in cast.world.switchboard.told if each[0] == "repository"]
    assert [action for _, action, _ in told] == ["archived", "unarchived", "edited", "renamed"]
    assert told[2][2]["changes"] == {"default_branch": {"from": "main"}}
    assert told[3][2]["changes"] == {"repository": {"name": {"from": "blueprints"}}}
    assert cast.ask("GET", "/repos/acme/plans").json()["default_branch"] == "trunk"
