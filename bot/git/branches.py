"""The Git half of a repository on a forge: a mirror of it, and pushes that expect what they saw."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TypeVar

import pygit2

from bot.errors import AccessDenied, Moved, NotFound, Refused, UserError
from bot.git import removals
from bot.git.client import Client
from bot.git.cloning import Here, cloned
from bot.git.commits import draft_message, write_commit
from bot.git.companions import packages_beside
from bot.git.following import Following
from bot.git.history import highest_before
from bot.git.mirror import Mirror
from bot.git.pushed import commit_of
from bot.git.refs import read_ref, refs_below
from bot.git.remote import fetch_specs, push
from bot.git.standing import tags_of, tip
from bot.git.store import RENDERING
from bot.git.trees import package_tree, read_files, write_changes, write_tree_at
from bot.git.upstream import Upstreams
from bot.lifecycle import change_messages
from bot.lifecycle.person import Person
from bot.packages.annotation import read_annotations
from bot.packages.kptfile import read_kptfile
from bot.packages.layout import HEADS, TAGS, Layout, RefKind, revision_number
from bot.packages.merge.conflict import OnConflict
from bot.packages.merge.trees import Trees
from bot.packages.naming import RevisionName, quoted
from bot.packages.operations.content import Content, Story
from bot.packages.operations.rebase import rebase
from bot.packages.operations.target import target_ref
from bot.packages.operations.upgrade import Parties, Wish, upgrade
from bot.packages.package import Files
from bot.packages.published import published_at
from bot.packages.rendering import Rendering
from bot.packages.revision import Lifecycle, PackageRevision, Removal, Tagged
from bot.ports import GitCredentials

_T = TypeVar("_T")
MOST_CONFLICTS = 10  # that are named
MOST_COMMITS = 1000  # of a draft that are searched


def nobody() -> GitCredentials | None:
    """No credentials: of paths, and of servers that Git knows by its own means."""
    return None


def never() -> bool:
    """Credentials that are what they are."""
    return False


@dataclass(frozen=True)
class RemoteBranches:
    """The repository at `url`; `place` holds its mirror, and may be deleted.

    `credentials` is asked before each fetch and push, because tokens of forges live for an hour; `renew`
    when they were refused nevertheless, and says whether others can be had.
    """

    url: str
    layout: Layout
    place: Path
    credentials: Callable[[], GitCredentials | None] = nobody
    renew: Callable[[], bool] = never

    def refresh(self) -> None:
        self._signed_in(self._mirror.refresh)

    def head(self, ref: str) -> str:
        return tip(self.repository, ref)

    def refs(self) -> Mapping[str, str]:
        return refs_below(self.repository, (HEADS.rstrip("/"), TAGS.rstrip("/"))).targets

    def drafts(self) -> Sequence[str]:
        found = refs_below(self.repository, (f"{HEADS}{RefKind.DRAFT}",)).targets
        return sorted(ref.removeprefix(HEADS) for ref in found)

    def deletions(self) -> Sequence[str]:
        found = refs_below(self.repository, (f"{HEADS}{RefKind.DELETION}",)).targets
        return sorted(ref.removeprefix(HEADS) for ref in found)

    def revisions(self) -> Sequence[PackageRevision]:
        return self._client.catalog().revisions

    def tree(self, commit: str, path: str) -> str:
        if not self.bring(commit):
            return ""
        try:
            return package_tree(self.repository, commit, path)
        except (KeyError, UserError):
            return ""

    def before(self, merge: str, head: str) -> str:
        made = self._commit(merge)
        if len(made.parent_ids) != 1 or not self.bring(head):
            return _parent(made)
        fork = self.repository.merge_base(made.id, pygit2.Oid(hex=head))
        here, old = made, self._commit(head)
        while old.id != fork and _is_copy(here, old) and len(old.parent_ids) == len(here.parent_ids) == 1:
            here, old = here.parents[0], old.parents[0]
        if here.id != made.id:
            # Commits that only begin to be copies are not understood: what was there before them all is.
            return str(here.id if old.id == fork or fork is None else fork)
        return _parent(made)

    def conflicts(self, head: str) -> Sequence[str]:
        base = self.head(self.layout.branch_ref)
        if not base:
            return ()
        found = self.repository.merge_commits(base, head).conflicts or ()
        paths = {entry.path for sides in found for entry in sides if entry is not None}
        return sorted(paths)[:MOST_CONFLICTS]

    def author(self, commit: str) -> Person:
        if not self.bring(commit):
            return Person("")
        author = self.repository[commit].peel(pygit2.Commit).author
        return Person("", author.name, author.email)

    def revision_at(self, path: str, commit: str) -> int:
        numbers = (
            tag.revision for tag in tags_of(self.repository, self.layout, path) if tag.commit == commit
        )
        return max(0, *numbers, 0)

    def announced(self, path: str, commit: str) -> int:
        message = self.repository[commit].peel(pygit2.Commit).message
        full_path = self.layout.full_path(path)
        found = [a for a in read_annotations(message) if a.package == full_path and a.task is None]
        number = revision_number(found[-1].revision) if found else 0
        tags = [tag.revision for tag in tags_of(self.repository, self.layout, path)]
        taken = max(0, *tags, highest_before(self.repository, self.layout, path, commit))
        # Whoever merges may write what they like: only the number that comes next is believed.
        return number if number == taken + 1 else 0

    def tagged(self, name: RevisionName) -> Tagged | None:
        return removals.tagged(self.repository, self.layout, name)

    def is_deleted(self, path: str, commit: str, head: str) -> bool:
        is_here = bool(head) and self.bring(commit) and self.bring(head)
        return is_here and removals.is_deleted(self.repository, self.layout.full_path(path), commit, head)

    def removal(self, path: str, commit: str) -> Removal | None:
        if not self.bring(commit):
            return None
        return removals.removal(self.repository, self.layout.full_path(path), commit)

    def is_fit(self, name: RevisionName, removal: Removal) -> bool:
        return removals.is_fit(self.repository, self.layout, name, removal)

    def excess(self, name: RevisionName, commit: str) -> Sequence[str]:
        return removals.excess(self.repository, self.layout, name, commit)

    def proposer(self, path: str, commit: str) -> Person | None:
        if not self.bring(commit):
            return None
        return removals.proposer(self.repository, self.layout, path, commit)

    def write_removal(self, name: RevisionName, expect: str, author: Person) -> str:
        revision = self.tagged(name)
        if revision is None:
            raise NotFound(change_messages.no_revision(name))
        base = self.head(self.layout.branch_ref)
        new = removals.write_removal(self._mirror.writing, self.layout, name, revision, base, author)
        self._push(self.layout.deletion_ref(name.path, name.workspace), new, expect, drops=True)
        return new

    def read(self, name: RevisionName, head: str) -> Files:
        return read_files(self.repository, head, self.layout.full_path(name.path))

    def packages_beside(self, name: RevisionName, head: str, base: str) -> Sequence[str]:
        return packages_beside(self.repository, self.layout, name, head, base)

    def commit_rendering(
        self, name: RevisionName, head: str, rendering: Rendering, author: Person, ref: str
    ) -> str:
        mirror, path = self._mirror.writing, self.layout.full_path(name.path)
        tree = write_changes(mirror, package_tree(mirror, head, path), rendering.changes)
        root = write_tree_at(mirror, head, path, tree)
        message = draft_message(self.layout, name, RENDERING)
        new = write_commit(mirror, root, [head], message, author)
        self._push(ref, new, head)
        return new

    def rebase(self, name: RevisionName, head: str, on_conflict: OnConflict, author: Person) -> bool:
        client, draft = self._client, self._draft(name, head)
        fork = client.fork(draft)
        if fork.before == fork.now:
            return False
        trees = Trees(client.files_of(fork.before), client.files(draft), client.files_of(fork.now))
        content = rebase(trees, on_conflict)
        move = client.rebasing(draft, fork, client.write(content.files), content.story, author)
        self._push(move.ref, move.commit, move.expect)
        return True

    def upgrade(
        self, name: RevisionName, head: str, ref: str, allowed: Sequence[Sequence[str]], author: Person
    ) -> Content | None:
        client, draft = self._client, self._draft(name, head)
        local = client.files(draft)
        kptfile = read_kptfile(client.kptfile(draft))
        if kptfile.upstream is None:
            raise Refused(f"{quoted(str(name))} has no upstream: its Kptfile must name one in `upstream`.")
        sources = self.following(allowed)
        refs = sources.refs(kptfile.upstream.repo)
        wanted = target_ref(kptfile.upstream, kptfile.upstream_lock, refs, ref)
        content = upgrade(local, sources.fetch, Parties(str(name)), Wish(wanted))
        if content.files == local:
            return None
        tree = client.write(content.files)
        self._signed_in(lambda: client.save(draft, tree, content.story, author))
        return content

    def rollback(self, name: RevisionName, head: str, revision: int, author: Person) -> bool:
        client, draft = self._client, self._draft(name, head)
        old = published_at(self.revisions(), name.path, revision)
        tree = client.tree(old)
        if tree == client.tree(draft):
            return False
        task = {"type": "edit", "edit": {"sourceRef": {"name": f"{name.path}/v{revision}"}}}
        story = Story(f"Rolling back to v{revision}", task)
        self._signed_in(lambda: client.save(draft, tree, story, author))
        return True

    def clone(self, path: str, source: str, allowed: Sequence[Sequence[str]], *, deployment: bool) -> Content:
        here = Here(self.layout, self.revisions(), deployment)
        return cloned(path, source, self.following(allowed), here)

    def begin(self, name: RevisionName, files: Files, story: Story, author: Person) -> None:
        client = self._client
        tree = client.write(files)
        self._signed_in(lambda: client.begin(name, tree, story, author))

    def save(self, name: RevisionName, head: str, files: Files, story: Story, author: Person) -> None:
        """Push a commit that makes `files` the content of the draft at `head`; raises Moved, and Refused."""
        client, draft = self._client, self._draft(name, head)
        tree = client.write(files)
        self._signed_in(lambda: client.save(draft, tree, story, author))

    def tells(self, name: RevisionName, line: str) -> bool:
        head, base = self.head(self.layout.draft_ref(name)), self.head(self.layout.branch_ref)
        if not head:
            return False
        walk = self.repository.walk(pygit2.Oid(hex=head))
        if base:
            walk.hide(pygit2.Oid(hex=base))
        return any(line in commit.message.splitlines() for commit in islice(walk, MOST_COMMITS))

    def delete(self, ref: str, expect: str) -> None:
        if not tip(self.repository, ref):
            return
        if read_ref(self.repository, ref) != expect:
            raise Moved("The branch is not where it was any more; look again.")
        self._push(ref, "", expect)

    def _commit(self, commit: str) -> pygit2.Commit:
        return self.repository[commit].peel(pygit2.Commit)

    @property
    def repository(self) -> pygit2.Repository:
        """Every branch and tag, as last fetched."""
        return self._mirror.reading

    def following(self, allowed: Sequence[Sequence[str]]) -> Following:
        """The way to upstreams: the repository itself, and those that are in every list of `allowed`."""
        return Following(self.url, self.repository, Upstreams(self.place / "upstreams"), allowed)

    @property
    def _client(self) -> Client:
        return Client(self.url, self.layout, self.place)

    def _draft(self, name: RevisionName, head: str) -> PackageRevision:
        ref = self.layout.draft_ref(name)
        return PackageRevision(name.path, name.workspace, 0, Lifecycle.DRAFT, head, ref)

    @cached_property
    def _mirror(self) -> Mirror:
        return Mirror(self.url, self.place)

    def move(self, refs: Mapping[str, str], expect: Mapping[str, str], *, drops: bool = False) -> None:
        """Push commits (hex id by ref, '' to delete it), all or none, from where `expect` says."""
        git_dir = self._mirror.git_dir
        self._signed_in(lambda: push(git_dir, self.url, refs, expect=expect, drops=drops))

    def fetch(self, specs: Sequence[str]) -> None:
        """Fetch what refspecs say into the mirror, and prune what they match no more."""
        self._signed_in(lambda: fetch_specs(self._mirror.git_dir, self.url, specs))

    def _push(self, ref: str, commit: str, expect: str, *, drops: bool = False) -> None:
        self.move({ref: commit}, {ref: expect}, drops=drops)

    def bring(self, commit: str) -> bool:
        """Whether a commit is here; one that no branch leads to any more is asked for by its id."""
        if commit_of(self.repository, commit) in self.repository:
            return True
        found = self._signed_in(lambda: fetch_specs(self._mirror.git_dir, self.url, [commit]))
        return found and commit in self.repository

    def _signed_in(self, work: Callable[[], _T]) -> _T:
        """Do what needs credentials; once more with others where these had been revoked."""
        self._sign_in()
        try:
            return work()
        except AccessDenied:
            if not self.renew():
                raise
        self._sign_in()
        return work()

    def _sign_in(self) -> None:
        """Leave the credentials where `git` finds them and no list of processes shows them."""
        credentials, key = self.credentials(), f"http.{self.url}.extraHeader"
        if credentials is None:
            if self._mirror.settings and key in self._mirror.writing.config:
                del self._mirror.writing.config[key]  # they were taken from us
            return
        writing = self._mirror.writing
        config = Path(writing.path) / "config"
        config.chmod(0o600)
        writing.config[key] = _header(credentials)


def _header(credentials: GitCredentials) -> str:
    """What lets Git in over HTTP."""
    if not credentials.user:
        return f"Authorization: Bearer {credentials.password}"
    pair = base64.b64encode(f"{credentials.user}:{credentials.password}".encode()).decode()
    return f"Authorization: Basic {pair}"


def _parent(commit: pygit2.Commit) -> str:
    return str(commit.parent_ids[0]) if commit.parent_ids else ""


def _is_copy(new: pygit2.Commit, old: pygit2.Commit) -> bool:
    """Whether a rebase made one commit of the other."""
    return new.author == old.author and new.message == old.message
