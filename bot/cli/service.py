"""The bot's settings and its log, for the commands that work on forges."""

import os
import sys
import time
from pathlib import Path
from typing import NamedTuple

from bot.web.config import Config, read_config
from bot.web.log import Log


class Service(NamedTuple):
    """What both `serve` and `reconcile --config` begin with."""

    config: Config
    log: Log


def open_service(path: Path) -> Service:
    """Read the settings; raises InvalidPolicy. Nothing that is secret in them will be logged."""
    config = read_config(path, os.environ)
    secrets = [line for secret in config.secrets() for line in secret.lines()]
    return Service(config, Log(sys.stderr, time.time, lines=not sys.stderr.isatty(), secrets=secrets))
