"""Questions about branches and tags that are protected."""

from tests.forges.gitlab.ask import Answer, Ask, Route
from tests.forges.gitlab.people import MAINTAINER
from tests.forges.gitlab.project import Protection
from tests.forges.gitlab.refusal import Refused, absent
from tests.forges.gitlab.shapes import repository as shape

BRANCHES = "/projects/:id/protected_branches"
TAGS = "/projects/:id/protected_tags"


def branches(ask: Ask) -> Answer:
    return ask.page(ask.project.branches.values(), shape.protected_branch)


def branch(ask: Ask) -> Answer:
    return 200, shape.protected_branch(_found(ask, ask.project.branches))


def _found(ask: Ask, held: dict[str, Protection]) -> Protection:
    if ask.parts["name"] not in held:
        raise absent()
    return held[ask.parts["name"]]


def protect_branch(ask: Ask) -> Answer:
    asked, held = ask.need("name"), ask.project
    name = str(asked["name"])
    if name in held.branches:
        raise Refused(409, f"Protected branch '{name}' already exists")
    push, merge = (int(asked.get(f"{n}_access_level", MAINTAINER)) for n in ("push", "merge"))
    force = bool(asked.get("allow_force_push"))
    held.branches[name] = Protection(ask.world.next(), name, push, merge, force)
    return 201, shape.protected_branch(held.branches[name])


def change_branch(ask: Ask) -> Answer:
    found = _found(ask, ask.project.branches)
    found.force = bool(ask.body.get("allow_force_push", found.force))
    return 200, shape.protected_branch(found)


def unprotect_branch(ask: Ask) -> Answer:
    del ask.project.branches[_found(ask, ask.project.branches).name]
    return 204, None


def tags(ask: Ask) -> Answer:
    return ask.page(ask.project.tags.values(), shape.protected_tag)


def tag(ask: Ask) -> Answer:
    return 200, shape.protected_tag(_found(ask, ask.project.tags))


def protect_tag(ask: Ask) -> Answer:
    asked, held = ask.need("name"), ask.project
    name = str(asked["name"])
    if name in held.tags:
        raise Refused(409, f"Protected tag '{name}' already exists")
    level = int(asked.get("create_access_level", MAINTAINER))
    held.tags[name] = Protection(ask.world.next(), name, level)
    return 201, shape.protected_tag(held.tags[name])


def unprotect_tag(ask: Ask) -> Answer:
    del ask.project.tags[_found(ask, ask.project.tags).name]
    return 204, None


ROUTES = (
    Route("GET", BRANCHES, branches, MAINTAINER),
    Route("POST", BRANCHES, protect_branch, MAINTAINER),
    Route("GET", f"{BRANCHES}/:name", branch, MAINTAINER),
    Route("PATCH", f"{BRANCHES}/:name", change_branch, MAINTAINER),
    Route("DELETE", f"{BRANCHES}/:name", unprotect_branch, MAINTAINER),
    Route("GET", TAGS, tags, MAINTAINER),
    Route("POST", TAGS, protect_tag, MAINTAINER),
    Route("GET", f"{TAGS}/:name", tag, MAINTAINER),
    Route("DELETE", f"{TAGS}/:name", unprotect_tag, MAINTAINER),
)
