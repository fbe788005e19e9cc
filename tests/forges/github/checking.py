"""Statuses and check runs: said about commits, by those who may."""

from datetime import datetime
from typing import Any

from tests.forges.github.apps import App, Caller
from tests.forges.github.check import (
    CONCLUSIONS,
    LONGEST_DESCRIPTION,
    LONGEST_OUTPUT,
    MOST_ANNOTATIONS,
    MOST_STATUSES,
    CheckRun,
    Status,
)
from tests.forges.github.opening import acting
from tests.forges.github.people import User
from tests.forges.github.pushing import check_writable
from tests.forges.github.refusal import Refused, absent, custom, invalid
from tests.forges.github.repository import Repository
from tests.forges.github.telling import tell_run, tell_status
from tests.forges.github.world import World

Json = dict[str, Any]
# What a person reads, who may not.
APPS_ONLY = "You must authenticate via a GitHub App."


def put_status(world: World, held: Repository, sha: str, caller: Caller, asked: Json) -> Status:
    """A status for a commit; `Refused` when the commit is not there."""
    check_writable(held)
    if not held.bare.peel(sha):
        raise Refused(422, f"No commit found for SHA: {sha}")
    if asked["state"] not in {"error", "failure", "pending", "success"}:
        raise invalid("Status", "state")
    if len(asked.get("description") or "") > LONGEST_DESCRIPTION:
        raise custom("Status", f"description is too long (maximum is {LONGEST_DESCRIPTION} characters)")
    context = asked.get("context") or "default"
    same = [each for each in held.statuses_of(sha) if each.context.lower() == context.lower()]
    if len(same) >= MOST_STATUSES:
        raise custom("Status", "This SHA and context has reached the maximum number of statuses.")
    description, target = asked.get("description"), asked.get("target_url")
    user, now = acting(caller), world.clock.tick()
    made = Status(world.next(), sha, asked["state"], context, user, now, description, target)
    held.statuses.append(made)
    tell_status(world, held, made)
    return made


def put_run(world: World, held: Repository, caller: Caller, asked: Json) -> CheckRun:
    """A new check run; `Refused` for anybody but an App."""
    check_writable(held)
    app = _app(caller)
    sha = str(asked["head_sha"])
    if not held.bare.peel(sha):
        raise Refused(422, f"No commit found for SHA: {sha}")
    suite = next((e.suite for e in held.runs_of(sha) if e.app is app), None) or world.next()
    made = CheckRun(world.next(), suite, str(asked["name"]), sha, app, started=world.clock.tick())
    _fill(world, made, asked)
    held.runs[made.id] = made
    tell_run(world, held, made, "created", acting(caller))
    if made.status == "completed":
        tell_run(world, held, made, "completed", acting(caller))
    return made


def change_run(world: World, held: Repository, number: int, caller: Caller, asked: Json) -> CheckRun:
    """More about a check run; annotations are added to those that are there."""
    app, run = _app(caller), find_run(held, number)
    if run.app is not app:
        raise Refused(
            403,
            "Invalid app_id `"
            + str(app.id)
            + "` - check run can only be modified by the GitHub App that created it.",
        )
    before = run.status
    run.name = asked.get("name", run.name)
    _fill(world, run, asked)
    if run.status == "completed" and before != "completed":
        tell_run(world, held, run, "completed", acting(caller))
    return run


def find_run(held: Repository, number: int) -> CheckRun:
    if number not in held.runs:
        raise absent()
    return held.runs[number]


def _app(caller: Caller) -> App:
    if not caller.app:
        raise Refused(403, APPS_ONLY)
    return caller.app


def _fill(world: World, run: CheckRun, asked: Json) -> None:
    conclusion = asked.get("conclusion")
    if conclusion and conclusion not in CONCLUSIONS:
        raise invalid("CheckRun", "conclusion")
    if asked.get("status") == "completed" and not (conclusion or run.conclusion):
        raise invalid("CheckRun", "conclusion", "missing_field")
    output = dict(asked.get("output") or {})
    annotations = output.pop("annotations", [])
    if len(annotations) > MOST_ANNOTATIONS:
        said = f"Only {MOST_ANNOTATIONS} annotations can be added per request."
        raise Refused(422, f"Invalid request.\n\n{said}")
    if any(len(output.get(name) or "") > LONGEST_OUTPUT for name in ("summary", "text")):
        raise Refused(422, f"Invalid request.\n\nOnly {LONGEST_OUTPUT} characters are allowed.")
    run.annotations += annotations
    run.output |= output
    run.status = "completed" if conclusion else asked.get("status", run.status)
    run.conclusion = conclusion or run.conclusion
    run.external = asked.get("external_id", run.external)
    run.details = asked.get("details_url", run.details)
    run.actions = asked.get("actions", run.actions)
    if run.status == "completed":
        at = asked.get("completed_at")
        run.completed = datetime.fromisoformat(at) if at else world.clock.tick()


def rerun(world: World, held: Repository, run: CheckRun, user: User) -> None:
    """A person presses Re-run; nothing changes by itself, the App has to do something."""
    tell_run(world, held, run, "rerequested", user)


def press(world: World, held: Repository, run: CheckRun, user: User, identifier: str) -> None:
    """A person presses one of the check's own buttons."""
    action = {"requested_action": {"identifier": identifier}}
    tell_run(world, held, run, "requested_action", user, **action)
