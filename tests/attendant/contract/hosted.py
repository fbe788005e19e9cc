"""What GitHub and GitLab in small have in common, driven: a cast, faults, and an attendant behind HTTP."""

import html
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

import pygit2

from bot.attendant.attendant import Attendant
from bot.forges.heard import Heard
from tests.attendant.contract.driver import DRAFT, ZONE_FILE, Files, Stands
from tests.forges.git_half import HEADS, TAGS, Bare
from tests.forges.github.faults import Faults

MARKS = {"confused": "refused", "rocket": "done", "hooray": "done"}


class Hosted:
    """A forge of which each kind of driver says how its people do what they do."""

    street: Any  # of either forge: what both have is used here

    @property
    def cast(self) -> Any:
        return self.street.cast

    @property
    def bare(self) -> Bare:
        raise NotImplementedError

    @property
    def faults(self) -> Faults:
        found: Faults = self.cast.world.faults
        return found

    def hire(self, name: str = "state") -> Attendant:
        """An attendant, as a process with a memory of that name has it."""
        made: Attendant = self.street.hire(self.street.place.parent / name)
        return made

    def write(self, by: str, files: Files, draft: str = DRAFT) -> str:
        made: str = self.cast.commit(by, f"drafts/{draft}", files)
        return made

    def write_main(self, files: Files) -> None:
        self.cast.commit("root", "main", files)

    def push(self, by: str, change: Callable[[Path], object], draft: str = DRAFT) -> None:
        """Commit whatever `change` does to a clone of the branch, and push it as a draft by Git itself."""
        clone = self.cast.clone(by)
        change(clone)
        self.cast.git(clone, "add", ".")
        assert self.cast.git(clone, "commit", "-qm", "By hand").ok
        assert self.cast.git(clone, "push", "-q", "origin", f"+HEAD:refs/heads/drafts/{draft}").ok

    @cached_property
    def bot(self) -> Attendant:
        """The bot as one process that goes on; `hire` is for another one."""
        return self.hire()

    def rest(self) -> list[str]:
        return self.bot.look_at_all()

    def restart(self) -> None:
        self.__dict__.pop("bot", None)

    def look(self, heard: Heard) -> None:
        attendant = self.bot
        if heard.number:
            attendant.look(heard.number)
        elif heard.branch:
            attendant.look_at_branch(heard.branch)
        else:
            attendant.look_at_all()

    def look_at(self, draft: str = DRAFT, attendant: Attendant | None = None) -> None:
        """Look at one change alone, and raise what that raises."""
        (attendant or self.bot).look(self.number(draft))

    def number(self, draft: str = DRAFT) -> int:
        raise NotImplementedError

    def living(self, draft: str = DRAFT) -> str:
        """The one comment of the bot that says how it stands, as it is written."""
        raise NotImplementedError

    def told(self, draft: str = DRAFT) -> str:
        return html.unescape(self.living(draft))

    def head(self, draft: str = DRAFT) -> str:
        return self.bare.ref(f"{HEADS}drafts/{draft}")

    def main(self) -> str:
        return self.bare.ref(f"{HEADS}main")

    def tags(self) -> dict[str, str]:
        return {name.removeprefix(TAGS): commit for name, commit in self.bare.refs(TAGS).items()}

    def show(self, commit: str, path: str = ZONE_FILE) -> str:
        found = self.bare.commit(commit).tree[path]
        assert isinstance(found, pygit2.Blob)
        return found.data.decode()

    def message(self, commit: str) -> str:
        return self.bare.commit(commit).message

    def author(self, commit: str) -> str:
        return self.bare.commit(commit).author.name

    def create_tag(self, name: str, commit: str) -> None:
        self.bare.git.references.create(f"{TAGS}{name}", commit)


def stands(tags: dict[str, str], merge: str | None, *, merged: bool, is_open: bool, draft: bool) -> Stands:
    if merged:
        return Stands.PUBLISHED if merge in tags.values() else Stands.MERGED
    if not is_open:
        return Stands.GONE
    return Stands.DRAFT if draft else Stands.PROPOSED


def last_mark(names: Iterable[str]) -> str:
    """What the bot's marks on one comment amount to."""
    return next((MARKS[name] for name in names if name in MARKS), "")


def only_living(bodies: Iterable[str]) -> str:
    found = [body for body in bodies if body.startswith("<!-- portico:living -->")]
    assert len(found) <= 1, found
    return found[0] if found else ""
