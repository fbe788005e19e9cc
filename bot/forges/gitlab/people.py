"""What people may do in a project, and who is in a group."""

import re
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from bot.errors import NotFound, Refused
from bot.forges.gitlab.place import Place, in_path
from bot.lifecycle.change import Rights
from bot.lifecycle.person import Person
from bot.packages.naming import quoted

MOST_KNOWN = 2_000  # people whose kind is remembered
_LOGIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}", re.ASCII)
_GROUP = re.compile(r"@?([A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,20})", re.ASCII)
# The users that GitLab makes for tokens of projects and groups.
_OF_A_TOKEN = re.compile(r"(?:project|group)_\d+_bot(?:\d+|_[0-9a-z]+)?", re.ASCII | re.IGNORECASE)
# https://docs.gitlab.com/api/access_requests/#valid-access-levels
_LEVELS = ((40, Rights.ADMIN), (30, Rights.WRITE), (10, Rights.READ))


class People:
    """The people of one project; threads may share it."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._bots: dict[int, bool] = {}
        self._lock = threading.Lock()

    def rights(self, person: Person) -> Rights:
        """What GitLab says that somebody may do; NONE where it says nothing, and for what is no person."""
        if not _LOGIN.fullmatch(person.login) or is_bot(person.login):
            return Rights.NONE
        number = self._number(person.login)
        if not number or self._is_bot(number):
            return Rights.NONE
        member = self._place.session.find(f"{self._place.path}/members/all/{number}")
        return _of(member) if isinstance(member, Mapping) else Rights.NONE

    def _number(self, login: str) -> int:
        found = self._place.session.find("/users", username=login) or []
        same = (user for user in found if str(user.get("username") or "").lower() == login.lower())
        return next((int(user["id"]) for user in same if user.get("state", "active") == "active"), 0)

    def _is_bot(self, number: int) -> bool:
        """Whether an account is a program's, as it is for ever."""
        with self._lock:
            if number in self._bots:
                return self._bots[number]
        found = self._place.session.find(f"/users/{number}")
        if not found:
            return True  # who is not shown to us cannot be known for a person
        with self._lock:
            self._bots[number] = bool(found.get("bot"))
            while len(self._bots) > MOST_KNOWN:
                del self._bots[next(iter(self._bots))]
        return bool(found.get("bot"))


def is_bot(login: str) -> bool:
    """Whether this is the login of a project's or group's token."""
    return _OF_A_TOKEN.fullmatch(login) is not None


def _of(member: Mapping[str, Any]) -> Rights:
    if member.get("state", "active") != "active":
        return Rights.NONE
    level = int(member.get("access_level") or 0)
    return next((rights for least, rights in _LEVELS if level >= least), Rights.NONE)


def members(place: Place, team: str) -> Sequence[str]:
    """Logins of a group's own members, as its CODEOWNERS count; raises NotFound where it cannot be read."""
    named = _GROUP.fullmatch(team)
    if not named:
        raise NotFound(f"{quoted(team)} must be a group, as '<group>/<subgroup>'.")
    try:
        found = place.session.pages(f"/groups/{in_path(named[1])}/members")
    except (NotFound, Refused) as error:
        raise NotFound(
            f"The members of the group {quoted(team)} cannot be read: it must exist, and be shown to "
            "portico's user."
        ) from error
    return [
        str(member["username"])
        for member in found
        if member.get("username")
        and member.get("state", "active") == "active"
        and not is_bot(str(member["username"]))
    ]
