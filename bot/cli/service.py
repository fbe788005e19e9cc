"""The bot's settings and its log, for the commands that work on forges."""

import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from bot.web.config import Config, read_config
from bot.web.log import Log
from bot.web.secret import Secret


class Service(NamedTuple):
    """What both `serve` and `reconcile --config` begin with."""

    config: Config
    log: Log


def open_service(path: Path) -> Service:
    """Read the settings; raises InvalidPolicy. Nothing that is secret in them will be logged."""
    config = read_config(path, os.environ)
    return Service(config, open_log(config.secrets()))


def open_log(secrets: Iterable[Secret]) -> Log:
    """The log of a program that goes on; none of `secrets` is ever in it."""
    hidden = [line for secret in secrets for line in secret.lines()]
    return Log(sys.stderr, time.time, lines=not sys.stderr.isatty(), secrets=hidden)
