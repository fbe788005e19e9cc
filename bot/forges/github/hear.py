"""Webhooks of GitHub heard: who signed them is believed, and of what they say only where to look."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from bot.errors import Unsigned
from bot.forges.github.echo import doer
from bot.forges.heard import Heard

_EVENT = "x-github-event"
_SIGNATURE = "x-hub-signature-256"
_DELIVERY = "x-github-delivery"
# Gitea and Forgejo send GitHub's headers too.
_OTHERS = ("x-gitea-event", "x-forgejo-event", "x-gogs-event")
_FORM = "application/x-www-form-urlencoded"
_HEADS = "refs/heads/"
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}", re.ASCII)
_IN_QUEUE = re.compile(r"/pr-(\d{1,10})-[0-9a-f]+$")
_MOST_NUMBER = 2**31 - 1
_MOST_BRANCH = 255
_MOST_DELIVERY = 100


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
    number, branch = place
    by = doer(named[_EVENT], payload)
    return Heard(repository, named.get(_DELIVERY, "")[:_MOST_DELIVERY], number, branch, by)


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
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


# Each of these says at which number or branch to look, (0, "") for the whole repository, None for nowhere.
Place = tuple[int, str]
_EVERYWHERE: Place = (0, "")


def _everywhere(_: Mapping[str, Any]) -> Place | None:
    return _EVERYWHERE


def _pushed(payload: Mapping[str, Any]) -> Place | None:
    ref = _text(payload, "ref")
    # A tag of whatever package: only the whole repository can say which.
    return (0, _branch(ref.removeprefix(_HEADS))) if ref.startswith(_HEADS) else _EVERYWHERE


def _named(payload: Mapping[str, Any]) -> Place | None:
    return (0, _branch(_text(payload, "ref"))) if payload.get("ref_type") == "branch" else _EVERYWHERE


def _change(payload: Mapping[str, Any]) -> Place | None:
    number = _number(_part(payload, "pull_request")) or _number(payload)
    return (number, "") if number else None


def _comment(payload: Mapping[str, Any]) -> Place | None:
    issue = _part(payload, "issue")
    number = _number(issue) if issue.get("pull_request") else 0
    return (number, "") if number else None


def _check_run(payload: Mapping[str, Any]) -> Place | None:
    if _text(payload, "action") not in {"rerequested", "requested_action"}:
        return None  # our own writing comes back with other actions
    run = _part(payload, "check_run")
    pulls = run.get("pull_requests")
    numbers = [_number(pull) for pull in pulls if isinstance(pull, dict)] if isinstance(pulls, list) else []
    if len(numbers) == 1 and numbers[0]:
        return numbers[0], ""
    return 0, _branch(_text(_part(run, "check_suite"), "head_branch"))


def _queue(payload: Mapping[str, Any]) -> Place | None:
    group = _part(payload, "merge_group")
    found = _IN_QUEUE.search(_text(group, "head_ref")[-300:])
    if found and 0 < int(found[1]) <= _MOST_NUMBER:
        return int(found[1]), ""
    return 0, _branch(_text(group, "base_ref").removeprefix(_HEADS))


_TELLERS = {
    "ping": _everywhere,
    "push": _pushed,
    "create": _named,
    "delete": _named,
    "pull_request": _change,
    "pull_request_review": _change,
    "issue_comment": _comment,
    "check_run": _check_run,
    "repository": _everywhere,
    "installation": _everywhere,
    "installation_repositories": _everywhere,
    "merge_group": _queue,
}


def _repository(payload: Mapping[str, Any]) -> str:
    """The repository that it is about, '' for none or for several: those are found at the next tick."""
    name = _text(_part(payload, "repository"), "full_name")
    if not name:
        several = [payload.get(key) for key in ("repositories", "repositories_added")]
        listed = [one for found in several if isinstance(found, list) for one in found]
        name = _text(listed[0], "full_name") if len(listed) == 1 and isinstance(listed[0], dict) else ""
    return name if _REPOSITORY.fullmatch(name) else ""


def _part(payload: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = payload.get(key)
    return found if isinstance(found, dict) else {}


def _text(payload: Mapping[str, Any], key: str) -> str:
    found = payload.get(key)
    return found if isinstance(found, str) else ""


def _number(payload: Mapping[str, Any]) -> int:
    found = payload.get("number")
    fits = isinstance(found, int) and not isinstance(found, bool) and 0 < found <= _MOST_NUMBER
    return found if fits and isinstance(found, int) else 0


def _branch(name: str) -> str:
    """A branch as it was named, '' (the whole repository) where no branch has such a name."""
    fits = len(name.encode("utf-8", "replace")) <= _MOST_BRANCH and name.isprintable()
    return name if fits else ""
