"""A real API server of Kubernetes in a process of its own, with people who may ask it and a kubectl."""

import http.client
import json
import os
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode, urlsplit

CRDS = Path(__file__).parents[2] / ".." / "shared" / "conformance" / "porch" / "crds"
ADMIN = "admin"
# Nobody but the admin may do anything before a role is bound to them, or to a group of theirs.
PEOPLE: Mapping[str, tuple[str, ...]] = {
    ADMIN: ("system:masters",),
    "portico": (),
    "ada": ("authors",),
    "grace": ("approvers",),
    "mallory": (),
}
START_SECONDS = 60
READ_SECONDS = 30  # how long a watch may be silent before a test fails


class Answer(NamedTuple):
    """What the server said; `body` is JSON where it is, else text."""

    status: int
    headers: Mapping[str, str]
    body: Any


class Cluster:
    """One server with a folder of its own, which a restart finds again.

    `built` is the folder of its programs. `flags` are those of `apiserver/main.go`: `-writes=1` lets one
    write at a time and answers 429 to the next; `-watch-cache=false` with `compact` makes old watches
    answer 410.
    """

    def __init__(self, built: Path, *flags: str, people: Mapping[str, Sequence[str]] = PEOPLE) -> None:
        self.people = people
        self._programs = built
        self._flags = flags
        # Not in pytest's folder: the path of a socket has 107 characters at most.
        self.folder = Path(tempfile.mkdtemp(prefix="portico-cluster-"))
        self._people = self.folder / "people.json"
        known = [{"name": name, "token": _token(name), "groups": groups} for name, groups in people.items()]
        self._people.write_text(json.dumps(known))
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._names = count(1)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()  # one that is asked to end waits for whoever watches
        shutil.rmtree(self.folder)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self._port}"

    @property
    def authority(self) -> Path:
        """The certificate of the server and its authority, in PEM; `server.key` beside it is its key."""
        return self.folder / "server.crt"

    @property
    def memory(self) -> int:
        """What the server holds in memory, in MiB."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) // 1024

    def start(self) -> None:
        """Start, and wait until all is served; the port stays the same after the first time.

        Custom resources that were there before may answer 429 for a moment, as after a restart of a cluster.
        """
        kubeconfig = self.folder / "kubeconfig"
        for path in (kubeconfig, *map(self.kubeconfig, self.people)):
            path.unlink(missing_ok=True)  # what those say is read off the whole one
        places = ("-folder", str(self.folder), "-people", str(self._people), "-port", str(self._port))
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "apiserver", "-leash", *places, *self._flags],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_SECONDS
        while not kubeconfig.exists():
            ended = self._process.poll() is not None
            if ended or time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"The server did not start: {(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.02)
        whole = json.loads(self.kubectl("config", "view", "--raw", "-o", "json"))
        self._port = urlsplit(whole["clusters"][0]["cluster"]["server"]).port
        for name in self.people:
            own = {
                **whole,
                "users": [user for user in whole["users"] if user["name"] == name],
                "contexts": [context for context in whole["contexts"] if context["name"] == name],
                "current-context": name,
            }
            self.kubeconfig(name).write_text(json.dumps(own))

    def stop(self) -> None:
        """End it as one that may finish what it does."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it in the midst of whatever it does."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        self.stop()
        self.start()

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        self._process.wait(START_SECONDS)
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process = None

    def kubeconfig(self, user: str = ADMIN) -> Path:
        """The file by which a program asks as `user`, and can ask as nobody else."""
        return self.folder / f"kubeconfig-{user}"

    def kubectl(self, *words: str, user: str = ADMIN, given: object = None) -> str:
        """What kubectl prints; `given` is put in as text, or as JSON where it is none."""
        done = self.try_kubectl(*words, user=user, given=given)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def try_kubectl(
        self, *words: str, user: str = ADMIN, given: object = None
    ) -> subprocess.CompletedProcess[str]:
        """The same, for what may be refused."""
        own = self.kubeconfig(user)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "KUBECONFIG": str(own if own.exists() else self.folder / "kubeconfig"),
        }
        text = given if isinstance(given, str) else json.dumps(given)
        return subprocess.run(
            [self._programs / "kubectl", *words],
            env=environment,
            input="" if given is None else text,
            capture_output=True,
            text=True,
            check=False,
        )

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        user: str = ADMIN,
        kind: str = "application/json",
        **query: str,
    ) -> Answer:
        """One request as it goes over the wire; `kind` is the media type of `body`."""
        with self._asked(method, path, body, user=user, kind=kind, query=query) as response:
            text = response.read()
            typed = response.headers.get_content_type() == "application/json"
            return Answer(
                response.status, dict(response.headers), json.loads(text) if typed else text.decode()
            )

    @contextmanager
    def watch(self, path: str, *, user: str = ADMIN, **query: str) -> Iterator[Iterator[Any]]:
        """The events of a watch as they come, until the server or the reader has enough."""
        asked = {"watch": "true", **query}
        with self._asked("GET", path, None, user=user, kind="application/json", query=asked) as response:
            yield (json.loads(line) for line in response)

    @contextmanager
    def _asked(
        self, method: str, path: str, body: object, *, user: str, kind: str, query: Mapping[str, str]
    ) -> Iterator[http.client.HTTPResponse]:
        context = ssl.create_default_context(cafile=str(self.authority))
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self._port, timeout=READ_SECONDS, context=context
        )
        headers = {
            "Authorization": f"Bearer {_token(user)}",
            "Content-Type": kind,
            "Accept": "application/json",
        }
        try:
            target = f"{path}?{urlencode(query)}" if query else path
            connection.request(method, target, None if body is None else json.dumps(body), headers)
            with connection.getresponse() as response:
                yield response
        finally:
            connection.close()

    def install(self, folder: Path = CRDS) -> None:
        """Install every custom resource definition in `folder`, and wait until they are served."""
        self.kubectl("apply", "--server-side", "-f", str(folder))
        self.kubectl("wait", "--for=condition=Established", "--timeout=30s", "crd", "--all")
        # The first who asks for one may be told to come again, which kubectl does.
        names = self.kubectl("get", "crd", "-o", "name").split()
        self.kubectl("get", ",".join(name.partition("/")[2] for name in names), "-A")

    def namespace(self) -> str:
        """A new namespace."""
        name = f"test-{next(self._names)}"
        self.kubectl("create", "namespace", name)
        return name

    def grant(self, user: str, namespace: str, verbs: str, *resources: str) -> None:
        """Let `user` do `verbs` (`get,list`) to `resources` (`packagerevisions.porch.kpt.dev/status`)."""
        name = f"{user}-{next(self._names)}"
        words = [f"--resource={resource}" for resource in resources]
        self.kubectl("create", "role", name, "-n", namespace, f"--verb={verbs}", *words)
        self.kubectl("create", "rolebinding", name, "-n", namespace, f"--role={name}", f"--user={user}")

    def compact(self) -> None:
        """Forget all history, as a cluster does every five minutes."""
        answer = self.request("POST", "/compact")
        assert answer.status == http.HTTPStatus.OK, answer

    def audited(self, user: str = "") -> list[Any]:
        """What was asked of the server since its folder was made, or what `user` asked, first to last."""
        lines = (self.folder / "audit.log").read_text().splitlines()
        told = [json.loads(line) for line in lines]
        return [event for event in told if user in ("", event["user"].get("username"))]


def _token(user: str) -> str:
    return f"token-of-{user}"
