"""Tags created by the API."""

from bot.errors import Moved, NotFound, Refused
from bot.forges.gitlab.place import Place, in_path
from bot.forges.gitlab.refusals import Unclear
from bot.packages.naming import quoted


def create(place: Place, tag: str, commit: str) -> None:
    """Create it, or find that it stands at `commit`; Moved where it stands elsewhere."""
    try:
        place.session.write("POST", f"{place.path}/repository/tags", {"tag_name": tag, "ref": commit})
    except (Refused, Moved, NotFound, Unclear) as error:
        stands_at = _commit_of(place, tag)
        if not stands_at:
            raise
        if stands_at != commit:
            raise Moved(
                f"The tag {quoted(tag)} already stands at {stands_at[:12]}, and a tag is never moved."
            ) from error


def _commit_of(place: Place, tag: str) -> str:
    """Where the tag stands, '' where there is none."""
    try:
        found = place.session.get(f"{place.path}/repository/tags/{in_path(tag)}").body
    except NotFound:
        return ""
    return str((found.get("commit") or {}).get("id") or found.get("target") or "")
