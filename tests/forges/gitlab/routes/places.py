"""Questions about the instance, users, groups, projects, members, tokens, hooks and events."""

from datetime import date
from typing import Any

from tests.forges.git_half import HEADS
from tests.forges.gitlab.ask import Answer, Ask, Route
from tests.forges.gitlab.people import MAINTAINER, NONE, Group, Membership, User
from tests.forges.gitlab.project import Project
from tests.forges.gitlab.refusal import Refused, absent, bad, forbidden
from tests.forges.gitlab.shapes import people
from tests.forges.gitlab.shapes import project as shape
from tests.forges.gitlab.webhooks import EVENTS, Hook

PROJECT = "/projects/:id"
GROUP = "/groups/:group"
SETTINGS = {
    "merge_method": "merge_method",
    "squash_option": "squash_option",
    "only_allow_merge_if_pipeline_succeeds": "needs_pipeline",
    "only_allow_merge_if_all_discussions_are_resolved": "needs_resolved",
    "remove_source_branch_after_merge": "removes_source",
}


def version(ask: Ask) -> Answer:
    return 200, {"version": ask.world.version, "revision": "0123456789a"}


def metadata(ask: Ask) -> Answer:
    kas = {"enabled": False, "externalUrl": None, "externalK8sProxyUrl": None, "version": None}
    found = {"version": ask.world.version, "revision": "0123456789a", "kas": kas}
    return 200, {**found, "enterprise": ask.world.version.endswith("-ee")}


def me(ask: Ask) -> Answer:
    return 200, people.me(ask.place, ask.user)


def users(ask: Ask) -> Answer:
    name = ask.request.query.get("username", "").lower()
    found = [each for each in ask.world.users.values() if not name or each.username.lower() == name]
    return ask.page(found, lambda each: people.user(ask.place, each))


def user(ask: Ask) -> Answer:
    return 200, people.profile(ask.place, _user(ask, ask.number("user")))


def _user(ask: Ask, number: int) -> User:
    found = next((each for each in ask.world.users.values() if each.id == number), None)
    if not found:
        raise absent("User")
    return found


def token(ask: Ask) -> Answer:
    assert ask.token is not None
    return 200, people.token(ask.place, ask.token, is_active=True)


# Projects


def projects(ask: Ask) -> Answer:
    today, seer = ask.world.today, ask.maybe_user
    found = [each for each in ask.world.projects.values() if each.is_seen(seer, today)]
    if ask.request.query.get("membership") == "true":
        found = [each for each in found if each.level(seer, today) > NONE]
    found.sort(key=lambda each: each.id, reverse=ask.request.query.get("sort", "desc") == "desc")
    show = lambda each: shape.brief(ask.place, each)  # noqa: E731 both ways of paging take it
    return ask.keyset(found, lambda each: str(each.id), show, "id_after")


def get(ask: Ask) -> Answer:
    return 200, shape.full(ask.place, ask.project, ask.level)


def change(ask: Ask) -> Answer:
    held, asked = ask.project, ask.body
    for name, inside in SETTINGS.items():
        if name in asked:
            setattr(held.settings, inside, asked[name])
    held.visibility = asked.get("visibility", held.visibility)
    held.description = asked.get("description", held.description)
    if branch := asked.get("default_branch"):
        if not held.bare.ref(HEADS + branch):
            raise bad({"base": ["Could not change HEAD: branch '" + branch + "' does not exist"]})
        held.default_branch = branch
        held.bare.git.set_head(HEADS + branch)
    return 200, shape.full(ask.place, held, ask.level)


def archive(ask: Ask) -> Answer:
    ask.project.archived = True
    return 201, shape.full(ask.place, ask.project, ask.level)


def transfer(ask: Ask) -> Answer:
    """A project goes into another namespace."""
    held, found = ask.project, _named(ask, str(ask.need("namespace")["namespace"]))
    if not found:
        raise absent("Namespace")
    ask.world.rename(held, f"{found.full_path}/{held.path}")
    return 200, shape.full(ask.place, held, held.level(ask.user, ask.world.today))


# Groups


def _named(ask: Ask, said: str) -> Group | None:
    return next((g for g in ask.world.groups.values() if said in {str(g.id), g.full_path}), None)


