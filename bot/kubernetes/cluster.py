"""The one line to a Kubernetes API server: objects as JSON has them, writes by server-side apply."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from random import uniform
from typing import Any, NamedTuple, TypeAlias

from kubernetes.client import ApiClient
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError, MaxRetryError

from bot.errors import AccessDenied, Later, Moved, NotFound, Refused, TransportFailed
from bot.kubernetes.kinds import Kind
from bot.packages.naming import quoted

MANAGER = "portico"  # by this name the cluster knows which fields are ours
WITNESS = "portico-admission"  # the manager of marks that say who asked
PAGE = 500  # objects in one answer
ANSWER_SECONDS = 60
ATTEMPTS = 12  # how often a request is sent while the server asks to wait, or has a moment of weakness
LONGEST_PAUSE = 30.0  # seconds
_MERGE = "application/merge-patch+json"
_APPLY = "application/apply-patch+yaml"
_JSON = "application/json"
_HEADS = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
Json: TypeAlias = Any  # what the server sent: nobody knows its shape before looking
Object: TypeAlias = Mapping[str, Any]


class Listed(NamedTuple):
    """Objects as they were at one moment, and where a watch goes on from."""

    items: tuple[Object, ...]
    version: str


class Seen(NamedTuple):
    """One event of a watch: ADDED, MODIFIED, DELETED or BOOKMARK, and the object."""

    what: str
    item: Object


class Expired(Moved):
    """The server has forgotten where a watch is to go on from: list anew."""


class Cluster:
    """Requests to one API server; threads may share it.

    `writes` counts what was written; `pause` is how it waits. Raises UserErrors only: NotFound, Moved for a
    conflict, AccessDenied with what is missing, Refused with the server's words, Later and TransportFailed.
    """

    def __init__(self, api: ApiClient, pause: Callable[[float], None] = time.sleep) -> None:
        self.api = api
        self._pause = pause
        self.writes = 0

    def list(self, kind: Kind, namespace: str, labels: str = "", *, heads: bool = False) -> Listed:
        """All objects of a kind in a namespace, '' for all; `labels` is a selector.

        With `heads` nothing of them but their metadata.
        """
        while True:
            try:
                return self._list(kind, namespace, labels, _HEADS if heads else _JSON)
            except Expired:
                continue  # a page came too late: what was listed is no longer one moment's
            except NotFound:
                raise _unknown(kind) from None

    def get(self, kind: Kind, namespace: str, name: str) -> Object:
        found: Object = self._ask("GET", kind.path(namespace, name))
        return found

    def apply(self, kind: Kind, item: Object, *, subresource: str = "") -> Object:
        """Make these fields of an object what `item` says, and ours; creates it where it is not.

        A field that somebody else has changed is taken back. With a `resourceVersion` in `item`, Moved when
        the object has another by now.
        """
        metadata = item["metadata"]
        path = kind.path(metadata["namespace"], metadata["name"], subresource)
        body = {"apiVersion": kind.api_version, "kind": kind.kind, **item}
        query = {"fieldManager": MANAGER, "force": "true"}
        applied: Object = self._write("PATCH", path, body, query, _APPLY)
        return applied

    def offer(self, kind: Kind, item: Object, *, forces: bool, rehearses: bool) -> Object:
        """Apply it as `apply` does, but Moved where another wrote a field of it, if nothing `forces` it.

        What is only rehearsed is checked by the cluster, and not kept.
        """
        metadata = item["metadata"]
        body = {"apiVersion": kind.api_version, "kind": kind.kind, **item}
        query = {"fieldManager": MANAGER, "force": str(forces).lower()}
        path = kind.path(metadata["namespace"], metadata["name"])
        send = self._ask if rehearses else self._write
        stored: Object = send("PATCH", path, body, query | ({"dryRun": "All"} if rehearses else {}), _APPLY)
        return stored

    def annotate(self, kind: Kind, item: Object, annotations: Mapping[str, str]) -> None:
        """Add to the annotations of an object, as somebody else than `apply`: what that wrote stays its own.

        One that is gone already is no error.
        """
        metadata = item["metadata"]
        path = kind.path(metadata["namespace"], metadata["name"])
        body = {"metadata": {"uid": metadata["uid"], "annotations": dict(annotations)}}
        try:
            self._write("PATCH", path, body, {"fieldManager": WITNESS}, _MERGE)
        except NotFound:
            return

    def create(self, kind: Kind, item: Object) -> Object:
        body = {"apiVersion": kind.api_version, "kind": kind.kind, **item}
        created: Object = self._write("POST", kind.path(item["metadata"]["namespace"]), body)
        return created

    def delete(self, kind: Kind, item: Object) -> None:
        """Delete the very object; one that is gone already is no error."""
        metadata = item["metadata"]
        try:
            body = {"preconditions": {"uid": metadata["uid"]}}
            self._write("DELETE", kind.path(metadata["namespace"], metadata["name"]), body)
        except NotFound:
            return

    def watch(self, kind: Kind, namespace: str, since: str, seconds: int) -> Iterator[Seen]:
        """What happens from the version `since` on, for so many seconds; raises Expired."""
        query = {
            "watch": "true",
            "resourceVersion": since,
            "timeoutSeconds": str(seconds),
            "allowWatchBookmarks": "true",
        }
        try:
            answer = self._send(
                "GET", kind.path(namespace), None, query, read_seconds=seconds + ANSWER_SECONDS
            )
        except NotFound:
            raise _unknown(kind) from None
        try:
            for line in _lines(answer.response):
                event = json.loads(line)
                if event["type"] == "ERROR":
                    raise _explained(event["object"].get("code", 0), event["object"].get("message", ""))
                yield Seen(event["type"], event["object"])
        except (HTTPError, OSError, ValueError) as error:
            raise TransportFailed(f"The watch of {kind.plural} was cut: {error}.") from None
        finally:
            answer.response.close()

    def _list(self, kind: Kind, namespace: str, labels: str, accept: str) -> Listed:
        items: list[Object] = []
        query = {"limit": str(PAGE)} | ({"labelSelector": labels} if labels else {})
        while True:
            page = self._ask("GET", kind.path(namespace), query=query, accept=accept)
            items += page.get("items") or ()
            metadata = page.get("metadata", {})
            if not (more := metadata.get("continue")):
                return Listed(tuple(items), metadata.get("resourceVersion", ""))
            query["continue"] = more

    def _write(
        self,
        verb: str,
        path: str,
        body: Json,
        query: Mapping[str, str] = {},
        content: str = _JSON,
    ) -> Json:
        answer = self._ask(verb, path, body, query, content)
        self.writes += 1
        return answer

    def _ask(  # noqa: PLR0913, PLR0917 what a request is made of
        self,
        verb: str,
        path: str,
        body: Json = None,
        query: Mapping[str, str] = {},
        content: str = _JSON,
        accept: str = _JSON,
    ) -> Json:
        answer = self._send(verb, path, body, query, content, accept)
        try:
            return json.loads(answer.response.read() or b"null")
        except (HTTPError, ValueError) as error:
            raise TransportFailed(f"The API server's answer cannot be read: {error}.") from None

    def _send(  # noqa: PLR0913, PLR0917 what a request is made of
        self,
        verb: str,
        path: str,
        body: Json,
        query: Mapping[str, str],
        content: str = _JSON,
        accept: str = _JSON,
        read_seconds: float = ANSWER_SECONDS,
    ) -> Json:
        """Send it until the server does not ask to wait; every write of ours may be sent twice.

        An apply and a delete are the same twice; an Event that comes twice is read twice.
        """
        pause = 0.0
        for _ in range(ATTEMPTS):
            if pause:
                self._pause(pause)
            try:
                return self._send_once(verb, path, body, query, (content, accept), read_seconds)
            except Later as error:
                # Those who wait at the same time must not come back at the same time.
                pause = min(max(error.seconds, pause * 1.5) or 0.5, LONGEST_PAUSE) * uniform(1, 1.5)  # noqa: S311 no secret
                last = error
        raise last

    def _send_once(  # noqa: PLR0913, PLR0917 the same
        self,
        verb: str,
        path: str,
        body: Json,
        query: Mapping[str, str],
        types: tuple[str, str],
        seconds: float,
    ) -> Json:
        headers = dict(zip(("Content-Type", "Accept"), types, strict=True))
        try:
            request = self.api.param_serialize(
                verb, path, None, list(query.items()), headers, body, auth_settings=["BearerToken"]
            )
            answer = self.api.call_api(*request, _request_timeout=(ANSWER_SECONDS, seconds))
            if 200 <= answer.status < 300:
                return answer
            said: bytes = answer.response.read()
        except ApiException as error:
            raise TransportFailed(f"The API server cannot be asked: {error.reason}.") from None
        except (HTTPError, OSError) as error:
            reason = error.reason if isinstance(error, MaxRetryError) else error
            raise TransportFailed(f"The API server cannot be reached: {reason}.") from None
        raise _explained(answer.status, _message(said), answer.headers.get("Retry-After", ""))


def _unknown(kind: Kind) -> NotFound:
    return NotFound(
        f"The cluster has no kind {quoted(kind.kind)} of {quoted(kind.api_version)}. Where there is no "
        "Porch, `kubectl apply -k deploy/crds` installs its kinds, in a clone of Portico's repository."
    )


def _lines(response: Json) -> Iterator[bytes]:
    """The lines of an answer that comes in pieces."""
    rest = b""
    for piece in response.stream(amt=None, decode_content=True):
        *lines, rest = (rest + piece).split(b"\n")
        yield from filter(None, lines)


def _message(said: bytes | None) -> str:
    try:
        return str(json.loads(said or b"{}").get("message", ""))
    except (ValueError, AttributeError):
        return (said or b"").decode(errors="replace")[:200]


def _explained(status: int, message: str, retry_after: str = "") -> Exception:
    told = message.strip().rstrip(".") or f"it answered {status}"
    match status:
        case 404:
            return NotFound(f"The cluster does not have it: {told}.")
        case 409 | 412:
            return Moved(f"Somebody else was faster: {told}.")
        case 410:
            return Expired(f"The cluster has forgotten that moment: {told}.")
        case 401:
            return AccessDenied(
                f"The API server does not accept these credentials: {told}. Check the kubeconfig, or the "
                "service account."
            )
        case 403:
            return AccessDenied(
                f"The cluster does not let Portico do that: {told}. Give it the role that is in "
                f"{quoted('deploy/')}."
            )
        case 429 | 500 | 502 | 503 | 504:
            seconds = float(retry_after) if retry_after.isdigit() else 0
            return Later(f"The API server asks to wait: {told}.", seconds)
    return Refused(f"The API server refuses it: {told}.")
