"""Tags created by the API, and deleted by it: Git is let delete no protected one."""

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


def delete(place: Place, tag: str, commit: str) -> None:
    """Delete it where it stands at `commit`, or find it gone; Moved where it stands elsewhere."""
    stands_at = _commit_of(place, tag)
    if not stands_at:
        return
    if stands_at != commit:
        raise Moved(f"The tag {quoted(tag)} stands at {stands_at[:12]}, and is not the one that was meant.")
    try:
        place.session.write("DELETE", f"{place.path}/repository/tags/{in_path(tag)}")
    except (Refused, NotFound, Unclear):
        if _commit_of(place, tag):
            raise


def _commit_of(place: Place, tag: str) -> str:
    """Where the tag stands, '' where there is none."""
    try:
        found = place.session.get(f"{place.path}/repository/tags/{in_path(tag)}").body
    except NotFound:
        return ""
    return str((found.get("commit") or {}).get("id") or found.get("target") or "")