def _group(ask: Ask) -> Group:
    found = _named(ask, ask.parts["group"])
    if not found or not any(ask.user.id in each.members for each in found.line()):
        raise absent("Group")
    return found


def group(ask: Ask) -> Answer:
    held = _group(ask)
    shown = [_shown(ask, each) for each in ask.world.projects.values() if each.group is held]
    return 200, {**people.group(ask.place, held), "projects": shown, "shared_projects": []}


def _shown(ask: Ask, held: Project) -> dict[str, Any]:
    found = shape.full(ask.place, held, held.level(ask.maybe_user, ask.world.today))
    found.pop("permissions", None)  # it is said of those alone that are asked for alone
    return found


def group_projects(ask: Ask) -> Answer:
    above, deep = _group(ask), ask.request.query.get("include_subgroups") == "true"
    found = [
        each
        for each in ask.world.projects.values()
        if each.group is above or (deep and above in each.group.line())
    ]
    return ask.page(found, lambda each: _shown(ask, each))


def group_members(ask: Ask) -> Answer:
    return ask.page(_inherited(_group(ask)).values(), lambda each: people.member(ask.place, each))


def own_group_members(ask: Ask) -> Answer:
    return ask.page(_group(ask).members.values(), lambda each: people.member(ask.place, each))


def group_member(ask: Ask) -> Answer:
    found = _inherited(_group(ask)).get(ask.number("user"))
    if not found:
        raise absent()
    return 200, people.member(ask.place, found)


def _inherited(held: Group) -> dict[int, Membership]:
    found: dict[int, Membership] = {}
    for each in held.line():
        for number, one in each.members.items():
            if number not in found or found[number].level < one.level:
                found[number] = one
    return found


# Members


def members(ask: Ask) -> Answer:
    return ask.page(ask.project.members.values(), lambda each: people.member(ask.place, each))


def all_members(ask: Ask) -> Answer:
    found = ask.project.memberships(ask.world.today)
    return ask.page(found.values(), lambda each: people.member(ask.place, each))


def all_member(ask: Ask) -> Answer:
    return _member(ask, ask.project.memberships(ask.world.today))


def member(ask: Ask) -> Answer:
    return _member(ask, ask.project.members)


def _member(ask: Ask, known: dict[int, Membership]) -> Answer:
    found = known.get(ask.number("user"))
    if not found:
        raise absent()
    return 200, people.member(ask.place, found)


def add_member(ask: Ask) -> Answer:
    asked = ask.need("user_id", "access_level")
    who, held = _user(ask, int(asked["user_id"])), ask.project
    if who.id in held.members:
        raise Refused(409, "Member already exists")
    expires = date.fromisoformat(asked["expires_at"]) if asked.get("expires_at") else None
    ask.world.add(held, who.username, int(asked["access_level"]), expires)
    return 201, people.member(ask.place, held.members[who.id])


def remove_member(ask: Ask) -> Answer:
    if ask.project.members.pop(ask.number("user"), None) is None:
        raise absent()
    return 204, None


# Hooks


def _holder(ask: Ask) -> Project | Group:
    """Whose hooks are asked for; those of a group its owners alone see."""
    if "id" in ask.parts:
        return ask.project
    held = _group(ask)
    found = _inherited(held).get(ask.user.id)
    if not found or found.level <= MAINTAINER:
        raise forbidden()
    return held


def _hooks(ask: Ask) -> list[Hook]:
    holder = _holder(ask)
    return [each for each in ask.world.switchboard.hooks if holder in (each.project, each.group)]


def hooks(ask: Ask) -> Answer:
    return ask.page(_hooks(ask), shape.hook)


def _hook(ask: Ask) -> Hook:
    found = next((h for h in _hooks(ask) if h.id == ask.number("hook")), None)
    if not found:
        raise absent()
    return found


def get_hook(ask: Ask) -> Answer:
    return 200, shape.hook(_hook(ask))


def hook_events(ask: Ask) -> Answer:
    found = _hook(ask)
    tried = [each for each in ask.world.switchboard.tried if each.hook is found]
    return ask.page(tried[::-1], shape.delivery)


