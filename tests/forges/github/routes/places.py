"""Questions about the server, its users, repositories, collaborators and teams."""

from typing import Any

from tests.forges.git_half import HEADS
from tests.forges.github.ask import Answer, Ask, Route
from tests.forges.github.people import PERMISSIONS, Organization, Team, User, least
from tests.forges.github.refusal import Refused, absent, invalid
from tests.forges.github.shapes import people, repository

REPO = "/repos/{owner}/{repo}"
TEAM = "/orgs/{org}/teams/{team_slug}"
SETTINGS = (
    "allow_merge_commit",
    "allow_squash_merge",
    "allow_rebase_merge",
    "allow_auto_merge",
    "allow_update_branch",
    "delete_branch_on_merge",
)


def meta(ask: Ask) -> Answer:
    del ask
    return 200, {"verifiable_password_authentication": True, "installed_version": "3.19.0"}


def me(ask: Ask) -> Answer:
    if ask.caller.is_app:
        raise Refused(403, "Resource not accessible by integration")
    return 200, people.full_user(ask.place, ask.user)


def user(ask: Ask) -> Answer:
    found = ask.world.users.get(ask.parts["username"])
    if not found:
        raise absent()
    return 200, people.full_user(ask.place, found)


def get(ask: Ask) -> Answer:
    role = ask.repo.role(ask.caller.user)
    if ask.caller.is_app:
        writes = ask.caller.may("contents:write") and ask.repo.id in (ask.caller.repositories or ())
        role = "write" if writes else "read"
    return 200, repository.full(ask.place, ask.repo, role)


def change(ask: Ask) -> Answer:
    held, asked = ask.repo, ask.body
    for name in SETTINGS:
        if name in asked:
            setattr(held.settings, name, bool(asked[name]))
    if asked.get("archived", held.archived) != held.archived:
        held.archived = bool(asked["archived"])
        action = "archived" if held.archived else "unarchived"
        ask.world.tell(held, "repository", ask.user, {"action": action})
    if "private" in asked:
        held.private = bool(asked["private"])
    if "default_branch" in asked:
        branch = str(asked["default_branch"])
        if not held.bare.ref(HEADS + branch):
            raise invalid("Repository", "default_branch")
        changes = {"default_branch": {"from": held.default_branch}}
        held.default_branch = branch
        held.bare.git.set_head(HEADS + branch)
        ask.world.tell(held, "repository", ask.user, {"action": "edited", "changes": changes})
    return 200, repository.full(ask.place, held, "admin")


def activity(ask: Ask) -> Answer:
    found = ask.repo.activities[::-1]
    query = ask.request.query
    if ref := query.get("ref"):
        full = ref if ref.startswith("refs/") else HEADS + ref
        found = [each for each in found if each.ref == full]
    if actor := query.get("actor"):
        found = [each for each in found if each.actor.login == actor]
    if kind := query.get("activity_type"):
        found = [each for each in found if each.kind == kind]
    if query.get("direction") == "asc":
        found.reverse()
    # The real list goes on by cursors; its first page is what is asked for.
    size = min(int(query.get("per_page", "30")), 100)
    return 200, [repository.activity(ask.place, each) for each in found[:size]]


# Who may what


def collaborators(ask: Ask) -> Answer:
    held = ask.repo
    found = [u for u in ask.world.users.values() if u.kind == "User" and _belongs(ask, u)]
    return ask.page(
        {
            **people.user(ask.place, each),
            "role_name": held.role(each),
            "permissions": repository.permissions(held.role(each)),
        }
        for each in found
    )


def _belongs(ask: Ask, account: User) -> bool:
    held = ask.repo
    return held.association(account) in {"OWNER", "MEMBER", "COLLABORATOR"} and held.role(account) != "none"


def is_collaborator(ask: Ask) -> Answer:
    found = ask.world.users.get(ask.parts["username"])
    if not found or not _belongs(ask, found):
        raise absent()
    return 204, None


def permission(ask: Ask) -> Answer:
    held = ask.repo
    asks_as_person = not ask.caller.is_app
    if asks_as_person and not least(held.role(ask.caller.user), "write"):
        raise Refused(403, "Must have push access to view collaborator permission.")
    found = ask.world.users.get(ask.parts["username"])
    if not found:
        raise Refused(404, f"{ask.parts['username']} is not a user")
    role = held.role(found)
    shown = {**people.user(ask.place, found), "permissions": repository.permissions(role), "role_name": role}
    known = PERMISSIONS.get(role, role)
    return 200, {"permission": known, "role_name": role, "user": shown}


def team(ask: Ask) -> Answer:
    account, found = _team(ask)
    return 200, people.full_team(ask.place, account, found)


def members(ask: Ask) -> Answer:
    _, found = _team(ask)
    return ask.page(people.user(ask.place, ask.world.users[login]) for login in found.members)


def membership(ask: Ask) -> Answer:
    account, found = _team(ask)
    login = ask.parts["username"]
    if login not in found.members:
        raise absent()
    url = f"{ask.place.api}/organizations/{account.id}/team/{found.id}/memberships/{login}"
    return 200, {"url": url, "role": found.members[login], "state": "active"}


def _team(ask: Ask) -> tuple[Organization, Team]:
    """A team, which only its organization's members and Apps that may read members see."""
    account = ask.world.users.get(ask.parts["org"])
    caller = ask.caller
    if not isinstance(account, Organization) or ask.parts["team_slug"] not in account.teams:
        raise absent()
    if caller.is_app and not caller.may("members:read"):
        raise Refused(403, "Resource not accessible by integration")
    if not caller.is_app and ask.user.login not in account.members:
        raise absent()
    return account, account.teams[ask.parts["team_slug"]]


def organization_members(ask: Ask) -> Answer:
    account = ask.world.users.get(ask.parts["org"])
    if not isinstance(account, Organization):
        raise absent()
    return ask.page(people.user(ask.place, ask.world.users[login]) for login in account.members)


def by_id(ask: Ask) -> Answer:
    """A repository by its id, as those who were sent on ask."""
    found: list[Any] = [r for r in ask.world.repositories.values() if str(r.id) == ask.parts["id"]]
    if not found or not ask.world.sees(ask.caller, found[0]):
        raise absent()
    return 200, repository.full(ask.place, found[0], found[0].role(ask.caller.user))


ROUTES = (
    Route("GET", "/meta", meta),
    Route("GET", "/user", me, role="user"),
    Route("GET", "/users/{username}", user),
    Route("GET", REPO, get),
    Route("GET", "/repositories/{id}", by_id),
    Route("PATCH", REPO, change, "administration:write", "admin"),
    Route("GET", f"{REPO}/activity", activity, "contents:read"),
    Route("GET", f"{REPO}/collaborators", collaborators, "metadata:read", "write"),
    Route("GET", f"{REPO}/collaborators/{{username}}", is_collaborator, "metadata:read", "write"),
    Route("GET", f"{REPO}/collaborators/{{username}}/permission", permission, "metadata:read"),
    Route("GET", TEAM, team, role="user"),
    Route("GET", f"{TEAM}/members", members, role="user"),
    Route("GET", f"{TEAM}/memberships/{{username}}", membership, role="user"),
    Route("GET", "/orgs/{org}/members", organization_members),
)
