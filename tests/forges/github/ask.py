"""One question to the REST API with all that its answer needs, and the ways that questions may go."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.forges.clock import Clock
from tests.forges.github.apps import Caller
from tests.forges.github.exchange import Request, Response, as_json
from tests.forges.github.limits import Limits
from tests.forges.github.people import User, least
from tests.forges.github.place import Place
from tests.forges.github.refusal import Refused, absent, not_for_apps
from tests.forges.github.repository import Repository
from tests.forges.github.world import World

Json = Any
MOST = 100  # of one page
USUAL = 30
# These holes take slashes.
WIDE = ("ref", "path", "branch", "basehead")


@dataclass(frozen=True)
class Ask:
    """Who asks what; `parts` are the holes of the path."""

    world: World
    caller: Caller
    request: Request
    parts: dict[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=lambda: Limits(Clock()))

    @property
    def place(self) -> Place:
        return self.world.place

    @property
    def user(self) -> User:
        """Who asks; `Refused` when nobody does."""
        if self.caller.user is None:
            raise Refused(401, "Requires authentication")
        return self.caller.user

    @property
    def repo(self) -> Repository:
        """The repository of the path; `Refused`."""
        return self.world.find(self.parts["owner"], self.parts["repo"], self.caller)

    @property
    def body(self) -> dict[str, Json]:
        found = self.request.json()
        if not isinstance(found, dict):
            raise Refused(422, "Invalid request.\n\nBody must be a JSON object.")
        return found

    def need(self, *names: str) -> dict[str, Json]:
        """The body, which must have these; `Refused`."""
        found = self.body
        for name in names:
            if found.get(name) is None:
                raise Refused(422, f'Invalid request.\n\n"{name}" wasn\'t supplied.')
        return found

    def number(self, name: str) -> int:
        """A hole of the path that is a number; `Refused`."""
        if not self.parts[name].isdecimal():
            raise absent()
        return int(self.parts[name])

    def page(self, shown: Iterable[Json]) -> tuple[int, list[Json], dict[str, str]]:
        """One page of all, and the header that leads to the others."""
        found = list(shown)
        size = max(1, min(self._count("per_page", USUAL), MOST))
        page = max(1, self._count("page", 1))
        last = max(1, -(-len(found) // size))
        targets = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
        if page >= last:
            targets = {name: targets[name] for name in ("prev", "first")}
        if page == 1:
            targets = {name: number for name, number in targets.items() if name in {"next", "last"}}
        address = f"{self.world.place.api}{self.request.path}"
        links = ", ".join(
            f'<{address}?{urlencode({**self.request.query, "page": number})}>; rel="{name}"'
            for name, number in targets.items()
        )
        listed = found[(page - 1) * size : page * size]
        return 200, listed, {"Link": links} if links else {}

    def _count(self, name: str, otherwise: int) -> int:
        said = self.request.query.get(name, "")
        return int(said) if said.isdecimal() else otherwise


Answer = tuple[int, Json] | tuple[int, Json, dict[str, str]] | Response
Handler = Callable[[Ask], Answer]


@dataclass(frozen=True)
class Route:
    """A method and a template of a path, as GitHub's own description has it, and who may go it."""

    method: str
    template: str
    handler: Handler
    permission: str = ""
    """What an App's token must have, as `name:read` or `name:write`."""
    role: str = "read"
    """What a person must be in the repository; `self` is an App itself, `user` anybody known."""
    otherwise: int = 403
    """What a person with less reads."""

    @property
    def pattern(self) -> re.Pattern[str]:
        wide = "|".join(WIDE)
        found = re.sub(rf"\{{({wide})\}}", r"(?P<\1>.+)", self.template)
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", found))

    def check(self, ask: Ask) -> None:
        """`Refused` when the caller may not ask this."""
        caller = ask.caller
        if self.role == "self":
            if not caller.app or caller.user:
                raise Refused(401, "A JSON web token could not be decoded")
            return
        if caller.app and not caller.user:
            raise Refused(403, "Resource not accessible by integration")
        if caller.user is None and (self.method != "GET" or self.role != "read"):
            raise Refused(401, "Requires authentication")
        if "repo" not in ask.parts:
            return
        held = ask.repo
        if caller.is_app:
            is_here = held.id in (caller.repositories or ())
            is_open = not held.private and self.method == "GET"
            if not ((is_here and caller.may(self.permission or "metadata:read")) or is_open):
                raise not_for_apps()
        elif not least(held.role(caller.user), self.role):
            raise absent() if self.otherwise == 404 else Refused(403, "Must have admin rights to Repository.")


def as_response(found: Answer) -> Response:
    if isinstance(found, Response):
        return found
    status, value, *more = found
    return as_json(status, value, more[0] if more else None)
