"""`portico kubernetes run`: mirror package revisions into a cluster, and take orders from there."""

import os
import time
from datetime import UTC, datetime

import click

from bot.errors import UserError

EPILOG = """\b
Examples:
  portico kubernetes run                      # in the namespace of the kubeconfig's context, until ended
  portico kubernetes run --once               # one full pass, then exit: from a timer, or to try it
  portico kubernetes run -n team-a -n team-b
  portico kubernetes run --all-namespaces --interval 10
"""
DEFAULT_SECONDS = 30


@click.command(epilog=EPILOG)
@click.option(
    "--kubeconfig", metavar="FILE", default="", help="As kubectl's; inside a cluster none is needed."
)
@click.option("--context", metavar="NAME", default="", help="The kubeconfig's context, as kubectl's.")
@click.option(
    "-n", "--namespace", "namespaces", multiple=True, metavar="NAME", help="Where to look; repeat it."
)
@click.option("-A", "--all-namespaces", is_flag=True, help="Look in every namespace.")
@click.option("--once", is_flag=True, help="Make one full pass, obey what is ordered, and exit.")
@click.option(
    "--interval",
    default=DEFAULT_SECONDS,
    show_default=True,
    type=click.IntRange(1, 86_400),
    metavar="SECONDS",
    help="How often to look into Git; what people change in the cluster is seen at once.",
)
def run(  # noqa: PLR0913 one argument an option
    *,
    kubeconfig: str,
    context: str,
    namespaces: tuple[str, ...],
    all_namespaces: bool,
    once: bool,
    interval: int,
) -> int:
    """Show the package revisions of every `Repository` object as `PackageRevision` objects.

    A `Repository` (config.porch.kpt.dev/v1alpha1) names a Git repository, and a Secret where it needs one.
    Whoever changes `spec.lifecycle` of a PackageRevision asks for that step; what is refused is told in the
    object's condition `portico.dev/Obeyed` and in an Event, and the field goes back. Steps that need an
    approver are obeyed only where an admission webhook of ours proves who asked. With `--once` the exit code
    is 1 when something could not be done, after all the rest.
    """
    try:
        from bot.cli.cluster_round import open_round  # noqa: PLC0415 its library comes with an extra
    except ModuleNotFoundError as error:
        raise UserError(
            f"Clusters need the library `{error.name}`; install it with `pip install 'portico[kubernetes]'`."
        ) from error
    found = open_round(os.environ, kubeconfig, context, None if all_namespaces else namespaces)
    while True:
        failures = found.go()
        for failure in failures:
            click.echo(f"{datetime.now(UTC):%H:%M:%S} Error: {failure}", err=True)
        if once:
            return 1 if failures else 0
        time.sleep(interval)
