"""A forge behind HTTP at an address of its own: its API and Git over one line."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol
from urllib.parse import urlsplit

from tests.forges import git_web
from tests.forges.git_web import Answered, Asked


class Forge(Protocol):
    """What answers; it never raises."""

    def api(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answered: ...

    def git(self, asked: Asked) -> Answered: ...


@contextmanager
def listening(forge: Forge) -> Iterator[str]:
    """Let a forge answer for as long as the context lasts, at the address that comes of it."""
    handler = type("Handler", (_Handler,), {"forge": forge})
    with _Http(("127.0.0.1", 0), handler) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}"
        finally:
            http.shutdown()
            thread.join()


class _Http(ThreadingHTTPServer):
    daemon_threads = True  # a client may keep its line open longer than the world is there
    request_queue_size = 64


class _Handler(BaseHTTPRequestHandler):
    forge: Forge
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # heads and bodies leave together
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._do()

    def do_HEAD(self) -> None:
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
            self._send(self.forge.git(asked))
            return
        self._send(self.forge.api(self.command, self.path, dict(self.headers), body))

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            return b"".join(self._chunks())
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline(), 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _send(self, found: Answered) -> None:
        self.send_response(found.status)
        for name, value in found.headers:
            self.send_header(name, value)
        is_empty = found.status in {204, 304}
        if not is_empty:
            self.send_header("Content-Length", str(len(found.content)))
        self.end_headers()
        if not is_empty and self.command != "HEAD":
            self.wfile.write(found.content)
        self.wfile.flush()
