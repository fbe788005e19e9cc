"""`portico rpkg get`: package revisions as a table, as objects, or as they change."""

import time
from collections.abc import Sequence
from dataclasses import replace

import click

from bot.cli.desk import Desk, Found, open_desk
from bot.cli.kin import look_at_kin
from bot.cli.names import complete_names
from bot.cli.namespace import namespace_option
from bot.cli.output import output_option, write_object
from bot.cli.rpkg_listing import Style, objects, rows, show
from bot.cli.selection import Selection
from bot.cli.table import Table
from bot.errors import UserError
from bot.packages.package import KPTFILE
from bot.packages.registration import Registration
from bot.packages.revision import Lifecycle

WATCH_SECONDS = 2.0
LIFECYCLES = [lifecycle.value for lifecycle in Lifecycle if lifecycle is not Lifecycle.ABSENT]
EPILOG = """\b
Examples:
  portico rpkg get
  portico rpkg get --repository blueprints --lifecycle Proposed
  portico rpkg get blueprints.networking.dns.v1 -o yaml
  portico rpkg get --package networking/dns --watch
  portico rpkg get --upgradable
  portico rpkg get --upstream blueprints.networking.dns --lifecycle Draft --show-upstream
"""


@click.command(epilog=EPILOG)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_names)
@click.option("--repository", metavar="NAME", help="Only those of this repository.")
@click.option(
    "--package", "--name", "package", metavar="PATH", help="Only those of this package, such as a/b."
)
@click.option("--workspace", metavar="NAME", help="Only those of this workspace.")
@click.option(
    "--revision", type=int, metavar="N", help="Only this revision; 0 for drafts, -1 for placeholders."
)
@click.option(
    "--lifecycle", type=click.Choice(LIFECYCLES, case_sensitive=False), help="Only those in this state."
)
@click.option(
    "--upstream",
    metavar="NAME",
    help="Only those that come from this package (<repository>.<path>) or package revision.",
    shell_complete=complete_names,
)
@click.option(
    "--upgradable",
    is_flag=True,
    default=None,
    help="Only latest revisions, drafts and proposals whose upstream has a newer revision; tells which.",
)
@click.option(
    "--show-upstream", is_flag=True, help="Show where each comes from, and which revisions there are newer."
)
@click.option("-w", "--watch", is_flag=True, help="Go on, and show each change as it comes.")
@click.option("--no-headers", is_flag=True, help="Leave the table's header out.")
@click.option("--show-kptfile", is_flag=True, help="Print the Kptfile of the one revision named.")
@click.option("-A", "--all-namespaces", is_flag=True, help="Show the namespace too.")
@output_option()
@namespace_option()
def get(  # noqa: PLR0913 one parameter per option
    *,
    names: tuple[str, ...],
    repository: str | None,
    package: str | None,
    workspace: str | None,
    revision: int | None,
    lifecycle: str | None,
    upstream: str | None,
    upgradable: bool | None,
    show_upstream: bool,
    watch: bool,
    no_headers: bool,
    show_kptfile: bool,
    all_namespaces: bool,
    output: str | None,
    namespace: str,
) -> int:
    """List package revisions: all, those named, or those that meet every condition."""
    selection = Selection(names, package, workspace, revision, lifecycle, upstream, upgradable)
    desk = open_desk(namespace)
    if show_kptfile:
        _check_alone(selection, all_namespaces=all_namespaces)
        return _show_kptfile(desk.find(names[0]))
    style = Style(output, not no_headers, namespace, all_namespaces)
    registrations = desk.registrations([repository] if repository else [])
    if names:
        registrations = [
            one for one in registrations if one.name in {name.partition(".")[0] for name in names}
        ]
    if show_upstream or selection.asks_for_kin:
        if watch:
            raise UserError("--watch cannot be combined with --upstream, --upgradable or --show-upstream.")
        return _show_kin(desk, registrations, selection, style, columns=show_upstream or bool(upgradable))
    if watch:
        return _watch(desk, registrations, selection, style)
    look = desk.look(registrations)
    show(list(selection.of(look.found)), style, single=len(names) == 1)
    return int(look.failed)


def _show_kin(
    desk: Desk, registrations: Sequence[Registration], selection: Selection, style: Style, *, columns: bool
) -> int:
    """Show what one repository alone does not tell: all that are registered are looked at."""
    kin = look_at_kin(desk)
    wanted = {one.name for one in registrations}
    found = (item for item in kin.found.values() if item.shelf.registration.name in wanted)
    items = list(selection.of(found, kin))
    show(items, replace(style, kin=kin) if columns else style, single=len(selection.names) == 1)
    return int(kin.failed)


def _check_alone(selection: Selection, *, all_namespaces: bool) -> None:
    if len(selection.names) != 1:
        raise UserError("--show-kptfile requires exactly one package revision name as an argument.")
    if any(part is not None for part in selection[1:]):
        raise UserError(
            "--show-kptfile cannot be combined with --package, --revision, --lifecycle, --workspace, "
            "--upstream or --upgradable."
        )
    if all_namespaces:
        raise UserError("--show-kptfile cannot be combined with --all-namespaces.")


def _show_kptfile(item: Found) -> int:
    kptfile = item.shelf.client.files(item.revision).get(KPTFILE)
    click.echo(kptfile.content if kptfile else b"", nl=False)
    return 0


def _watch(desk: Desk, registrations: Sequence[Registration], selection: Selection, style: Style) -> int:
    """Show everything once, then whatever differs from what was shown; ends with the person's Ctrl-C."""
    shown: dict[str, Found] = {}
    headers, table = style.headers, Table()
    while True:
        look = desk.look(registrations)
        current = {item.name: item for item in selection._replace(names=()).of(look.found)}
        if selection.names:
            current = {name: item for name, item in current.items() if name in selection.names}
        news = [
            item
            for name, item in current.items()
            if name not in shown or shown[name].revision != item.revision
        ]
        if not look.failed:
            news += [item for name, item in shown.items() if name not in current]
            shown = {}
        shown |= current
        if news:
            _show_news(news, style, table, headers=headers)
            headers = False
        time.sleep(WATCH_SECONDS)


def _show_news(items: Sequence[Found], style: Style, table: Table, *, headers: bool) -> None:
    if style.output in {"yaml", "json"}:
        for document in objects(items, style.namespace):
            click.echo("---\n" if style.output == "yaml" else "", nl=False)
            write_object(document, style.output)
    elif style.output == "name":
        show(items, style, single=False)
    else:
        click.echo(table.format(rows(items, style, headers=headers)), nl=False)
