"""Webhooks of GitHub heard: who signed them is believed, and of what they say only where to look."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from bot.errors import Unsigned
from bot.forges.github.echo import doer
from bot.forges.heard import Heard, Place
from bot.forges.payload import (
    EVERYWHERE,
    HEADS,
    MOST_DELIVERY,
    MOST_NUMBER,
    branch_named,
    number_of,
    parsed,
    part_of,
    pushed,
    text_of,
)
from bot.lifecycle.remark import read_remark

_EVENT = "x-github-event"
_SIGNATURE = "x-hub-signature-256"
_DELIVERY = "x-github-delivery"
# Gitea and Forgejo send GitHub's headers too.
_OTHERS = ("x-gitea-event", "x-forgejo-event", "x-gogs-event")
_FORM = "application/x-www-form-urlencoded"
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}", re.ASCII)
_IN_QUEUE = re.compile(r"/pr-(\d{1,10})-[0-9a-f]+$")


def hear(headers: Mapping[str, str], body: bytes, secrets: Sequence[bytes]) -> Heard | None:
    """What a webhook amounts to, None where there is nothing to look at, or it is another forge's.

    `headers` may be written in any case, `body` is what was signed, byte for byte. Of `secrets` any may have
    signed it, so that they can be changed one after the other. Raises Unsigned, before anything is parsed.
    """
    named = {key.lower(): value for key, value in headers.items()}
    if any(name in named for name in _OTHERS) or _EVENT not in named:
        return None
    _check(named.get(_SIGNATURE, ""), body, secrets)
    payload = _payload(named.get("content-type", ""), body)
    teller = _TELLERS.get(named[_EVENT])
    place = teller(payload) if teller else None
    repository = _repository(payload)
    if place is None or not repository:
        return None
    by = doer(named[_EVENT], payload)
    return Heard(repository, named.get(_DELIVERY, "")[:MOST_DELIVERY], *place, by)


def _check(signature: str, body: bytes, secrets: Sequence[bytes]) -> None:
    given = signature.encode("utf-8", "replace")
    # Every secret is tried, so that the time tells nothing; an empty one would let everybody in.
    tried = [
        hmac.compare_digest(given, b"sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest().encode())
        for secret in secrets
        if secret
    ]
    if not any(tried):
        raise Unsigned(
            "The webhook is not signed with a secret that portico knows: the `Secret` of the webhook on "
            "GitHub must be one of portico's, and the signature must come as 'X-Hub-Signature-256'."
        )


def _payload(kind: str, body: bytes) -> Mapping[str, Any]:
    try:
        text = body.decode()
        if kind.partition(";")[0].strip().lower() == _FORM:
            text = parse_qs(text, max_num_fields=10).get("payload", [""])[0]
    except ValueError:
        return {}
    return parsed(text)


# Each of these says where to look, None for nowhere.


def _everywhere(_: Mapping[str, Any]) -> Place | None:
    return EVERYWHERE


def _named(payload: Mapping[str, Any]) -> Place | None:
    is_branch = payload.get("ref_type") == "branch"
    return Place(branch=branch_named(text_of(payload, "ref"))) if is_branch else EVERYWHERE


def _change(payload: Mapping[str, Any]) -> Place | None:
    number = number_of(part_of(payload, "pull_request"), "number") or number_of(payload, "number")
    return Place(number) if number else None


def _comment(payload: Mapping[str, Any]) -> Place | None:
    issue = part_of(payload, "issue")
    number = number_of(issue, "number") if issue.get("pull_request") else 0
    return Place(number) if number else _asked(payload, "created", part_of(payload, "comment"))


def _issue(payload: Mapping[str, Any]) -> Place | None:
    return _asked(payload, "opened", part_of(payload, "issue"))


def _asked(payload: Mapping[str, Any], action: str, written: Mapping[str, Any]) -> Place | None:
    """An issue on which somebody has just said something to us; all others are none of our business."""
    issue = part_of(payload, "issue")
    number = 0 if "pull_request" in issue else number_of(issue, "number")
    is_new = text_of(payload, "action") == action
    return Place(issue=number) if number and is_new and read_remark(text_of(written, "body")) else None


def _check_run(payload: Mapping[str, Any]) -> Place | None:
    if text_of(payload, "action") not in {"rerequested", "requested_action"}:
        return None  # our own writing comes back with other actions
    run = part_of(payload, "check_run")
    pulls = run.get("pull_requests")
    listed = [pull for pull in pulls if isinstance(pull, dict)] if isinstance(pulls, list) else []
    numbers = [number_of(pull, "number") for pull in listed]
    if len(numbers) == 1 and numbers[0]:
        return Place(numbers[0])
    return Place(branch=branch_named(text_of(part_of(run, "check_suite"), "head_branch")))


def _queue(payload: Mapping[str, Any]) -> Place | None:
    group = part_of(payload, "merge_group")
    found = _IN_QUEUE.search(text_of(group, "head_ref")[-300:])
    if found and 0 < int(found[1]) <= MOST_NUMBER:
        return Place(int(found[1]))
    return Place(branch=branch_named(text_of(group, "base_ref").removeprefix(HEADS)))


_TELLERS = {
    "ping": _everywhere,
    "push": pushed,
    "create": _named,
    "delete": _named,
    "pull_request": _change,
    "pull_request_review": _change,
    "issue_comment": _comment,
    "issues": _issue,
    "check_run": _check_run,
    "repository": _everywhere,
    "installation": _everywhere,
    "installation_repositories": _everywhere,
    "merge_group": _queue,
}


def _repository(payload: Mapping[str, Any]) -> str:
    """The repository that it is about, '' for none or for several: those are found at the next tick."""
    name = text_of(part_of(payload, "repository"), "full_name")
    if not name:
        several = [payload.get(key) for key in ("repositories", "repositories_added")]
        listed = [one for found in several if isinstance(found, list) for one in found]
        name = text_of(listed[0], "full_name") if len(listed) == 1 and isinstance(listed[0], dict) else ""
    return name if _REPOSITORY.fullmatch(name) else ""
