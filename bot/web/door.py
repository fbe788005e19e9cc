"""One forge at which the house may be called: how to hear it, whom to let in, who looks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.forges.heard import Heard
from bot.web.look import Attendant, Heed, Look
from bot.web.registrations import Registrations


class Hear(Protocol):
    """Reads one delivery of a forge."""

    def __call__(self, headers: Mapping[str, str], body: bytes, secrets: Sequence[bytes], /) -> Heard | None:
        """Say what it amounts to, None for what is not ours.

        Raises InvalidDocument for a signed message that cannot be read, and another UserError for one that
        none of `secrets` signed. Nothing of the body is parsed before.
        """


def nobody(_look: Look, _sentence: str, /) -> None:
    """Nobody wants to know; the log and the metrics do."""


def unknown() -> str:
    """Our login, while no look has told it."""
    return ""


def none_found() -> Sequence[str]:
    """No repository beside those that the settings name in full."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """`forge` names the door: its address is `/webhooks/<forge>`.

    `secrets` are those that may sign, several while one replaces another. `found` lists the repositories
    that the forge shows us, for patterns such as 'acme/*'; it may raise. `event_header` tells what kind of
    event a delivery is, for the metrics, where only `events` are named. `heed` hears of looks given up. `me`
    is the login by which we are known there, '' while no look has told it.
    """

    forge: str
    secrets: tuple[bytes, ...]
    registrations: Registrations
    hear: Hear
    attend: Attendant
    event_header: str
    events: frozenset[str]
    found: Callable[[], Sequence[str]] = none_found
    heed: Heed = nobody
    me: Callable[[], str] = unknown

    def is_echo(self, heard: Heard) -> bool:
        """Whether it only tells what we did ourselves, and followed to its end."""
        return bool(heard.news_to_others_than) and heard.news_to_others_than.lower() == self.me().lower()

    def repositories(self) -> list[str]:
        """Every repository to look at from time to time: named in full, or found and let in by a pattern."""
        names = [*self.registrations.named()]
        if self.registrations.has_patterns:
            names += [known.name for name in self.found() if (known := self.registrations.of(name))]
        return list(dict.fromkeys(names))
