"""Webhooks that tell nothing to whoever did what they tell of, which is mostly us.

Where a person shares our account, nothing of theirs may be lost by this for longer than until the next tick,
nor what a merge train does in our name, nor what others must learn of what we did.
"""

import re
from collections.abc import Mapping
from typing import Any

_NONE = re.compile(r"0{40,64}")
_LONGEST_LOGIN = 255


def doer(event: str, payload: Mapping[str, Any]) -> str:
    """The username of whoever did it, '' where it may tell even them something."""
    match payload:
        case {"user_username": str(login)} | {"user": {"username": str(login)}} if (
            len(login) <= _LONGEST_LOGIN
        ):
            return login if _is_echo(event, payload) else ""
        case _:
            return ""


def _is_echo(event: str, payload: Mapping[str, Any]) -> bool:
    match event, payload:
        case "Tag Push Hook", {"before": str(before)} if _NONE.fullmatch(before):
            return True  # we tag what we merged, and the push of that merge is heard
        case "Push Hook", {"after": str(after)} if _NONE.fullmatch(after):
            return True  # its change is over: it was published or closed, which was followed to its end
        case "Merge Request Hook", {"object_attributes": {"action": "open"}}:
            return True  # the push of its branch is heard
        case "Merge Request Hook", {"object_attributes": {"action": "update", "oldrev": str()}}:
            return True  # the same
        case "Merge Request Hook", {"object_attributes": {"action": "close"}}:
            return True  # nothing is done at one that is closed
        case "Note Hook", {
            "object_attributes": {"action": "create" | "update", "author_id": int(author)},
            "user": {"id": int(user)},
        }:
            return author == user  # we do not listen to ourselves
        case "Emoji Hook", {"object_attributes": {"action": "award"}}:
            return True  # a mark of ours, which was set by a look that knew it
        case _:
            return False
