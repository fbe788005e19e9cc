"""Questions about whose approvals a project wants, which is Premium."""

from typing import Any

from tests.forges.gitlab.approval_rule import ApprovalRule
from tests.forges.gitlab.ask import Answer, Ask, Route
from tests.forges.gitlab.people import MAINTAINER
from tests.forges.gitlab.refusal import absent
from tests.forges.gitlab.shapes import merge_request as shape

MANY = "/projects/:id/approval_rules"
ONE = f"{MANY}/:rule"


def _held(ask: Ask) -> dict[int, ApprovalRule]:
    if not ask.project.settings.is_paid:
        raise absent()
    return ask.project.settings.rules


def _rule(ask: Ask) -> ApprovalRule:
    found = _held(ask).get(ask.number("rule"))
    if not found:
        raise absent()
    return found


def listed(ask: Ask) -> Answer:
    return ask.page(_held(ask).values(), lambda each: shape.approval_rule(ask.place, each))


def get(ask: Ask) -> Answer:
    return 200, shape.approval_rule(ask.place, _rule(ask))


def add(ask: Ask) -> Answer:
    asked, held = ask.need("name", "approvals_required"), _held(ask)
    made = ApprovalRule(ask.world.next(), "", 0, [], [])
    _change(ask, made, asked)
    held[made.id] = made
    return 201, shape.approval_rule(ask.place, made)


def change(ask: Ask) -> Answer:
    found = _rule(ask)
    _change(ask, found, ask.need("name", "approvals_required"))
    return 200, shape.approval_rule(ask.place, found)


def _change(ask: Ask, held: ApprovalRule, asked: dict[str, Any]) -> None:
    held.name, held.count = str(asked["name"]), int(asked["approvals_required"])
    for name, everybody in (("users", ask.world.users), ("groups", ask.world.groups)):
        if (ids := asked.get(f"{name.removesuffix('s')}_ids")) is not None:
            setattr(held, name, [each for each in everybody.values() if each.id in ids])


def remove(ask: Ask) -> Answer:
    del _held(ask)[_rule(ask).id]
    return 204, None


ROUTES = (
    Route("GET", MANY, listed),
    Route("POST", MANY, add, MAINTAINER),
    Route("GET", ONE, get),
    Route("PUT", ONE, change, MAINTAINER),
    Route("DELETE", ONE, remove, MAINTAINER),
)
