"""What the event of a workflow's run says of where to look; nothing else of it is believed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from bot.errors import UserError
from bot.packages.layout import HEADS
from bot.packages.naming import quoted

LARGEST = 32 * 1024 * 1024  # GitHub sends no payload above 25 MB


class Where(NamedTuple):
    """Change `number`, or `branch`, or `issue`, or with none of these the whole repository.

    `foreign` says that the change comes from a fork, `base` and `head` are the commits that the event names.
    """

    number: int = 0
    branch: str = ""
    foreign: bool = False
    base: str = ""
    head: str = ""
    issue: int = 0


def read_event(name: str, path: str) -> Where:
    """Where to look after the event `name`, whose payload is the file at `path`, '' for none.

    Raises UserError when the file cannot be read.
    """
    return _where(name, _payload(path) if path else {})


def _payload(path: str) -> Mapping[str, Any]:
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST + 1)
        payload = json.loads(data) if len(data) <= LARGEST else None
    except (OSError, ValueError, RecursionError):
        payload = None
    if not isinstance(payload, dict):
        raise UserError(
            f"The event in {quoted(path)} cannot be read; `portico action` runs as a step of a workflow, "
            "where GITHUB_EVENT_PATH names a JSON file."
        )
    return payload


def _where(name: str, payload: Mapping[str, Any]) -> Where:
    match payload:
        case {"pull_request": {"number": int(number)} as pull}:
            head, base = pull.get("head") or {}, pull.get("base") or {}
            foreign = _repository(head) != _repository(base)
            return Where(number, "", foreign, str(base.get("sha") or ""), str(head.get("sha") or ""))
        case {"issue": {"number": int(number), "pull_request": dict()}}:
            return Where(number)
        case {"issue": {"number": int(number)}} if name in {"issues", "issue_comment"}:
            return Where(issue=number)
        case {"check_run": {"pull_requests": [{"number": int(number)}, *_]}}:
            return Where(number)
        case {"ref": str(ref)} if name == "push" and ref.startswith(HEADS):
            return Where(branch=ref.removeprefix(HEADS))
        case {"ref": str(ref), "ref_type": "branch"} if name in {"create", "delete"}:
            return Where(branch=ref)
        case _:
            return Where()


def _repository(side: Mapping[str, Any]) -> object:
    """The id of the repository in which a side of a pull request lies; None where that was deleted."""
    return (side.get("repo") or {}).get("id")
