"""What people do on a forge and what they see there, in words that fit every forge."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Protocol

from bot.forges.heard import Heard
from tests.attendant.conftest import KPTFILE, PIPELINE, POLICY, ZONE

DRAFT, OTHER = "net/dns/ttl", "net/dns/mx"
ZONE_FILE, KPT_FILE = "net/dns/zone.yaml", "net/dns/Kptfile"
Files = Mapping[str, bytes | None]
BEGINNING: Files = {
    ".portico.yaml": POLICY.encode(),
    KPT_FILE: KPTFILE.encode(),
    ZONE_FILE: ZONE.encode(),
    "blue/Kptfile": KPTFILE.replace("dns", "blue").encode(),
}
FUNCTIONS: Files = {KPT_FILE: PIPELINE.encode()}
BROKEN: Files = {KPT_FILE: PIPELINE.replace("set-labels:v0.2", "no-such-function:v9").encode()}


def zone(ttl: str) -> Files:
    """The package with another value."""
    return {ZONE_FILE: ZONE.replace("300", ttl).encode()}


class Trait(StrEnum):
    """What a forge may not have; a driver that lacks one says why."""

    CHANGES = "a change beside the branch, that people close, reopen and merge by a button"
    WORDS = "comments, in which words are said"
    PUSHES = "pushes to a branch that is proposed"
    TAG_RULES = "rules that keep the bot from making tags"
    WEBHOOKS = "webhooks that tell what happened"


class Stands(StrEnum):
    """How a draft stands, as the forge itself shows it."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    MERGED = "merged, and not published"
    GONE = "closed or deleted"


class Driver(Protocol):
    """One forge with the package net/dns and a bot that looks after it.

    ada writes and may approve, grace may approve, eve may do neither. What a forge itself refuses is not
    raised: a test holds to what is there afterwards. Drafts are named `<path>/<workspace>`.
    """

    lacks: ClassVar[Mapping[Trait, str]]

    @classmethod
    def opened(cls, folder: Path) -> AbstractContextManager["Driver"]:
        """A world of its own below `folder`."""

    def write(self, by: str, files: Files, draft: str = DRAFT) -> str:
        """Commit upon the draft, or where there is none upon the branch, and push it; the commit."""

    def write_main(self, files: Files) -> None:
        """Commit upon the branch, as its owner."""

    def rest(self) -> list[str]:
        """Let the bot do whatever is due, by a tick; what went wrong."""

    def restart(self) -> None:
        """Let the bot's process end, and another one begin that knows what is on the disk."""

    def propose(self, draft: str = DRAFT) -> None: ...
    def approve(self, by: str, draft: str = DRAFT) -> None: ...
    def reject(self, by: str, reason: str, draft: str = DRAFT) -> None: ...

    # Where there are changes
    def merge_by_hand(self, draft: str = DRAFT) -> None: ...
    def close(self, draft: str = DRAFT) -> None: ...
    def reopen(self, draft: str = DRAFT) -> None: ...

    # Where there are comments
    def say(self, by: str, text: str, draft: str = DRAFT) -> None: ...
    def reword(self, text: str, draft: str = DRAFT) -> None:
        """Let somebody else who may change the last comment."""

    def marks(self, draft: str = DRAFT) -> list[str]:
        """The last of the bot's marks on each comment by a person: done, refused, or nothing."""

    # Where there are rules
    def allow_tags(self, *, allowed: bool) -> None: ...

    # Where there are webhooks
    def events(self) -> list[Heard]:
        """What was told since this was asked last, as the bot hears it."""

    def look(self, heard: Heard) -> None:
        """Let the bot do what a webhook makes it do."""

    # What there is
    def stands(self, draft: str = DRAFT) -> Stands: ...
    def told(self, draft: str = DRAFT) -> str:
        """What the bot says of a draft to people, as they read it."""

    def head(self, draft: str = DRAFT) -> str:
        """The commit that stands on the draft's branch, '' for none."""

    def main(self) -> str: ...
    def tags(self) -> dict[str, str]:
        """Commits by the names of tags."""

    def show(self, commit: str, path: str = ZONE_FILE) -> str:
        """A file at a commit."""

    def message(self, commit: str) -> str: ...
    def author(self, commit: str) -> str: ...
    def create_tag(self, name: str, commit: str) -> None:
        """Let a tag be there that the bot did not make."""

    def written(self) -> object:
        """What is another thing whenever the bot has written anything."""


class Sparse:
    """A driver of a forge that lacks something: a test that asks for it all the same is told why."""

    lacks: ClassVar[Mapping[Trait, str]] = {}

    def merge_by_hand(self, draft: str = DRAFT) -> None:
        raise self._lacks(Trait.CHANGES, draft)

    def close(self, draft: str = DRAFT) -> None:
        raise self._lacks(Trait.CHANGES, draft)

    def reopen(self, draft: str = DRAFT) -> None:
        raise self._lacks(Trait.CHANGES, draft)

    def say(self, by: str, text: str, draft: str = DRAFT) -> None:
        raise self._lacks(Trait.WORDS, f"{by} {text} {draft}")

    def reword(self, text: str, draft: str = DRAFT) -> None:
        raise self._lacks(Trait.WORDS, f"{text} {draft}")

    def marks(self, draft: str = DRAFT) -> list[str]:
        raise self._lacks(Trait.WORDS, draft)

    def allow_tags(self, *, allowed: bool) -> None:
        raise self._lacks(Trait.TAG_RULES, str(allowed))

    def events(self) -> list[Heard]:
        raise self._lacks(Trait.WEBHOOKS, "")

    def look(self, heard: Heard) -> None:
        raise self._lacks(Trait.WEBHOOKS, str(heard))

    def _lacks(self, trait: Trait, asked: str) -> Exception:
        return AssertionError(f"{trait}, {asked}: {self.lacks.get(trait, 'nobody said why not')}")
