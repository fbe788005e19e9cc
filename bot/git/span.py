"""Two commits of a repository on a forge, and the packages that differ between them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.errors import Moved, UserError
from bot.git.branches import RemoteBranches
from bot.git.entries import TREE, Entry, parse_tree
from bot.git.placeholders import DEEPEST, is_kptfile
from bot.git.repository import Repository
from bot.git.source import GitSource
from bot.git.trees import package_tree, read_files
from bot.packages.layout import Layout
from bot.packages.naming import quoted
from bot.packages.package import KPTFILE, Files
from bot.packages.source import is_commit


@dataclass(frozen=True)
class Span:
    """From `base`, the branch that is to be changed, to `head`, which is to come into it; ids are hex."""

    branches: RemoteBranches
    base: str
    head: str

    @property
    def layout(self) -> Layout:
        return self.branches.layout

    def packages(self) -> Sequence[str]:
        """The paths of the outermost packages that `head` added, changed or removed since it left `base`."""
        before, after = (
            package_tree(self._git, commit, self.layout.directory) for commit in (self._fork, self.head)
        )
        return sorted(self._changed(before, after, "", 0))

    def policy(self) -> bytes | None:
        """The policy file of `base`."""
        _ = self._fork
        return GitSource(self._git, self.layout).policy(self.base)

    def before(self, path: str) -> Files:
        """The package's files where `head` left `base`; none where it was not there."""
        return read_files(self._git, self._fork, self.layout.full_path(path))

    def after(self, path: str) -> Files:
        """The package's files in `head`; none where it is gone."""
        return read_files(self._git, self.head, self.layout.full_path(path))

    @property
    def _git(self) -> Repository:
        return self.branches.repository

    @cached_property
    def _fork(self) -> str:
        for commit in (self.base, self.head):
            if not is_commit(commit) or not self.branches.bring(commit):
                raise Moved(
                    f"The repository has no commit {quoted(commit)} (any more): a newer run looks at what "
                    "came instead."
                )
        return str(self._git.merge_base(self.base, self.head) or self.base)

    def _changed(self, before: str, after: str, path: str, depth: int) -> Iterator[str]:
        """The packages at or below `path` that two trees ('' for none) hold differently."""
        if before == after:
            return
        if depth > DEEPEST:
            raise UserError(
                f"Directories nest more than {DEEPEST} deep; packages must lie nearer to the root."
            )
        old, new = (parse_tree(self._git.read(tree)[1]) if tree else {} for tree in (before, after))
        if is_kptfile(old.get(KPTFILE)) or is_kptfile(new.get(KPTFILE)):
            yield path
            return
        for name in old.keys() | new.keys():
            below = f"{path}/{name}" if path else name
            yield from self._changed(_tree(old.get(name)), _tree(new.get(name)), below, depth + 1)


def _tree(entry: Entry | None) -> str:
    return entry.oid if entry is not None and entry.mode == TREE else ""
