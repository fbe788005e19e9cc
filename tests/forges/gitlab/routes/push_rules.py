"""Questions about push rules, which are Premium."""

from tests.forges.github.exchange import Response
from tests.forges.gitlab.ask import Answer, Ask, Route
from tests.forges.gitlab.people import MAINTAINER
from tests.forges.gitlab.project import Settings
from tests.forges.gitlab.refusal import absent
from tests.forges.gitlab.shapes import project as shape

ONE = "/projects/:id/push_rule"


def _paid(ask: Ask) -> Settings:
    if not ask.project.settings.is_paid:
        raise absent()
    return ask.project.settings


def get(ask: Ask) -> Answer:
    """The rules; `null`, which is a good answer, where nobody ever set any."""
    if _paid(ask).push_rules is None:
        return Response(200, b"null", {"Content-Type": "application/json"})
    return 200, shape.push_rule(ask.project)


def add(ask: Ask) -> Answer:
    _paid(ask).push_rules = dict(ask.body)
    return 201, shape.push_rule(ask.project)


def change(ask: Ask) -> Answer:
    held = _paid(ask)
    if held.push_rules is None:
        raise absent("Push Rule")
    held.push_rules |= ask.body
    return 200, shape.push_rule(ask.project)


def remove(ask: Ask) -> Answer:
    _paid(ask).push_rules = None
    return 204, None


ROUTES = (
    Route("GET", ONE, get, MAINTAINER),
    Route("POST", ONE, add, MAINTAINER),
    Route("PUT", ONE, change, MAINTAINER),
    Route("DELETE", ONE, remove, MAINTAINER),
)
