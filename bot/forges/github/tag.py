"""Tags created and deleted by the API: Git would refuse some to an App where a commit touches workflows."""

from urllib.parse import quote

from bot.errors import NotFound
from bot.forges.github.place import Place
from bot.forges.tag import discard, ensure

_TAGS = "refs/tags/"
_NESTED = 5  # how often a tag may name a tag


def create(place: Place, tag: str, commit: str) -> None:
    """Create it, or find that it stands at `commit`; Moved where it stands elsewhere."""
    asked = {"ref": f"{_TAGS}{tag}", "sha": commit}
    ensure(
        tag,
        commit,
        lambda: place.session.write("POST", f"{place.path}/git/refs", asked),
        lambda: _commit_of(place, tag),
    )


def delete(place: Place, tag: str, commit: str) -> None:
    """Delete it where it stands at `commit`, or find it gone; Moved where it stands elsewhere."""
    discard(
        tag,
        commit,
        lambda: place.session.write("DELETE", f"{place.path}/git/refs/{quote(f'tags/{tag}')}"),
        lambda: _commit_of(place, tag),
    )


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
