"""The REST API: finds who asks for what, and turns answers and refusals into responses."""

import functools
import hashlib
import re

from tests.forges.github.apps import Caller
from tests.forges.github.ask import Ask, Route, as_response
from tests.forges.github.exchange import Request, Response, as_json
from tests.forges.github.limits import Limits
from tests.forges.github.refusal import Refused, absent
from tests.forges.github.routes import apps, checks, git, hooks, issues, places, pulls, reviews, rules
from tests.forges.github.world import World

ROUTES: tuple[Route, ...] = tuple(
    route
    for room in (places, pulls, reviews, issues, git, checks, rules, hooks, apps)
    for route in room.ROUTES
)
DOCUMENTS = "https://docs.github.com/enterprise-server@3.19/rest"
VERSION = "2022-11-28"


class Rest:
    """What stands behind `/api/v3`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.limits = Limits(world.clock)

    def answer(self, request: Request) -> Response:
        """The response to a request whose path is below the API's root; it never raises."""
        try:
            caller = self.world.caller(request.headers.get("Authorization", ""))
            if exceeded := self.limits.count(caller, request):
                return exceeded
            found = self._found(request, caller)
        except Refused as refused:
            found = as_json(refused.status, refused.body(DOCUMENTS))
            caller = Caller()
        is_read = request.method == "GET" and found.status == 200
        return self._conditional(request, caller, found) if is_read else self._dressed(found, caller)

    def _found(self, request: Request, caller: Caller) -> Response:
        if sent_on := self._sent_on(request):
            return sent_on
        for route, pattern in _patterns(request.method):
            if match := pattern.fullmatch(request.path):
                ask = Ask(self.world, caller, request, match.groupdict(), self.limits)
                route.check(ask)
                return as_response(route.handler(ask))
        raise absent()

    def _sent_on(self, request: Request) -> Response | None:
        """Where a renamed repository is now."""
        match = re.match(r"/repos/([^/]+/[^/]+)(.*)", request.path)
        held = self.world.moved.get(match[1].lower()) if match else None
        if not match or not held or match[1].lower() in self.world.repositories:
            return None
        url = f"{self.world.place.api}/repositories/{held.id}{match[2]}"
        body = {"message": "Moved Permanently", "url": url, "documentation_url": DOCUMENTS}
        status = 301 if request.method == "GET" else 307
        return as_json(status, body, {"Location": url})

    def _conditional(self, request: Request, caller: Caller, found: Response) -> Response:
        tag = f'W/"{hashlib.sha256(caller.token.encode() + found.body).hexdigest()}"'
        if tag in request.headers.get("If-None-Match", ""):
            self.limits.give_back(caller)
            found = Response(304, b"", {})
        return self._dressed(found.with_headers(ETag=tag), caller)

    def _dressed(self, found: Response, caller: Caller) -> Response:
        always = {
            "X-GitHub-Media-Type": "github.v3; format=json",
            "x-github-api-version-selected": VERSION,
            "X-GitHub-Request-Id": "0000:0000:0000000:0000000:00000000",
            "Server": "github.com",
        }
        if caller.scopes is not None:
            always["X-OAuth-Scopes"] = ", ".join(caller.scopes)
        return Response(found.status, found.body, {**always, **self.limits.headers(caller), **found.headers})


@functools.cache
def _patterns(method: str) -> list[tuple[Route, re.Pattern[str]]]:
    """The routes of a method; those with more words and fewer holes go first."""

    def rank(route: Route) -> tuple[int, int]:
        holes = route.template.count("{")
        return holes - route.template.count("/"), holes

    return [(each, each.pattern) for each in sorted(ROUTES, key=rank) if each.method == method]
