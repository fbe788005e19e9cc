"""Lock files of refs that a killed Git has left behind, told from living ones by their age.

Git itself never takes them away: without this, one kill at the wrong moment would close a ref for ever.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterable
from pathlib import Path

# No transaction of refs takes as long: Git holds these files while it renames a few others.
STALE_SECONDS = 600


def remove_stale(git_dir: str, refs: Iterable[str]) -> bool:
    """Remove what bars the way of `refs` and is too old to be anybody's; say whether anything did."""
    guard = Path(git_dir, "portico-locks")
    with guard.open("w") as file:
        # One at a time: between looking at a file's age and removing it, another one could take its place.
        fcntl.flock(file, fcntl.LOCK_EX)
        os.utime(file.fileno())
        now = os.fstat(file.fileno()).st_mtime  # by the clock of the file system that the locks lie on
        names = [f"{ref}.lock" for ref in (*refs, "packed-refs", "HEAD")]
        paths = [Path(git_dir, name) for name in (*names, "packed-refs.new")]
        removed = [path for path in paths if _removed(path, now)]
        return bool(removed)


def _removed(path: Path, now: float) -> bool:
    with contextlib.suppress(OSError):
        if now - path.stat().st_mtime > STALE_SECONDS:
            path.unlink()
            return True
    return False
