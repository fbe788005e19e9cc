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
from bot.lifecycle.change import Change, Opinion
from bot.packages.layout import Layout
from tests.attendant.conftest import KPTFILE, ZONE, Scene, make_scene
from tests.attendant.village import PEOPLE, Village

WRITES = frozenset(
    {"mark", "merge", "create_tag", "delete_tag", "keep_living", "react", "judge", "open_change", "close"}
)
WORDS = (
    "/propose",
    "/approve",
    "/reject no",
    "/delete",
    "> /approve",
    "/propose-delete",
    "/propose-delete v1",
)
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
            "delete_tag",
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
        self.used: set[str] = set()
        # Who pushed which tree of the package, and who approved which, as the people really did.
        self.pushed: dict[str, set[str]] = {}
        self.approved: dict[str, set[str]] = {}
        # Who agreed to which deletion, by its branch and what it takes off the registered one.
        self.agreed: dict[tuple[str, str], set[str]] = {}

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
            self._agree(number, by)

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
            self._agree(number, by)

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

    @precondition(lambda self: self.tags)
    @rule(which=st.integers(0, 9), by=people)
    def push_a_deletion(self, which: int, by: str) -> None:
        """A tag pushed as the branch of its deletion, also over one that is there."""
        tag = sorted(self.tags)[which % len(self.tags)]
        branch = tag.replace("refs/tags/", "deletionProposed/")
        self.village.repository.references.create(f"refs/heads/{branch}", self.tags[tag], force=True)
        self.village.pushed_by(branch, by)

    @precondition(lambda self: self.tags)
    @rule(which=st.integers(0, 9), by=people)
    def delete(self, which: int, by: str) -> None:
        """The way that it is meant to go."""
        self.push_a_deletion(which, by)
        self.tick(twice=False)
        for number, change in sorted(self.village.kept.items()):
            if change.open and change.branch.startswith("deletionProposed/"):
                for other in ("ada", "grace"):
                    self.village.review(number, other, Opinion.APPROVED)
                    self._agree(number, other)
        self.tick(twice=False)

    @precondition(lambda self: self.village.kept)
    @rule(which=st.integers(0, 9), by=people)
    def meddle(self, which: int, by: str) -> None:
        """Content pushed to whatever branch a change has."""
        change = self.village.change(self._number(which))
        head = self.village.tip(f"refs/heads/{change.branch}")
        if head and change.branch.startswith("deletionProposed/"):
            commit = self._commit(head, 9, by)
            self.village.repository.references.create(f"refs/heads/{change.branch}", commit, force=True)
            self.village.pushed_by(change.branch, by)

    @invariant()
    def deleted_tags_were_agreed_to(self) -> None:
        if not hasattr(self, "village"):
            return
        for tag in self.tags:
            if self.village.tip(tag):
                continue
            branch = tag.replace("refs/tags/", "deletionProposed/")
            merged = [c for c in self.village.kept.values() if c.branch == branch and c.merged]
            assert merged, f"{tag} was deleted without a merge"
            assert any(self._was_agreed_to(change) for change in merged), f"nobody else wanted {tag} deleted"
            self.used.add(tag)
            event("deleted")
        self.tags = {tag: commit for tag, commit in self.tags.items() if self.village.tip(tag)}

    def _was_agreed_to(self, change: Change) -> bool:
        author = self.village.repository[change.head].peel(pygit2.Commit).author.name.lower()
        wrote = {push.by.login for push in change.arrivals} | {author}
        return bool(self.agreed.get((change.branch, self._removed(change.head)), set()) - wrote)

    def _agree(self, number: int, by: str) -> None:
        change = self.village.change(number)
        self.approved.setdefault(self._tree(change.head), set()).add(by)
        self.agreed.setdefault((change.branch, self._removed(change.head)), set()).add(by)

    def _removed(self, commit: str) -> str:
        """What a commit takes off the branch: the package's tree, '' for nothing."""
        parents = self.village.repository[commit].peel(pygit2.Commit).parent_ids
        return "" if self._tree(commit) or not parents else self._tree(str(parents[0]))

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
            assert now.get(tag, commit) == commit, "a tag never moves"
        main = self.village.tip("refs/heads/main")
        for tag, commit in now.items() - self.tags.items():
            assert tag not in self.used, "a number that was used comes back"
            assert commit == main or self.village.repository.descendant_of(main, commit), "a tag is on main"
            tree = self._tree(commit)
            change = next(c for c in self.village.kept.values() if c.merged == commit)
            # Of what was merged; the branch may go on, as another draft.
            wrote = {push.by.login for push in change.arrivals}
            assert self.approved.get(tree, set()) - wrote, f"{tag} was approved by nobody else"
            event("published")
        self.tags |= now

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
        kptfile = repository.create_blob(KPTFILE.encode())
        index.add(pygit2.IndexEntry("net/dns/Kptfile", kptfile, pygit2.enums.FileMode.BLOB))
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
