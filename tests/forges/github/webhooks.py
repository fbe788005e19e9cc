"""The switchboard: every event of a world, which a test delivers, loses, doubles, delays or reorders."""

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.forges.clock import Clock
from tests.forges.github.apps import App
from tests.forges.github.repository import Repository

Json = dict[str, Any]
LARGEST = 25 * 1024 * 1024  # bytes of a payload; what is larger is not sent
PATIENCE = 10  # seconds that a receiver has


@dataclass(eq=False)
class Hook:
    """One who wants events: an App where it is installed, or a hook of one repository."""

    id: int
    secret: str
    url: str = ""
    app: App | None = None
    repository: Repository | None = None
    events: frozenset[str] | None = None
    """None is all of them; an App's are its own."""
    active: bool = True
    insecure: str = "0"
    """Whether its address may have any certificate, as GitHub writes it."""

    def wants(self, event: str) -> bool:
        wanted = self.app.events if self.app else self.events
        return self.active and self._is_wanted(event, wanted)

    @staticmethod
    def _is_wanted(event: str, wanted: Iterable[str] | None) -> bool:
        return wanted is None or event in wanted or event == "ping"

    @property
    def target(self) -> tuple[str, int]:
        """What the hook hangs on, and its id."""
        if self.app:
            return "integration", self.app.id
        return "repository", self.repository.id if self.repository else 0


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one hook; a second try has the same `guid` and another `id`."""

    id: int
    guid: str
    hook: Hook
    event: str
    action: str
    payload: Json
    due: datetime
    redelivery: bool = False
    installation: int | None = None
    repository: int | None = None
    code: int = 0
    """What the receiver answered; 0 when nobody did."""
    at: datetime | None = None
    said: str = ""

    @property
    def body(self) -> bytes:
        return json.dumps(self.payload, separators=(",", ":"), ensure_ascii=False).encode()

    @property
    def headers(self) -> dict[str, str]:
        kind, number = self.hook.target
        key = self.hook.secret.encode()
        found = {
            "Accept": "*/*",
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/0000000",
            "X-GitHub-Delivery": self.guid,
            "X-GitHub-Event": self.event,
            "X-GitHub-Hook-ID": str(self.hook.id),
            "X-GitHub-Hook-Installation-Target-ID": str(number),
            "X-GitHub-Hook-Installation-Target-Type": kind,
        }
        if key:
            found["X-Hub-Signature"] = f"sha1={hmac.new(key, self.body, hashlib.sha1).hexdigest()}"
            found["X-Hub-Signature-256"] = f"sha256={hmac.new(key, self.body, hashlib.sha256).hexdigest()}"
        return found

    @property
    def name(self) -> str:
        """The event and its action: `pull_request.closed`, or `push`."""
        return f"{self.event}.{self.action}" if self.action else self.event


Receiver = Callable[[Delivery], int]
Wanted = str | Callable[[Delivery], bool]


@dataclass(eq=False)
class Switchboard:
    """What waits to be delivered, in order, and what was tried."""

    clock: Clock
    hooks: list[Hook] = field(default_factory=list)
    waiting: list[Delivery] = field(default_factory=list)
    tried: list[Delivery] = field(default_factory=list)
    lost: list[Delivery] = field(default_factory=list)
    told: list[tuple[str, str, Json]] = field(default_factory=list)
    """Every event, its action and its payload, whether a hook wanted it or not."""
    numbers: int = 0
    largest: int = LARGEST

    def put(self, hook: Hook, event: str, payload: Json, repository: int | None) -> None:
        """Let an event wait for its hook."""
        self.numbers += 1
        guid = str(UUID(hashlib.md5(f"{hook.id}-{self.numbers}".encode()).hexdigest(), version=4))  # noqa: S324 no secret
        installed = payload.get("installation", {}).get("id")
        made = Delivery(
            self.numbers,
            guid,
            hook,
            event,
            payload.get("action", ""),
            payload,
            self.clock.now,
            installation=installed,
            repository=repository,
        )
        if len(made.body) <= self.largest:
            self.waiting.append(made)

    # What a test does

    def select(self, wanted: Wanted) -> list[Delivery]:
        """Those that wait and are named `event` or `event.action`, or of which `wanted` says so."""
        if callable(wanted):
            return [each for each in self.waiting if wanted(each)]
        return [each for each in self.waiting if wanted in {each.event, each.name}]

    def lose(self, wanted: Wanted) -> int:
        """Take deliveries away, as a network does; they can still be asked for again by their ids."""
        found = self.select(wanted)
        self.waiting = [each for each in self.waiting if each not in found]
        self.lost += found
        self.tried += [replace(each, at=self.clock.now) for each in found]
        return len(found)

    def double(self, wanted: Wanted) -> int:
        """Let deliveries come twice with the same GUID."""
        found = self.select(wanted)
        for each in found:
            self.again(each)
        return len(found)

    def delay(self, wanted: Wanted, seconds: float) -> int:
        """Let deliveries wait until the clock was moved so far."""
        found = self.select(wanted)
        due = self.clock.now + timedelta(seconds=seconds)
        self.waiting = [replace(each, due=due) if each in found else each for each in self.waiting]
        return len(found)

    def reorder(self, order: Callable[[list[Delivery]], list[Delivery]] = lambda held: held[::-1]) -> None:
        """Let deliveries come in another order, by default the reverse."""
        self.waiting = order(self.waiting)

    def again(self, held: Delivery) -> Delivery:
        """Redeliver: the same GUID and payload, an id of its own."""
        self.numbers += 1
        made = replace(held, id=self.numbers, redelivery=True, code=0, at=None, due=self.clock.now)
        self.waiting.append(made)
        return made

    def deliver(self, receiver: Receiver | None = None, most: int = 1_000_000) -> list[Delivery]:
        """Deliver what is due, in order: to `receiver`, or by HTTP to its hook's address."""
        done: list[Delivery] = []
        while len(done) < most:
            due = [each for each in self.waiting if each.due <= self.clock.now]
            if not due:
                break
            self.waiting.remove(due[0])
            code, said = (receiver(due[0]), "") if receiver else post(due[0])
            done.append(replace(due[0], code=code, said=said, at=self.clock.now))
            self.tried.append(done[-1])
        return done


def post(held: Delivery) -> tuple[int, str]:
    """The status and words with which a receiver answers; 0 when nobody is there."""
    if not held.hook.url:
        return 0, ""
    request = urllib.request.Request(held.hook.url, held.body, held.headers)  # noqa: S310 the test's own
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 the test's own
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")
    except OSError:
        return 0, ""
