"""GitLab in small as the machine of interleavings knows it."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pygit2

from bot.attendant.attendant import Attendant
from bot.ports import Forge
from tests.attendant.contract.driver import BEGINNING
from tests.attendant.gitlab.street import street_of
from tests.attendant.town import Said
from tests.forges.clock import Clock
from tests.forges.git_half import HEADS, ZERO, Change
from tests.forges.gitlab.cast import Cast
from tests.forges.gitlab.exchange import Request
from tests.forges.gitlab.honest import honest
from tests.forges.gitlab.merge_request import Draft, MergeRequest
from tests.forges.gitlab.people import MAINTAINER
from tests.forges.gitlab.project import Event
from tests.forges.gitlab.pushing import move


class Coarse(Clock):
    """A clock that may stand still while things happen."""

    step = 1

    def tick(self) -> datetime:
        self.move(self.step)
        return self.now


class GitLabTown:
    words: Sequence[str] = (
        "/propose",
        "/approve",
        "/portico approve",
        "/reject no",
        "/delete",
        "> /portico approve",
        "/portico rebase",
        "/unapprove",
        "/draft",
        "/propose-delete",
        "/propose-delete v1",
    )
    weathers: Sequence[str] = ("premium", "slow", "still", "late")

    def __init__(self, root: Path) -> None:
        self.open = ExitStack()
        lab = self.open.enter_context(honest(root))
        self.clock = Coarse()
        lab.world.clock = lab.world.switchboard.clock = self.clock
        self.late: list[Event] = []
        cast = self.cast = Cast(lab, root)
        cast.project.settings.checked_after = 0
        self.street = street_of(cast, root / "state", BEGINNING)
        for username in ("ada", "grace", "mel"):
            cast.world.user(username)
            cast.world.add(cast.project, username, MAINTAINER)
        self.attendant = self.another()

    @property
    def repository(self) -> pygit2.Repository:
        return self.cast.project.bare.git

    def another(self, forge: Forge | None = None) -> Attendant:
        made = self.street.hire()
        return Attendant(replace(made.room, forge=forge or self.forge()))

    def forge(self) -> Forge:
        forge = self.street.hire().room.forge
        forge._session.pause = lambda _: None  # type: ignore[attr-defined] # nobody is waited for here
        return forge

    def land(self, branch: str, commit: str, by: str) -> None:
        cast, ref = self.cast, HEADS + branch
        with cast.world.lock:
            before = cast.project.bare.ref(ref) or ZERO
            if before != commit:
                cast.world.clock.tick()
                move(cast.world, cast.project, cast.user(by), [Change(ref, before, commit)])

    def numbers(self) -> Sequence[int]:
        return [*self.cast.project.merge_requests]

    def head(self, number: int) -> str:
        return self._request(number).head

    def branch(self, number: int) -> str:
        return self._request(number).source_branch

    def is_open(self, number: int) -> bool:
        return self._request(number).is_open

    def is_draft(self, number: int) -> bool:
        return self._request(number).is_draft

    def review(self, number: int, by: str, said: Said) -> bool:
        request = self._request(number)
        if said is Said.REJECTED:
            return self.cast.note(by, request, "/reject no").status < 300
        if said is Said.APPROVED:
            return self.cast.approve(by, request).status < 300
        return self.cast.ask("POST", f"/merge_requests/{number}/unapprove", {}, by).status < 300

    def write(self, number: int, by: str, text: str) -> None:
        self.cast.note(by, self._request(number), text)

    def ready(self, number: int) -> None:
        title = Draft.without(self._request(number).title)
        self.cast.ask("PUT", f"/merge_requests/{number}", {"title": title})

    def press_merge(self, number: int, by: str) -> None:
        self.cast.settle(self._request(number))
        self.cast.ask("PUT", f"/merge_requests/{number}/merge", {}, by)

    def close(self, number: int) -> None:
        self.cast.ask("PUT", f"/merge_requests/{number}", {"state_event": "close"})

    def let(self, weather: str) -> None:
        settings, events = self.cast.project.settings, self.cast.project.events
        match weather:
            case "premium":
                settings.is_paid = not settings.is_paid
            case "slow":
                settings.checked_after = 0 if settings.checked_after else 2
            case "still":
                self.clock.step = 0 if self.clock.step else 1
            case "late":
                if self.late:
                    events += self.late
                    events.sort(key=lambda each: each.at)
                    self.late = []
                elif events and events[-1].name.startswith("pushed"):
                    self.late = [events.pop()]

    def refs(self) -> Mapping[str, str]:
        return self.cast.project.bare.refs()

    def writes(self) -> Sequence[str]:
        """What was asked over the line: people need none."""
        return [
            f"{each.method} {each.path}"
            for each in self.cast.lab.log
            if each.method not in {"GET", "HEAD"} and not each.path.endswith("/graphql") and _is_bots(each)
        ]

    def pushers(self, merge: str) -> set[str]:
        requests = self.cast.project.merge_requests.values()
        request = next(each for each in requests if merge in {each.merge_commit, each.head})
        ended = request.merged
        found: set[str] = set()
        for each in [*self.cast.project.events, *self.late]:
            pushed = each.push or {}
            if pushed.get("ref") != request.source_branch or (ended and each.at > ended):
                continue
            if pushed["action"] == "created":
                found.clear()
            if pushed["action"] != "removed" and not each.author.is_bot:
                found.add(each.author.username)
        return found

    def _request(self, number: int) -> MergeRequest:
        return self.cast.project.merge_request(number)


def _is_bots(request: Request) -> bool:
    return any(name.lower() == "authorization" for name in request.headers)
