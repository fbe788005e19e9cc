"""A line to nowhere: a real web server that answers what a test put down, and keeps what was asked."""

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import graphql

from tests.forges.github import schemas

Json = Any
BREAK = -1  # as a status: the connection ends without an answer
_OPERATION = re.compile(r"(?:query|mutation) (\w+)")


class Asked(NamedTuple):
    """A request as it came in; `operation` is the name of its GraphQL document, '' for REST."""

    verb: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Json

    @property
    def operation(self) -> str:
        found = _OPERATION.search(self.body["query"]) if self.path.endswith("/graphql") else None
        return found[1] if found else ""

    @property
    def name(self) -> str:
        return self.operation or f"{self.verb} {self.path}"


class Said(NamedTuple):
    """An answer that was put down."""

    status: int
    body: Json = None
    headers: Mapping[str, str] = {}


@dataclass
class Line:
    """What is put down with `on` is answered in order; the last of it again and again."""

    address: str = ""
    root: str = ""
    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, list[Said]] = field(default_factory=dict)

    def on(self, name: str, *answers: Said | Json) -> None:
        """`name` is 'GET /path' without the query, or the name of a GraphQL operation."""
        self.answers[name] = [said if isinstance(said, Said) else Said(200, said) for said in answers]

    def names(self) -> list[str]:
        """What was asked, in order."""
        return [asked.name for asked in self.asked]

    def bodies(self, name: str) -> list[Json]:
        """What was sent with each request of a name; of GraphQL the variables."""
        return [
            asked.body["variables"] if asked.operation else asked.body
            for asked in self.asked
            if asked.name == name
        ]

    def answer(self, asked: Asked) -> Said:
        self.asked.append(asked)
        found = self.answers.get(asked.name)
        if not found:
            return Said(404, {"message": "Not Found"})
        return found.pop(0) if len(found) > 1 else found[0]

    def faults(self) -> list[str]:
        """What GitHub's own descriptions say against the requests."""
        return [f"{asked.name}: {fault}" for asked in self.asked for fault in _faults(asked)]


def _faults(asked: Asked) -> list[str]:
    if asked.operation:
        return _faults_of_document(asked.body)
    operation = schemas.rest().find(asked.verb, asked.path)
    if not operation:
        return ["there is no such operation"]
    found = [f"no parameter {name}" for name in asked.query if name not in operation.query]
    if operation.needs_body and asked.body is None:
        found.append("a body is needed")
    if asked.body is not None:
        found += schemas.rest().faults(operation.body, asked.body) if operation.body else ["no body is taken"]
    return found


def _faults_of_document(body: Json) -> list[str]:
    document = graphql.parse(body["query"])
    found = [error.message for error in graphql.validate(schemas.graph(), document)]
    operation = document.definitions[0]
    assert isinstance(operation, graphql.OperationDefinitionNode)
    given = graphql.get_variable_values(
        schemas.graph(), list(operation.variable_definitions or ()), body["variables"]
    )
    errors = given if isinstance(given, list) else getattr(given, "errors", None) or []
    return found + [error.message for error in errors]


@contextmanager
def listening(root: str = "") -> Iterator[Line]:
    """Answer for as long as the context lasts; `root` is where the API is below the address."""
    line = Line(root=root)
    handler = type("Handler", (_Handler,), {"line": line})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    line.address = f"http://127.0.0.1:{server.server_port}{root}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield line
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    line: Line
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        headers = {key.lower(): value for key, value in self.headers.items()}
        path = unquote(parts.path).removeprefix(self.line.root)
        said = self.line.answer(Asked(self.command, path, dict(parse_qsl(parts.query)), headers, body))
        self.close_connection = True
        if said.status == BREAK:
            return
        sent = said.body if isinstance(said.body, bytes) else b""
        if said.body is not None and not isinstance(said.body, bytes):
            sent = json.dumps(said.body).encode()
        self.send_response_only(said.status)
        for key, value in {"Content-Length": str(len(sent)), "Connection": "close", **said.headers}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(sent)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 the library's names

    def log_message(self, *_: object) -> None:
        return
