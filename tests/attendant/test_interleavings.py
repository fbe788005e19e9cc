"""Whatever people, forge and crashes do in whatever order: nothing is published that nobody approved."""

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pygit2
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot import compose
from bot.errors import UserError
from bot.git.branches import RemoteBranches
from bot.git.trees import package_tree
from bot.lifecycle.change import Opinion
from bot.packages.layout import Layout
from tests.attendant.conftest import ZONE, Scene, make_scene
from tests.attendant.village import PEOPLE, Village

WRITES = frozenset(
    {"mark", "merge", "create_tag", "delete_tag", "keep_living", "react", "judge", "open_change", "close"}
)
WORDS = ("/propose", "/approve", "/reject no", "/delete", "> /approve")
STEPS = int(os.environ.get("PORTICO_STEPS", "10000"))
WORKSPACES = ("one", "two")
people = st.sampled_from(sorted(PEOPLE))
workspaces = st.sampled_from(WORKSPACES)


class _Died(Exception):
    """The process ends here: nothing after it is done."""


class _Mortal:
    """A village at which the bot dies when it has written `left` more times."""

    def __init__(self, village: Village, left: int, *, after: bool) -> None:
        self._village, self._left, self._after = village, left, after

    def __getattr__(self, name: str) -> Any:
        method: Callable[..., Any] = getattr(self._village, name)
        if name not in {
            "mark",
            "merge",
            "create_tag",
            "keep_living",
            "react",
            "judge",
            "open_change",
            "close",
        }:
            return method

        def dying(*args: Any, **kwargs: Any) -> Any:
            self._left -= 1
            if self._left < 0 and not self._after:
                raise _Died
            done = method(*args, **kwargs)
            if self._left < 0:
                raise _Died
            return done

        return dying


def mortal(scene: Scene, left: int, *, after: bool) -> None:
    """Look at everything with a bot that dies; it has nothing but what is on disk."""
    place = scene.root / "state"
    branches = RemoteBranches(str(scene.village.bare), Layout(), place)
    attendant = compose.attendant(_Mortal(scene.village, left, after=after), branches, place)
    with suppress(_Died, UserError):
        attendant.look_at_all()


