"""A world behind HTTP: REST at `/api/v4`, and Git at `/group/project.git`."""

import base64
import binascii
import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from tests.forges import git_web
from tests.forges.git_web import Answered, Asked
from tests.forges.github.exchange import Response, as_json
from tests.forges.gitlab import pushing
from tests.forges.gitlab.exchange import Request
from tests.forges.gitlab.people import DEVELOPER, REPORTER, Token
from tests.forges.gitlab.project import Project
from tests.forges.gitlab.recorder import Recorder
from tests.forges.gitlab.refusal import Refused
from tests.forges.gitlab.rest import Rest
from tests.forges.gitlab.world import World
from tests.forges.listening import listening

API = "/api/v4"
HIDDEN = "The project you were looking for could not be found or you don't have permission to view it.\n"
DENIED = "HTTP Basic: Access denied. If a password was provided for Git authentication, it was incorrect.\n"


class Server:
    """What answers: one request after the other, under the world's lock."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.recorder = Recorder()
        self.rest = Rest(world)
        self.log: list[Request] = []
        """Every request, but those of Git."""

    @property
    def url(self) -> str:
        """What a client is told: python-gitlab's `url`."""
        return self.world.place.web

    def writes(self) -> list[str]:
        """The requests that meant to change something, as `METHOD path`."""
        reads = ("GET", "HEAD")
        return [f"{each.method} {each.path}" for each in self.log if each.method not in reads]

    def api(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """What comes over the line is answered with what goes over it."""
        found = self.answer(Request.of(method, target, headers, body))
        return Answered(found.status, list(found.headers.items()), found.body)

    def answer(self, request: Request) -> Response:
        """The response to a request for REST, or the failure that was ordered."""
        self.log.append(request)
        self.world.faults.meet(request)
        fault = self.world.faults.take(request)
        if fault and not fault.after:
            return fault.response
        with self.world.lock:
            try:
                found = self._answer(request)
            except Exception:  # noqa: BLE001 a test must see what is wrong with its world
                self.recorder.failures.append(traceback.format_exc())
                found = as_json(500, {"message": "500 Internal Server Error"})
        return fault.response if fault else found

    def _answer(self, request: Request) -> Response:
        if not request.path.startswith(f"{API}/"):
            return Response(404, b"<html>Not found</html>", {"Content-Type": "text/html"})
        path = request.path.removeprefix(API)
        if sent_on := self._sent_on(request, path):
            return sent_on
        below = Request(request.method, path, request.query, request.headers, request.body)
        template, found = self.rest.answer(below)
        self.recorder.record(below, template, found)
        return found

    def _sent_on(self, request: Request, path: str) -> Response | None:
        """Where a project that was moved is now; only those who read are sent there."""
        match = re.match(r"/projects/([^/]+)(.*)", path)
        named = match[1].replace("%2F", "/").replace("%2f", "/") if match else ""
        held = self.world.moved.get(named)
        if not match or not held or self.world.at(named) or request.method != "GET":
            return None
        url = f"{self.world.place.api}/projects/{quote(str(held.id))}{match[2]}"
        return as_json(301, {"message": "This resource has been moved", "location": url}, {"Location": url})

    def git(self, asked: Asked) -> Answered:
        """What Git's program is answered; whoever pushes needs a token as password, by any name."""
        with self.world.lock:
            held = self.world.at(asked.repository) or self.world.moved.get(asked.repository)
            try:
                token = self._token(asked.headers.get("Authorization", ""))
            except Refused:
                return _challenge(DENIED)
            user, today = token.user if token else None, self.world.today
            is_open = held is not None and held.visibility == "public" and not asked.writes
            if token is None and not is_open:
                return _challenge(DENIED)
            if not held or not held.is_seen(user, today):
                return Answered(404, [], HIDDEN.encode())
            if denied := self._denied(held, token, asked):
                return Answered(403, [], f"{denied}\n".encode())
            if not asked.is_push or token is None:
                return git_web.answer(asked, held.folder)
            before, changes = held.bare.refs(), asked.changes()
            refusal = pushing.push_refusal(self.world, held, token.user, changes)
            only = pushing.straight(held, changes)
            found = git_web.answer(asked, held.folder, refusal, only, pushing.FORCED)
            pushing.after_push(self.world, held, token.user, before)
            return found

    def _denied(self, held: Project, token: Token | None, asked: Asked) -> str:
        """Why somebody who is known may not even ask."""
        if token is None:
            return ""
        level, scopes = held.level(token.user, self.world.today), set(token.scopes)
        if asked.writes and not scopes & {"api", "write_repository"}:
            return "You are not allowed to push code to this project."
        if not scopes & {"api", "read_api", "read_repository", "write_repository"}:
            return "You are not allowed to download code from this project."
        if asked.writes and (held.archived or level < DEVELOPER):
            return "You are not allowed to push code to this project."
        if held.visibility != "public" and level < REPORTER:
            return "You are not allowed to download code from this project."
        return ""

    def _token(self, header: str) -> Token | None:
        kind, _, word = header.partition(" ")
        if not header:
            return None
        if kind.lower() != "basic":
            return self.world.holder(word)
        try:
            text = base64.b64decode(word).decode().partition(":")[2]
        except (binascii.Error, ValueError):
            text = ""
        return self.world.holder(text)


def _challenge(said: str) -> Answered:
    return Answered(401, [("WWW-Authenticate", 'Basic realm="GitLab"')], said.encode())


@contextmanager
def served(root: Path) -> Iterator[Server]:
    """A new world at an address of its own, for as long as the context lasts."""
    server = Server(World(root))
    with listening(server) as address:
        server.world.place.web = address
        yield server
