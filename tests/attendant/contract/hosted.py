"""What GitHub and GitLab in small have in common, driven: a cast, faults, and an attendant behind HTTP."""

import html
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import pygit2

from bot.attendant.attendant import Attendant
from bot.forges.heard import Heard
from tests.attendant.contract.driver import DRAFT, ZONE_FILE, Driver, Files, Stands
from tests.forges.git_half import HEADS, TAGS, ZERO, Bare
from tests.forges.github.exchange import Response
from tests.forges.github.faults import Fault, Faults

MARKS = {"confused": "refused", "rocket": "done", "hooray": "done"}


class Hosted(Driver):
    """A forge of which each kind of driver says how its people do what they do."""

    street: Any  # of either forge: what both have is used here
    ways: ClassVar[Mapping[str, tuple[str, str]]]
    """The requests by which a bot does something, each as a method and an expression for the path."""

    def edit(self, draft: str = DRAFT, **words: str) -> None:
        raise NotImplementedError

    def aim(self, branch: str, draft: str = DRAFT) -> None:
        """Let the change go into another branch."""
        raise NotImplementedError

    def open_by_hand(self, draft: str = DRAFT, target: str = "main") -> None:
        """A draft change that ada opens."""
        raise NotImplementedError

    def open_from_fork(self, files: Files, draft: str = DRAFT) -> None:
        """A change of eve's, who may not push, from a branch of her fork."""
        raise NotImplementedError

    def delete_fork(self) -> None:
        raise NotImplementedError

    def archive(self, *, archived: bool) -> None:
        raise NotImplementedError

    def demote(self, by: str) -> None:
        """Let somebody only read from now on."""
        raise NotImplementedError

    def promote(self, by: str) -> None:
        raise NotImplementedError

    def changes(self) -> int:
        """How many there are."""
        raise NotImplementedError

    def is_foreign(self, draft: str = DRAFT) -> bool:
        """Whether the newest change of this name is a fork's."""
        raise NotImplementedError

    def verdict(self, draft: str = DRAFT) -> str:
        """What the bot's check of the head says: good, bad or waiting."""
        raise NotImplementedError

    def asks_to_wait(self, seconds: int) -> Response:
        """The answer by which the forge asks to wait."""
        raise NotImplementedError

    def lose_living(self) -> None:
        """Let somebody delete the bot's comment."""
        raise NotImplementedError

    def move_clock(self, days: int) -> None:
        """Let the forge's clock be elsewhere."""
        self.cast.world.clock.move(days * 86_400)

    @property
    def log(self) -> list[Any]:
        """Every request over the line, and by hand."""
        raise NotImplementedError

    @property
    def cast(self) -> Any:
        return self.street.cast

    @property
    def bare(self) -> Bare:
        raise NotImplementedError

    def race(self, what: str, happens: Callable[[], object]) -> Fault:
        """Let something happen just before the bot does `what` the next time."""
        return self.faults.race(*self.ways[what], lambda _: happens())

    def fail(self, what: str, answer: Response, times: int = 1, *, after: bool = False) -> Fault:
        return self.faults.order(*self.ways[what], answer, times, after=after)

    def sent(self, what: str) -> int:
        """How often the bot asked to do something since this was asked of it last."""
        method, path = self.ways[what]
        found = [each for each in self.log if each.method == method and re.search(path, each.path)]
        self.log[:] = [each for each in self.log if each not in found]
        return len(found)

    def delete_branch(self, draft: str = DRAFT) -> None:
        self._move(draft, ZERO)

    def force(self, files: Files, draft: str = DRAFT) -> str:
        """Put another draft, that begins at the branch, in the place of what was there; its commit."""
        made = self.bare.tree(files, self.main())
        who = self.cast.user("ada").person
        commit = self.bare.make(made, [self.main()], "Anew", who, self.cast.world.clock.tick())
        self._move(draft, commit)
        return commit

    def _move(self, draft: str, commit: str) -> None:
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

    def push(
        self, by: str, change: Callable[[Path], object], draft: str = DRAFT, *, adds: bool = True
    ) -> None:
        """Commit whatever `change` does to a clone of the branch, and push it as a draft by Git itself."""
        clone = self.cast.clone(by)
        change(clone)
        if adds:
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

    def look_at_branch(self, draft: str = DRAFT, attendant: Attendant | None = None) -> None:
        (attendant or self.bot).look_at_branch(f"drafts/{draft}")

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
