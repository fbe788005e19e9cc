"""`portico rpkg downstream`: who uses a package, and at which revision."""

from collections.abc import Sequence

import click

from bot.cli.desk import Found, open_desk
from bot.cli.kin import Kin, look_at_kin
from bot.cli.names import complete_names
from bot.cli.namespace import namespace_option
from bot.cli.output import output_option
from bot.cli.rpkg_listing import UPSTREAM, Style, show_objects, upstream_cells
from bot.cli.table import format_table
from bot.packages.naming import quoted

HEADER = ("NAME", "REVISION", "LIFECYCLE", *UPSTREAM)
EPILOG = """\b
Examples:
  portico rpkg downstream blueprints.networking.dns
  portico rpkg downstream blueprints.networking.dns.v1 --all
  portico rpkg downstream blueprints.networking.dns -o json
"""


@click.command(epilog=EPILOG)
@click.argument("name", shell_complete=complete_names)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Also revisions that a newer one has followed, and what is only on the branch.",
)
@click.option("--no-headers", is_flag=True, help="Leave the table's header out.")
@output_option()
@namespace_option()
def downstream(*, name: str, everything: bool, no_headers: bool, output: str | None, namespace: str) -> int:
    """List what comes from NAME: a package, as <repository>.<path, with dots>, or one of its revisions.

    All registered repositories are searched for latest revisions, drafts and proposals that were cloned from
    it or upgraded to it. BEHIND names the published revisions of NAME's package that are newer.
    """
    kin = look_at_kin(open_desk(namespace))
    items = kin.downstream(name, live=not everything)
    style = Style(output, not no_headers, namespace)
    if output in {"yaml", "json", "name"}:
        show_objects(items, style)
    elif items:
        click.echo(format_table(_rows(items, kin, style)), nl=False)
    else:
        click.echo(f"Nothing that is registered comes from {quoted(name)}.", err=True)
    return int(kin.failed)


def _rows(items: Sequence[Found], kin: Kin, style: Style) -> list[tuple[str, ...]]:
    wide = style.output == "wide"
    rows = [
        (
            item.name,
            str(item.revision.revision),
            item.revision.lifecycle.value,
            *upstream_cells(kin.link(item)),
            *((item.revision.commit,) if wide else ()),
        )
        for item in items
    ]
    return [(*HEADER, *(("COMMIT",) if wide else ())), *rows] if style.headers else rows
