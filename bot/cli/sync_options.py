"""What the commands of `portico sync` have in common: which engine, which cluster, and the way there."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bot.errors import UserError
from bot.kubernetes.gitops.engine import Engine
from bot.kubernetes.gitops.engines import ENGINES

if TYPE_CHECKING:
    from bot.kubernetes.board import Board

Command = TypeVar("Command", bound=Callable[..., Any])


def cluster_options(command: Command) -> Command:
    """`--kubeconfig` and `--context`, as kubectl has them."""
    context = click.option(
        "--context", metavar="NAME", default="", help="The kubeconfig's context, as kubectl's."
    )
    kubeconfig = click.option(
        "--kubeconfig", metavar="FILE", default="", help="As kubectl's; inside a cluster none is needed."
    )
    return kubeconfig(context(command))


def engine_option(*, required: bool = False) -> Callable[[Command], Command]:
    """`--engine`, one of those that there are."""
    every = "" if required else "  [default: all]"
    return click.option(
        "--engine", required=required, type=click.Choice(tuple(ENGINES)), help=f"The GitOps engine.{every}"
    )


def place_option(command: Command) -> Command:
    """`-n`, by default where the engine looks."""
    where = ", ".join(f"'{engine.namespace}' for {engine.title}" for engine in ENGINES.values())
    return click.option(
        "-n", "--namespace", default="", metavar="NAME", help=f"Where the objects are.  [default: {where}]"
    )(command)


def chosen(engine: str | None) -> Sequence[Engine]:
    """The engine of a word, or all of them."""
    return [ENGINES[engine]] if engine else list(ENGINES.values())


def open_board(kubeconfig: str, context: str) -> "Board":
    """The pins of a cluster; raises UserError where its library is missing, or no cluster is known."""
    try:
        from bot.kubernetes.board import Board  # noqa: PLC0415 its library comes with an extra
        from bot.kubernetes.connection import connect  # noqa: PLC0415 the same
    except ModuleNotFoundError as error:
        raise UserError(
            f"Clusters need the library `{error.name}`; install it with `pip install 'portico[kubernetes]'`, "
            "or print the objects with `portico sync create … --dry-run` and give them to kubectl."
        ) from error
    return Board(connect(kubeconfig, context).cluster)
