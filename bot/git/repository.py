"""Opening a Git repository on this machine, with libgit2's refusals said so that a person can mend them."""

from pathlib import Path

import pygit2
from pygit2.enums import RepositoryOpenFlag

from bot.errors import NotFound, UserError
from bot.packages.naming import quoted

# For rooms that hand a repository on without knowing the library.
Repository = pygit2.Repository

_FOREIGN = "is not owned by current user"


def open_repository(path: str | Path, *, quarantine: bool = False) -> pygit2.Repository:
    """Open the repository at exactly `path`, bare or with a working tree.

    With `quarantine`, the objects of a push that a pre-receive hook is asked about are seen too: Git
    names their place in the hook's environment, and libgit2 reads it there.
    Raises NotFound when there is no repository, UserError when it belongs to somebody else or is broken.
    """
    flags = RepositoryOpenFlag.NO_SEARCH
    if quarantine:
        flags |= RepositoryOpenFlag.FROM_ENV
    place = Path(path)
    try:
        # Git itself checks hashes when objects arrive and in `git fsck`, not at each reading: neither do we,
        # and ten thousand revisions are read in a quarter of the time.
        pygit2.settings.enable_strict_hash_verification(False)
        return pygit2.Repository(str(place), flags)
    except (pygit2.GitError, KeyError, OSError, ValueError) as error:
        raise _explained(place, str(error)) from None


def _explained(place: Path, reason: str) -> UserError:
    shown = quoted(str(place))
    if not place.exists():
        return NotFound(f"There is no {shown}; name the path of a Git repository.")
    if _FOREIGN in reason:
        return UserError(
            f"The repository {shown} belongs to another user of this machine; if you trust it, run "
            f"`git config --global --add safe.directory {place.resolve()}`."
        )
    if "extension" in reason:
        return UserError(
            f"The repository {shown} uses a feature that libgit2 lacks ({reason}); a `reftable` "
            f"is converted by `git refs migrate --ref-format=files`."
        )
    if "not found" in reason:
        return NotFound(
            f"{shown} is not a Git repository; make one with `git init --bare`, or name another path."
        )
    return UserError(f"The repository {shown} cannot be opened: {reason}; `git fsck` may tell more.")
