"""Failures told apart: a person's own in a sentence, ours logged under an id that the person sees."""

import sys
import traceback
import uuid
from pathlib import Path

from bot.errors import UserError
from bot.hooks.server import ROOM


def sentence(error: BaseException, git_dir: Path = Path()) -> str:
    """Return what to tell the person; a failure of ours is written to `portico/log` beside the refs."""
    if isinstance(error, UserError):
        return str(error)
    fault = uuid.uuid4().hex[:12]
    text = "".join(traceback.format_exception(error))
    try:
        with (git_dir / ROOM / "log").open("a", encoding="utf-8") as log:
            log.write(f"{fault}\n{text}\n")
    except OSError:
        sys.stderr.write(f"portico: the log cannot be written; {text}\n")
    return f"Portico failed, and has logged why as {fault} in portico/log on the server; tell its owner."
