"""How a command ends: with which exit code, and with which last sentence."""

import os
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import click

from bot.cli.extras import lacking
from bot.cli.printable import printable
from bot.errors import UserError
from bot.settings import read_settings

OK, PERSON, OURS, INTERRUPTED = 0, 1, 3, 130


def ended(command: Callable[[], Any]) -> int:
    """Run `command`, say on stderr what went wrong, and return the exit code for whatever it did."""
    try:
        return _status(command)
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        return _give_up()


def _status(command: Callable[[], Any]) -> int:
    try:
        answer = command()
        sys.stdout.flush()
    except click.UsageError as error:
        error.show()
        return PERSON
    except click.ClickException as error:
        return _say(error.format_message())
    except UserError as error:
        return _say(str(error))
    except (BrokenPipeError, click.Abort):
        raise
    except ModuleNotFoundError as error:
        return _say(sentence) if (sentence := lacking(error)) else _log(error)
    except OSError as error:
        # What a front door writes to, or reads from, is the person's: a full disk, a closed stream.
        _say(f"{error.filename or 'The output'}: {error.strerror or error}.")
        return _give_up()
    except Exception as error:  # noqa: BLE001 the last door: what nobody expected gets an id and exit code 3
        return _log(error)
    return answer if isinstance(answer, int) else OK


def _give_up() -> int:
    """What is still buffered must not be flushed at exit; the code is the one that click gives."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return PERSON


def _say(sentence: str) -> int:
    click.echo(f"Error: {printable(sentence)}", err=True)
    return PERSON


def _log(error: Exception) -> int:
    number = uuid4().hex[:12]
    what = type(error).__name__
    click.echo(
        f"Error: Portico itself failed ({what}), with the id {number}; {_keep(error, number)}", err=True
    )
    return OURS


def _keep(error: Exception, number: str) -> str:
    """Write the traceback down; say where, or why not."""
    now = datetime.now(UTC)
    path = Path(read_settings(os.environ).log) / f"{now:%Y-%m-%d}-{number}.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{now.isoformat()} {number}\n{''.join(traceback.format_exception(error))}")
    except OSError as refusal:
        return f"its traceback could not be kept in '{path.parent}' ({refusal.strerror})."
    return f"please report it with '{path}'."
