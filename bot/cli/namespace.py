"""The option `-n`: Kubernetes' namespace, which Portico only writes into the objects that it prints."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def namespace_option() -> Callable[[Command], Command]:
    """`-n NAME`, as kubectl has it."""
    return click.option(
        "-n",
        "--namespace",
        default="default",
        show_default=True,
        metavar="NAME",
        help="Namespace that objects are said to be in.",
    )
