"""Deletions as they are proposed on a forge: one commit on top of the registered branch, and nothing beside.

It takes the package's directory off the branch where the latest revision is to go, and changes nothing where
an older one is; a trailer says which.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

import pygit2

from bot.git.commits import write_commit
from bot.git.history import told_by
from bot.git.standing import tags_of, tip
from bot.git.trees import changed_files, package_tree, tree_of, write_tree_at
from bot.lifecycle.commit_message import deleted_commits, removal_message
from bot.lifecycle.person import Person
from bot.packages.annotation import Annotation, read_annotations
from bot.packages.layout import Layout, revision_number
from bot.packages.naming import RevisionName
from bot.packages.revision import Removal, Tagged

MOST_EXCESS = 3
MOST_COMMITS = 1_000  # of a deletion's branch that are searched for who began it


def tagged(repository: pygit2.Repository, layout: Layout, name: RevisionName) -> Tagged | None:
    """The revision whose tag ends in `name.workspace`; a workspace of that name means nothing here."""
    tags = tags_of(repository, layout, name.path)
    found = next((tag for tag in tags if tag.suffix == name.workspace), None)
    if found is None:
        return None
    latest = found.revision > 0 and found.revision == max(tag.revision for tag in tags)
    return Tagged(*found, latest=latest)


def removal(repository: pygit2.Repository, full_path: str, commit: str) -> Removal | None:
    """What a commit deletes; None for one that changes anything else, or says nothing of a deletion."""
    found = _commit(repository, commit)
    named = deleted_commits(found.message)
    if len(found.parent_ids) != 1 or len(named) != 1:
        return None
    base = str(found.parent_ids[0])
    if next(_changes(repository, base, commit, full_path), ""):
        return None
    was_there, is_there = (package_tree(repository, each, full_path) for each in (base, commit))
    return Removal(base, named[0], "" if is_there else was_there)


def is_fit(repository: pygit2.Repository, layout: Layout, name: RevisionName, found: Removal) -> bool:
    """Whether a removal is what the deletion comes to now: of this tag, and of what the branch holds."""
    revision, head = tagged(repository, layout, name), tip(repository, layout.branch_ref)
    if revision is None or found.commit != revision.commit or not _holds(repository, head, found.base):
        return False
    held = package_tree(repository, head, layout.full_path(name.path))
    return found.removed == (held if revision.latest else "")


def excess(repository: pygit2.Repository, layout: Layout, name: RevisionName, commit: str) -> Sequence[str]:
    """Some of the files that a branch changes since it left the registered one, the removal left out.

    The tag's own commit is nothing: people push it to say which revision they mean.
    """
    revision, full_path = tagged(repository, layout, name), layout.full_path(name.path)
    if revision is not None and commit == revision.commit:
        return ()
    head = tip(repository, layout.branch_ref)
    fork = repository.merge_base(pygit2.Oid(hex=head), pygit2.Oid(hex=commit)) if head else None
    if fork is None:
        return (full_path,)
    return tuple(sorted(islice(_changes(repository, str(fork), commit, full_path), MOST_EXCESS)))


def proposer(repository: pygit2.Repository, layout: Layout, path: str, commit: str) -> Person | None:
    """The author of the first removal on a branch, whatever was put on top of it; None for none."""
    first = None
    for here in islice(_own(repository, tip(repository, layout.branch_ref), commit), MOST_COMMITS):
        if removal(repository, layout.full_path(path), here):
            author = _commit(repository, here).author
            first = Person("", author.name, author.email)
    return first


def write_removal(  # noqa: PLR0913, PLR0917 what the commit is made of
    repository: pygit2.Repository,
    layout: Layout,
    name: RevisionName,
    revision: Tagged,
    head: str,
    author: Person,
) -> str:
    """Write the commit that deletes `revision`, on top of `head`, where the branch is; its hex id."""
    full_path = layout.full_path(name.path)
    root = write_tree_at(repository, head, full_path, None) if revision.latest else tree_of(repository, head)
    message = removal_message(layout, name._replace(workspace=revision.workspace), revision)
    return write_commit(repository, root, [head], message, author)


def is_deleted(repository: pygit2.Repository, full_path: str, commit: str, head: str) -> bool:
    """Whether the branch, from `head` back to where a revision was published, says that this was deleted."""
    published = set(_numbered(_commit(repository, commit).message, full_path))
    for here, message in told_by(repository, head):
        if here == commit:
            return False
        if commit in deleted_commits(message):
            return True
        # As Porch and the plain server say it.
        if message.startswith("Delete ") and published & set(_numbered(message, full_path)):
            return True
    return False


def _changes(repository: pygit2.Repository, base: str, commit: str, full_path: str) -> Iterator[str]:
    """What a commit has otherwise than `base`, but for a package that is gone."""
    held = package_tree(repository, commit, full_path)
    if held and held != package_tree(repository, base, full_path):
        yield full_path
    yield from changed_files(repository, base, commit, full_path)


def _numbered(message: str, full_path: str) -> Iterator[int]:
    for annotation in read_annotations(message):
        if _is_about(annotation, full_path) and (number := revision_number(annotation.revision)) > 0:
            yield number


def _is_about(annotation: Annotation, full_path: str) -> bool:
    return annotation.package == full_path and annotation.task is None


def _own(repository: pygit2.Repository, base: str, commit: str) -> Iterator[str]:
    """The commits of a branch that the registered one lacks, newest first, along first parents."""
    while commit and not _holds(repository, base, commit):
        yield commit
        parents = _commit(repository, commit).parent_ids
        commit = str(parents[0]) if parents else ""


def _holds(repository: pygit2.Repository, head: str, commit: str) -> bool:
    return bool(head) and (head == commit or repository.descendant_of(head, commit))


def _commit(repository: pygit2.Repository, commit: str) -> pygit2.Commit:
    return repository[commit].peel(pygit2.Commit)
