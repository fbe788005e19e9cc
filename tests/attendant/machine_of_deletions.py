"""What may happen to published revisions, too: proposed for deletion, approved, and meddled with."""

from pathlib import Path

import pygit2
from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from tests.attendant.machine import Machine, people, which_one
from tests.attendant.town import Said, Town, commit_of, tip

DELETIONS = "deletionProposed/"


class Deletions(Machine):
    """No tag goes that nobody but its proposer wanted gone, and no number comes back."""

    def build(self, root: Path) -> Town:
        raise NotImplementedError

    @initialize()
    def begin(self) -> None:
        super().begin()
        self.used: set[str] = set()
        # Who agreed to which deletion, by its branch and what it takes off the registered one.
        self.agreed: dict[tuple[str, str], set[str]] = {}

    @precondition(lambda self: self.tags)
    @rule(which=which_one, by=people)
    def push_a_deletion(self, which: int, by: str) -> None:
        """A tag pushed as the branch of its deletion, also over one that is there."""
        tag = sorted(self.tags)[which % len(self.tags)]
        self.town.land(tag.replace("refs/tags/", DELETIONS), self.tags[tag], by)

    @precondition(lambda self: self.tags)
    @rule(which=which_one, by=people)
    def delete(self, which: int, by: str) -> None:
        """The way that it is meant to go."""
        self.push_a_deletion(which, by)
        self.tick(twice=False)
        for number in sorted(self.town.numbers()):
            if self.town.is_open(number) and self.town.branch(number).startswith(DELETIONS):
                for other in ("ada", "grace"):
                    if self.town.review(number, other, Said.APPROVED):
                        self._approves(number, other)
        self.tick(twice=False)

    @precondition(lambda self: self.town.numbers())
    @rule(which=which_one, by=people, ttl=st.just(9))
    def meddle(self, which: int, by: str, ttl: int) -> None:
        """Content pushed to the branch of a deletion."""
        branch = self.town.branch(self._number(which))
        head = tip(self.town, f"refs/heads/{branch}")
        if head and branch.startswith(DELETIONS):
            self.town.land(branch, commit_of(self.town, head, ttl, by), by)

    @invariant()
    def deleted_tags_were_agreed_to(self) -> None:
        if not hasattr(self, "used"):
            return
        now = self.town.refs()
        for tag in [tag for tag in self.tags if tag not in now]:
            branch = tag.replace("refs/tags/", DELETIONS)
            merged = [n for n in self.town.numbers() if self.town.branch(n) == branch and self.town.merged(n)]
            assert merged, f"{tag} was deleted without a merge"
            assert any(map(self._was_agreed_to, merged)), f"nobody else wanted {tag} deleted"
            self.used.add(tag)
            del self.tags[tag]
            event("deleted")
        assert not self.used & now.keys(), "a number that was used comes back"

    def _was_agreed_to(self, number: int) -> bool:
        head = self.town.head(number)
        author = self.town.repository[head].peel(pygit2.Commit).author.name.lower()
        wrote = self.town.pushers(self.town.merged(number)) | {author}
        return bool(self.agreed.get((self.town.branch(number), self._removed(head)), set()) - wrote)

    def _approves(self, number: int, by: str) -> None:
        super()._approves(number, by)
        head = self.town.head(number)
        self.agreed.setdefault((self.town.branch(number), self._removed(head)), set()).add(by)

    def _removed(self, commit: str) -> str:
        """What a commit takes off the branch: the package's tree, '' for nothing."""
        parents = self.town.repository[commit].peel(pygit2.Commit).parent_ids
        return "" if self._tree(commit) or not parents else self._tree(str(parents[0]))
