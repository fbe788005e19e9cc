"""The Docker Engine, or podman behind the same API: each question that is asked of it."""

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, NoReturn

from docker.api.client import APIClient
from docker.constants import DEFAULT_UNIX_SOCKET
from docker.context import ContextAPI
from docker.errors import APIError, DockerException, ImageNotFound
from docker.errors import NotFound as NotThere

from bot.errors import NotRun
from bot.packages.naming import quoted
from bot.render.containers.confinement import Abilities, Configuration, Image
from bot.render.containers.container import Pull
from bot.render.containers.owner import FUNCTION, LABEL, is_left_over
from bot.render.image import parts_of

OLDEST_API = (1, 41)  # Docker 20.10, which kpt asks for too, and podman 3
ANSWER_SECONDS = 60  # what the Engine may take for one answer; waiting and pulling have bounds of their own
_HALF_CLOSING = ("unix://", "http+unix://", "tcp://", "http://")


class Engine:
    """One engine; it may be asked by several threads at once.

    Whatever goes wrong is raised as NotRun, in the words of the `docker` program where the Engine gives them.
    """

    def __init__(self, address: str) -> None:
        """`address` is a URL such as `DOCKER_HOST` has; '' is the usual socket. Raises NotRun."""
        self.address = address or DEFAULT_UNIX_SOCKET.removeprefix("http+")
        if not self.address.startswith(_HALF_CLOSING):
            raise NotRun(
                f"The Docker Engine at {quoted(self.address)} cannot be used: `DOCKER_HOST` must be a Unix "
                "socket ('unix://…') or plain TCP ('tcp://…'); forward one over SSH or TLS to a local socket."
            )
        self._lock = threading.Lock()
        # The sessions of `requests` are not said to serve two threads, so each question has one to itself.
        self._free: list[Any] = []
        self._version = "auto"
        self._closed = False
        with self._asked() as client:
            self._version = client.api_version
            about = client.info()
        if tuple(map(int, self._version.split("."))) < OLDEST_API:
            self.close()
            raise NotRun(
                f"The Docker Engine at {quoted(self.address)} is too old; it must be 20.10 or newer."
            )
        self._now = _seconds(about.get("SystemTime", ""))
        self.abilities = Abilities(
            bool(about.get("MemoryLimit", True)), bool(about.get("PidsLimit", True)), about.get("NCPU") or 1
        )

    def close(self) -> None:
        """Close the connections; those in use are closed after it."""
        with self._lock:
            self._closed = True
            free, self._free = self._free, []
        for client in free:
            client.close()

    def image(self, reference: str, pull: Pull) -> Image:
        """The image, fetched where `pull` says so, with the login of the Docker configuration."""
        if pull is Pull.ALWAYS:
            self._pull(reference)
        with self._asked() as client:
            try:
                found = client.inspect_image(reference)
            except ImageNotFound as error:
                if pull is not Pull.MISSING:
                    raise NotRun(
                        f"docker: Error response from daemon: No such image: {reference}.\n"
                        f"The image is not here, and by the pull policy '{pull}' it is not fetched: pull it, "
                        "or let it be fetched where it is missing."
                    ) from error
                self._pull(reference)
                found = client.inspect_image(reference)
        return _image(reference, found)

    def _pull(self, reference: str) -> None:
        image = parts_of(reference)
        with self._asked() as client:
            # A tag beside a digest says nothing, and the API takes but one of them.
            said: str = client.pull(image.repository, image.digest or image.tag or "latest")
        for line in said.splitlines():
            fault = json.loads(line).get("error")
            if fault:
                _refuse(str(fault))

    def tags(self, repository: str) -> list[str]:
        """The tags under which images of a repository are here."""
        with self._asked() as client:
            found = client.images(repository)
        named = [parts_of(text) for image in found for text in image.get("RepoTags") or ()]
        return sorted({image.tag for image in named if image.repository == repository})

    def create(self, wanted: Configuration) -> str:
        """The id of a new container, which does not run yet."""
        with self._asked() as client:
            made: str = client.create_container_from_config(wanted)["Id"]
        return made

    def attach(self, container: str) -> socket.socket:
        """The three standard streams as one socket; to be asked for before the container is started."""
        with self._asked() as client:
            streams = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
            attached: Any = client.attach_socket(container, params=streams)
            own: socket.socket = attached._sock.dup()  # noqa: SLF001 only the raw socket can be half closed
            # Else the SDK's own descriptors would stay open until they are collected.
            attached._response.close()  # noqa: SLF001 it has no other name
            attached.close()
        return own

    def start(self, container: str) -> None:
        with self._asked() as client:
            client.start(container)

    def wait(self, container: str, seconds: float) -> int:
        """The exit code. Raises TimeoutError when there is none after so many seconds."""
        with self._asked() as client:
            try:
                ended = client.wait(container, timeout=max(seconds, 0.1))
            except APIError:
                raise
            except OSError as error:  # every other error of `requests` is one; a silent engine is a late one
                if _is_late(error):
                    raise TimeoutError from error
                raise
        code: int = ended["StatusCode"]
        return code

    def was_out_of_memory(self, container: str) -> bool:
        """Say whether something in an ended container was killed for the memory it took."""
        with self._asked() as client:
            return bool(client.inspect_container(container)["State"]["OOMKilled"])

    def remove(self, container: str) -> None:
        """Kill what runs, and remove the container with its volumes; one that is gone already is no error."""
        with self._asked() as client, suppress(NotThere):
            client.remove_container(container, force=True, v=True)

    def left_overs(self) -> list[str]:
        """The ids of containers whose owners are dead."""
        with self._asked() as client:
            found = client.containers(all=True, filters={"label": f"{LABEL}={FUNCTION}"})
        return [
            entry["Id"]
            for entry in found
            if is_left_over(entry.get("Labels") or {}, max(self._now - entry.get("Created", self._now), 0))
        ]

    @contextmanager
    def _asked(self) -> Iterator[Any]:
        """A client for some questions; the SDK's errors stop here."""
        client: Any = None
        try:
            with self._lock:
                client = self._free.pop() if self._free else None
            if client is None:
                self._check_socket()
            client = client or APIClient(self.address, version=self._version, timeout=ANSWER_SECONDS)
            yield client
        except TimeoutError:
            raise
        except APIError as error:
            _refuse(str(error.explanation or error.response), error)
        except (DockerException, OSError) as error:
            raise NotRun(
                f"The Docker Engine at {quoted(self.address)} does not answer; start it, or set "
                "`DOCKER_HOST` to the socket of one that runs."
            ) from error
        finally:
            self._put_back(client)

    def _check_socket(self) -> None:
        """Find out without the SDK, which leaves connections open that it could not make."""
        path = self.address.removeprefix("unix://")
        if path != self.address:
            with socket.socket(socket.AF_UNIX) as trial:
                trial.settimeout(ANSWER_SECONDS)
                trial.connect(path)

    def _put_back(self, client: Any) -> None:  # noqa: ANN401 the SDK has no types
        with self._lock:
            if not self._closed and client is not None:
                self._free.append(client)
                return
        if client is not None:
            client.close()