def add_hook(ask: Ask) -> Answer:
    asked = ask.need("url")
    made = ask.world.hook(_holder(ask), asked.get("token") or "", asked["url"])
    made.events = frozenset({"push_events"})
    _set_hook(made, asked)
    return 201, shape.hook(made)


def edit_hook(ask: Ask) -> Answer:
    found = _hook(ask)
    asked = ask.body
    found.url, found.token = asked.get("url", found.url), asked.get("token", found.token)
    _set_hook(found, asked)
    return 200, shape.hook(found)


def _set_hook(held: Hook, asked: dict[str, Any]) -> None:
    for name in EVENTS.values():
        if name in asked:
            held.events = held.events | {name} if asked[name] else held.events - {name}
    held.name = asked.get("name", held.name)
    held.verifies = asked.get("enable_ssl_verification", held.verifies)


def remove_hook(ask: Ask) -> Answer:
    ask.world.switchboard.hooks.remove(_hook(ask))
    return 204, None


# Events


ACTIONS = {
    "pushed": ("pushed to", "pushed new", "deleted"),
    "created": ("opened",),
    "merged": ("accepted",),
    "commented": ("commented on",),
}


def events(ask: Ask) -> Answer:
    """What was done, the newest first; `before` and `after` are days and not moments."""
    query, found = ask.request.query, ask.project.events
    if wanted := query.get("action"):
        found = [each for each in found if each.name in ACTIONS.get(wanted, (wanted,))]
    if before := query.get("before"):
        found = [each for each in found if each.at.date() < date.fromisoformat(before)]
    if after := query.get("after"):
        found = [each for each in found if each.at.date() > date.fromisoformat(after)]
    listed = found if query.get("sort") == "asc" else found[::-1]
    return ask.page(listed, lambda each: shape.event(ask.place, ask.project, each))


ROUTES = (
    Route("GET", "/version", version, needs_user=True),
    Route("GET", "/metadata", metadata, needs_user=True),
    Route("GET", "/user", me, needs_user=True),
    Route("GET", "/users", users, needs_user=True),
    Route("GET", "/users/:user", user, needs_user=True),
    Route("GET", "/personal_access_tokens/self", token, needs_user=True),
    Route("GET", "/projects", projects),
    Route("GET", PROJECT, get),
    Route("PUT", PROJECT, change, MAINTAINER),
    Route("POST", f"{PROJECT}/archive", archive, 50),
    Route("PUT", f"{PROJECT}/transfer", transfer, 50),
    Route("GET", GROUP, group, needs_user=True),
    Route("GET", f"{GROUP}/projects", group_projects, needs_user=True),
    Route("GET", f"{GROUP}/members", own_group_members, needs_user=True),
    Route("GET", f"{GROUP}/members/all", group_members, needs_user=True),
    Route("GET", f"{GROUP}/members/all/:user", group_member, needs_user=True),
    Route("GET", f"{GROUP}/hooks", hooks, needs_user=True),
    Route("POST", f"{GROUP}/hooks", add_hook),
    Route("GET", f"{GROUP}/hooks/:hook", get_hook, needs_user=True),
    Route("PUT", f"{GROUP}/hooks/:hook", edit_hook),
    Route("DELETE", f"{GROUP}/hooks/:hook", remove_hook),
    Route("GET", f"{PROJECT}/members", members),
    Route("POST", f"{PROJECT}/members", add_member, MAINTAINER),
    Route("GET", f"{PROJECT}/members/all", all_members),
    Route("GET", f"{PROJECT}/members/all/:user", all_member),
    Route("GET", f"{PROJECT}/members/:user", member),
    Route("DELETE", f"{PROJECT}/members/:user", remove_member, MAINTAINER),
    Route("GET", f"{PROJECT}/hooks", hooks, MAINTAINER),
    Route("POST", f"{PROJECT}/hooks", add_hook, MAINTAINER),
    Route("GET", f"{PROJECT}/hooks/:hook", get_hook, MAINTAINER),
    Route("GET", f"{PROJECT}/hooks/:hook/events", hook_events, MAINTAINER),
    Route("PUT", f"{PROJECT}/hooks/:hook", edit_hook, MAINTAINER),
    Route("DELETE", f"{PROJECT}/hooks/:hook", remove_hook, MAINTAINER),
    Route("GET", f"{PROJECT}/events", events),
)
