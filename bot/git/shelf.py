"""Commits of a repository elsewhere, kept as they were fetched: no more history than was needed for them.

A shelf is disposable. A commit counts as there when a ref of ours names it, which is written only after all
of its files have arrived; what a fetch that was cut off has left behind is never taken for something whole.
"""

import secrets
import shutil
from pathlib import Path

import pygit2

from bot.errors import TransportFailed, UserError
from bot.git.remote import WHOLE, fetch_specs
from bot.git.repository import open_repository

_COMMITS = "refs/portico/commits/"
_ARRIVED = "refs/portico/arrived/"
_ALL = ("+refs/heads/*:refs/portico/heads/*", "+refs/tags/*:refs/portico/tags/*")
_WHOLE_ID = 40
# What libgit2 raises for files of a repository that are not as Git writes them.
DAMAGED = (pygit2.GitError, KeyError, ValueError)
# What Git says of a server that gives only what its refs name, and of one that only knows files.
_UNGIVEN = ("unadvertised object", "couldn't find remote ref")
_DUMB = "dumb http transport does not support shallow capabilities"


class Shelf:
    """The bare repository `place`, made when it is missing or broken; for one process at a time.

    `is_new` says that nothing in it can be older than this object.
    """

    def __init__(self, place: Path, *, anew: bool = False) -> None:
        self._place = place
        self.is_new = anew
        try:
            self.repository = self._made() if anew else open_repository(place)
        except UserError:
            self.repository = self._made()
            self.is_new = True

    def has(self, commit: str) -> bool:
        """Whether this commit (40 hex digits) is here with all of its files."""
        try:
            return len(commit) == _WHOLE_ID and _COMMITS + commit in self.repository.references
        except pygit2.GitError:
            return False  # a ref that is damaged

    def bring_ref(self, url: str, ref: str) -> str:
        """Fetch what a branch or tag of the server names, and return the hex id of its commit.

        '' when it is no commit; raises TransportFailed.
        """
        arrived = _place_of_arrival()
        try:
            fetch_specs(self._place, url, [f"+{ref}:{arrived}"], depth=1)
        except TransportFailed as error:
            # A server of files alone cannot leave history out.
            if _DUMB not in str(error):
                raise
            fetch_specs(self._place, url, [f"+{ref}:{arrived}"])
        return self._kept_from(arrived)

    def bring_commit(self, url: str, commit: str) -> str:
        """Fetch a commit by its hex id, whole or its beginning, and return it whole.

        '' when the repository does not have it, or it is no commit; raises TransportFailed.
        """
        if len(commit) == _WHOLE_ID:
            try:
                arrived = _place_of_arrival()
                is_there = fetch_specs(self._place, url, [f"+{commit}:{arrived}"], depth=1)
                return self._kept_from(arrived) if is_there else ""
            except TransportFailed as error:
                # Not every server gives commits by their ids: then all of its history is asked for.
                if not any(sign in str(error) for sign in (*_UNGIVEN, _DUMB)):
                    raise
        fetch_specs(self._place, url, _ALL, depth=WHOLE if self.repository.is_shallow else 0)
        self._reopen()
        try:
            whole = str(self.repository.expand_id(commit))
        except DAMAGED:
            return ""
        return self._kept(whole)

    def put_at(self, place: Path) -> None:
        """Move the shelf to `place`, where another one may be in the way."""
        _remove(place)
        self._place.rename(place)

    def _kept_from(self, arrived: str) -> str:
        self._reopen()
        oid = str(self.repository.references[arrived].target)
        self.repository.references.delete(arrived)
        return self._kept(oid)

    def _kept(self, oid: str) -> str:
        """Note the commit that an object which has just arrived is, or is a tag of; '' if it is neither."""
        try:
            commit = str(self.repository[oid].peel(pygit2.Commit).id)
        except DAMAGED:
            return ""
        self.repository.references.create(_COMMITS + commit, pygit2.Oid(hex=commit), force=True)
        return commit

    def _reopen(self) -> None:
        """See what the `git` program has written: libgit2 remembers which packs and grafts there are."""
        self.repository = open_repository(self._place)

    def _made(self) -> pygit2.Repository:
        _remove(self._place)
        return pygit2.init_repository(str(self._place), bare=True)


def _place_of_arrival() -> str:
    # Nobody else's: when we are killed, our `git` may go on for a while, and write into the next one's turn.
    return _ARRIVED + secrets.token_hex(8)


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
