"""`portico kubernetes run`: mirror package revisions into a cluster, and take orders from there."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.errors import UserError
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.web.cluster_settings import AdmissionAt, ClusterSettings
    from bot.web.secret import Secret

EPILOG = """\b
Examples:
  portico kubernetes run                      # in the namespace of the kubeconfig's context, until ended
  portico kubernetes run --once               # one full pass, then exit: from a timer, or to try it
  portico kubernetes run -n team-a -n team-b
  portico kubernetes run --all-namespaces --leader-elect --listen :8080 \\
      --stamp-key /keys/stamp --admission :8443 --certificate /tls/tls.crt --key /tls/tls.key
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
@click.option("--leader-elect", is_flag=True, help="Of several processes only one works: who holds a Lease.")
@click.option(
    "--allow-local",
    is_flag=True,
    help="Serve repositories on this machine, too: whoever registers one reads and writes them.",
)
@click.option("--listen", metavar="HOST:PORT", default="", help="Answer /healthz and /readyz there.")
@click.option(
    "--stamp-key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The secret that marks are made with; without one nobody's approval is obeyed.",
)
@click.option(
    "--admission", metavar="HOST:PORT", default="", help="Answer the API server's admissions there."
)
@click.option(
    "--certificate", type=click.Path(path_type=Path), metavar="FILE", help="What it is shown, in PEM."
)
@click.option("--key", type=click.Path(path_type=Path), metavar="FILE", help="The certificate's private key.")
def run(  # noqa: PLR0913 one argument an option
    *,
    kubeconfig: str,
    context: str,
    namespaces: tuple[str, ...],
    all_namespaces: bool,
    once: bool,
    interval: int,
    leader_elect: bool,
    allow_local: bool,
    listen: str,
    stamp_key: Path | None,
    admission: str,
    certificate: Path | None,
    key: Path | None,
) -> int:
    """Show the package revisions of every `Repository` object as `PackageRevision` objects.

    A `Repository` (config.porch.kpt.dev/v1alpha1) names a Git repository, and a Secret where it needs one.
    Whoever changes `spec.lifecycle` of a PackageRevision asks for that step; what is refused is told in the
    object's condition `portico.dev/Obeyed` and in an Event, and the field goes back.

    Who asked is known where the API server asks us (--admission) before it stores a change, and then an
    approval counts as a review does. Without that, only steps that need no approver are obeyed. With --once
    the exit code is 1 when something could not be done, after all the rest.
    """
    from bot.web.cluster_settings import ClusterSettings  # noqa: PLC0415 its `--help` needs none of it
    from bot.web.secret import from_file  # noqa: PLC0415 the same

    settings = ClusterSettings(
        place=read_settings(os.environ).cache / "portico" / "cluster",
        kubeconfig=kubeconfig,
        context=context,
        namespaces=None if all_namespaces else namespaces,
        interval=interval,
        elects=leader_elect,
        allows_local=allow_local,
        stamp_key=from_file(stamp_key) if stamp_key else None,
        admission=_admission(admission, certificate, key, stamp_key),
    )
    return _once(settings) if once else _serve(settings, listen)


def _admission(
    address: str, certificate: Path | None, key: Path | None, stamp: Path | None
) -> "AdmissionAt | None":
    from bot.web.cluster_settings import AdmissionAt, Certificate, read_address  # noqa: PLC0415 as above

    if not address:
        return None
    if not (certificate and key and stamp):
        raise UserError(
            "`--admission` needs `--certificate`, `--key` and `--stamp-key`: files, in PEM the first two."
        )
    host, port = read_address("--admission", address)
    return AdmissionAt(host, port, Certificate(certificate, key))


def _once(settings: "ClusterSettings") -> int:
    from bot.cli.service import open_log  # noqa: PLC0415 as above
    from bot.kubernetes.connection import connect  # noqa: PLC0415 as above
    from bot.web.cluster_parts import Parts  # noqa: PLC0415 as above

    parts = Parts(settings, connect(settings.kubeconfig, settings.context))
    failures = parts.round(parts.connection.cluster, open_log(_secrets(settings))).go()
    for failure in failures:
        click.echo(f"{datetime.now(UTC):%H:%M:%S} Error: {failure}", err=True)
    return 1 if failures else 0


def _serve(settings: "ClusterSettings", listen: str) -> int:
    from bot.cli.service import open_log  # noqa: PLC0415 as above
    from bot.web.cluster_alone import serve_cluster  # noqa: PLC0415 as above
    from bot.web.cluster_settings import read_address  # noqa: PLC0415 as above

    log = open_log(_secrets(settings))
    return serve_cluster(settings, read_address("--listen", listen) if listen else None, log)


def _secrets(settings: "ClusterSettings") -> "list[Secret]":
    return [settings.stamp_key] if settings.stamp_key else []
