"""What a forge shows to portico's credentials: a file on a branch, and who is in teams."""

from base64 import b64decode
from binascii import Error
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.errors import NotFound


def content(found: Mapping[str, Any] | None) -> bytes | None:
    """The bytes of a file as REST shows it; None where there is none, or something else."""
    if not isinstance(found, Mapping) or found.get("type", "file") != "file":
        return None
    try:
        return b64decode(str(found.get("content") or ""))
    except Error:
        return None


def hidden(teams: Sequence[str], members: Callable[[str], object]) -> tuple[str, ...]:
    """The teams whose members cannot be read."""
    return tuple(team for team in teams if _is_hidden(team, members))


def _is_hidden(team: str, members: Callable[[str], object]) -> bool:
    try:
        members(team)
    except NotFound:
        return True
    return False
