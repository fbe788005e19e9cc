"""The attendants of one forge: one for each repository, hired when it is first looked at."""

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

from bot.attendant.attendant import Attendant
from bot.errors import Refused, UserError
from bot.packages.naming import quoted
from bot.web.look import Look
from bot.web.registrations import Registered, Registrations

# Hires an attendant of a repository, for whose learning there is a folder.
Hire = Callable[[Registered, Path], Attendant]


class Attendants:
    """What attendants learn lies below `state`; `me` is our login, '' while no look has told it."""

    def __init__(self, registrations: Registrations, state: Path, hire: Hire) -> None:
        self._registrations = registrations
        self._state = state
        self._hire = hire
        self._hired: dict[str, Attendant] = {}
        self._me = ""
        self._lock = threading.Lock()

    def attend(self, look: Look, /) -> None:
        """Look where the order says; raises what the attendant raises, for all of a repository at its end."""
        attendant = self._attendant(look.repository)
        self._me = attendant.me
        if look.number:
            attendant.look(look.number)
        elif look.branch and look.branch != attendant.room.layout.branch:
            attendant.look_at_branch(look.branch)
        # What is published makes others stale, and a policy is about all: but that is no reason to ask for
        # what nothing shows.
        elif failures := attendant.look_at_all(anew=not look.branch):
            raise UserError("\n".join(failures))

    def me(self) -> str:
        return self._me

    def _attendant(self, name: str) -> Attendant:
        with self._lock:
            if name not in self._hired:
                self._hired[name] = self._hire_for(name)
            return self._hired[name]

    def _hire_for(self, name: str) -> Attendant:
        known = self._registrations.of(name)
        if known is None:
            raise Refused(f"The settings name no repository {quoted(name)}.")
        # Names of repositories are told apart by forges without regard to case.
        folder = hashlib.sha256(name.lower().encode()).hexdigest()[:20]
        return self._hire(known._replace(name=name), self._state / folder)
