"""A webhook that an API server asks before something is written: by HTTPS, with an AdmissionReview."""

import base64
import json
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from typing import Any

from tests.kubernetes.cluster import Cluster

# The request of an AdmissionReview → why not, or "", or a JSON patch of the object.
Judge = Callable[[dict[str, Any]], str | list[dict[str, Any]]]
VALIDATING = "ValidatingWebhookConfiguration"
MUTATING = "MutatingWebhookConfiguration"
NOTICED_SECONDS = 30
PROBE = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "probe"}}
_NUMBERS = count(1)
_PROBED = {"apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"], "operations": ["CREATE"]}


@contextmanager
def registered(
    cluster: Cluster,
    namespace: str,
    url: str,
    *rules: Mapping[str, object],
    kind: str = VALIDATING,
    seconds: int = 10,
) -> Iterator[None]:
    """Have `cluster` ask `url` of what `rules` name in `namespace`, from now on until the end.

    The webhook must have the certificate of the cluster, and is asked of a ConfigMap 'probe' too: a server
    hears of webhooks a little later than of their registration. `seconds` is how long it may take to answer.
    """
    name = f"{namespace}-{next(_NUMBERS)}.portico.test"  # never one of before, which was asked already
    webhook = {
        "name": name,
        "clientConfig": {"url": url, "caBundle": _bundle(cluster)},
        "rules": [*rules, _PROBED],
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
        "timeoutSeconds": seconds,
    }
    named = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": kind, "metadata": {"name": name}}
    cluster.kubectl("create", "-f", "-", given={**named, "webhooks": [webhook]})
    try:
        deadline = time.monotonic() + NOTICED_SECONDS
        while f'name="{name}"' not in cluster.kubectl("get", "--raw", "/metrics"):
            assert time.monotonic() < deadline, f"The server does not ask {name}."
            cluster.try_kubectl("create", "-n", namespace, "--dry-run=server", "-f", "-", given=PROBE)
        yield
    finally:
        cluster.kubectl("delete", kind.lower(), name)


def _bundle(cluster: Cluster) -> str:
    config = json.loads(cluster.kubeconfig().read_text())
    return str(config["clusters"][0]["cluster"]["certificate-authority-data"])


class _Reviews(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert isinstance(self.server, _Server)
        response: dict[str, Any] = {"uid": review["request"]["uid"], "allowed": True}
        match self.server.heard(review["request"]):
            case str() as why:
                response |= {"allowed": not why, "status": {"code": 403, "message": why}}
            case patch:
                encoded = base64.b64encode(json.dumps(patch).encode()).decode()
                response |= {"patchType": "JSONPatch", "patch": encoded}
        text = json.dumps({**review, "response": response}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Say nothing: what was asked is in `seen`."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, cluster: Cluster, judge: Judge) -> None:
        super().__init__(("127.0.0.1", 0), _Reviews)
        self.seen: list[dict[str, Any]] = []
        self._judge = judge
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cluster.authority, cluster.authority.with_suffix(".key"))
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def heard(self, request: dict[str, Any]) -> str | list[dict[str, Any]]:
        if request["kind"]["kind"] == PROBE["kind"]:
            return ""
        self.seen.append(request)
        return self._judge(request)


@contextmanager
def webhook(
    cluster: Cluster,
    namespace: str,
    judge: Judge,
    *rules: Mapping[str, object],
    kind: str = VALIDATING,
    seconds: int = 10,
) -> Iterator[Sequence[dict[str, Any]]]:
    """A webhook that refuses for the reason that `judge` gives, or patches; the requests that it saw."""
    server = _Server(cluster, judge)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        url = f"https://127.0.0.1:{server.server_address[1]}/review"
        with registered(cluster, namespace, url, *rules, kind=kind, seconds=seconds):
            yield server.seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
