"""`portico sync update`: pins that follow the latest revision, moved to it."""

import click

from bot.cli.desk import open_desk
from bot.cli.outcome import each
from bot.cli.sync_look import beside, named
from bot.cli.sync_options import chosen, cluster_options, engine_option, open_board, place_option
from bot.errors import Refused, UserError
from bot.kubernetes.gitops.choice import pin_of
from bot.packages.naming import quoted

EPILOG = """\b
Examples:
  portico sync update blueprints-networking-dns
  portico sync update --all
"""


@click.command(epilog=EPILOG)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "everything", is_flag=True, help="All pins that follow the latest revision.")
@engine_option()
@place_option
@cluster_options
def update(  # noqa: PLR0913 one parameter per option
    *,
    names: tuple[str, ...],
    everything: bool,
    engine: str | None,
    namespace: str,
    kubeconfig: str,
    context: str,
) -> int:
    """Move pins that were made with --latest to the newest published revision of their packages.

    A pin goes back to an older revision only when its own is published no more; while that is proposed for
    deletion, the pin stays. All that others wrote into the objects stays as it is.
    """
    if bool(names) == everything:
        raise UserError("Name the pins to be moved, or say `--all` for all that follow the latest revision.")
    board = open_board(kubeconfig, context)
    pins = [pin for one in chosen(engine) for pin in board.find(one, namespace or one.namespace)]
    if everything:
        wanted = [pin for pin in pins if pin.mark.follows]
    else:
        wanted = [named(pins, name) for name in names]
    found = {f"{one.hung.engine.word}/{one.hung.name}": one for one in beside(open_desk(), wanted)}

    def move(key: str) -> str:
        one = found[key]
        pin = one.hung
        if not pin.mark.follows:
            raise Refused(
                f"{quoted(pin.name)} is pinned to v{one.number}, and follows nothing; let it follow with "
                f"`portico sync create {pin.mark.path} --latest --engine {pin.engine.word}`."
            )
        revision = one.target()
        if revision is None or one.shelf is None:
            return f"{pin.name} stays at v{one.number}"
        files = one.shelf.client.files(revision)
        board.move(pin, pin_of(one.shelf.registration, revision, files, follows=True))
        return f"{pin.name} moved from v{one.number} to v{revision.revision}"

    return each(found, move)
