"""Tags created by the API: Git would refuse them to an App where a commit touches workflows."""

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
