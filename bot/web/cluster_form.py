"""The part of the settings that tells of a cluster."""

from collections.abc import Callable
from pathlib import Path

from bot.errors import UserError
from bot.web.cluster_settings import (
    DEFAULT_SECONDS,
    AdmissionAt,
    Certificate,
    ClusterSettings,
    read_address,
)
from bot.web.form import Form
from bot.web.secret import Secret

# Reads the file that a key of a form names; None where it cannot, which is a mistake of the form.
ReadFile = Callable[[Form, str, str, int], Secret | None]


def read_cluster(form: Form, state: Path, path: Callable[[str], Path], file: ReadFile) -> ClusterSettings:
    """What `kubernetes` says; `path` makes paths of texts, `state` is where things are kept."""
    kubeconfig, context = form.text("kubeconfig"), form.text("context")
    named = tuple(text for text, _ in form.texts("namespaces"))
    everywhere = form.truth("allNamespaces")
    if everywhere and named:
        form.object(form.line("namespaces"), "`namespaces` and `allNamespaces` cannot both be said.")
    interval = form.number("interval", DEFAULT_SECONDS, 1, 86_400)
    elects = form.truth("leaderElect")
    allows_local = form.truth("allowLocal")
    stamp = form.text("stampKeyFile")
    key = file(form, "stampKeyFile", stamp, form.line("stampKeyFile")) if stamp else None
    at = form.form("admission")
    admission = _admission(at, path) if at else None
    if at and not stamp:
        form.object(
            at.node.line, "`kubernetes.admission` needs `kubernetes.stampKeyFile` to make marks with."
        )
    form.close()
    return ClusterSettings(
        place=state / "cluster",
        kubeconfig=str(path(kubeconfig)) if kubeconfig else "",
        context=context,
        namespaces=None if everywhere else named,
        interval=interval,
        elects=elects,
        stamp_key=key,
        admission=admission,
        allows_local=allows_local,
    )


def _admission(form: Form, path: Callable[[str], Path]) -> AdmissionAt | None:
    for missing in ("listen", "certificateFile", "keyFile"):
        if missing not in form:
            form.object(form.node.line, f"{form.called(missing)} must be given.")
    chain, key = form.text("certificateFile"), form.text("keyFile")
    host, port = "", 0
    try:
        host, port = read_address("kubernetes.admission.listen", form.text("listen", ":8443"))
    except UserError as error:
        form.object(form.line("listen"), str(error))
    form.close()
    return AdmissionAt(host, port, Certificate(path(chain), path(key))) if chain and key else None
