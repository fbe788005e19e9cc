"""`portico rpkg get`: package revisions as a table, as objects, or as they change."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import click

from bot.cli.desk import Desk, Found, open_desk, warn
from bot.cli.names import complete_names
from bot.cli.namespace import namespace_option
from bot.cli.output import Object, output_option, write_list, write_object
from bot.cli.selection import Selection
from bot.cli.table import Table
from bot.errors import UserError
from bot.packages.objects import to_object
from bot.packages.package import KPTFILE
from bot.packages.registration import Registration
from bot.packages.revision import Lifecycle

HEADER = ("NAME", "PACKAGE", "WORKSPACENAME", "REVISION", "LATEST", "LIFECYCLE", "REPOSITORY")
WATCH_SECONDS = 2.0
LIFECYCLES = [lifecycle.value for lifecycle in Lifecycle if lifecycle is not Lifecycle.ABSENT]
EPILOG = """\b
Examples:
  portico rpkg get
  portico rpkg get --repository blueprints --lifecycle Proposed
  portico rpkg get blueprints.networking.dns.v1 -o yaml
  portico rpkg get --package networking/dns --watch
"""


@dataclass(frozen=True, slots=True)
class _Style:
    """How what is found is shown."""

    output: str | None
    headers: bool
    namespace: str
    all_namespaces: bool


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
    watch: bool,
    no_headers: bool,
    show_kptfile: bool,
    all_namespaces: bool,
    output: str | None,
    namespace: str,
) -> int:
    """List package revisions: all, those named, or those that meet every condition."""
    selection = Selection(names, package, workspace, revision, lifecycle)
    desk = open_desk(namespace)
    if show_kptfile:
        _check_alone(selection, all_namespaces=all_namespaces)
        return _show_kptfile(desk.find(names[0]))
    style = _Style(output, not no_headers, namespace, all_namespaces)
    registrations = desk.registrations([repository] if repository else [])
    if names:
        registrations = [
            one for one in registrations if one.name in {name.partition(".")[0] for name in names}
        ]
    if watch:
        return _watch(desk, registrations, selection, style)
    look = desk.look(registrations)
    _show(list(selection.of(look.found)), style, single=len(names) == 1)
    return int(look.failed)


def _check_alone(selection: Selection, *, all_namespaces: bool) -> None:
    if len(selection.names) != 1:
        raise UserError("--show-kptfile requires exactly one package revision name as an argument.")
    if any(part is not None for part in selection[1:]):
        raise UserError(
            "--show-kptfile cannot be combined with --package, --revision, --lifecycle or --workspace."
        )
    if all_namespaces:
        raise UserError("--show-kptfile cannot be combined with --all-namespaces.")


def _show_kptfile(item: Found) -> int:
    kptfile = item.shelf.client.files(item.revision).get(KPTFILE)
    click.echo(kptfile.content if kptfile else b"", nl=False)
    return 0


def _show(items: Sequence[Found], style: _Style, *, single: bool) -> None:
    if style.output in {"yaml", "json"}:
        objects = _objects(items, style.namespace)
        if single:
            write_object(next(objects), style.output)
        else:
            write_list(objects, style.output)
    elif style.output == "name":
        click.echo("".join(f"packagerevision.porch.kpt.dev/{item.name}\n" for item in items), nl=False)
    elif items:
        click.echo(Table().format(_rows(items, style, headers=style.headers)), nl=False)
    else:
        click.echo("No resources found", err=True)


def _rows(items: Iterable[Found], style: _Style, *, headers: bool) -> list[tuple[str, ...]]:
    rows = [_row(item, style) for item in items]
    return [_header(style), *rows] if headers else rows


def _header(style: _Style) -> tuple[str, ...]:
    wide = ("COMMIT",) if style.output == "wide" else ()
    return (*(("NAMESPACE",) if style.all_namespaces else ()), *HEADER, *wide)


def _row(item: Found, style: _Style) -> tuple[str, ...]:
    revision = item.revision
    return (
        *((style.namespace,) if style.all_namespaces else ()),
        item.name,
        revision.path,
        revision.workspace,
        str(revision.revision),
        str(revision.latest).lower(),
        revision.lifecycle.value,
        item.shelf.registration.name,
        *((revision.commit,) if style.output == "wide" else ()),
    )


def _objects(items: Iterable[Found], namespace: str) -> Iterator[Object]:
    """Names begin with the repository's, so sorted names come repository by repository."""
    for shelf, group in groupby(items, key=lambda item: item.shelf):
        for revision, details, problem in shelf.client.details([item.revision for item in group]):
            if problem:
                warn(f"{shelf.registration.name}: {problem}")
            yield to_object(shelf.registration, revision, details, namespace)


def _watch(desk: Desk, registrations: Sequence[Registration], selection: Selection, style: _Style) -> int:
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


def _show_news(items: Sequence[Found], style: _Style, table: Table, *, headers: bool) -> None:
    if style.output in {"yaml", "json"}:
        for document in _objects(items, style.namespace):
            click.echo("---\n" if style.output == "yaml" else "", nl=False)
            write_object(document, style.output)
    elif style.output == "name":
        _show(items, style, single=False)
    else:
        click.echo(table.format(_rows(items, style, headers=headers)), nl=False)
