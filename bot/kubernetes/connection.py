"""How the API server is found: by a kubeconfig, or from inside the cluster."""

from pathlib import Path
from typing import NamedTuple

from kubernetes import config
from kubernetes.client import ApiClient, Configuration
from kubernetes.config.config_exception import ConfigException

from bot.errors import UserError
from bot.kubernetes.cluster import Cluster

_NAMESPACE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
DEFAULT_NAMESPACE = "default"


class Connection(NamedTuple):
    """An API server, and the namespace that is meant when none is named."""

    cluster: Cluster
    namespace: str


def connect(kubeconfig: str = "", context: str = "") -> Connection:
    """Reach the cluster of a kubeconfig, as kubectl does; without one, that in which this runs.

    '' is what kubectl takes by default. Raises UserError when there is neither.
    """
    try:
        api: ApiClient = config.new_client_from_config(  # type: ignore[no-untyped-call] # it has no types
            config_file=kubeconfig or None, context=context or None, persist_config=False
        )
        contexts, active = config.list_kube_config_contexts(kubeconfig or None)  # type: ignore[no-untyped-call] # the same
        chosen = next((one for one in contexts if one["name"] == context), active)
        return Connection(Cluster(api), chosen["context"].get("namespace") or DEFAULT_NAMESPACE)
    except (ConfigException, OSError) as error:
        if kubeconfig or context:
            raise _unusable(error) from None
        return _inside(str(error))
    except Exception:  # noqa: BLE001 what the library raises for YAML that is none, or of another shape
        raise _unusable("it is not in the form of one") from None


def _unusable(why: object) -> UserError:
    return UserError(f"The kubeconfig cannot be used: {_bare(why)}; see `kubectl config view`.")


def _bare(why: object) -> str:
    return str(why).rstrip(".")


def _inside(reason: str) -> Connection:
    configuration = Configuration()
    try:
        config.load_incluster_config(client_configuration=configuration)  # type: ignore[no-untyped-call] # the same
    except ConfigException:
        raise UserError(
            f"No cluster is known: {_bare(reason)}. Name a kubeconfig with `--kubeconfig`, or in KUBECONFIG."
        ) from None
    return Connection(Cluster(ApiClient(configuration)), _NAMESPACE.read_text("utf-8").strip())
