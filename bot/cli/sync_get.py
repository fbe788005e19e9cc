"""`portico sync get`: what is pinned in a cluster, which of it is behind, and what the engine says of it."""

from collections.abc import Iterator, Sequence
from typing import Any

import click

from bot.cli.desk import open_desk
from bot.cli.output import output_option, write_list
from bot.cli.rpkg_listing import MOST_NAMED, NONE, UNKNOWN
from bot.cli.sync_look import Beside, beside
from bot.cli.sync_options import chosen, cluster_options, engine_option, open_board, place_option
from bot.cli.table import format_table
from bot.kubernetes.gitops.engine import Written

HEADER = ("NAME", "NAMESPACE", "ENGINE", "PACKAGE", "REVISION", "BEHIND", "FOLLOWS", "STATE")
NEWER = "portico.dev/newer-revisions"
_LONGEST_STATE = 60
EPILOG = """\b
Examples:
  portico sync get
  portico sync get blueprints-networking-dns -o yaml
  portico sync get -A --engine flux -o wide
"""


@click.command(epilog=EPILOG)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@engine_option()
@place_option
@click.option("-A", "--all-namespaces", is_flag=True, help="Look in every namespace.")
@click.option("--no-headers", is_flag=True, help="Leave the table's header out.")
@output_option()
@cluster_options
def get(  # noqa: PLR0913 one parameter per option
    *,
    names: tuple[str, ...],
    engine: str | None,
    namespace: str,
    all_namespaces: bool,
    no_headers: bool,
    output: str | None,
    kubeconfig: str,
    context: str,
) -> None:
    """List pins that Portico wrote: all, or those named.

    BEHIND names the published revisions that are newer than the pin, STATE is what the engine says. Objects
    (-o yaml or json) are as the cluster has them, and tell of newer revisions in an annotation that is not
    there.
    """
    board = open_board(kubeconfig, context)
    pins = [
        pin
        for one in chosen(engine)
        for pin in board.find(one, "" if all_namespaces else namespace or one.namespace)
        if not names or pin.name in names
    ]
    found = beside(open_desk(), pins)
    if output in {"yaml", "json"}:
        write_list((item for one in found for item in _objects(one)), output)
    elif output == "name":
        click.echo("".join(f"{_first(one)}\n" for one in found), nl=False)
    elif found:
        click.echo(format_table(_rows(found, wide=output == "wide", headers=not no_headers)), nl=False)
    else:
        click.echo("No resources found", err=True)


def _rows(found: Sequence[Beside], *, wide: bool, headers: bool) -> list[tuple[str, ...]]:
    rows = [_row(one, wide=wide) for one in found]
    return [(*HEADER, *(("URL",) if wide else ())), *rows] if headers else rows


def _row(one: Beside, *, wide: bool) -> tuple[str, ...]:
    pin = one.hung
    state = pin.state or UNKNOWN
    return (
        pin.name,
        pin.namespace,
        pin.engine.word,
        pin.mark.path,
        f"v{one.number}" if one.number > 0 else pin.ref or NONE,
        _newer(one),
        "latest" if pin.mark.follows else NONE,
        state if wide or len(state) <= _LONGEST_STATE else f"{state[:_LONGEST_STATE]}…",
        *((pin.url,) if wide else ()),
    )


def _newer(one: Beside) -> str:
    if one.newer is None:
        return UNKNOWN
    names = [f"v{number}" for number in one.newer[-MOST_NAMED:]]
    more = f"{len(one.newer) - MOST_NAMED} more, " if len(one.newer) > MOST_NAMED else ""
    return more + ", ".join(names) if names else NONE


def _objects(one: Beside) -> Iterator[dict[str, Any]]:
    for kind, item in zip(one.hung.engine.kinds, one.hung.items, strict=True):
        if item:
            metadata = {key: value for key, value in item["metadata"].items() if key != "managedFields"}
            newer = {} if one.newer is None else {NEWER: ",".join(f"v{number}" for number in one.newer)}
            metadata["annotations"] = {**metadata["annotations"], **newer}
            yield Written(kind, {**item, "metadata": metadata}).whole


def _first(one: Beside) -> str:
    return Written(one.hung.engine.kinds[0], one.hung.items[0]).shown
