"""A registry of images with one image in it, as much of the distribution specification as a pull needs."""

import base64
import gzip
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tests.containers.images import root

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
NAME = "functions/cat"


class Registry(ThreadingHTTPServer):
    """Serves `functions/cat:v1`; with a `login` ('user:password') only to those who give it.

    One that `denies` gives nobody a token, as ghcr.io does for what is not there.
    """

    daemon_threads = True

    def __init__(self, login: str = "", *, denies: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.login = login
        self.denies = denies
        self.pulled: list[str] = []
        self.blobs: dict[str, tuple[str, bytes]] = {}
        self.serve_image("cat")

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def image(self) -> str:
        return f"{self.host}/{NAME}"

    def serve_image(self, script: str) -> None:
        """Let the tag point at an image that runs this script."""
        tar = root(script)
        layer = gzip.compress(tar, 1, mtime=0)
        wanted = {
            "architecture": "amd64",
            "os": "linux",
            "config": {"Entrypoint": ["/function"]},
            "rootfs": {"type": "layers", "diff_ids": [_digest(tar)]},
        }
        config = json.dumps(wanted).encode()
        manifest = json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": MANIFEST,
                "config": {"mediaType": CONFIG, "size": len(config), "digest": _digest(config)},
                "layers": [{"mediaType": LAYER, "size": len(layer), "digest": _digest(layer)}],
            }
        ).encode()
        self.digest = _digest(manifest)
        self.blobs |= {_digest(config): (CONFIG, config), _digest(layer): (LAYER, layer)}
        self.blobs |= {self.digest: (MANIFEST, manifest), "v1": (MANIFEST, manifest)}


class _Handler(BaseHTTPRequestHandler):
    server: Registry

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        if not self._may_enter():
            self._answer(401, "application/json", b'{"errors": [{"code": "UNAUTHORIZED"}]}')
        elif self.path == "/v2/":
            self._answer(200, "application/json", b"{}")
        elif not self.path.startswith(f"/v2/{NAME}/"):
            self._answer(403, "application/json", b'{"errors": [{"code": "DENIED", "message": "denied"}]}')
        elif found := self.server.blobs.get(self.path.rpartition("/")[2]):
            self.server.pulled.append(self.path)
            self._answer(200, *found)
        else:
            self._answer(404, "application/json", b'{"errors": [{"code": "MANIFEST_UNKNOWN"}]}')

    def _may_enter(self) -> bool:
        if self.server.denies:
            return self.path.startswith("/token")
        given = self.headers.get("Authorization", "").removeprefix("Basic ")
        return not self.server.login or base64.b64decode(given) == self.server.login.encode()

    def _answer(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Docker-Content-Digest", _digest(content))
        if status == 401:
            token = f'Bearer realm="http://{self.server.host}/token",service="registry"'
            self.send_header("WWW-Authenticate", token if self.server.denies else 'Basic realm="registry"')
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def serving(login: str = "", *, denies: bool = False) -> Iterator[Registry]:
    with Registry(login, denies=denies) as registry:
        Thread(target=registry.serve_forever, daemon=True).start()
        try:
            yield registry
        finally:
            registry.shutdown()


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
