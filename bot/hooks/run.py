"""Runs one hook in the repository that Git started it in."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from bot.hooks import faults, signer
from bot.hooks.desk import Desk, open_desk
from bot.hooks.pre_receive import pre_receive
from bot.hooks.proc_receive import proc_receive
from bot.packages.documents import emit, parse

HOOKS: dict[str, Callable[[Desk], int]] = {"pre-receive": pre_receive, "proc-receive": proc_receive}


def run(hook: str) -> int:
    """Run `hook` on this process's streams and environment; the exit code is the hook's answer."""
    try:
        return _answer(hook)
    except BrokenPipeError:
        return 1  # the pusher went away; what was done is done, and a tick finishes the rest
    except Exception as error:  # noqa: BLE001 # the front door: whatever it is becomes a sentence
        sys.stderr.write(f"portico: {faults.sentence(error)}\n")
        return 1


def _answer(hook: str) -> int:
    first = hook == "pre-receive"
    desk = open_desk(Path(), os.environ if first else signer.told(os.environ), quarantine=first)
    try:
        answer = HOOKS[hook](desk)
    finally:
        desk.close()
    if first and answer == 0:
        signer.leave(os.environ)
    return answer


def warm_up() -> None:
    """Load what a hook needs before the first one comes."""
    emit(parse(b"a: 1\n"))


if __name__ == "__main__":
    sys.exit(run(sys.argv[1]))
