"""A web server of Git repositories, by `git http-backend`, that can be as unkind as real ones."""

import base64
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Web:
    """The repositories below `root`; what is set here holds from the next request on.

    With a `password` only ada is let in, with a `bearer` only who bears that; an `interlude` is what somebody
    else does, once, just before a push arrives. `is_old` speaks the first protocol, that gives only what refs
    name; `is_dumb` serves files and no more; `cut` is how many bytes of a pack are sent before the line
    breaks, -1 for all.
    """

    root: Path
    address: str = ""
    password: str = ""
    bearer: str = ""
    interlude: Callable[[], None] | None = None
    is_old: bool = False
    is_dumb: bool = False
    cut: int = -1
    log: list[str] = field(default_factory=list)

    @property
    def packs(self) -> int:
        """How often a pack was asked for."""
        return sum("POST" in line for line in self.log)


@contextmanager
def served(root: Path) -> Iterator[Web]:
    """Serve for as long as the context lasts."""
    web = Web(root)
    handler = type("Handler", (_Handler,), {"web": web})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    web.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    web: Web

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        interlude = self.web.interlude
        if interlude and self.path.endswith("git-receive-pack"):
            self.web.interlude = None
            interlude()
        if self.headers.get("Transfer-Encoding") == "chunked":
            self._answer(b"".join(self._chunks()))
        else:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name is the library's
        self.web.log.append(format % args)

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline(), 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _answer(self, body: bytes) -> None:
        path, _, query = self.path.partition("?")
        if not self._is_let_in():
            self._send(401, [("WWW-Authenticate", 'Basic realm="x"')], b"")
        elif self.web.is_dumb:
            file = self.web.root / path.lstrip("/")
            self._send(200, [], file.read_bytes()) if file.is_file() else self._send(404, [], b"")
        else:
            self._backend(path, query, body)

    def _is_let_in(self) -> bool:
        said = self.headers.get("Authorization")
        if self.web.bearer:
            return said == f"Bearer {self.web.bearer}"
        expected = base64.b64encode(f"ada:{self.web.password}".encode()).decode()
        return not self.web.password or said == f"Basic {expected}"

    def _backend(self, path: str, query: str, body: bytes) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self.web.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
        }
        if not self.web.is_old:
            environment["GIT_PROTOCOL"] = self.headers.get("Git-Protocol", "")
        done = subprocess.run(
            ["git", "http-backend"], input=body, env=environment, capture_output=True, check=False
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        lines = [line.decode().partition(": ")[::2] for line in head.split(b"\r\n") if line]
        status = next((int(value[:3]) for name, value in lines if name == "Status"), 200)
        self._send(status, [(name, value) for name, value in lines if name != "Status"], content)

    def _send(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        is_cut = self.web.cut >= 0 and b"PACK" in content
        self.wfile.write(content[: content.index(b"PACK") + self.web.cut] if is_cut else content)
        self.close_connection = True
