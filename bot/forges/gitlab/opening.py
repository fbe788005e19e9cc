"""Changes opened, made drafts or proposals, and closed."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from bot.errors import Moved, NotFound, Refused
from bot.forges.gitlab.looking import open_one
from bot.forges.gitlab.place import Place
from bot.forges.gitlab.quick import tamed
from bot.forges.gitlab.reading import draft_of
from bot.forges.gitlab.title import DRAFT, as_draft, as_ready
from bot.forges.length import cut, cut_line
from bot.forges.patience import Unclear
from bot.lifecycle.change import Change
from bot.packages.naming import quoted

MOST_TITLE = 255
MOST_TEXT = 1_000_000  # characters of a description


class Opening(NamedTuple):
    """What is to be opened, from `branch` to the registered branch."""

    branch: str
    title: str
    text: str


def open_draft(place: Place, opening: Opening) -> int:
    """Open a draft, or find the open one that there is; its number."""
    asked = {
        "source_branch": opening.branch,
        "target_branch": place.branch,
        "title": as_draft(cut_line(opening.title, MOST_TITLE - len(DRAFT))),
        "description": cut(tamed(opening.text), MOST_TEXT),
        "remove_source_branch": False,
    }
    try:
        return int(place.session.write("POST", f"{place.path}/merge_requests", asked).body["iid"])
    except (Moved, Unclear):
        # There is one, or it may be there now; to ask for it again could make two.
        if number := open_one(place, opening.branch, place.branch):
            return number
        raise
    except Refused as error:
        if "source branch" in str(error).lower().replace("_", " "):
            raise Moved(f"The branch {quoted(opening.branch)} is not on GitLab, or not yet.") from error
        raise


def mark(place: Place, number: int, *, draft: bool) -> None:
    """Make it a draft or a proposal; what it is already is not asked for."""
    found = standing(place, number)
    if found.get("state") != "opened":
        raise Moved(f"Merge request {number} is no longer open.")
    if draft_of(found) == draft:
        return
    title = str(found.get("title") or "")
    # A title must not be empty; one that is nothing but marks is named for the branch.
    new = as_draft(title)[:MOST_TITLE] if draft else as_ready(title) or str(found.get("source_branch"))
    place.session.write("PUT", place.change(number), {"title": new})


def close(place: Place, change: Change) -> None:
    """Close it; one that is closed already stays so."""
    if standing(place, change.number).get("state") == "opened":
        place.session.write("PUT", place.change(change.number), {"state_event": "close"})


def standing(place: Place, number: int) -> Mapping[str, Any]:
    """The merge request at this moment; raises NotFound."""
    try:
        found: Mapping[str, Any] = place.session.get(place.change(number)).body
    except NotFound:
        raise NotFound(f"The project has no merge request {number}.") from None
    return found
