"""The switchboard: every event of a world, which a test delivers, loses, doubles, delays or reorders."""

import base64
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
from tests.forges.gitlab.people import Group
from tests.forges.gitlab.project import Project

Json = dict[str, Any]
PATIENCE = 10  # seconds that a receiver has
FAILURES = 4  # of a hook in a row, before it rests
EVENTS = {
    "Push Hook": "push_events",
    "Tag Push Hook": "tag_push_events",
    "Merge Request Hook": "merge_requests_events",
    "Note Hook": "note_events",
    "Issue Hook": "issues_events",
    "Emoji Hook": "emoji_events",
    "Pipeline Hook": "pipeline_events",
}


@dataclass(eq=False)
class Hook:
    """One who wants events, of a project or of all projects of a group."""

    id: int
    made: datetime
    url: str = ""
    token: str = ""
    """What is sent as it is."""
    key: bytes = b""
    """What deliveries are signed with; nothing for none."""
    project: Project | None = None
    group: Group | None = None
    events: frozenset[str] = frozenset(EVENTS.values())
    name: str | None = None
    description: str | None = None
    verifies: bool = True
    branches: str = ""
    uuid: str = ""
    failures: int = 0
    strategy: str = "wildcard"

    def wants(self, event: str, held: Project) -> bool:
        belongs = self.project is held or (self.group is not None and self.group in held.group.line())
        return belongs and EVENTS[event] in self.events

    @property
    def is_resting(self) -> bool:
        return self.failures >= FAILURES


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one hook; a second try has the same `key` and `event_uuid`."""

    id: int
    key: str
    """Header Idempotency-Key, and `webhook-id`."""
    event_uuid: str
    """What all hooks read that are told of the same."""
    hook: Hook
    event: str
    action: str
    payload: Json
    due: datetime
    instance: str
    code: int = 0
    """What the receiver answered; 0 when nobody did."""
    at: datetime | None = None
    said: str = ""

    @property
    def body(self) -> bytes:
        return json.dumps(self.payload, separators=(",", ":"), ensure_ascii=False).encode()

    def headers_at(self, moment: datetime) -> dict[str, str]:
        """The headers of a delivery that leaves at `moment`."""
        found = {
            "Content-Type": "application/json",
            "User-Agent": "GitLab/18.6.0",
            "Idempotency-Key": self.key,
            "X-Gitlab-Event": self.event,
            "X-Gitlab-Webhook-UUID": self.hook.uuid,
            "X-Gitlab-Instance": self.instance,
            "X-Gitlab-Event-UUID": self.event_uuid,
        }
        if self.hook.token:
            found["X-Gitlab-Token"] = self.hook.token
        if self.hook.key:
            seconds = str(int(moment.timestamp()))
            signed = f"{self.key}.{seconds}.".encode() + self.body
            made = base64.b64encode(hmac.new(self.hook.key, signed, hashlib.sha256).digest()).decode()
            found |= {"webhook-id": self.key, "webhook-timestamp": seconds, "webhook-signature": f"v1,{made}"}
        return found

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a delivery that leaves when it is due."""
        return self.headers_at(self.at or self.due)

    @property
    def name(self) -> str:
        """The kind of event and its action: `merge_request.merge`, or `push`."""
        kind = str(self.payload["object_kind"])
        return f"{kind}.{self.action}" if self.action else kind


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
    """Every event by its header, its action and its payload, whether a hook wanted it or not."""
    numbers: int = 0

    def uuid(self) -> str:
        self.numbers += 1
        made = hashlib.md5(f"portico-{self.numbers}".encode()).hexdigest()  # noqa: S324 no secret
        return str(UUID(made, version=4))

    def tell(self, event: str, payload: Json, held: Iterable[Hook], instance: str) -> None:
        """Let an event wait for those hooks, of which all read the same X-Gitlab-Event-UUID."""
        action = str(payload.get("object_attributes", {}).get("action") or "")
        self.told.append((event, action, payload))
        shared = self.uuid()
        for hook in held:
            made = Delivery(
                self.numbers, self.uuid(), shared, hook, event, action, payload, self.clock.now, instance
            )
            if not hook.is_resting:
                self.waiting.append(made)

    # What a test does

    def select(self, wanted: Wanted) -> list[Delivery]:
        """Those that wait and are named by kind, kind and action, or header; or of which `wanted` says so."""
        if callable(wanted):
            return [each for each in self.waiting if wanted(each)]
        return [e for e in self.waiting if wanted in {e.payload["object_kind"], e.name, e.event}]

    def lose(self, wanted: Wanted) -> int:
        """Take deliveries away, as a network does."""
        found = self.select(wanted)
        self.waiting = [each for each in self.waiting if each not in found]
        self.lost += found
        self.tried += [replace(each, at=self.clock.now) for each in found]
        return len(found)

    def double(self, wanted: Wanted) -> int:
        """Let deliveries come twice with the same keys."""
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
        """Send once more: the same keys and payload, an id of its own."""
        self.numbers += 1
        made = replace(held, id=self.numbers, code=0, at=None, due=self.clock.now)
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
            leaving = replace(due[0], at=self.clock.now)
            code, said = (receiver(leaving), "") if receiver else post(leaving)
            done.append(replace(leaving, code=code, said=said))
            hook = leaving.hook
            hook.failures = 0 if 200 <= code < 300 else hook.failures + 1
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
