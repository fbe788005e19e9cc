"""Tags created and deleted by the API: Git would refuse some to an App where a commit touches workflows."""

from urllib.parse import quote

from bot.errors import Moved, NotFound, Refused
from bot.forges.github.place import Place
from bot.forges.github.refusals import Unclear
from bot.packages.naming import quoted

_TAGS = "refs/tags/"
_NESTED = 5  # how often a tag may name a tag


def create(place: Place, tag: str, commit: str) -> None:
    """Create it, or find that it stands at `commit`; Moved where it stands elsewhere."""
    try:
        place.session.write("POST", f"{place.path}/git/refs", {"ref": f"{_TAGS}{tag}", "sha": commit})
    except (Refused, Moved, Unclear) as error:
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
        place.session.write("DELETE", f"{place.path}/git/refs/{quote(f'tags/{tag}')}")
    except (Refused, NotFound, Unclear):
        if _commit_of(place, tag):
            raise


def _commit_of(place: Place, tag: str) -> str:
    """Where the tag stands, '' where there is none."""
    try:
        named = place.session.get(f"{place.path}/git/ref/{quote(f'tags/{tag}')}").body["object"]
        for _ in range(_NESTED):
            if named["type"] != "tag":
                break
            named = place.session.get(f"{place.path}/git/tags/{named['sha']}").body["object"]
    except NotFound:
        return ""
    return str(named["sha"])
