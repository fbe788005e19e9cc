"""Tags created by the API."""

from bot.errors import NotFound
from bot.forges.gitlab.place import Place, in_path
from bot.forges.tag import ensure


def create(place: Place, tag: str, commit: str) -> None:
    """Create it, or find that it stands at `commit`; Moved where it stands elsewhere."""
    asked = {"tag_name": tag, "ref": commit}
    ensure(
        tag,
        commit,
        lambda: place.session.write("POST", f"{place.path}/repository/tags", asked),
        lambda: _commit_of(place, tag),
    )


def _commit_of(place: Place, tag: str) -> str:
    """Where the tag stands, '' where there is none."""
    try:
        found = place.session.get(f"{place.path}/repository/tags/{in_path(tag)}").body
    except NotFound:
        return ""
    return str((found.get("commit") or {}).get("id") or found.get("target") or "")
