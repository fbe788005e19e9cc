"""What people may do in a repository, and who is in a team."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.errors import NotFound, Refused
from bot.forges.github.place import Place, in_path
from bot.lifecycle.change import Rights
from bot.lifecycle.person import Person
from bot.packages.naming import quoted

_TEAM = re.compile(r"@?([A-Za-z0-9][A-Za-z0-9._-]*)/([A-Za-z0-9][A-Za-z0-9._-]*)", re.ASCII)
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\[bot\])?", re.ASCII)
_RIGHTS = {
    "admin": Rights.ADMIN,
    "maintain": Rights.WRITE,
    "write": Rights.WRITE,
    "triage": Rights.READ,
    "read": Rights.READ,
}


def rights(place: Place, person: Person) -> Rights:
    """What GitHub says that somebody may do; NONE where it says nothing."""
    if not _LOGIN.fullmatch(person.login):
        return Rights.NONE
    try:
        said = place.session.get(f"{place.path}/collaborators/{in_path(person.login)}/permission").body
    except (NotFound, Refused):
        return Rights.NONE
    return _of(said if isinstance(said, Mapping) else {})


def _of(said: Mapping[str, Any]) -> Rights:
    # A role that a company made itself is known by the one that it is built on.
    return _RIGHTS.get(str(said.get("role_name")), _RIGHTS.get(str(said.get("permission")), Rights.NONE))


def members(place: Place, team: str) -> Sequence[str]:
    """Logins of a team, those of the teams within it too; raises NotFound where it cannot be read."""
    named = _TEAM.fullmatch(team)
    if not named:
        raise NotFound(f"{quoted(team)} must be a team of an organization, as '<organization>/<team>'.")
    try:
        found = place.session.pages(f"/orgs/{named[1]}/teams/{named[2]}/members")
    except (NotFound, Refused) as error:
        raise NotFound(
            f"The members of the team {quoted(team)} cannot be read: it must exist, and portico's "
            "credentials must have the permission 'members: read' of its organization."
        ) from error
    return [str(member["login"]) for member in found if member.get("login")]
