"""A world behind HTTP: REST at `/api/v3`, GraphQL at `/api/graphql`, and Git at `/owner/name.git`."""

import base64
import binascii
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

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
    world = World(root)
    server = Server(world)
    handler = type("Handler", (_Handler,), {"server_": server})
    with _Http(("127.0.0.1", 0), handler) as http:
        world.place.web = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()


class _Http(ThreadingHTTPServer):
    daemon_threads = True  # a client may keep its line open longer than the world is there
    request_queue_size = 64


class _Handler(BaseHTTPRequestHandler):
    server_: Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # heads and bodies leave together
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._do()

    def do_POST(self) -> None:
        self._do()

    def do_PUT(self) -> None:
        self._do()

    def do_PATCH(self) -> None:
        self._do()

    def do_DELETE(self) -> None:
        self._do()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name is the library's
        del format, args

    def _do(self) -> None:
        body = self._body()
        parts = urlsplit(self.path)
        if git_web.is_git(parts.path):
            asked = Asked(self.command, parts.path, parts.query, dict(self.headers), body)
            found = self.server_.git(asked)
            self._send(found.status, found.headers, found.content)
            return
        request = Request.of(self.command, self.path, dict(self.headers), body)
        response = self.server_.answer(request)
        self._send(response.status, list(response.headers.items()), response.body)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            return b"".join(self._chunks())
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline(), 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _send(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status not in {204, 304}:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if status not in {204, 304}:
            self.wfile.write(content)
        self.wfile.flush()
