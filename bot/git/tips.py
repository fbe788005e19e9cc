"""What the commits at the tips of refs say of their packages: whether there is one, and its workspace."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pygit2
from pygit2.enums import ObjectType

from bot.errors import UserError
from bot.git.entries import encoded, find_entry, parse_tree
from bot.git.placeholders import is_kptfile
from bot.packages.annotation import PREFIX, read_annotations
from bot.packages.naming import quoted
from bot.packages.package import KPTFILE

_DEEPEST_TAG = 10
_KPTFILE = KPTFILE.encode()
# The line of an approval as both programs write it. Ten thousand times JSON would be a third of all the time.
_PLAIN = re.compile(
    rb'^kpt:\{"package":"([^"\\\x00-\x1f]+)","workspaceName":"([^"\\\x00-\x1f]+)"(?:,"revision":"[0-9v]*")?\}$',
    re.MULTILINE,
)


class Wanted(NamedTuple):
    """A ref, the object it names (hex id), and the directory of its package from the root of the tree."""

    ref: str
    oid: str
    full_path: str


class Tip(NamedTuple):
    """A ref's commit, and the workspace that its message names for the package ('' if none).

    `complaint` says why the ref is no package revision; `lost`, that objects are missing, so that it may be
    one tomorrow.
    """

    commit: str = ""
    workspace: str = ""
    complaint: str = ""
    lost: bool = False


class _Commit(NamedTuple):
    oid: str
    tree: str
    time: int
    message: bytes


def read_tips(repository: pygit2.Repository, wanted: Iterable[Wanted]) -> Iterator[tuple[Wanted, Tip]]:
    """Read them all, oldest first: neighbours in time lie together in a pack, and unpack the faster."""
    commits = []
    for one in wanted:
        try:
            commits.append((_commit(repository, one.oid), one))
        except KeyError as error:
            yield one, Tip(complaint=f"the object {error} is missing; `git fsck` tells more", lost=True)
        except (ValueError, pygit2.GitError):
            yield one, Tip(complaint="it names no commit; delete it, or let it name one")
    for commit, one in sorted(commits, key=lambda pair: pair[0].time):
        try:
            complaint = _complaint(repository, commit.tree, one.full_path)
        except KeyError as error:
            yield one, Tip(complaint=f"the object {error} is missing; `git fsck` tells more", lost=True)
        except (UserError, ValueError, pygit2.GitError) as error:
            yield one, Tip(complaint=f"its tree cannot be read: {error}", lost=True)
        else:
            yield one, Tip(commit.oid, own_workspace(commit.message, one.full_path), complaint)


def own_workspace(message: bytes, full_path: str) -> str:
    """Find the workspace in the first annotation of a commit's message that names one for this package."""
    if PREFIX.encode() not in message:
        return ""
    if message.count(b"kpt:") == 1 and (plain := _PLAIN.search(message)):
        package, workspace = (text.decode("utf-8", "replace") for text in plain.groups())
        return workspace if package == full_path and workspace.isprintable() else ""
    for annotation in read_annotations(message.decode("utf-8", "replace")):
        # Anyone can write a commit message: a workspace that no terminal or URL bears is none.
        if annotation.package == full_path and annotation.workspace and annotation.workspace.isprintable():
            return annotation.workspace
    return ""


def _commit(repository: pygit2.Repository, oid: str) -> _Commit:
    """Read a commit, or the one that an annotated tag names; raises ValueError for anything else."""
    kind, data = repository.read(oid)
    for _ in range(_DEEPEST_TAG):
        if kind != ObjectType.TAG:
            break
        oid = data[7:47].decode("ascii")  # "object <hex id>"
        kind, data = repository.read(oid)
    if kind != ObjectType.COMMIT:
        raise ValueError(oid)
    header, _, message = data.partition(b"\n\n")
    _, _, committer = header.partition(b"\ncommitter ")
    time = committer.partition(b"\n")[0].rpartition(b"> ")[2].partition(b" ")[0]
    return _Commit(oid, header[5:45].decode("ascii"), int(time) if time.isdigit() else 0, message)


def _complaint(repository: pygit2.Repository, root: str, full_path: str) -> str:
    """Say why there is no package in this directory; '' if there is one."""
    oid = root
    odb = repository.odb
    for segment in full_path.split("/") if full_path else ():
        oid = find_entry(odb.read(oid)[1], b"40000", encoded(segment))
        if not oid:
            return f"there is no directory {quoted(full_path)} at its commit"
    data = odb.read(oid)[1]
    if find_entry(data, b"100644", _KPTFILE):
        return ""
    entry = parse_tree(data).get(KPTFILE)
    if is_kptfile(entry):
        return ""
    if entry is not None:
        return f"the {KPTFILE} in {quoted(full_path)} must be a file, not a link or a directory"
    return f"there is no {KPTFILE} in {quoted(full_path)} at its commit"
