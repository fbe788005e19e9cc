"""The half of a forge that is Git: a bare repository, its refs, merges and rebases."""

import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pygit2
from pygit2.enums import DeltaStatus, FileMode, SortMode

ZERO = "0" * 40
HEADS = "refs/heads/"
TAGS = "refs/tags/"
LONGEST_BRANCH = 244  # bytes


class Conflict(Exception):
    """Two sides cannot be merged; the argument is the paths."""


class Stale(Exception):
    """A ref is not what the writer expected."""


@dataclass(frozen=True)
class Person:
    """Who is named by a commit."""

    name: str
    email: str


@dataclass(frozen=True)
class Change:
    """A ref that moved; ZERO is a ref that is not there."""

    ref: str
    before: str
    after: str


@dataclass(frozen=True)
class Touched:
    """A file that differs: `status` is added, removed, modified or renamed."""

    path: str
    status: str
    additions: int
    deletions: int
    blob: str
    patch: str
    previous: str = ""


class Bare:
    """A bare repository at `path`; every commit is named by its forty digits."""

    def __init__(self, path: Path, default: str = "main") -> None:
        self.path = path
        self.git = pygit2.init_repository(str(path), bare=True, initial_head=default)
        for key in ("http.receivepack", "uploadpack.allowAnySHA1InWant", "receive.advertisePushOptions"):
            self.git.config[key] = True
        self.git.config["gc.auto"] = 0

    # Refs

    def refs(self, prefix: str = "refs/") -> dict[str, str]:
        """Where refs below `prefix` point, in order of their names."""
        names = sorted(name for name in self.git.references if name.startswith(prefix))
        return {name: str(self.git.references[name].resolve().target) for name in names}

    def ref(self, name: str) -> str:
        """Where one ref points, or nothing."""
        try:
            return str(self.git.references[name].target)
        except (KeyError, ValueError, pygit2.InvalidSpecError):
            return ""

    def move(self, changes: Iterable[Change]) -> None:
        """All of the changes or none; `Stale` when a ref is not where it was said to be."""
        lines = [
            f"update {each.ref} {each.after} {each.before}"
            if each.after != ZERO
            else f"delete {each.ref} {each.before}"
            for each in changes
        ]
        text = "".join(f"{line}\n" for line in ("start", *lines, "prepare", "commit"))
        words = ["git", "--git-dir", str(self.path), "update-ref", "--stdin"]
        done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Stale(done.stderr.strip())

    # Objects

    def resolve(self, name: str) -> str:
        """The commit that a branch, tag or commit names, or nothing."""
        for ref in (name, f"{HEADS}{name}", f"{TAGS}{name}", f"refs/{name}"):
            if found := self.ref(ref):
                return self.peel(found)
        try:
            return self.peel(str(self.git[name].id)) if len(name) >= 7 else ""
        except (KeyError, ValueError):
            return ""

    def peel(self, sha: str) -> str:
        """The commit that an object is or points to, or nothing."""
        try:
            return str(self.git[sha].peel(pygit2.Commit).id)
        except (KeyError, ValueError, pygit2.GitError):
            return ""

    def commit(self, sha: str) -> pygit2.Commit:
        return self.git[sha].peel(pygit2.Commit)

    def tree(self, files: Mapping[str, bytes | None], base: str = "") -> str:
        """The tree of commit `base` with `files` put in; None takes one out."""
        index = pygit2.Index()
        if base:
            index.read_tree(self.commit(base).tree)
        for path, content in files.items():
            if content is None:
                index.remove(path)
            else:
                blob = self.git.create_blob(content)
                index.add(pygit2.IndexEntry(path, blob, FileMode.BLOB))
        return str(index.write_tree(self.git))

    def make(
        self,
        tree: str,
        parents: Iterable[str],
        message: str,
        author: Person,
        moment: datetime,
        committer: Person | None = None,
    ) -> str:
        """A commit that no ref names yet."""
        by, at = committer or author, int(moment.timestamp())
        return str(
            self.git.create_commit(
                None,
                pygit2.Signature(author.name, author.email, at, 0),
                pygit2.Signature(by.name, by.email, at, 0),
                message,
                pygit2.Oid(hex=tree),
                [pygit2.Oid(hex=each) for each in parents],
            )
        )

    def read(self, commit: str, path: str) -> bytes | None:
        """A file's bytes, or nothing."""
        try:
            found = self.commit(commit).tree[path]
        except KeyError:
            return None
        return found.data if isinstance(found, pygit2.Blob) else None

    # Relations of commits

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether `newer` holds `older`, or is it."""
        return older == newer or self.git.descendant_of(newer, older)

    def fork_point(self, one: str, other: str) -> str:
        """The commit where two sides parted, or nothing."""
        return str(self.git.merge_base(one, other) or "")

    def missing(self, base: str, head: str) -> list[str]:
        """The commits that `head` has and `base` lacks, the oldest first."""
        walker = self.git.walk(head, SortMode.TOPOLOGICAL | SortMode.REVERSE)
        walker.hide(base)
        return [str(commit.id) for commit in walker]

    def log(self, *heads: str) -> list[str]:
        """All commits of the heads, the newest first."""
        walker = self.git.walk(None, SortMode.TOPOLOGICAL | SortMode.TIME)
        for head in heads:
            walker.push(self.peel(head))
        return [str(commit.id) for commit in walker]

    def touched(self, base: str, head: str) -> list[Touched]:
        """The files that differ between two commits, or between nothing and a commit."""
        newer = self.commit(head).tree
        older = self.commit(base).tree if base else None
        diff = older.diff_to_tree(newer) if older else newer.diff_to_tree(swap=True)
        diff.find_similar()
        return [_touched(patch) for patch in diff if patch is not None]

    # New commits

    def merge(self, base: str, head: str) -> str:
        """The tree of both sides; `Conflict`."""
        ancestor = self.fork_point(base, head)
        return self._three(self.commit(ancestor).tree if ancestor else None, base, head)

    def rebase(self, base: str, head: str, committer: Person, moment: datetime) -> str:
        """The tip of what `head` adds, each commit put upon `base` anew; `Conflict`."""
        tip = base
        for sha in self.missing(base, head):
            commit = self.commit(sha)
            if len(commit.parents) != 1:
                continue  # a rebase leaves merges out
            tree = self._three(commit.parents[0].tree, tip, sha)
            author = Person(commit.author.name, commit.author.email)
            tip = self.make(tree, [tip], commit.message, author, moment, committer)
        return tip

    def _three(self, ancestor: pygit2.Tree | None, ours: str, theirs: str) -> str:
        index = self.git.merge_trees(ancestor or self.git.TreeBuilder().write(), ours, theirs)
        if index.conflicts is not None:
            sides = [side for conflict in index.conflicts for side in conflict if side is not None]
            raise Conflict(sorted({side.path for side in sides}))
        return str(index.write_tree(self.git))


STATUSES = {
    DeltaStatus.ADDED: "added",
    DeltaStatus.DELETED: "removed",
    DeltaStatus.MODIFIED: "modified",
    DeltaStatus.RENAMED: "renamed",
}


def _touched(patch: pygit2.Patch) -> Touched:
    delta = patch.delta
    _, additions, deletions = patch.line_stats
    gone = delta.status == DeltaStatus.DELETED
    text = patch.data.decode(errors="replace") if patch.data else ""
    _, cut, hunks = text.partition("\n@@")
    return Touched(
        delta.old_file.path if gone else delta.new_file.path,
        STATUSES.get(delta.status, "changed"),
        additions,
        deletions,
        str(delta.old_file.id if gone else delta.new_file.id),
        f"@@{hunks}" if cut else "",
        delta.old_file.path if delta.status == DeltaStatus.RENAMED else "",
    )


def is_branch_name(name: str) -> bool:
    """Whether Git and GitHub take `name` for a branch."""
    return (
        pygit2.reference_is_valid_name(f"{HEADS}{name}")
        and len(name.encode()) <= LONGEST_BRANCH
        and not name.startswith("-")
    )
