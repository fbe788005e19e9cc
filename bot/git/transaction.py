"""Moving several refs together or not at all, each only from where the decision had found it.

The `git` program does it (`git update-ref --stdin`), because it knows every kind of ref storage. With
loose refs it renames one file after the other, updates in the order given, then deletions: killed in
between, a part has moved. Callers order their updates so that the rest can be told from that part.
"""

import subprocess
from dataclasses import dataclass, field

from bot.errors import Moved, Refused, UserError

ZERO = "0" * 40
# What git says when a ref was not where it was expected, or another process holds its lock just now.
_MOVED = (
    "but expected",
    "reference already exists",
    "unable to resolve reference",
    "File exists",
    "is missing",
)
_SECONDS = 60


@dataclass(slots=True)
class Transaction:
    """Moves of refs in one bare or working repository at `git_dir`."""

    git_dir: str
    lines: list[str] = field(default_factory=list)

    def move(self, ref: str, new: str, expect: str) -> None:
        """Set `ref` to `new` if it stands at `expect`, '' for a ref that must not exist yet."""
        self.lines.append(f"update {ref} {new} {expect or ZERO}")

    def delete(self, ref: str, expect: str) -> None:
        """Delete `ref` if it stands at `expect`; nothing when `expect` is ''."""
        if expect:
            self.lines.append(f"delete {ref} {expect}")

    def keep(self, ref: str, expect: str) -> None:
        """Go on only if `ref` stands at `expect`, '' for a ref that must not exist."""
        self.lines.append(f"verify {ref} {expect or ZERO}")

    def commit(self, reason: str) -> None:
        """Do it; raises Moved, having changed nothing, when a ref was not where it was expected."""
        # Without the words `prepare` and `commit` nothing moves: half a message, from a process that was
        # killed while it wrote, does nothing.
        script = "\n".join(("start", *self.lines, "prepare", "commit", ""))
        done = subprocess.run(  # noqa: S603 # fixed arguments; refs travel on standard input
            ["git", "--git-dir", self.git_dir, "update-ref", "--stdin", "-m", reason],  # noqa: S607 # the user's git
            input=script.encode(),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        if done.returncode:
            raise _explained(done.stderr.decode(errors="replace").strip())


def _explained(error: str) -> UserError:
    if "cannot create" in error and "exists" in error:
        return Refused(
            f"Git cannot keep both names, because one is a part of the other: {error.removeprefix('fatal: ')}"
        )
    if any(sign in error for sign in _MOVED):
        return Moved(f"Somebody else was faster; look again and repeat. ({error.removeprefix('fatal: ')})")
    return UserError(f"Git could not move the refs: {error.removeprefix('fatal: ')}")
