"""Tags created by the API, and deleted by it: Git is let delete no protected one."""

from bot.errors import NotFound
from bot.forges.gitlab.place import Place, in_path
from bot.forges.tag import discard, ensure


def create(place: Place, tag: str, commit: str) -> None:
    """Create it, or find that it stands at `commit`; Moved where it stands elsewhere."""
    asked = {"tag_name": tag, "ref": commit}
    ensure(
        tag,
        commit,
        lambda: place.session.write("POST", f"{place.path}/repository/tags", asked),
        lambda: _commit_of(place, tag),
    )


def delete(place: Place, tag: str, commit: str) -> None:
    """Delete it where it stands at `commit`, or find it gone; Moved where it stands elsewhere."""
    discard(
        tag,
        commit,
        lambda: place.session.write("DELETE", f"{place.path}/repository/tags/{in_path(tag)}"),
        lambda: _commit_of(place, tag),
    )


def _commit_of(place: Place, tag: str) -> str:
    """Where the tag stands, '' where there is none."""
    try:
        found = place.session.get(f"{place.path}/repository/tags/{in_path(tag)}").body
    except NotFound:
        return ""
    return str((found.get("commit") or {}).get("id") or found.get("target") or "")
