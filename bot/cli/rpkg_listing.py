"""Package revisions as people and programs read them: a table, names or objects."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import click

from bot.cli.desk import Found, warn
from bot.cli.kin import Kin
from bot.cli.output import Object, write_list, write_object
from bot.cli.table import Table
from bot.packages.objects import to_object
from bot.packages.relations.relations import Link

HEADER = ("NAME", "PACKAGE", "WORKSPACENAME", "REVISION", "LATEST", "LIFECYCLE", "REPOSITORY")
UPSTREAM = ("UPSTREAM", "BEHIND")
NONE = "<none>"
UNKNOWN = "<unknown>"
MOST_NAMED = 4  # newer revisions


@dataclass(frozen=True, slots=True)
class Style:
    """How what is found is shown; with `kin`, its table tells of upstreams."""

    output: str | None
    headers: bool
    namespace: str
    all_namespaces: bool = False
    kin: Kin | None = None


def show(items: Sequence[Found], style: Style, *, single: bool = False) -> None:
    """Print `items`; `single` when one was asked for by its name."""
    if style.output in {"yaml", "json", "name"}:
        show_objects(items, style, single=single)
    elif items:
        click.echo(Table().format(rows(items, style, headers=style.headers)), nl=False)
    else:
        click.echo("No resources found", err=True)


def show_objects(items: Sequence[Found], style: Style, *, single: bool = False) -> None:
    """Print `items` as yaml, json or names, as the style has it."""
    if style.output == "name" or style.output is None:
        click.echo("".join(f"packagerevision.porch.kpt.dev/{item.name}\n" for item in items), nl=False)
    elif single and items:
        write_object(next(objects(items, style.namespace)), style.output)
    else:
        write_list(objects(items, style.namespace), style.output)


def rows(items: Iterable[Found], style: Style, *, headers: bool) -> list[tuple[str, ...]]:
    """The table's rows, with its header where that is wanted."""
    found = [_row(item, style) for item in items]
    return [_header(style), *found] if headers else found


def objects(items: Iterable[Found], namespace: str) -> Iterator[Object]:
    """Names begin with the repository's, so sorted names come repository by repository."""
    for shelf, group in groupby(items, key=lambda item: item.shelf):
        for revision, details, problem in shelf.client.details([item.revision for item in group]):
            if problem:
                warn(f"{shelf.registration.name}: {problem}")
            yield to_object(shelf.registration, revision, details, namespace)


def upstream_cells(link: Link | None) -> tuple[str, str]:
    """Where a revision comes from, and which revisions of its upstream are newer."""
    if link is None:
        return NONE, NONE
    numbers = [f"v{member.revision.revision}" for member in link.newer]
    if len(numbers) > MOST_NAMED:
        numbers[2:-1] = ["..."]
    return str(link), ",".join(numbers) or (NONE if link.is_known else UNKNOWN)


def _header(style: Style) -> tuple[str, ...]:
    upstream = UPSTREAM if style.kin is not None else ()
    wide = ("COMMIT",) if style.output == "wide" else ()
    return (*(("NAMESPACE",) if style.all_namespaces else ()), *HEADER, *upstream, *wide)


def _row(item: Found, style: Style) -> tuple[str, ...]:
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
        *(upstream_cells(style.kin.link(item)) if style.kin is not None else ()),
        *((revision.commit,) if style.output == "wide" else ()),
    )
