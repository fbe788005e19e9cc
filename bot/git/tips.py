"""What the commit at the tip of a ref says of its package: whether there is one, and its workspace."""

from typing import NamedTuple

import pygit2

from bot.packages.annotation import PREFIX, read_annotations
from bot.packages.package import KPTFILE

_FILE_TYPE = 0o170000
_REGULAR_TYPE = 0o100000


class Tip(NamedTuple):
    """One ref's commit (hex id), and the workspace that its message names for the package ('' if none)."""

    commit: str
    workspace: str = ""


class UnreadableTip(Exception):
    """A ref names no package; `lost` when the objects are missing, so that it may be otherwise tomorrow."""

    def __init__(self, reason: str, *, lost: bool = False) -> None:
        super().__init__(reason)
        self.lost = lost


def read_tip(repository: pygit2.Repository, oid: str, full_path: str) -> Tip:
    """Read the commit that `oid` names, itself or through annotated tags; raises UnreadableTip."""
    try:
        commit = repository[oid].peel(pygit2.Commit)
        entry = commit.tree[f"{full_path}/{KPTFILE}" if full_path else KPTFILE]
    except KeyError as error:
        raise _unreadable(repository, oid, full_path, error) from None
    except (ValueError, pygit2.GitError):
        raise UnreadableTip("it names no commit; delete it, or let it name one") from None
    if (entry.filemode & _FILE_TYPE) != _REGULAR_TYPE:
        raise UnreadableTip(f"the {KPTFILE} in '{full_path}' must be a file, not a link or a directory")
    return Tip(str(commit.id), own_workspace(commit, full_path))


def own_workspace(commit: pygit2.Commit, full_path: str) -> str:
    """Find the workspace in the first annotation of the commit that names one for this package."""
    message = commit.raw_message
    if PREFIX.encode() not in message:
        return ""
    for annotation in read_annotations(message.decode("utf-8", "replace")):
        # Anyone can write a commit message: a workspace that no terminal or URL bears is none.
        if annotation.package == full_path and annotation.workspace and annotation.workspace.isprintable():
            return annotation.workspace
    return ""


def _unreadable(repository: pygit2.Repository, oid: str, full_path: str, error: KeyError) -> UnreadableTip:
    """Tell a path that is not in the tree from an object that is not in the repository."""
    try:
        repository[oid].peel(pygit2.Commit).tree  # noqa: B018 reading it is the question
    except (KeyError, ValueError, pygit2.GitError):
        return UnreadableTip(f"the object {error} is missing; `git fsck` tells more", lost=True)
    return UnreadableTip(f"there is no {KPTFILE} in '{full_path}' at its commit")
