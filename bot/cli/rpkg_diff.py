"""`portico rpkg diff`: what differs between two package revisions."""

import re
from typing import NamedTuple

import click

from bot.cli.desk import Desk, Found, open_desk, pick
from bot.cli.difference_output import FORMS, STAT, TEXT, color_option, show
from bot.cli.names import complete_names
from bot.cli.namespace import namespace_option
from bot.cli.pkg_diff import without_kptfile
from bot.cli.pkg_upstreams import upstreams
from bot.cli.printable import printable
from bot.cli.progress import progress
from bot.cli.seen import look_at
from bot.errors import InvalidName, NotFound, Refused, UserError
from bot.packages.difference import difference
from bot.packages.kptfile import read_kptfile
from bot.packages.merge.merge_comment import all_with_merge_comments
from bot.packages.naming import quoted
from bot.packages.objects import name_of
from bot.packages.operations.baseline import baseline
from bot.packages.package import KPTFILE, Files
from bot.packages.published import published, published_at
from bot.packages.revision import Lifecycle, PackageRevision

LATEST, UPSTREAM = "latest", "upstream"
# Unlike Git's, which has 1 for it: here that is the code of errors.
DIFFERENT = 2
_NUMBER = re.compile(r"v([1-9][0-9]{0,8})")
_UNPUBLISHED = (Lifecycle.DRAFT, Lifecycle.PROPOSED)
EPILOG = """\b
Examples:
  portico rpkg diff blueprints.networking.dns.add-mx            what this draft would change
  portico rpkg diff blueprints.networking.dns.add-mx v1 --stat  since v1, with counts only
  portico rpkg diff blueprints.networking.dns.add-mx upstream   what is not as it was got from elsewhere
  portico rpkg diff blueprints.networking.dns.v3 -o markdown
"""


class _Sides(NamedTuple):
    """What is compared; `other` is what people are told of it, `is_public` that it was published once."""

    before: Files
    after: Files
    other: str
    is_public: bool


@click.command(epilog=EPILOG)
@click.argument("name", shell_complete=complete_names)
@click.argument(
    "other", default="", metavar=f"[NAME|v<N>|{LATEST}|{UPSTREAM}]", shell_complete=complete_names
)
@click.option(
    "-o",
    "--output",
    type=click.Choice([TEXT, *(form for form in FORMS if form != STAT)]),
    default=TEXT,
    show_default=True,
)
@click.option("--stat", is_flag=True, help="Only one line for each resource and file, with counts.")
@click.option(
    "--exit-code", is_flag=True, help=f"Exit with {DIFFERENT} when something differs; errors are 1."
)
@color_option
@namespace_option()
def diff(  # noqa: PLR0913 one parameter per option
    *, name: str, other: str, output: str, stat: bool, exit_code: bool, color: str, namespace: str
) -> int:
    """Show by resource and field what changed in NAME; secrets are masked.

    It is compared with the published revision before it, which is the latest one for drafts and proposals.
    A second word names another: by its name, as a revision `v<N>` or the `latest` of the same package, or
    `upstream`, which is the package that NAME was got from, as it was then; its Kptfile is left out.
    """
    if stat and output != TEXT:
        raise UserError(f"`--stat` must stand without `-o {output}`: counts have no other form than text.")
    desk = open_desk(namespace)
    found = desk.find(name)
    sides = _sides(desk, found, other)
    differs = difference(sides.before, sides.after)
    told = "What differs in {} from {}:" if differs else "Nothing differs in {} from {}."
    click.echo(printable(told.format(name, sides.other)), err=True)
    show(differs, STAT if stat else output, color)
    # Who has seen how it differs from what was published has seen all of it; counts do not show it.
    if sides.is_public and not stat and found.revision.lifecycle in _UNPUBLISHED:
        look_at(desk, found)
    return DIFFERENT if differs and exit_code else 0


def _sides(desk: Desk, found: Found, other: str) -> _Sides:
    after = found.shelf.client.files(found.revision)
    if other == UPSTREAM:
        return _beside_upstream(found.name, after)
    against = _other(desk, found, other)
    if against is None:
        return _Sides({}, after, "nothing, as it is new", is_public=True)
    before = against.shelf.client.files(against.revision)
    return _Sides(before, after, against.name, against.revision.lifecycle not in _UNPUBLISHED)


def _other(desk: Desk, found: Found, other: str) -> Found | None:
    """The revision that was named; where none was, the one before, None where there is none."""
    if not other:
        before = baseline(found.revision, found.shelf.catalog.revisions)
        return _beside(found, before) if before else None
    number = _NUMBER.fullmatch(other)
    if other == LATEST or number:
        return _numbered(found, int(number[1]) if number else None)
    if "." not in other:
        raise InvalidName(
            f"{quoted(other)} must be the name of a package revision, a revision of the same package such as "
            f"'v1', '{LATEST}', or '{UPSTREAM}'."
        )
    if other.partition(".")[0] == found.shelf.registration.name:
        return pick(other, [found.shelf])
    return desk.find(other)


def _numbered(found: Found, number: int | None) -> Found:
    """A published revision of the same package, None for the latest."""
    path, revisions = found.revision.path, found.shelf.catalog.revisions
    if number is not None:
        return _beside(found, published_at(revisions, path, number))
    latest = next((one for one in published(revisions, path).values() if one.latest), None)
    if latest is None:
        raise NotFound(f"The package {quoted(path)} has no published revision to be compared with.")
    return _beside(found, latest)


def _beside(found: Found, revision: PackageRevision) -> Found:
    """Another revision of the same repository."""
    return Found(name_of(found.shelf.registration, revision), found.shelf, revision)


def _beside_upstream(name: str, files: Files) -> _Sides:
    lock = read_kptfile(files[KPTFILE].content).upstream_lock if KPTFILE in files else None
    if lock is None:
        raise Refused(
            f"{quoted(name)} must have an `upstreamLock` in its Kptfile, which is there when it was cloned; "
            "compare it with a revision."
        )
    with progress("Reading the upstream"):
        fetched = upstreams().fetch_origin(lock)
    where = f"its upstream {fetched.lock.repo} at {fetched.lock.ref or fetched.lock.commit}"
    before, after = map(without_kptfile, all_with_merge_comments((fetched.files, files)))
    return _Sides(before, after, where, is_public=False)
