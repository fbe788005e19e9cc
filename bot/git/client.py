"""A person's side of a repository elsewhere: look through a mirror, write drafts, say words to its server."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pygit2

from bot.errors import NotFound, Refused, UserError
from bot.git.cache import Cache
from bot.git.catalog import Catalog, discover
from bot.git.commits import draft_message, write_commit
from bot.git.details import Detailed, read_details
from bot.git.lineages import read_lineages
from bot.git.mirror import Mirror
from bot.git.remote import Answer, list_refs, push, push_each
from bot.git.source import GitSource
from bot.git.trees import package_tree, read_files, write_files, write_tree_at
from bot.lifecycle.person import Person
from bot.packages.layout import Layout
from bot.packages.naming import RevisionName, quoted
from bot.packages.operations.content import Story
from bot.packages.package import File, Files
from bot.packages.relations.lineage import Lineage
from bot.packages.revision import PackageRevision

MAGIC = "refs/portico/"
# A server with hooks shows this ref.
MARK = f"{MAGIC}server"
FIRST_README = b"# Packages\n\nEach directory with a Kptfile is a package.\n"


class Move(NamedTuple):
    """A ref that is to name `commit` if it still names `expect`, '' for one that is to appear."""

    ref: str
    commit: str
    expect: str


class Fork(NamedTuple):
    """A revision beside the registered branch, whose newest commit is `head`.

    `before` is the package tree (hex id, '' for none) where the revision began, `now` that of the branch.
    """

    head: str
    before: str
    now: str


@dataclass(frozen=True)
class Client:
    """The repository at `url`; `place` holds its mirror and what was learnt of it, and may be deleted."""

    url: str
    layout: Layout
    place: Path

    @cached_property
    def mirror(self) -> Mirror:
        return Mirror(self.url, self.place)

    @property
    def repository(self) -> pygit2.Repository:
        """Every branch and tag, as when last refreshed; of a repository on this machine, as they are."""
        return self.mirror.reading

    @property
    def is_local(self) -> bool:
        """Whether the repository is on this machine, and read where it lies."""
        return self.mirror.is_local

    @cached_property
    def has_hooks(self) -> bool:
        """Whether the server understands words; asks it, with the credentials that the mirror holds."""
        return MARK in list_refs(self.url, MARK, settings=self.mirror.settings)

    def refresh(self) -> None:
        """Bring the mirror up to date; raises TransportFailed."""
        self.mirror.refresh()

    def head(self) -> str:
        """The hex id of the registered branch's commit; raises NotFound where there is no branch."""
        branch = self.repository.references.get(self.layout.branch_ref)
        if branch is None:
            raise NotFound(
                f"The repository has no branch {quoted(self.layout.branch)} to begin from; push one, or "
                "register the repository anew with `--create-branch`."
            )
        return str(branch.peel(pygit2.Commit).id)

    def catalog(self) -> Catalog:
        """Every package revision, as the mirror has it."""
        return discover(self.repository, self.layout, Cache(self.place / "catalog"))

    def files(self, revision: PackageRevision) -> Files:
        """The files of a revision's package."""
        return read_files(self.repository, revision.commit, self.layout.full_path(revision.path))

    def kptfile(self, revision: PackageRevision) -> bytes:
        """The Kptfile of a revision's package, empty when it has none."""
        return GitSource(self.repository, self.layout).kptfile(self.tree(revision))

    def details(self, revisions: Sequence[PackageRevision]) -> Iterator[Detailed]:
        """What only the whole objects of `revisions` tell, in their order."""
        return read_details(self.repository, self.layout, revisions)

    def lineages(self, catalog: Catalog) -> tuple[Lineage, ...]:
        """What the Kptfile of each revision of `catalog` says of its upstream, in the catalog's order."""
        return read_lineages(self.repository, self.layout, catalog.revisions, Cache(self.place / "catalog"))

    def tree(self, revision: PackageRevision) -> str:
        """The hex id of a revision's package tree."""
        return package_tree(self.repository, revision.commit, self.layout.full_path(revision.path))

    def files_of(self, tree: str) -> Files:
        """The files of a package tree (hex id), none for ''."""
        return read_files(self.repository, tree) if tree else {}

    def write(self, files: Files) -> str:
        """Write a package tree into the mirror, and return its hex id."""
        with self.mirror.kept():
            return write_files(self.mirror.writing, files)

    def begin(self, name: RevisionName, tree: str, story: Story, author: Person, onto: str = "") -> Answer:
        """Begin the draft `name` with the package tree `tree`, on the branch's commit `onto`."""
        move = self.beginning(name, tree, story, author, onto)
        return self._push(move.ref, move.commit, expect=move.expect)

    def beginning(self, name: RevisionName, tree: str, story: Story, author: Person, onto: str = "") -> Move:
        """Write the commit with which the draft `name` begins, and push it nowhere yet.

        `onto` is the registered branch's head (hex id) when that was read of which `tree` was made, '' for
        the one of now. On a newer one, the draft would seem to have seen what it would undo.
        """
        message = draft_message(self.layout, name, story)
        commit = self._commit(name, onto or self.head(), tree, message, author)
        return Move(self.layout.draft_ref(name), commit, expect="")

    def fork(self, revision: PackageRevision) -> Fork:
        """Where a revision's commits left the registered branch; raises NotFound where there is no branch."""
        head = self.head()
        found = self.repository.merge_base(pygit2.Oid(hex=revision.commit), pygit2.Oid(hex=head))
        path = self.layout.full_path(revision.path)
        before = package_tree(self.repository, str(found), path) if found else ""
        return Fork(head, before, package_tree(self.repository, head, path))

    def strays(self, revision: PackageRevision) -> Sequence[str]:
        """Some of the files outside its package that a draft changes."""
        source = GitSource(self.repository, self.layout)
        return source.strays(revision.name, revision.commit, self.head())

    def rebasing(self, draft: PackageRevision, fork: Fork, tree: str, story: Story, author: Person) -> Move:
        """Write the commit that joins `draft` and the branch, with the package tree `tree`; push it nowhere.

        The draft's commits stay what they are, so that nothing is forced and nobody's reading is lost.
        """
        message = draft_message(self.layout, draft.name, story)
        parents = [draft.commit, fork.head]
        commit = self._commit(draft.name, fork.head, tree, message, author, parents=parents)
        return Move(draft.ref, commit, expect=draft.commit)

    def push_each(self, moves: Sequence[Move]) -> list[Answer | UserError]:
        """Push every move for itself, in as few pushes as can be; what came of each, in their order."""
        refs = {move.ref: move.commit for move in moves}
        expect = {move.ref: move.expect for move in moves}
        outcomes = push_each(self.mirror.git_dir, self.url, refs, expect)
        return [outcomes[move.ref] for move in moves]

    def save(self, draft: PackageRevision, tree: str, story: Story, author: Person) -> Answer:
        """Make `tree` the content of `draft`, if it is still at the commit that `draft` was read at."""
        message = draft_message(self.layout, draft.name, story)
        commit = self._commit(draft.name, draft.commit, tree, message, author)
        return self._push(draft.ref, commit, expect=draft.commit)

    def say(self, word: str, name: RevisionName, commit: str, options: Sequence[str] = ()) -> Answer:
        """Push `commit` to the magic ref of `word`; raises Refused where the server does not know words."""
        if not self.has_hooks:
            raise Refused(
                f"The server of this repository does not know the word {quoted(word)}: its owner must run "
                f"`portico hook install` on it. Drafts can be written all the same."
            )
        ref = f"{MAGIC}{word}/{self.layout.full_path(name.path)}/{name.workspace}"
        return push(self.mirror.git_dir, self.url, {ref: commit}, options=options)

    def create_branch(self, author: Person) -> Answer:
        """Make the registered branch, from the repository's HEAD or with a first commit."""
        head = list_refs(self.url).get("HEAD")
        if head is None:
            tree = write_files(self.mirror.writing, {"README.md": File(FIRST_README)})
            message = f"Initial commit: Creating {self.layout.branch} branch\n"
            head = write_commit(self.mirror.writing, tree, [], message, author)
        else:
            self.refresh()
        return self._push(self.layout.branch_ref, head, expect="")

    def _commit(  # noqa: PLR0913, PLR0917 what a commit is made of
        self,
        name: RevisionName,
        base: str,
        tree: str,
        message: str,
        author: Person,
        parents: Sequence[str] = (),
    ) -> str:
        with self.mirror.kept():
            root = write_tree_at(self.mirror.writing, base, self.layout.full_path(name.path), tree)
            return write_commit(self.mirror.writing, root, parents or [base], message, author)

    def _push(self, ref: str, commit: str, *, expect: str) -> Answer:
        return push(self.mirror.git_dir, self.url, {ref: commit}, expect={ref: expect})
