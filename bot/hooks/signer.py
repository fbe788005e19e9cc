"""Hands the verified signer of a push on from pre-receive to proc-receive, which Git does not tell of it."""

import contextlib
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path

from bot.hooks.server import ROOM

# The hook's script puts the process id of git-receive-pack here, which both hooks of one push have in common.
PUSH = "PORTICO_PUSH"
SECONDS = 3600
CERTIFICATE = ("GIT_PUSH_CERT_STATUS", "GIT_PUSH_CERT_NONCE_STATUS", "GIT_PUSH_CERT_SIGNER")


def leave(environment: Mapping[str, str]) -> None:
    """In pre-receive, at its end: note the signer for the rest of this push."""
    note = _note(environment)
    if note is None:
        return
    note.unlink(missing_ok=True)
    known = {name: environment[name] for name in CERTIFICATE if name in environment}
    if known:
        _sweep(note)
        descriptor = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(known, file)


def told(environment: Mapping[str, str]) -> dict[str, str]:
    """In proc-receive: the environment with what pre-receive has noted, once."""
    kept = {name: value for name, value in environment.items() if name not in CERTIFICATE}
    note = _note(environment)
    if note is None:
        return kept
    try:
        known: dict[str, str] = json.loads(note.read_bytes())
    except FileNotFoundError:
        return kept
    note.unlink(missing_ok=True)
    return kept | known


def _sweep(note: Path) -> None:
    """A push that asks nothing of proc-receive leaves its note lying."""
    for other in note.parent.glob("signer-*.json"):
        with contextlib.suppress(FileNotFoundError):  # its own push was faster
            if other.stat().st_mtime < time.time() - SECONDS:
                other.unlink()


def _note(environment: Mapping[str, str]) -> Path | None:
    push = environment.get(PUSH, "")
    # Machines that share a repository count their processes by themselves.
    return Path(ROOM) / f"signer-{os.uname().nodename}-{push}.json" if push.isdigit() else None
