"""The threads that take looks from the list and have them done, and the one that holds on to them."""

import random
import threading
import time

from bot.errors import InternalError, UserError
from bot.web.door import Door
from bot.web.look import Look
from bot.web.office import Office
from bot.web.outcome import Again, Done, GiveUp, Outcome, Rest, is_denial, outcome
from bot.web.todo import NotKept, Taken

# How often what other processes put on the list, and what is due again, is seen.
GLANCE_SECONDS = 1.0
RENEWAL_SECONDS = 15.0


class Crew:
    """Looks are done by `size` threads until `stop`; what the list cannot be told is told it again."""

    def __init__(self, office: Office) -> None:
        self.doors, self.todo, self.bell = office.doors, office.todo, office.bell
        self.health, self.measures, self.log = office.health, office.measures, office.log
        self.now = office.now
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self, size: int) -> None:
        names = [(self._work, f"look-{number}") for number in range(size)]
        for target, name in (*names, (self._hold, "renewal")):
            # A look that hangs must not keep the process from ending.
            thread = threading.Thread(target=target, name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self, seconds: float) -> bool:
        """Take nothing new and wait for what is being done; False when some of it was left."""
        self._stopping.set()
        self.bell.ring()
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        ended = not any(thread.is_alive() for thread in self._threads)
        try:
            self.todo.let_go()
        except NotKept as error:
            self.log.trouble("queue", text=str(error))
        return ended

    def _work(self) -> None:
        while not self._stopping.is_set():
            heard = self.bell.heard()
            taken = self._take()
            if taken is None:
                self.bell.wait(heard, GLANCE_SECONDS)
            else:
                self._do(taken)

    def _hold(self) -> None:
        while not self._stopping.wait(RENEWAL_SECONDS):
            try:
                self.todo.renew(self.now())
            except NotKept as error:
                self.log.trouble("queue", text=str(error))

    def _take(self) -> Taken | None:
        try:
            return self.todo.take(self.now())
        except NotKept as error:
            self.log.trouble("queue", text=str(error))
            self._stopping.wait(GLANCE_SECONDS)
            return None

    def _do(self, taken: Taken) -> None:
        look = taken.look
        door = self.doors.get(look.forge)
        if door is None or door.registrations.of(look.repository) is None:
            self.log.note("look", **look._asdict(), outcome="not_registered")
            self._tell(taken, Done(), "")
            return
        self.health.began(look)
        error = _failure(door, look)
        seconds = self.health.ended(look, welcome=error is None or (False if is_denial(error) else None))
        judged = outcome(error, taken.tries, random.random())  # noqa: S311 jitter is no secret
        self.measures.looked(look.forge, judged.word, seconds)
        reason = self._written_down(taken, error, judged, seconds)
        self._tell(taken, judged, reason)
        if isinstance(judged, GiveUp):
            self._say(door, taken, reason)

    def _written_down(self, taken: Taken, error: Exception | None, judged: Outcome, seconds: float) -> str:
        fields = {**taken.look._asdict(), "outcome": judged.word, "seconds": round(seconds, 3)}
        if error is None:
            self.log.note("look", **fields)
            return ""
        if isinstance(error, UserError):
            self.log.trouble("look", **fields, tries=taken.tries + 1, text=str(error))
            return str(error)
        number = self.log.fault("look", error, **fields, tries=taken.tries + 1)
        return f"Portico failed, and has logged why as {number}; tell its owner."

    def _tell(self, taken: Taken, judged: Outcome, reason: str) -> None:
        """Until the list knows, the repository is held; a process that ends here has it looked at again."""
        while True:
            try:
                self._note(taken, judged, reason)
            except NotKept as error:
                self.log.trouble("queue", text=str(error))
                if self._stopping.wait(GLANCE_SECONDS):
                    return
            else:
                self.bell.ring()  # others may wait for this repository
                return

    def _note(self, taken: Taken, judged: Outcome, reason: str) -> None:
        now = self.now()
        match judged:
            case Done():
                self.todo.done(taken, now)
            case Rest(seconds):
                self.todo.again(taken, now + seconds, tries=taken.tries, rest=True)
            case Again(seconds):
                self.todo.again(taken, now + seconds, tries=taken.tries + 1, rest=False)
            case GiveUp():
                self.todo.give_up(taken, reason, now)

    def _say(self, door: Door, taken: Taken, reason: str) -> None:
        try:
            door.heed(taken.look, reason)
        except Exception as error:  # noqa: BLE001 that nobody could be told changes nothing
            self.log.fault("heed", error, **taken.look._asdict())


def _failure(door: Door, look: Look) -> Exception | None:
    try:
        door.attend(look)
    except SystemExit as exit_:
        # A library that wants to end the program ends a look only.
        return InternalError(f"something tried to end the program with {exit_.code}")
    except Exception as error:  # noqa: BLE001 what nobody expected is logged with an id and tried again
        return error
    return None
