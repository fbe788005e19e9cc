"""Questions about what programs say of commits."""

from tests.forges.gitlab import merging
from tests.forges.gitlab.ask import Answer, Ask, Route
from tests.forges.gitlab.people import DEVELOPER, REPORTER
from tests.forges.gitlab.project import Project
from tests.forges.gitlab.refusal import Refused, absent
from tests.forges.gitlab.shapes import repository as shape
from tests.forges.gitlab.status import STEPS, UNFINISHED, Status

LONGEST = 255  # characters of a description


def listed(ask: Ask) -> Answer:
    held, query = ask.project, ask.request.query
    sha = held.bare.resolve(ask.parts["sha"])
    if not sha:
        raise absent("Commit")
    found = held.statuses_of(sha)
    if query.get("all") not in {"true", "yes"}:
        found = [each for each in found if not each.is_old]
    if name := query.get("name"):
        found = [each for each in found if each.name == name]
    return ask.page(found, lambda each: shape.status(ask.place, each))


def say(ask: Ask) -> Answer:
    """A status that is new, or goes on since it is not finished; `Refused` for a step that is none."""
    held, asked = ask.project, ask.need("state")
    sha, state = ask.parts["sha"], str(asked["state"])
    if state not in STEPS:
        raise Refused(400, "state does not have a valid value", "error")
    if sha not in held.bare.git or not held.bare.peel(sha):
        raise absent("Commit")
    ref = asked.get("ref") or _ref(held, sha)
    if not ref:
        raise absent("References for commit")
    name = str(asked.get("name") or asked.get("context") or "default")
    if len(asked.get("description") or "") > LONGEST:
        raise Refused(400, {"description": [f"is too long (maximum is {LONGEST} characters)"]})
    found = _going_on(held, sha, ref, name)
    made = found or _new(ask, held, sha, ref, name)
    made.step(state, ask.world.clock.tick())
    made.description = asked.get("description", made.description)
    made.target = asked.get("target_url", made.target)
    if not found:
        _keep(held, made)
    for each in list(held.merge_requests.values()):
        if each.head == sha:
            merging.pipeline_moved(ask.world, each)
    return 201, shape.status(ask.place, made)


def _ref(held: Project, sha: str) -> str:
    """A branch that has the commit, its own first."""
    names = shape.branch_names(held)
    own = [name for name in names if held.tip(name) == sha]
    return next(iter([*own, *(n for n in names if held.bare.is_ancestor(sha, held.tip(n)))]), "")


def _going_on(held: Project, sha: str, ref: str, name: str) -> Status | None:
    known = (s for s in held.statuses if (s.sha, s.ref, s.name) == (sha, ref, name))
    return next((each for each in known if each.state in UNFINISHED and not each.is_old), None)


def _new(ask: Ask, held: Project, sha: str, ref: str, name: str) -> Status:
    pipeline = held.pipelines.get((sha, ref)) or ask.world.next()
    return Status(ask.world.next(), sha, ref, name, ask.user, ask.world.clock.now, pipeline)


def _keep(held: Project, made: Status) -> None:
    for each in held.statuses:
        if (each.sha, each.ref, each.name) == (made.sha, made.ref, made.name):
            each.is_old = True
    held.statuses.append(made)
    held.pipelines.setdefault((made.sha, made.ref), made.pipeline)


ROUTES = (
    Route("GET", "/projects/:id/repository/commits/:sha/statuses", listed, REPORTER),
    Route("POST", "/projects/:id/statuses/:sha", say, DEVELOPER),
)
