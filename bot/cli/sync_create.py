"""`portico sync create`: a package pinned to a published revision, for an engine in a cluster."""

from collections.abc import Iterable

import click

from bot.cli.desk import open_desk
from bot.cli.names import complete_names
from bot.cli.output import Object, write_list, write_object
from bot.cli.package_path import package_path
from bot.cli.sync_options import cluster_options, engine_option, open_board, place_option
from bot.kubernetes.gitops.address import reachable
from bot.kubernetes.gitops.choice import pin_of
from bot.kubernetes.gitops.engines import ENGINES
from bot.kubernetes.gitops.names import check_given, name_for
from bot.kubernetes.gitops.pin import Pin, Place
from bot.packages.published import newest

EPILOG = """\b
Examples:
  portico sync create blueprints.networking.dns.v1 --engine configsync
  portico sync create blueprints.networking.dns --latest --engine flux --secret-name git-key
  portico sync create blueprints.networking.dns.v1 --engine argocd --target-namespace dns --cascade
  portico sync create blueprints.networking.dns.v1 --engine flux --dry-run | kubectl diff -f -
"""


@click.command(epilog=EPILOG)
@click.argument("name", shell_complete=complete_names)
@engine_option(required=True)
@click.option(
    "--latest",
    is_flag=True,
    help="Pin the newest published revision, and mark the pin for `portico sync update`.",
)
@click.option(
    "--name",
    "called",
    default="",
    metavar="NAME",
    help="Name of the objects.  [default: <repository>-<path, with dashes>]",
)
@place_option
@click.option(
    "--url",
    default="",
    metavar="URL",
    help="Where the cluster fetches from.  [default: as the repository is registered]",
)
@click.option(
    "--secret-name",
    default="",
    metavar="NAME",
    help="Secret beside the objects by which the engine is let in, by name: its content is never asked for.",
)
@click.option(
    "--target-namespace",
    default="",
    metavar="NAME",
    help="Namespace for what the package holds; not with Config Sync.",
)
@click.option(
    "--cascade", is_flag=True, help="What the package put into the cluster goes when the pin is deleted."
)
@click.option("--dry-run", is_flag=True, help="Only print the objects; no cluster is asked.")
@click.option(
    "--take-over", is_flag=True, help="Write objects, and fields of ours, although others wrote them."
)
@click.option("-o", "--output", type=click.Choice(("yaml", "json")), help="Print the objects.")
@cluster_options
def create(  # noqa: PLR0913 one parameter per option
    *,
    name: str,
    engine: str,
    latest: bool,
    called: str,
    namespace: str,
    url: str,
    secret_name: str,
    target_namespace: str,
    cascade: bool,
    dry_run: bool,
    take_over: bool,
    output: str | None,
    kubeconfig: str,
    context: str,
) -> None:
    """Pin NAME, a published package revision, for an engine; once more, the pin moves to what is said now.

    With --latest, NAME may be a package, as <repository>.<path, with dots>: its newest published revision is
    taken. Nothing moves such a pin by itself: `portico sync update` does, by hand or from a pipeline.

    The objects are applied as kubectl's --server-side does, by the field manager `portico`. What others wrote
    is refused before anything is written. The engine is told to keep the cluster at the revision, and to
    prune what newer ones no longer hold. Objects that are marked as local configuration are left out by
    Config Sync and Flux; Argo CD is told to leave out the files that hold nothing else.
    """
    told = ENGINES[engine]
    pin, registered = _pin(name, latest=latest)
    place = Place(
        check_given("name", called, told.longest)
        if called
        else name_for(pin.repository, pin.package, told.longest),
        check_given("namespace", namespace) if namespace else told.namespace,
        reachable(url or registered),
        check_given("Secret's name", secret_name, 253) if secret_name else "",
        check_given("namespace", target_namespace) if target_namespace else "",
        cascade,
    )
    objects = told.build(pin, place)
    if dry_run:
        return _print([written.whole for written in objects], output or "yaml")
    stored = open_board(kubeconfig, context).put(objects, takes_over=take_over)
    if output:
        return _print(stored, output)
    for written in objects:
        click.echo(f"{written.shown} pinned to {pin.name}")
    return None


def _pin(name: str, *, latest: bool) -> tuple[Pin, str]:
    """The revision that is meant, and where its repository is registered."""
    desk = open_desk()
    if latest:
        shelf = desk.shelf(name.partition(".")[0])
        revision = newest(shelf.catalog.revisions, package_path(shelf, name))
    else:
        found = desk.find(name)
        shelf, revision = found.shelf, found.revision
    files = shelf.client.files(revision)
    return pin_of(shelf.registration, revision, files, follows=latest), shelf.registration.url


def _print(objects: Iterable[Object], output: str) -> None:
    if output == "json":
        return write_list(objects, output)
    for item in objects:
        click.echo("---")
        write_object(item, output)
    return None