def address(environ: Mapping[str, str]) -> str:
    """Where the person's engine is, as `docker` finds it; podman's, where kpt is told of podman."""
    named = environ.get("DOCKER_HOST", "")
    if named:
        # What is spoken there is TLS, of which no half can be closed.
        secure = environ.get("DOCKER_TLS_VERIFY") or environ.get("DOCKER_CERT_PATH")
        return named.replace("tcp://", "https://", 1) if secure else named
    if environ.get("KRM_FN_RUNTIME") == "podman":
        if environ.get("CONTAINER_HOST"):
            return environ["CONTAINER_HOST"]
        folder = environ.get("XDG_RUNTIME_DIR") or "/run"
        return f"unix://{folder}/podman/podman.sock"
    return _context(environ.get("DOCKER_CONTEXT", ""))


def _context(name: str) -> str:
    """The address of a context of the Docker configuration: the one named, or the current one."""
    try:
        context: Any = ContextAPI.get_context(name) if name else ContextAPI.get_current_context()
    except Exception as error:  # the SDK raises this very class for a file that it cannot read
        raise NotRun(f"The contexts of the Docker configuration cannot be read: {error}.") from error
    if context is None and name:
        raise NotRun(f"There is no Docker context {quoted(name)}; `docker context ls` lists those there are.")
    return str(context.Host or "").removeprefix("http+") if context else ""


def _refuse(explanation: str, error: Exception | None = None) -> NoReturn:
    raise NotRun(f"docker: Error response from daemon: {explanation.strip().removesuffix('.')}.") from error


def _image(reference: str, found: Mapping[str, Any]) -> Image:
    declared = found.get("Config") or {}
    volumes = tuple(sorted(declared.get("Volumes") or {}))
    return Image(found["Id"], _digest(reference, found), volumes, bool(declared.get("Healthcheck")))


def _digest(reference: str, found: Mapping[str, Any]) -> str:
    """The digest in the registry that the reference names; the id of an image that came from none."""
    image = parts_of(reference)
    if image.digest:
        return image.digest
    repository = image.repository
    known = [text.rpartition("@") for text in found.get("RepoDigests") or ()]
    same = [digest for name, _, digest in known if name == repository or name.endswith(f"/{repository}")]
    return str((same or [digest for _, _, digest in known] or [found["Id"]])[0])


def _seconds(moment: str) -> float:
    """A moment of RFC 3339, in UTC with Go's nine decimals, in seconds since 1970; 0 where there is none."""
    whole = moment.partition(".")[0].removesuffix("Z")
    with suppress(ValueError):
        return datetime.fromisoformat(f"{whole}+00:00").timestamp()
    return 0


def _is_late(error: BaseException) -> bool:
    """`requests` says ReadTimeout, or, of Unix sockets, ConnectionError with urllib3's sentence in it."""
    return "timed out" in str(error).lower()
