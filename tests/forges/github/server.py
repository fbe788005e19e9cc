"""A world behind HTTP: REST at `/api/v3`, GraphQL at `/api/graphql`, and Git at `/owner/name.git`."""

import base64
import binascii
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.forges import git_web
from tests.forges.git_web import Answered, Asked
from tests.forges.github import pushing
from tests.forges.github.apps import Caller
from tests.forges.github.exchange import Request, Response, as_json
from tests.forges.github.graph import Graph
from tests.forges.github.recorder import Recorder
from tests.forges.github.refusal import Refused
from tests.forges.github.rest import Rest
from tests.forges.github.world import World
from tests.forges.listening import listening

API = "/api/v3"
GRAPHQL = "/api/graphql"


class Server:
    """What answers: one request after the other, under the world's lock."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.recorder = Recorder()
        self.rest = Rest(world)
        self.graph = Graph(world, self.recorder)
        self.log: list[Request] = []
        """Every request, but those of Git."""
        self.git_log: list[Asked] = []
        """Every request of Git's."""
        self.delay = 0.0
        """Seconds that each answer takes on its way."""

    @property
    def api(self) -> str:
        """What a client is told: PyGithub's `base_url`."""
        return self.world.place.api

    def writes(self) -> list[str]:
        """The requests that meant to change something, as `METHOD path`."""
        reads = ("GET", "HEAD")
        return [f"{each.method} {each.path}" for each in self.log if each.method not in reads]

    def answer(self, request: Request) -> Response:
        """The response to a request for REST or GraphQL, or the failure that was ordered."""
        self.log.append(request)
        time.sleep(self.delay)
        self.world.faults.meet(request)
        fault = self.world.faults.take(request)
        if fault and not fault.after:
            return fault.response
        with self.world.lock:
            try:
                found = self._answer(request)
            except Exception:  # noqa: BLE001 a test must see what is wrong with its world
                self.recorder.documents.append(traceback.format_exc())
                found = as_json(500, {"message": "Server Error"})
        return fault.response if fault else found

    def _answer(self, request: Request) -> Response:
        if request.path == GRAPHQL:
            return self.graph.answer(request)
        if not request.path.startswith(f"{API}/"):
            return as_json(404, {"message": "Not Found"})
        below = request.below(API)
        found = self.rest.answer(below)
        self.recorder.record(below, found)
        return found

    def git(self, asked: Asked) -> Answered:
        """What Git's program is answered; whoever pushes needs a token as password."""
        self.git_log.append(asked)
        time.sleep(self.delay)
        with self.world.lock:
            held = self.world.repositories.get(asked.repository.lower())
            held = held or self.world.moved.get(asked.repository.lower())
            try:
                caller = self._caller(asked.headers.get("Authorization", ""))
            except Refused:
                return _challenge(b"Invalid username or token.\n")
            if caller.user is None and (asked.writes or not held or held.private):
                return _challenge(b"")
            if not held or not self.world.sees(caller, held):
                return Answered(404, [], b"Repository not found.\n")
            if not asked.writes:
                return git_web.answer(asked, held.path)
            if held.archived or not pushing.may_push(held, caller):
                login = caller.user.login if caller.user else ""
                said = f"Permission to {held.full_name}.git denied to {login}.\n"
                return Answered(403, [], said.encode())
            if not asked.is_push:
                return git_web.answer(asked, held.path)
            before, changes = held.bare.refs(), asked.changes()
            refusal = pushing.push_refusal(held, caller, changes)
            found = git_web.answer(asked, held.path, refusal, pushing.straight(held, caller, changes))
            pushing.after_push(self.world, held, caller, before)
            return found

    def _caller(self, header: str) -> Caller:
        kind, _, word = header.partition(" ")
        if kind.lower() != "basic":
            return self.world.caller(header)
        try:
            token = base64.b64decode(word).decode().partition(":")[2]
        except (binascii.Error, ValueError):
            token = ""
        return self.world.holder(token)


def _challenge(said: bytes) -> Answered:
    return Answered(401, [("WWW-Authenticate", 'Basic realm="GitHub"')], said)


@contextmanager
def served(root: Path) -> Iterator[Server]:
    """A new world at an address of its own, for as long as the context lasts."""
    server = Server(World(root))
    with listening(_Line(server)) as address:
        server.world.place.web = address
        yield server


@dataclass(frozen=True)
class _Line:
    """A server as it is spoken to over the line."""

    server: Server

    def api(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answered:
        found = self.server.answer(Request.of(method, target, headers, body))
        return Answered(found.status, list(found.headers.items()), found.body)

    def git(self, asked: Asked) -> Answered:
        return self.server.git(asked)
