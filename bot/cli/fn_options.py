"""The options that the commands of `portico fn` share, by kpt's names."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

PULL_POLICIES = ("Always", "IfNotPresent", "Never")
_Command = Callable[..., Any]


def running_options(command: _Command) -> _Command:
    """How functions are run, and what is told of it."""
    for option in reversed(_RUNNING):
        command = option(command)
    return command


_RUNNING = (
    click.option(
        "--allow-exec", is_flag=True, help="Run executables (`exec`) on this machine, with your rights."
    ),
    click.option("--allow-network", is_flag=True, help="Let containers reach the network."),
    click.option("--allow-alpha-wasm", is_flag=True, hidden=True),
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
    click.option(
        "--results-dir",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Write the functions' results to DIR/results.yaml.",
    ),
    click.option(
        "-o",
        "--output",
        metavar="stdout|unwrap|DIR",
        help="Leave the package as it is, and write what comes out there.",
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
