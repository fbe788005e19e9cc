"""`portico rpkg upgrade`: new drafts with packages brought to newer revisions of their upstreams."""

import click

from bot.cli.bulk import Bulk, Words, bulk_options, follows_any, run
from bot.cli.desk import Found, open_desk
from bot.cli.merging import on_conflict_option, strategy_option
from bot.cli.namespace import namespace_option
from bot.cli.rpkg_discover import discover_downstream, discover_upstream
from bot.cli.sources import Sources
from bot.cli.stock import Stock
from bot.cli.upgrading import Upgrading
from bot.errors import UserError
from bot.git.upstream import Upstreams
from bot.packages.merge.conflict import OnConflict
from bot.packages.provenance import Strategy

WORDS = Words("Upgrading", "Upgrade", "upgraded", "{name} upgraded to {result}")
DISCOVERIES = {"upstream": discover_upstream, "downstream": discover_downstream}
EPILOG = """\b
Examples:
  portico rpkg upgrade edge.dns.v1 --workspace follow-v2
  portico rpkg upgrade edge.dns --workspace back --revision 1 --on-conflict stop
  portico rpkg upgrade --upstream blueprints.dns --workspace dns-v2 --dry-run
  portico rpkg upgrade --discover=upstream
  portico rpkg upgrade --repository edge --label tier=gold --workspace spring --yes
"""


@click.command(epilog=EPILOG)
@bulk_options
@click.option("--workspace", metavar="NAME", help="Name of the new lines of work.  [required]")
@click.option(
    "--revision",
    default="",
    metavar="N|latest",
    help="Revision of the upstream, or a ref of it; by default the latest, or what its branch has now.",
)
@strategy_option()
@on_conflict_option(OnConflict.UPSTREAM)
@click.option(
    "--discover",
    type=click.Choice(["upstream", "downstream"]),
    help="Only show which revisions could be upgraded, or which packages follow them and are behind.",
)
@namespace_option()
def upgrade(  # noqa: PLR0913 one parameter per option
    *,
    bulk: Bulk,
    workspace: str | None,
    revision: str,
    strategy: str | None,
    on_conflict: str,
    discover: str | None,
    namespace: str,
) -> int:
    """Begin drafts with what the upstreams of packages have now, merged with the packages' own changes.

    NAME is a published revision, or a package, such as edge.dns, whose latest is meant. One that is named is
    upgraded at once, several are planned first, and for what is selected the plan must be agreed to. Where
    both sides changed a field differently, that is told here and in the draft's commit.
    """
    desk = open_desk(namespace)
    if discover:
        return DISCOVERIES[discover](desk, bulk.names)
    if not workspace:
        raise UserError("--workspace is required to specify downstream workspaceName.")
    stock = Stock(desk)
    upgrading = Upgrading(
        stock,
        Sources(stock, Upstreams(desk.settings.cache / "upstreams")),
        workspace,
        revision,
        Strategy(strategy) if strategy else None,
        OnConflict(on_conflict),
    )
    return run(bulk, stock, WORDS, _is_candidate, upgrading.step)


def _is_candidate(item: Found) -> bool:
    """The latest revision of a package that follows another; what follows nothing is passed over."""
    return item.revision.latest and follows_any(item)
