"""The to-do list on Redis or Valkey, which processes of many machines may share."""

import threading
import time
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import redis
from redis.backoff import NoBackoff
from redis.exceptions import NoPermissionError
from redis.retry import Retry

from bot.packages.naming import quoted
from bot.web import redis_scripts as scripts
from bot.web.clock import Clock
from bot.web.look import Look
from bot.web.redis_server import RedisServer
from bot.web.todo import (
    DELIVERIES_KEPT_SECONDS,
    GIVEN_UP_KEPT_SECONDS,
    LEASE_SECONDS,
    MOST_LOOKS,
    Depth,
    Full,
    GivenUp,
    NotKept,
    Taken,
)

# Braces keep all keys on one machine where several share the work.
PREFIX = "{portico}:"
# A forge waits ten seconds for an answer, and a server that does not answer in a few is of no use.
PATIENCE_SECONDS = 3
MORTAL = (
    "The queue's server keeps what it is told in memory alone: it must have `appendonly yes`, or webhooks "
    "are lost when it is started anew."
)
EVICTING = (
    "The queue's server throws things away when its memory is full: it must have `maxmemory-policy "
    "noeviction`."
)
SILENT = "The queue's server does not say whether it keeps what it is told: let its user run `INFO`."


class RedisTodo:
    """Nothing is sent yet; a server that is away, or takes no writes, makes each method raise NotKept.

    What another process takes over when this one is late, this one does not hand out again before it has told
    how its look ended. An answer that got lost on its way costs at most a lease. `clock` is that of this
    machine, from which the times come that it is given: they are turned into the server's, so that machines
    need not agree. None takes them as they are.
    """

    def __init__(
        self,
        server: RedisServer,
        *,
        most: int = MOST_LOOKS,
        lease: float = LEASE_SECONDS,
        clock: Clock | None = time.time,
    ) -> None:
        self.server = server
        self.most = most
        self.lease = lease
        self.me = uuid4().hex
        self._clock = clock
        self._client = _client(server)
        self._scripts: dict[str, Any] = {}
        self._held: set[str] = set()
        self._one_at_a_time = threading.Lock()

    def close(self) -> None:
        self._client.close()

    def ask(self, look: Look, delivery: str, now: float) -> bool:
        known = f"{look.forge} {delivery}" if delivery else ""
        answer = self._run(scripts.ASK, now, _text(look), known, self.most)
        if answer == scripts.FULL:
            raise Full(f"{self.most} looks are waiting already.")
        return bool(answer == scripts.NEW)

    def remind(self, looks: Sequence[Look], now: float) -> None:
        for at in range(0, len(looks), scripts.PORTION):
            self._run(scripts.REMIND, now, *map(_text, looks[at : at + scripts.PORTION]))

    def take(self, now: float) -> Taken | None:
        found = self._run(scripts.TAKE, now, self.me, self.lease, *self._homes())
        if found is None:
            return None
        text, place, asked, tries = found
        taken = Taken(place, _look(text), asked, tries)
        with self._one_at_a_time:
            self._held.add(_home(taken.look))
        return taken

    def renew(self, now: float) -> None:
        self._run(scripts.RENEW, now, self.me, self.lease, *self._homes())

    def done(self, taken: Taken, now: float) -> None:
        self._end(scripts.DONE, taken, now)

    def again(self, taken: Taken, due: float, *, tries: int, rest: bool) -> None:
        now = self._clock() if self._clock else 0
        self._end(scripts.AGAIN, taken, now, _exact(due), tries, "1" if rest else "")

    def give_up(self, taken: Taken, reason: str, now: float) -> None:
        self._end(scripts.GIVE_UP, taken, now, taken.tries + 1, reason)

    def let_go(self) -> None:
        self._run(scripts.LET_GO, 0, self.me)
        with self._one_at_a_time:
            self._held.clear()

    def depth(self, now: float) -> Depth:
        waiting, running, given_up, oldest = self._run(scripts.DEPTH, now, self.me, *self._homes())
        return Depth(waiting, running, given_up, float(oldest))

    def given_up(self) -> list[GivenUp]:
        found = self._run(scripts.GIVEN_UP, 0)
        rows = sorted((float(at), place, text, tries, reason) for text, place, tries, at, reason in found)
        return [GivenUp(_look(text), tries, at, reason) for at, _, text, tries, reason in rows]

    def sweep(self, now: float) -> None:
        kept = (DELIVERIES_KEPT_SECONDS, GIVEN_UP_KEPT_SECONDS)
        while self._run(scripts.SWEEP, now, *kept) >= scripts.PORTION:
            pass  # each portion is short, so that nobody waits for long

    def warning(self) -> str:
        try:
            said = {**self._client.info("persistence"), **self._client.info("memory")}
        except NoPermissionError:
            return SILENT
        except redis.RedisError as error:
            raise self._not_kept(error) from None
        warnings = [] if said.get("aof_enabled") else [MORTAL]
        if said.get("maxmemory") and str(said.get("maxmemory_policy")).startswith("allkeys"):
            warnings.append(EVICTING)
        return " ".join(warnings)

    def _end(self, script: str, taken: Taken, now: float, *words: object) -> None:
        self._run(script, now, self.me, _text(taken.look), taken.place, taken.asked, *words)
        with self._one_at_a_time:
            self._held.discard(_home(taken.look))

    def _homes(self) -> list[str]:
        with self._one_at_a_time:
            return [*self._held]

    def _run(self, script: str, now: float, *words: object) -> Any:  # noqa: ANN401 each script answers otherwise
        if script not in self._scripts:
            self._scripts[script] = self._client.register_script(script)
        keys = [PREFIX + key for key in scripts.KEYS]
        try:
            answer = self._scripts[script](keys, [_exact(now), "1" if self._clock else "", *words])
        except redis.RedisError as error:
            raise self._not_kept(error) from None
        if answer == scripts.ANOTHER_VERSION:
            raise NotKept(f"The queue {quoted(str(self.server))} was written by another version of Portico.")
        return answer

    def _not_kept(self, error: redis.RedisError) -> NotKept:
        return NotKept(f"The queue {quoted(str(self.server))} cannot be used: {str(error).rstrip('.')}.")


def _client(server: RedisServer) -> redis.Redis:
    """Nothing is sent twice by itself: whoever asked knows what a second time would mean."""
    return redis.Redis(
        host=server.host,
        port=server.port,
        db=server.database,
        username=server.user or None,
        password=server.password.reveal() if server.password else None,
        ssl=server.is_encrypted,
        # The older versions of the library believe whoever has a certificate of anybody.
        ssl_check_hostname=server.is_encrypted,
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
        decode_responses=True,
        encoding_errors="replace",
        client_name="portico",
    )


def _exact(seconds: float) -> str:
    return repr(float(seconds))


def _text(look: Look) -> str:
    return f"{look.forge} {look.repository} {look.number} {look.issue} {look.branch}"


def _look(text: str) -> Look:
    forge, repository, number, issue, branch = text.split(" ", 4)
    return Look(forge, repository, int(number), branch, int(issue))


def _home(look: Look) -> str:
    return f"{look.forge} {look.repository}"
