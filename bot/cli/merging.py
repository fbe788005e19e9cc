"""The options `--strategy` and `--on-conflict`, which say how a package and its upstream are merged."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from bot.packages.merge.conflict import OnConflict
from bot.packages.provenance import Strategy

Command = TypeVar("Command", bound=Callable[..., Any])


def strategy_option() -> Callable[[Command], Command]:
    """`--strategy` of an upgrade: what is not said is in the package's Kptfile."""
    return click.option(
        "--strategy", type=_of(Strategy), help="How it is upgraded; by default what its Kptfile says."
    )


def first_strategy_option(meaning: str) -> Callable[[Command], Command]:
    """`--strategy` of a package that begins, which is written into its Kptfile."""
    default = Strategy.RESOURCE_MERGE.value
    return click.option("--strategy", type=_of(Strategy), default=default, show_default=True, help=meaning)


def on_conflict_option(default: OnConflict, meaning: str = "") -> Callable[[Command], Command]:
    """`--on-conflict`; `meaning` ends its help, where the two sides must be named."""
    return click.option(
        "--on-conflict",
        type=_of(OnConflict),
        default=default.value,
        show_default=True,
        help=f"What holds where both sides changed a field differently{meaning}.",
    )


def _of(values: type[Strategy] | type[OnConflict]) -> click.Choice[str]:
    return click.Choice([value.value for value in values])
