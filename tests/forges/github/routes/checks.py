"""Questions about statuses and check runs."""

from tests.forges.github import checking
from tests.forges.github.ask import Answer, Ask, Route
from tests.forges.github.check import CheckRun
from tests.forges.github.refusal import Refused
from tests.forges.github.shapes import checks

REPO = "/repos/{owner}/{repo}"
RUN = f"{REPO}/check-runs/{{check_run_id}}"


def _sha(ask: Ask) -> str:
    found = ask.repo.bare.resolve(ask.parts["ref"])
    if not found:
        raise Refused(422, f"No commit found for SHA: {ask.parts['ref']}")
    return found


def put_status(ask: Ask) -> Answer:
    made = checking.put_status(ask.world, ask.repo, ask.parts["sha"], ask.caller, ask.need("state"))
    return 201, checks.status(ask.place, ask.repo, made)


def statuses(ask: Ask) -> Answer:
    found = ask.repo.statuses_of(_sha(ask))[::-1]
    return ask.page(checks.status(ask.place, ask.repo, each) for each in found)


def combined(ask: Ask) -> Answer:
    return 200, checks.combined_status(ask.place, ask.repo, _sha(ask))


def create(ask: Ask) -> Answer:
    made = checking.put_run(ask.world, ask.repo, ask.caller, ask.need("name", "head_sha"))
    return 201, checks.check_run(ask.place, ask.repo, made)


def change(ask: Ask) -> Answer:
    number = ask.number("check_run_id")
    made = checking.change_run(ask.world, ask.repo, number, ask.caller, ask.body)
    return 200, checks.check_run(ask.place, ask.repo, made)


def _run(ask: Ask) -> CheckRun:
    return checking.find_run(ask.repo, ask.number("check_run_id"))


def get(ask: Ask) -> Answer:
    return 200, checks.check_run(ask.place, ask.repo, _run(ask))


def annotations(ask: Ask) -> Answer:
    run = _run(ask)
    return ask.page(checks.annotation(ask.place, ask.repo, run, each) for each in run.annotations)


def listed(ask: Ask) -> Answer:
    found = ask.repo.runs_of(_sha(ask))
    query = ask.request.query
    if name := query.get("check_name"):
        found = [each for each in found if each.name == name]
    if app := query.get("app_id"):
        found = [each for each in found if str(each.app.id) == app]
    if status := query.get("status"):
        found = [each for each in found if each.status == status]
    if query.get("filter", "latest") == "latest":
        found = list({(each.app.id, each.name): each for each in found}.values())
    _, page, *headers = ask.page(checks.check_run(ask.place, ask.repo, each) for each in found)
    return 200, {"total_count": len(found), "check_runs": page}, headers[0]


READ, WRITE = "checks:read", "checks:write"
ROUTES = (
    Route("POST", f"{REPO}/statuses/{{sha}}", put_status, "statuses:write", "write", 404),
    Route("GET", f"{REPO}/commits/{{ref}}/statuses", statuses, "statuses:read"),
    Route("GET", f"{REPO}/commits/{{ref}}/status", combined, "statuses:read"),
    Route("POST", f"{REPO}/check-runs", create, WRITE),
    Route("PATCH", RUN, change, WRITE),
    Route("GET", RUN, get, READ),
    Route("GET", f"{RUN}/annotations", annotations, READ),
    Route("GET", f"{REPO}/commits/{{ref}}/check-runs", listed, READ),
)
