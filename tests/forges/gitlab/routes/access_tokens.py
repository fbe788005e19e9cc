"""Questions about the access tokens of a project, each of which has a bot."""

from tests.forges.gitlab.ask import Answer, Ask, Route
from tests.forges.gitlab.people import MAINTAINER
from tests.forges.gitlab.refusal import bad
from tests.forges.gitlab.shapes import people

MANY = "/projects/:id/access_tokens"


def add(ask: Ask) -> Answer:
    """A new one; its text is said this once."""
    asked = ask.need("name", "scopes")
    level = int(asked.get("access_level") or MAINTAINER)
    if level > ask.level:
        raise bad("User does not have permission to create project access token")
    text = ask.world.access_token(ask.project, str(asked["name"]), level)
    made = ask.world.tokens[text]
    made.scopes = tuple(asked["scopes"])
    return 201, {**people.token(ask.place, made, is_active=True), "access_level": level, "token": text}


ROUTES = (Route("POST", MANY, add, MAINTAINER),)
