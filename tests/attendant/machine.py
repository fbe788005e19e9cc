"""Whatever people, forge and crashes do in whatever order: one package, two drafts, three people."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pygit2
from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.errors import UserError
from bot.git.trees import package_tree
from bot.ports import Forge
from tests.attendant.town import PACKAGE, WRITES, Said, Town, commit_of, tip

WORKSPACES = ("one", "two")
PEOPLE = ("ada", "grace", "mel")
people = st.sampled_from(PEOPLE)
workspaces = st.sampled_from(WORKSPACES)
which_one = st.integers(0, 9)


class Died(Exception):
    """The process ends here: nothing after it is done."""


class Mortal:
    """A forge at which the bot dies when it has written `left` more times."""

    def __init__(self, forge: Forge, left: int, *, after: bool) -> None:
        self._forge, self._left, self._after = forge, left, after

    def __getattr__(self, name: str) -> Any:
        method: Callable[..., Any] = getattr(self._forge, name)
        if name not in WRITES:
            return method

        def dying(*args: Any, **kwargs: Any) -> Any:
            self._left -= 1
            if self._left < 0 and not self._after:
                raise Died
            done = method(*args, **kwargs)
            if self._left < 0:
                raise Died
            return done

        return dying


class Machine(RuleBasedStateMachine):
    """What may happen; a class of its own says where, by `build`."""

    town: Town

    def build(self, root: Path) -> Town:
        raise NotImplementedError

    @initialize()
    def begin(self) -> None:
        self.root = Path(tempfile.mkdtemp())
        self.town = self.build(self.root)
        self.tags: dict[str, str] = {}
        self.steps = 0
        # Who approved which tree of the package, as people really did.
        self.approved: dict[str, set[str]] = {}
        self.used: set[str] = set()
        # Who agreed to which deletion, by its branch and what it takes off the registered one.
        self.agreed: dict[tuple[str, str], set[str]] = {}

    def teardown(self) -> None:
        if hasattr(self, "root"):
            shutil.rmtree(self.root)

    @rule(by=people, workspace=workspaces, ttl=st.integers(1, 4), anew=st.booleans())
    def push(self, by: str, workspace: str, ttl: int, *, anew: bool) -> None:
        """A push, or with `anew` a force push of a draft that begins at the branch."""
        branch = f"drafts/{PACKAGE}/{workspace}"
        there = tip(self.town, f"refs/heads/{branch}")
        start = there if there and not anew else tip(self.town, "refs/heads/main")
        self.town.land(branch, commit_of(self.town, start, ttl, by), by)

    @rule(workspace=workspaces)
    def look_at_branch(self, workspace: str) -> None:
        self._look(lambda: self.town.attendant.look_at_branch(f"drafts/{PACKAGE}/{workspace}"))

    @rule(twice=st.booleans())
    def tick(self, *, twice: bool) -> None:
        for _ in range(1 + twice):
            self._look(self.town.attendant.look_at_all)

    @rule(left=st.integers(0, 4), after=st.booleans())
    def die(self, left: int, *, after: bool) -> None:
        """A look that ends in the middle, and a new process with nothing but what is on disk."""
        mortal = Mortal(self.town.forge(), left, after=after)
        attendant = self.town.another(mortal)
        with suppress(Died):
            self._look(attendant.look_at_all)

    @precondition(lambda self: self.town.numbers())
    @rule(by=people, said=st.sampled_from(Said), which=which_one)
    def review(self, by: str, said: Said, which: int) -> None:
        number = self._number(which)
        if self.town.review(number, by, said) and said is Said.APPROVED:
            self._approves(number, by)

    @precondition(lambda self: self.town.numbers())
    @rule(data=st.data(), by=people, which=which_one)
    def write(self, data: st.DataObject, by: str, which: int) -> None:
        number = self._number(which)
        text = data.draw(st.sampled_from(self.town.words))
        self.town.write(number, by, text)
        if text in {"/approve", "/portico approve"}:
            self._approves(number, by)

    @precondition(lambda self: self.town.numbers())
    @rule(which=which_one)
    def make_ready(self, which: int) -> None:
        number = self._number(which)
        if self.town.is_open(number):
            self.town.ready(number)

    @precondition(lambda self: self.town.numbers())
    @rule(which=which_one, look=st.booleans())
    def propose_and_approve(self, which: int, *, look: bool) -> None:
        """The way that it is meant to go, so that what comes after a publication is seen, too."""
        self.make_ready(which)
        if look:
            self.tick(twice=False)
        for by in ("ada", "grace"):
            self.review(by, Said.APPROVED, which)

    @precondition(lambda self: self.town.numbers())
    @rule(which=which_one, by=people)
    def press_merge(self, which: int, by: str) -> None:
        number = self._number(which)
        if self.town.is_open(number) and not self.town.is_draft(number):
            with suppress(UserError):  # the forge's button is grey: there are conflicts
                self.town.press_merge(number, by)

    @precondition(lambda self: self.town.numbers())
    @rule(which=which_one)
    def close(self, which: int) -> None:
        number = self._number(which)
        if self.town.is_open(number):
            self.town.close(number)

    @precondition(lambda self: self.tags)
    @rule(which=which_one, by=people)
    def push_a_deletion(self, which: int, by: str) -> None:
        """A tag pushed as the branch of its deletion, also over one that is there."""
        tag = sorted(self.tags)[which % len(self.tags)]
        self.town.land(_deletion_of(tag), self.tags[tag], by)

    @precondition(lambda self: self.tags)
    @rule(which=which_one, by=people)
    def delete(self, which: int, by: str) -> None:
        """The way that it is meant to go."""
        before = {*self.town.numbers()}
        self.push_a_deletion(which, by)
        self.tick(twice=False)
        for number in sorted({*self.town.numbers()} - before):
            for other in ("ada", "grace"):
                if self.town.review(number, other, Said.APPROVED):
                    self._approves(number, other)
        self.tick(twice=False)

    @precondition(lambda self: self.tags)
    @rule(which=which_one, by=people)
    def meddle(self, which: int, by: str) -> None:
        """Content on the branch of a deletion."""
        branch = _deletion_of(sorted(self.tags)[which % len(self.tags)])
        if head := tip(self.town, f"refs/heads/{branch}"):
            self.town.land(branch, commit_of(self.town, head, 9, by), by)

    @precondition(lambda self: self.town.weathers)
    @rule(data=st.data())
    def weather(self, data: st.DataObject) -> None:
        """What a forge does by itself: tell late, compute for long, take away what a push made stale."""
        self.town.let(data.draw(st.sampled_from(self.town.weathers)))

    @invariant()
    def tags_never_move_and_each_was_approved(self) -> None:
        if not hasattr(self, "town"):
            return
        now = {ref: commit for ref, commit in self.town.refs().items() if ref.startswith("refs/tags/")}
        for tag, commit in self.tags.items():
            assert now.get(tag, commit) == commit, "a tag never moves"
            if tag not in now:
                self._check_deletion(tag, commit)
        main, repository = tip(self.town, "refs/heads/main"), self.town.repository
        for tag, commit in now.items() - self.tags.items():
            assert tag not in self.used, "the number of a deleted revision comes back"
            assert commit == main or repository.descendant_of(main, commit), "a tag is on main"
            # Of what was merged; the branch may go on, as another draft.
            by_others = self.approved.get(self._tree(commit), set()) - self.town.pushers(commit)
            assert by_others, f"{tag} was approved by nobody else"
            event("published")
        self.tags = now

    @invariant()
    def a_second_round_writes_nothing(self) -> None:
        self.steps = getattr(self, "steps", 0) + 1
        if not hasattr(self, "town") or self.steps % 7:
            return
        self._look(self.town.attendant.look_at_all)
        self._look(self.town.attendant.look_at_all)
        before = len(self.town.writes())
        self._look(self.town.attendant.look_at_all)
        heads = [self.town.head(number) for number in self.town.numbers() if self.town.is_open(number)]
        # Two drafts at one commit share its one verdict, and each look gives it anew.
        shared = len(set(heads)) < len(heads)
        new = self.town.writes()[before:]
        assert [write for write in new if not (shared and is_verdict(write))] == []

    def _check_deletion(self, tag: str, commit: str) -> None:
        """A tag goes once its deletion is on main, which somebody else agreed to than who asked."""
        merged = [found for found in self._history() if f"Deletes: {commit}" in found.message]
        # The commits of people's asking; a merge of one says the same.
        asked = [found for found in merged if len(found.parent_ids) == 1]
        agreed = [
            self.agreed.get((_deletion_of(tag), self._removed(str(found.id))), set())
            - {found.author.email.partition("@")[0]}
            for found in asked
        ]
        assert any(agreed), f"nobody else wanted {tag} deleted"
        self.used.add(tag)
        event("deleted")

    def _history(self) -> list[pygit2.Commit]:
        main = tip(self.town, "refs/heads/main")
        return [*self.town.repository.walk(pygit2.Oid(hex=main))]

    def _removed(self, commit: str) -> str:
        """What a commit takes off the branch: the package's tree, '' for nothing."""
        parents = self.town.repository[commit].peel(pygit2.Commit).parent_ids
        return "" if self._tree(commit) or not parents else self._tree(str(parents[0]))

    def _approves(self, number: int, by: str) -> None:
        head = self.town.head(number)
        self.approved.setdefault(self._tree(head), set()).add(by)
        self.agreed.setdefault((self.town.branch(number), self._removed(head)), set()).add(by)

    def _look(self, look: Callable[[], object]) -> None:
        with suppress(UserError):  # said on the change, or done by the next look
            look()

    def _number(self, which: int) -> int:
        numbers = sorted(self.town.numbers())
        return numbers[which % len(numbers)]

    def _tree(self, commit: str) -> str:
        return package_tree(self.town.repository, commit, PACKAGE)


def _deletion_of(tag: str) -> str:
    return tag.replace("refs/tags/", "deletionProposed/")


def is_verdict(write: str) -> bool:
    return write == "judge" or "/statuses/" in write
