"""The option `-n`: Kubernetes' namespace, which Portico only writes into the objects that it prints."""

from typing import Any

import click


def namespace_option() -> Any:  # noqa: ANN401 a decorator of click has no type of its own
    """`-n NAME`, as kubectl has it."""
    return click.option(
        "-n",
        "--namespace",
        default="default",
        show_default=True,
        metavar="NAME",
        help="Namespace that objects are said to be in.",
    )
