"""Makes a bare repository understand packages, and undoes that; earlier hooks go on working."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

from bot import __version__
from bot.errors import UserError
from bot.git.repository import Repository, open_repository
from bot.hooks.server import FILE, IDENTITIES, ROOM, is_way
from bot.hooks.signer import PUSH
from bot.packages.naming import quoted

HOOKS = ("pre-receive", "proc-receive")
# Git leaves these refs to the proc-receive hook.
OURS = ("refs/heads/drafts", "refs/heads/proposed", "refs/heads/deletionProposed", "refs/portico")
# Clients see by this ref that the server has hooks; it names an empty file.
MARK = "refs/portico/server"
SIGN = "# Written by `portico hook install`; `portico hook uninstall` takes it away."
BEFORE = ".before-portico"


def install(git_dir: Path, *, identity: tuple[str, ...] = (), resident: bool = True) -> list[str]:
    """Install the hooks, or bring them up to date; returns what was done, a line each.

    `identity` is written to a new server file; an existing one is a person's and stays as it is.
    """
    repository = _bare(git_dir)
    _check_identity(identity)
    if "core.hooksPath" in repository.config:
        elsewhere = quoted(repository.config["core.hooksPath"] or "")
        raise UserError(
            f"Git looks for hooks in {elsewhere}, not in the repository "
            f"(`core.hooksPath`); unset that for {quoted(str(git_dir))}, or ours would never be asked."
        )
    _check_room(git_dir)
    (git_dir / ROOM).mkdir(exist_ok=True)
    (git_dir / "hooks").mkdir(exist_ok=True)
    done = [_install_hook(git_dir, hook) for hook in HOOKS]
    _configure(git_dir)
    repository.references.create(
        MARK, repository.create_blob(f"portico {__version__}\n".encode()), force=True
    )
    (git_dir / ROOM / "no-resident").unlink(missing_ok=True)
    if not resident:
        (git_dir / ROOM / "no-resident").touch()
    done.append(_settings(git_dir / FILE, identity))
    return done


def uninstall(git_dir: Path) -> list[str]:
    """Take the hooks away and put back what was there before; drafts, tags and settings stay."""
    repository = _bare(git_dir)
    done = [line for hook in HOOKS if (line := _uninstall_hook(git_dir, hook))]
    for ref in OURS:
        _git(git_dir, "config", "--unset-all", "receive.procReceiveRefs", f"^{ref}$", code=5)
    if MARK in repository.references:
        repository.references.delete(MARK)
    return done or ["no hook of Portico was installed"]


def _bare(git_dir: Path) -> Repository:
    repository = open_repository(git_dir)
    if not repository.is_bare:
        raise UserError(
            f"{quoted(str(git_dir))} has a working tree; hooks belong on the server's bare repository, "
            f"which `git clone --bare` makes."
        )
    return repository


def _check_identity(ways: tuple[str, ...]) -> None:
    for way in ways:
        if not is_way(way):
            known = ", ".join((*IDENTITIES, "variable:NAME"))
            raise UserError(f"{quoted(way)} is no way to learn who pushed; `--identity` takes {known}.")


def _check_room(git_dir: Path) -> None:
    """Refuse before anything is changed what cannot be put aside and brought back."""
    for hook in HOOKS:
        path = git_dir / "hooks" / hook
        before = path.with_name(hook + BEFORE)
        if _is_foreign(path) and hook == "proc-receive":
            raise UserError(
                f"Another program answers {quoted(str(path))} already, and Git asks only one; "
                f"move that hook away if it is not needed any more."
            )
        if _is_foreign(path) and before.exists():
            raise UserError(
                f"{quoted(str(path))} would take the place of {quoted(str(before))}, an earlier hook that "
                f"was put aside; keep one of the two, and install again."
            )


def _is_foreign(path: Path) -> bool:
    """Say whether a hook of somebody else is there; a link that leads nowhere is one, too."""
    return path.is_symlink() or (path.exists() and SIGN not in path.read_text(errors="replace"))


def _install_hook(git_dir: Path, hook: str) -> str:
    path = git_dir / "hooks" / hook
    before = path.with_name(hook + BEFORE)
    if _is_foreign(path):
        path.rename(before)
    client = Path(__file__).with_name("client.py")
    start = f"{shlex.quote(sys.executable)} -I -S {shlex.quote(str(client))} {hook}"
    path.write_text(_script(start, shlex.quote(str(Path("hooks") / before.name)), chained=before.exists()))
    path.chmod(0o755)
    return f"{hook}: installed" + (", after the hook that was there" if before.exists() else "")


def _script(start: str, before: str, *, chained: bool) -> str:
    head = f"#!/bin/sh\n{SIGN}\nexport {PUSH}=$PPID\n"
    if not chained:
        return f"{head}exec {start}\n"
    # The older hook reads the same lines, and both must agree; Git passes over one that cannot be run.
    lines = (
        f"{head}lines=$(cat)",
        f'if [ -x {before} ]; then printf "%s\\n" "$lines" | {before} "$@" || exit $?; fi',
        f'printf "%s\\n" "$lines" | {start}',
    )
    return "\n".join(lines) + "\n"


def _uninstall_hook(git_dir: Path, hook: str) -> str:
    path = git_dir / "hooks" / hook
    before = path.with_name(hook + BEFORE)
    if _is_foreign(path) or not (path.exists() or before.exists()):
        return ""
    path.unlink(missing_ok=True)
    if before.exists():
        before.rename(path)
        return f"{hook}: removed, the earlier hook is back"
    return f"{hook}: removed"


def _configure(git_dir: Path) -> None:
    for ref in OURS:
        _git(git_dir, "config", "--replace-all", "receive.procReceiveRefs", ref, f"^{ref}$")
    _git(git_dir, "config", "receive.advertisePushOptions", "true")
    # Published revisions and the ledger must survive: Git's own refusals come before ours.
    _git(git_dir, "config", "receive.fsckObjects", "true")
    # Who wrote a draft is read from its commits, so they must all be there; and Git itself dies of a shallow
    # push to a ref of ours.
    _git(git_dir, "config", "receive.shallowUpdate", "false")


def _settings(path: Path, identity: tuple[str, ...]) -> str:
    if path.exists():
        unheard = "; to change who is believed, edit `identity` there" if identity else ""
        return f"settings: {path} stays as it is{unheard}"
    ways = "".join(f"\n  - {way}" for way in identity) or "\n  - certificate\n  - system"
    path.write_text(
        "# How this server learns who pushed, in order; see `portico hook install --help`.\n"
        f"identity:{ways}\n"
        "# Logins and their e-mail addresses, so that commits and approvals can be compared:\n"
        "# people:\n#   ada: ada@example.com\n"
        "# Who may push to the branch whatever the repository's policy says:\n# admins: [ada]\n"
    )
    return f"settings: {path} written"


def _git(git_dir: Path, *words: str, code: int = 0) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(  # noqa: S603 # our own words
        ["git", "--git-dir", str(git_dir), *words],  # noqa: S607 # the user's git
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, code):
        raise UserError(f"Git could not be configured in {quoted(str(git_dir))}: {done.stderr.strip()}")
