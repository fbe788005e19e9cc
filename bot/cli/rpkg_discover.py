"""What `portico rpkg upgrade --discover` tells: packages that could be upgraded, in porchctl's tables."""

from collections.abc import Sequence

import click

from bot.cli.desk import Desk, Found
from bot.cli.kin import look_at_kin
from bot.cli.selection import Selection
from bot.cli.table import format_table
from bot.packages.registration import redacted
from bot.packages.relations.family import Member
from bot.packages.relations.relations import Link

UPSTREAM = ("PACKAGE REVISION", "UPSTREAM REPOSITORY", "UPSTREAM UPDATES")
DOWNSTREAM = ("PACKAGE REVISION", "DOWNSTREAM PACKAGE", "DOWNSTREAM UPDATE")
NO_UPDATE = "No update available"
UP_TO_DATE = "All downstream packages are up to date."


def discover_upstream(desk: Desk, names: Sequence[str]) -> int:
    """Print which newer revisions of their upstreams the revisions called `names` could have, all when none.

    Returns the exit code, 1 when a repository could not be read; raises NotFound for a name that is none.
    """
    kin = look_at_kin(desk)
    items = Selection(tuple(names)).of(kin.found.values())
    click.echo(format_table([UPSTREAM, *(_updates(item, kin.link(item)) for item in items)]), nl=False)
    return int(kin.failed)


def discover_downstream(desk: Desk, names: Sequence[str]) -> int:
    """Print which packages could be upgraded to the revisions called `names`, to any when none is named.

    Only latest revisions, drafts and proposals are told, as the others were followed by newer ones. Returns
    and raises as `discover_upstream` does.
    """
    kin = look_at_kin(desk)
    asked = {item.name for item in Selection(tuple(names)).of(kin.found.values())}
    rows = [
        (newer.name, item.name, f"{_from(link)}->{_number(newer)}")
        for item in kin.found.values()
        if (link := kin.link(item)) is not None and kin.is_upgradable(item)
        for newer in link.newer
        if newer.name in asked
    ]
    if rows:
        click.echo(format_table([DOWNSTREAM, *sorted(rows)]), nl=False)
    else:
        click.echo(UP_TO_DATE)
    return int(kin.failed)


def _updates(item: Found, link: Link | None) -> tuple[str, str, str]:
    if link is None:
        return item.name, "", NO_UPDATE
    numbers = ", ".join(map(_number, link.newer))
    return item.name, link.repository or redacted(link.origin.repo), numbers or NO_UPDATE


def _number(member: Member) -> str:
    return f"v{member.revision.revision}"


def _from(link: Link) -> str:
    return f'(draft "{link.draft}")' if link.draft else f"v{link.number}"
