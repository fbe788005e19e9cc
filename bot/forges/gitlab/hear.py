"""Webhooks of GitLab heard: who knows the secret is believed, and of what they say only where to look."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.forges.gitlab.echo import doer
from bot.forges.gitlab.signature import check
from bot.forges.heard import Heard, Place
from bot.forges.payload import (
    EVERYWHERE,
    MOST_DELIVERY,
    branch_named,
    number_of,
    parsed,
    part_of,
    pushed,
    text_of,
)
from bot.lifecycle.remark import read_remark

_EVENT = "x-gitlab-event"
# The first that is there; the last is the same for all that one event set off.
_DELIVERIES = ("idempotency-key", "webhook-id", "x-gitlab-event-uuid")
_PROJECT = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.][A-Za-z0-9_.-]*){1,20}", re.ASCII)
_LONGEST_PROJECT = 512


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
    payload = parsed(body)
    teller = _TELLERS.get(named[_EVENT])
    place = teller(payload) if teller else None
    repository = _repository(payload)
    if place is None or not repository:
        return None
    delivery = next((named[key] for key in _DELIVERIES if named.get(key)), "")
    return Heard(repository, delivery[:MOST_DELIVERY], *place, doer(named[_EVENT], payload))


# Each of these says where to look, None for nowhere.


def _tagged(_: Mapping[str, Any]) -> Place | None:
    # A tag of whatever package: only the whole repository can say which.
    return EVERYWHERE


def _change(payload: Mapping[str, Any]) -> Place | None:
    return _at(part_of(payload, "object_attributes"))


def _on_change(payload: Mapping[str, Any]) -> Place | None:
    """An award: on a merge request, or on an issue or commit, which says nothing to us."""
    return _at(part_of(payload, "merge_request"))


def _note(payload: Mapping[str, Any]) -> Place | None:
    """A note on a merge request, or a new one on an issue that says something to us."""
    note = part_of(payload, "object_attributes")
    is_new = text_of(note, "action") in {"", "create"}  # older GitLabs tell of new ones alone, without a word
    said = is_new and read_remark(text_of(note, "note"))
    return _on_change(payload) or (_on_issue(part_of(payload, "issue")) if said else None)


def _issue(payload: Mapping[str, Any]) -> Place | None:
    """An issue that was opened with something in its text that was said to us."""
    about = part_of(payload, "object_attributes")
    is_new = text_of(about, "action") == "open"
    return _on_issue(about) if is_new and read_remark(text_of(about, "description")) else None


def _on_issue(issue: Mapping[str, Any]) -> Place | None:
    place = _at(issue)
    return Place(issue=place.number) if place else None


def _pipeline(payload: Mapping[str, Any]) -> Place | None:
    about = part_of(payload, "object_attributes")
    place = _at(part_of(payload, "merge_request"))
    if place or about.get("tag") or not text_of(about, "ref"):
        return place
    return Place(branch=branch_named(text_of(about, "ref")))


_TELLERS = {
    "Push Hook": pushed,
    "Tag Push Hook": _tagged,
    "Merge Request Hook": _change,
    "Note Hook": _note,
    "Issue Hook": _issue,
    "Emoji Hook": _on_change,
    "Pipeline Hook": _pipeline,
}
EVENTS = frozenset(_TELLERS)


def _repository(payload: Mapping[str, Any]) -> str:
    """The project that it is about, with its groups; of a merge request that into which it goes."""
    name = text_of(part_of(payload, "project"), "path_with_namespace")
    return name if len(name) <= _LONGEST_PROJECT and _PROJECT.fullmatch(name) else ""


def _at(change: Mapping[str, Any]) -> Place | None:
    found = number_of(change, "iid")
    return Place(found) if found else None
