"""Questions about the protection of branches, and rulesets."""

from tests.forges.github.ask import Answer, Ask, Route
from tests.forges.github.refusal import Refused, absent
from tests.forges.github.shapes import repository

REPO = "/repos/{owner}/{repo}"


def protection(ask: Ask) -> Answer:
    name = ask.parts["branch"]
    if name not in ask.repo.protections:
        raise Refused(404, "Branch not protected")
    return 200, repository.protection(ask.place, ask.repo, name)


def for_branch(ask: Ask) -> Answer:
    return ask.page(repository.rules(ask.repo, ask.parts["branch"]))


def listed(ask: Ask) -> Answer:
    wanted = ask.request.query.get("targets", "branch,tag,push").split(",")
    found = [each for each in ask.repo.rulesets.values() if each.target in wanted]
    return ask.page(repository.ruleset(ask.place, ask.repo, each, whole=False) for each in found)


def get(ask: Ask) -> Answer:
    number = ask.number("ruleset_id")
    if number not in ask.repo.rulesets:
        raise absent()
    found = ask.repo.rulesets[number]
    shown = repository.ruleset(ask.place, ask.repo, found, whole=True)
    is_admin = not ask.caller.is_app and ask.repo.role(ask.caller.user) == "admin"
    if not (is_admin or ask.caller.may("administration:write")):
        del shown["bypass_actors"]  # they are told to those alone who may change them
    passes = ask.repo.passes(found, ask.caller)
    return 200, {**shown, "current_user_can_bypass": "always" if passes else "never"}


ROUTES = (
    Route("GET", f"{REPO}/branches/{{branch}}/protection", protection, "administration:read", "admin", 404),
    Route("GET", f"{REPO}/rules/branches/{{branch}}", for_branch, "metadata:read"),
    Route("GET", f"{REPO}/rulesets", listed, "metadata:read"),
    Route("GET", f"{REPO}/rulesets/{{ruleset_id}}", get, "metadata:read"),
)
