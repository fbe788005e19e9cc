"""Questions about issues; those about their notes are beside those of merge requests."""

from tests.forges.gitlab import raising
from tests.forges.gitlab.ask import Answer, Ask, Route
from tests.forges.gitlab.shapes import issue as shape

MANY = "/projects/:id/issues"
ONE = f"{MANY}/:iid"


def listed(ask: Ask) -> Answer:
    query = ask.request.query
    by = "updated" if query.get("order_by") == "updated_at" else "made"
    is_falling = query.get("sort", "desc") == "desc"
    found = sorted(
        ask.project.issues.values(), key=lambda each: (getattr(each, by), each.iid), reverse=is_falling
    )
    return ask.page(found, lambda each: shape.full(ask.place, each))


def get(ask: Ask) -> Answer:
    return 200, shape.full(ask.place, ask.project.issue(ask.number("iid")))


def opened(ask: Ask) -> Answer:
    asked = ask.need("title")
    description = str(asked.get("description") or "")
    made = raising.open_issue(ask.world, ask.project, ask.user, str(asked["title"]), description)
    return 201, shape.full(ask.place, made)


def change(ask: Ask) -> Answer:
    held, asked = ask.project.issue(ask.number("iid")), ask.need("description")
    raising.describe(ask.world, held, ask.user, str(asked["description"]))
    return 200, shape.full(ask.place, held)


ROUTES = (
    Route("GET", MANY, listed),
    Route("POST", MANY, opened),
    Route("GET", ONE, get),
    Route("PUT", ONE, change),
)
