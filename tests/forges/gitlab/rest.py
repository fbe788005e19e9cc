"""The REST API: finds who asks for what, and turns answers and refusals into responses."""

import functools
import hashlib

from tests.forges.github.exchange import Response, as_json
from tests.forges.gitlab.ask import Ask, Route, as_response
from tests.forges.gitlab.exchange import Request
from tests.forges.gitlab.limits import Limits
from tests.forges.gitlab.people import Token
from tests.forges.gitlab.refusal import Refused
from tests.forges.gitlab.routes import (
    access_tokens,
    approval_rules,
    approvals,
    discussions,
    files,
    issues,
    merge_requests,
    notes,
    places,
    push_rules,
    repository,
    rules,
    statuses,
)
from tests.forges.gitlab.world import World

ROOMS = (
    places,
    access_tokens,
    push_rules,
    merge_requests,
    issues,
    approvals,
    approval_rules,
    notes,
    discussions,
    repository,
    files,
    statuses,
    rules,
)
ROUTES: tuple[Route, ...] = tuple(route for room in ROOMS for route in room.ROUTES)


class Rest:
    """What stands behind `/api/v4`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.limits = Limits(world.clock)

    def answer(self, request: Request) -> tuple[str, Response]:
        """The template that was asked for, and the response; the path is below the API's root."""
        token, template = "", ""
        try:
            caller = self._caller(request)
            token = caller.text if caller else ""
            if exceeded := self.limits.count(token):
                return "", exceeded
            route, parts = find(request)
            template = route.template
            ask = Ask(self.world, caller, request, parts)
            route.check(ask)
            found = as_response(route.handler(ask))
        except Refused as refused:
            found = as_json(refused.status, refused.body)
        if request.method == "GET" and found.status == 200:
            found = self._conditional(request, token, found)
        return template, self._dressed(found, token)

    def _caller(self, request: Request) -> Token | None:
        headers = request.headers
        said = headers.get("Private-Token", "") or request.query.get("private_token", "")
        kind, _, bearer = headers.get("Authorization", "").partition(" ")
        text = said or (bearer if kind.lower() == "bearer" else "")
        return self.world.holder(text) if text else None

    @staticmethod
    def _conditional(request: Request, token: str, found: Response) -> Response:
        tag = f'W/"{hashlib.md5(token.encode() + found.body).hexdigest()}"'  # noqa: S324 no secret
        if tag in request.headers.get("If-None-Match", ""):
            found = Response(304, b"", {})
        return found.with_headers(ETag=tag)

    def _dressed(self, found: Response, token: str) -> Response:
        always = {
            "Cache-Control": "max-age=0, private, must-revalidate",
            "Vary": "Origin",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "SAMEORIGIN",
            "X-Gitlab-Meta": '{"correlation_id":"00000000000000000000000000","version":"1"}',
            "X-Request-Id": "00000000000000000000000000",
            "X-Runtime": "0.042",
        }
        kind = {"Content-Type": "application/json"} if found.body else {}
        headers = {**always, **self.limits.headers(token), **found.headers, **kind}
        return Response(found.status, found.body, headers)


def find(request: Request) -> tuple[Route, dict[str, str]]:
    """The way that a request goes, and the holes of its path; `Refused`."""
    for route in _ranked(request.method):
        parts = route.match(request.path)
        if parts is not None:
            return route, parts
    raise Refused(404, "404 Not Found", "error")


@functools.cache
def _ranked(method: str) -> list[Route]:
    """The routes of a method; those with fewer holes go first."""
    wanted = "GET" if method == "HEAD" else method
    return sorted((r for r in ROUTES if r.method == wanted), key=lambda r: r.template.count(":"))