class Forge(RuleBasedStateMachine):
    """One package, two drafts, three people."""

    @initialize()
    def begin(self) -> None:
        self.root = Path(tempfile.mkdtemp())
        self.scene: Scene = make_scene(self.root)
        self.village = self.scene.village
        self.tags: dict[str, str] = {}
        # Who pushed which tree of the package, and who approved which, as the people really did.
        self.pushed: dict[str, set[str]] = {}
        self.approved: dict[str, set[str]] = {}

    def teardown(self) -> None:
        if hasattr(self, "root"):
            shutil.rmtree(self.root)

    @rule(by=people, workspace=workspaces, ttl=st.integers(1, 4), anew=st.booleans())
    def push(self, by: str, workspace: str, ttl: int, *, anew: bool) -> None:
        """A push, or with `anew` a force push of a draft that begins at the branch."""
        ref = f"refs/heads/drafts/net/dns/{workspace}"
        there = self.village.tip(ref)
        start = self.village.tip("refs/heads/main") if anew or not there else there
        commit = self._commit(start, ttl, by)
        self.village.repository.references.create(ref, commit, force=True)
        self.village.pushed_by(f"drafts/net/dns/{workspace}", by)
        lines = self.pushed.setdefault(ref, set())
        if anew and not there:
            lines.clear()
        lines.add(by)

    @rule(workspace=workspaces)
    def look_at_branch(self, workspace: str) -> None:
        self._look(lambda: self.scene.attendant.look_at_branch(f"drafts/net/dns/{workspace}"))

    @rule(twice=st.booleans())
    def tick(self, *, twice: bool) -> None:
        for _ in range(1 + twice):
            self._look(self.scene.attendant.look_at_all)

    @rule(left=st.integers(0, 4), after=st.booleans())
    def die(self, left: int, *, after: bool) -> None:
        """A look that ends in the middle, and a new process with nothing but what is on disk."""
        mortal(self.scene, left, after=after)

    @precondition(lambda self: self.village.kept)
    @rule(by=people, opinion=st.sampled_from(Opinion), which=st.integers(0, 9))
    def review(self, by: str, opinion: Opinion, which: int) -> None:
        number = self._number(which)
        self.village.review(number, by, opinion)
        if opinion is Opinion.APPROVED:
            tree = self._tree(self.village.kept[number].head)
            self.approved.setdefault(tree, set()).add(by)

    @precondition(lambda self: self.village.kept)
    @rule(
        by=people,
        text=st.sampled_from(WORDS),
        which=st.integers(0, 9),
    )
    def write(self, by: str, text: str, which: int) -> None:
        number = self._number(which)
        self.village.write(number, by, text)
        if text == "/approve":
            tree = self._tree(self.village.change(number).head)
            self.approved.setdefault(tree, set()).add(by)

    @precondition(lambda self: self.village.kept)
    @rule(which=st.integers(0, 9))
    def make_ready(self, which: int) -> None:
        number = self._number(which)
        if self.village.change(number).open:
            self.village.ready(number)

    @precondition(lambda self: self.village.kept)
    @rule(which=st.integers(0, 9), look=st.booleans())
    def propose_and_approve(self, which: int, *, look: bool) -> None:
        """The way that it is meant to go, so that what comes after a publication is seen, too."""
        self.make_ready(which)
        if look:
            self.tick(twice=False)
        for by in ("ada", "grace"):
            self.review(by, Opinion.APPROVED, which)

    @precondition(lambda self: self.village.kept)
    @rule(which=st.integers(0, 9), by=people)
    def press_merge(self, which: int, by: str) -> None:
        number = self._number(which)
        change = self.village.change(number)
        if change.open and not change.draft:
            with suppress(UserError):  # the forge's button is grey: there are conflicts
                self.village.press_merge(number, by)

    @precondition(lambda self: self.village.kept)
    @rule(which=st.integers(0, 9))
    def close(self, which: int) -> None:
        number = self._number(which)
        if self.village.change(number).open:
            self.village.close(self.village.kept[number])

    @invariant()
    def tags_never_move_and_each_was_approved(self) -> None:
        if not hasattr(self, "village"):
            return
        now = {
            ref: self.village.tip(ref)
            for ref in self.village.repository.references
            if ref.startswith("refs/tags/")
        }
        for tag, commit in self.tags.items():
            assert now[tag] == commit, "a tag never moves"
        main = self.village.tip("refs/heads/main")
        for tag, commit in now.items() - self.tags.items():
            assert commit == main or self.village.repository.descendant_of(main, commit), "a tag is on main"
            tree = self._tree(commit)
            change = next(c for c in self.village.kept.values() if c.merged == commit)
            # Of what was merged; the branch may go on, as another draft.
            wrote = {push.by.login for push in change.arrivals}
            assert self.approved.get(tree, set()) - wrote, f"{tag} was approved by nobody else"
            event("published")
        self.tags = now

    @invariant()
    def a_second_round_writes_nothing(self) -> None:
        if not hasattr(self, "village") or len(self.village.writes) % 7:
            return
        self._look(self.scene.attendant.look_at_all)
        self._look(self.scene.attendant.look_at_all)
        before = len(self.village.writes)
        self._look(self.scene.attendant.look_at_all)
        heads = [change.head for change in self.village.kept.values() if change.open]
        # Two drafts at one commit share its one verdict, and each look gives it anew.
        shared = {"judge"} if len(set(heads)) < len(heads) else set()
        assert [write for write in self.village.writes[before:] if write not in shared] == []

    def _look(self, look: Callable[[], object]) -> None:
        with suppress(UserError):  # said on the change, or done by the next look
            look()

    def _number(self, which: int) -> int:
        numbers = sorted(self.village.kept)
        return numbers[which % len(numbers)]

    def _tree(self, commit: str) -> str:
        return package_tree(self.village.repository, commit, "net/dns")

    def _commit(self, start: str, ttl: int, by: str) -> str:
        repository = self.village.repository
        root = repository[start].peel(pygit2.Commit).tree
        index = pygit2.Index()
        index.read_tree(root)
        blob = repository.create_blob(ZONE.replace("300", str(ttl)).encode())
        index.add(pygit2.IndexEntry("net/dns/zone.yaml", blob, pygit2.enums.FileMode.BLOB))
        who = pygit2.Signature(by, f"{by}@example.com")
        return str(
            repository.create_commit(None, who, who, f"{by} writes", index.write_tree(repository), [start])
        )


TestForge = Forge.TestCase
TestForge.settings = settings(
    max_examples=STEPS // 40, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
