"""Webhooks that tell nothing to whoever did what they tell of, which is mostly us.

Where a person shares our account, nothing of theirs may be lost by this for longer than until the next tick,
nor what a queue does in our name, nor what others must learn of what we did.
"""

from collections.abc import Mapping
from typing import Any

_TAGS = "refs/tags/"
_LONGEST_LOGIN = 100


def doer(event: str, payload: Mapping[str, Any]) -> str:
    """The login of whoever did it, '' where it may tell even them something."""
    match payload:
        case {"sender": {"login": str(login)}} if len(login) <= _LONGEST_LOGIN:
            return login if _is_echo(event, payload, login) else ""
        case _:
            return ""


def _is_echo(event: str, payload: Mapping[str, Any], login: str) -> bool:
    match event, payload:
        case "push", {"ref": str(ref), "created": True} if ref.startswith(_TAGS):
            return True  # we tag what we merged, and the push of that merge is heard
        case "create", {"ref_type": "tag"}:
            return True  # the same, told once more
        case "push", {"ref": str(ref), "deleted": True} if not ref.startswith(_TAGS):
            return True  # its change is over: it was published or closed, which was followed to its end
        case "delete", {"ref_type": "branch"}:
            return True  # the same, told once more
        case "pull_request", {"action": "opened" | "synchronize"}:
            return True  # the push of its branch is heard
        case "pull_request", {"action": "closed", "pull_request": {"merged": False}}:
            return True  # nothing is done at one that is closed
        case "issue_comment", {"action": "created" | "edited", "comment": {"user": {"login": str(author)}}}:
            return author == login  # we do not listen to ourselves
        case _:
            return False
