"""`portico demo`: plays the whole story on this machine, with real Git commands."""

import os
import shutil
import sys
import time
from pathlib import Path
from tempfile import mkdtemp

import click

from bot.cli.demo_screen import Screen
from bot.cli.ending import OK, OURS
from bot.demo.play import play
from bot.demo.stage import Stage
from bot.demo.story import STORY
from bot.errors import UserError
from bot.packages.naming import quoted

EPILOG = """\b
Examples:
  portico demo
  portico demo --fast --keep
  portico demo --directory ~/portico-demo
"""
DIRECTORY = click.Path(path_type=Path)


@click.command(epilog=EPILOG)
@click.option("--fast", is_flag=True, help="Without pauses for reading; there are none in a pipe.")
@click.option("--keep", is_flag=True, help="Keep the folder at the end, without asking.")
@click.option(
    "--directory", type=DIRECTORY, metavar="DIR", help="Play in this new or empty folder, and keep it."
)
def demo(*, fast: bool, keep: bool, directory: Path | None) -> int:
    """Play the whole story on this machine, with real Git commands.

    A bare repository with a few packages and Portico's hooks is made in a folder of its own, in which two
    people then write, propose, reject, approve, roll back and delete package revisions. Nothing outside the
    folder is touched, and no network is needed.

    At the end a terminal is asked whether to remove the folder; without a terminal it is removed, unless
    `--keep` or `--directory` is given. When anything goes otherwise than the story says, the demo stops,
    says what differs, keeps the folder, and ends with 3.
    """
    if shutil.which("git") is None:
        raise UserError("The program `git` was not found; install it, for the demo runs real Git commands.")
    stage = Stage(_folder(directory), os.environ)
    kept = keep or directory is not None
    try:
        return _perform(stage, fast=fast, keep=kept)
    except (KeyboardInterrupt, BrokenPipeError, SystemExit):  # the last is what rich makes of a closed pipe
        if not kept:
            shutil.rmtree(stage.folder, ignore_errors=True)
        raise


def _perform(stage: Stage, *, fast: bool, keep: bool) -> int:
    stage.set_up()
    watched = sys.stdout.isatty()
    screen = Screen(pause=time.sleep if watched and not fast else None)
    began = time.monotonic()
    if differences := play(STORY, stage, screen):
        screen.stop(differences, stage.folder)
        return OURS
    screen.end(time.monotonic() - began)
    if keep or (watched and sys.stdin.isatty()):
        screen.leave(stage.folder)
        if keep or not click.confirm("Remove the folder now?"):
            return OK
    # The server's resident process may still write there; it ends when its repository is gone.
    shutil.rmtree(stage.folder, ignore_errors=True)
    screen.say(f"The folder {stage.folder} is removed; `portico demo --keep` leaves it to look around in.")
    return OK


def _folder(directory: Path | None) -> Path:
    if directory is None:
        return Path(mkdtemp(prefix="portico-demo-")).resolve()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise UserError(f"The folder {quoted(str(directory))} must be empty; name a new one.")
    except OSError as error:
        raise UserError(f"The folder {quoted(str(directory))} cannot be used: {error.strerror}.") from None
    return directory.resolve()
