"""The options that the commands of `portico fn` share, by kpt's names."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

PULL_POLICIES = ("Always", "IfNotPresent", "Never")
_Command = Callable[..., Any]
_Option = Callable[[_Command], _Command]


def running_options(command: _Command) -> _Command:
    """How functions are run, and what is told of it."""
    return _with((*_PERMITS, *_IMAGES, _OUTPUT, *_REPORT), command)


def calling_options(command: _Command) -> _Command:
    """Those of them that neither let a function reach out of its container, nor write what it came to."""
    return _with((*_IMAGES, *_REPORT), command)


def _with(options: Iterable[_Option], command: _Command) -> _Command:
    for option in reversed(tuple(options)):
        command = option(command)
    return command


_PERMITS = (
    click.option(
        "--allow-exec", is_flag=True, help="Run executables (`exec`) on this machine, with your rights."
    ),
    click.option("--allow-network", is_flag=True, help="Let containers reach the network."),
    click.option("--allow-alpha-wasm", is_flag=True, hidden=True),
)
_IMAGES = (
    click.option(
        "--image-prefix",
        metavar="PREFIX",
        envvar="KPT_IMAGE_PREFIX",
        help="What short names of functions are prefixed with.",
    ),
    click.option(
        "--image-pull-policy",
        type=click.Choice(PULL_POLICIES, case_sensitive=False),
        default="IfNotPresent",
        show_default=True,
        help="When images are pulled.",
    ),
)
_OUTPUT = click.option(
    "-o",
    "--output",
    metavar="stdout|unwrap|DIR",
    help="Leave the package as it is, and write what comes out there.",
)
_REPORT = (
    click.option(
        "--results-dir",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Write the functions' results to DIR/results.yaml.",
    ),
    click.option(
        "--truncate-output",
        type=bool,
        is_flag=False,
        flag_value=True,
        default=True,
        metavar="true|false",
        help="Cut long lists of results.",
    ),
)
