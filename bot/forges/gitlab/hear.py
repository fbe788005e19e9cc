"""Webhooks of GitLab heard: who knows the secret is believed, and of what they say only where to look."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.forges.gitlab.echo import doer
from bot.forges.gitlab.signature import check
from bot.forges.heard import Heard

_EVENT = "x-gitlab-event"
# The first that is there; the last is the same for all that one event set off.
_DELIVERIES = ("idempotency-key", "webhook-id", "x-gitlab-event-uuid")
_HEADS = "refs/heads/"
_PROJECT = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.][A-Za-z0-9_.-]*){1,20}", re.ASCII)
_LONGEST_PROJECT = 512
_MOST_NUMBER = 2**31 - 1
_MOST_BRANCH = 255
_MOST_DELIVERY = 100


def hear(
    headers: Mapping[str, str], body: bytes, secrets: Sequence[bytes], *, now: float | None = None
) -> Heard | None:
    """What a webhook amounts to, None where there is nothing to look at, or it is another forge's.

    `headers` may be written in any case. Any of `secrets` may be the webhook's, so that they can be changed
    one after the other. `now`, seconds since 1970, is what the time of a signed one is held to. Raises
    Unsigned, before anything is parsed.
    """
    named = {key.lower(): value for key, value in headers.items()}
    if _EVENT not in named:
        return None
    check(named, body, secrets, now)
    payload = _payload(body)
    teller = _TELLERS.get(named[_EVENT])
    place = teller(payload) if teller else None
    repository = _repository(payload)
    if place is None or not repository:
        return None
    delivery = next((named[key] for key in _DELIVERIES if named.get(key)), "")
    return Heard(repository, delivery[:_MOST_DELIVERY], *place, doer(named[_EVENT], payload))


def _payload(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


# Each of these says at which number or branch to look, (0, "") for the whole repository, None for nowhere.
Place = tuple[int, str]
_EVERYWHERE: Place = (0, "")


def _pushed(payload: Mapping[str, Any]) -> Place | None:
    ref = _text(payload, "ref")
    return (0, _branch(ref.removeprefix(_HEADS))) if ref.startswith(_HEADS) else _EVERYWHERE


def _tagged(_: Mapping[str, Any]) -> Place | None:
    # A tag of whatever package: only the whole repository can say which.
    return _EVERYWHERE


def _change(payload: Mapping[str, Any]) -> Place | None:
    return _at(_part(payload, "object_attributes"))


def _on_change(payload: Mapping[str, Any]) -> Place | None:
    """A note or an award: on a merge request, or on an issue or commit, which say nothing to us."""
    return _at(_part(payload, "merge_request"))


def _pipeline(payload: Mapping[str, Any]) -> Place | None:
    about = _part(payload, "object_attributes")
    place = _at(_part(payload, "merge_request"))
    if place or about.get("tag") or not _text(about, "ref"):
        return place
    return 0, _branch(_text(about, "ref"))


_TELLERS = {
    "Push Hook": _pushed,
    "Tag Push Hook": _tagged,
    "Merge Request Hook": _change,
    "Note Hook": _on_change,
    "Emoji Hook": _on_change,
    "Pipeline Hook": _pipeline,
}
EVENTS = frozenset(_TELLERS)


def _repository(payload: Mapping[str, Any]) -> str:
    """The project that it is about, with its groups; of a merge request that into which it goes."""
    name = _text(_part(payload, "project"), "path_with_namespace")
    return name if len(name) <= _LONGEST_PROJECT and _PROJECT.fullmatch(name) else ""


def _at(change: Mapping[str, Any]) -> Place | None:
    found = change.get("iid")
    fits = isinstance(found, int) and not isinstance(found, bool) and 0 < found <= _MOST_NUMBER
    return (found, "") if fits and isinstance(found, int) else None


def _part(payload: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = payload.get(key)
    return found if isinstance(found, dict) else {}


def _text(payload: Mapping[str, Any], key: str) -> str:
    found = payload.get(key)
    return found if isinstance(found, str) else ""


def _branch(name: str) -> str:
    """A branch as it was named, '' (the whole repository) where no branch has such a name."""
    fits = len(name.encode("utf-8", "replace")) <= _MOST_BRANCH and name.isprintable()
    return name if fits else ""
