"""Moving several refs together or not at all, each only from where the decision had found it.

The `git` program does it (`git update-ref --stdin`), because it knows every kind of ref storage. With
loose refs it renames one file after the other, updates in the order given, then deletions: killed in
between, a part has moved. Callers order their updates so that the rest can be told from that part.
"""

import subprocess
from dataclasses import dataclass, field

from bot.errors import Moved, Refused, UserError
from bot.git.locks import STALE_SECONDS, remove_stale

ZERO = "0" * 40
# What git says when a ref was not where it was expected, or another process holds its lock just now.
_LOCKED = "File exists"
_MOVED = ("but expected", "reference already exists", "unable to resolve reference", "is missing", _LOCKED)
_CLASH = ("cannot create", "exists")
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
        if not (error := self._run(["git"], reason)):
            return
        if not remove_stale(self.git_dir, {line.split(" ")[1] for line in self.lines}) and _is_plain(error):
            raise _explained(error)
        # Once more, in the language whose words are known below.
        if error := self._run(["env", "LC_ALL=C", "git"], reason):
            raise _explained(error)

    def _run(self, git: list[str], reason: str) -> str:
        """What Git objects to; '' when all is done."""
        # Without the words `prepare` and `commit` nothing moves: half a message, from a process that was
        # killed while it wrote, does nothing.
        script = "\n".join(("start", *self.lines, "prepare", "commit", ""))
        done = subprocess.run(  # noqa: S603 # fixed arguments; refs travel on standard input
            [*git, "--git-dir", self.git_dir, "update-ref", "--stdin", "-m", reason],
            input=script.encode(errors="surrogateescape"),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        return done.stderr.decode(errors="replace").strip() or "no reason" if done.returncode else ""


def _is_plain(error: str) -> bool:
    return any(sign in error for sign in _MOVED) or all(sign in error for sign in _CLASH)


def _explained(error: str) -> UserError:
    said = error.removeprefix("fatal: ").partition("\n")[0]
    if all(sign in error for sign in _CLASH):
        return Refused(f"Git cannot keep both names, because one is a part of the other: {said}")
    if _LOCKED in error:
        return Moved(
            f"Another process is changing the same refs just now; repeat in a moment. (If it was killed "
            f"while it did, what it left is taken away after {STALE_SECONDS // 60} minutes: {said})"
        )
    if any(sign in error for sign in _MOVED):
        return Moved(f"Somebody else was faster; look again and repeat. ({said})")
    return UserError(f"Git could not move the refs: {said}")
