"""`portico sync delete`: pins taken away, and nothing that is not ours."""

import click

from bot.cli.outcome import each
from bot.cli.sync_options import chosen, cluster_options, engine_option, open_board, place_option
from bot.errors import NotFound, UserError
from bot.packages.naming import quoted

EPILOG = """\b
Examples:
  portico sync delete blueprints-networking-dns
  portico sync delete blueprints-networking-dns --engine flux
"""


@click.command(epilog=EPILOG)
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@engine_option()
@place_option
@cluster_options
def delete(
    *, names: tuple[str, ...], engine: str | None, namespace: str, kubeconfig: str, context: str
) -> int:
    """Delete the objects of pins, as `portico sync get` names them.

    What a package has put into the cluster stays there, unless its pin was made with --cascade.
    """
    board = open_board(kubeconfig, context)

    def remove(name: str) -> str:
        there = [one for one in chosen(engine) if board.has(one, namespace or one.namespace, name)]
        if not there:
            raise NotFound(f"Nothing is pinned as {quoted(name)} there; `portico sync get -A` lists what is.")
        if len(there) > 1:
            words = " and ".join(f"'{one.word}'" for one in there)
            raise UserError(f"There is a {quoted(name)} for {words}; say which with `--engine`.")
        gone = board.remove(there[0], namespace or there[0].namespace, name)
        return "\n".join(f"{one} deleted" for one in gone)

    return each(names, remove)
