"""Changes opened, made drafts or proposals, and closed."""

from typing import Any, NamedTuple

from bot.errors import Moved, NotFound, Refused
from bot.forges.github.length import MOST_TEXT, MOST_TITLE
from bot.forges.github.looking import open_one
from bot.forges.github.place import Place, in_path
from bot.forges.github.queries import DRAFT, READY, STANDING
from bot.forges.github.reading import DRAFT_LABEL
from bot.forges.length import cut, cut_line
from bot.forges.patience import Unclear
from bot.lifecycle.change import Change
from bot.packages.naming import quoted

_NO_DRAFTS = "draft pull requests are not supported"
_THERE = "pull request already exists"
_NO_COMMITS = "no commits between"
_NO_HEAD = "head invalid"  # field and code, as `said` joins them


class Opening(NamedTuple):
    """What is to be opened, from `branch` to the registered branch."""

    branch: str
    title: str
    text: str


def open_draft(place: Place, opening: Opening, *, drafts: bool) -> tuple[int, bool]:
    """Open a draft, or find it; its number, and whether drafts are possible, of which `drafts` is a guess."""
    asked: dict[str, Any] = {
        "title": cut_line(opening.title, MOST_TITLE),
        "head": opening.branch,
        "base": place.branch,
        "body": cut(opening.text, MOST_TEXT),
        "draft": drafts,
    }
    try:
        made = place.session.write("POST", f"{place.path}/pulls", asked).body
    except Unclear:
        # It may be there now; to ask for it again could make two.
        if number := open_one(place, opening.branch, place.branch):
            return number, drafts
        raise
    except Refused as error:
        return _after(error, place, opening, drafts=drafts)
    number = int(made["number"])
    if not drafts:
        place.session.ensure("POST", f"{place.issue(number)}/labels", {"labels": [DRAFT_LABEL]})
    return number, drafts


def _after(error: Refused, place: Place, opening: Opening, *, drafts: bool) -> tuple[int, bool]:
    words = str(error).lower()
    if drafts and _NO_DRAFTS in words:
        return open_draft(place, opening, drafts=False)
    if _THERE in words and (number := open_one(place, opening.branch, place.branch)):
        return number, drafts
    if _NO_COMMITS in words:
        raise Refused(
            f"The branch {quoted(opening.branch)} has no commits that {quoted(place.branch)} lacks, and "
            "GitHub opens no pull request for nothing: push a change first."
        ) from error
    if _NO_HEAD in words:
        raise Moved(f"The branch {quoted(opening.branch)} is not on GitHub, or not yet.") from error
    raise error


def mark(place: Place, change: Change, *, draft: bool) -> bool:
    """Make it a draft or a proposal; whether drafts are possible. What it is already is not asked for."""
    number = change.number
    pull = standing(place, number)["pullRequest"]
    if pull["state"] != "OPEN":
        raise Moved(f"Pull request {number} is no longer open.")
    if not draft and DRAFT_LABEL in change.labels:
        _unlabel(place, number)
    if bool(pull["isDraft"]) == draft:
        return True
    try:
        place.session.mutate(DRAFT if draft else READY, {"id": pull["id"]})
    except Refused as error:
        if not draft or "not supported" not in str(error).lower():
            raise
        place.session.ensure("POST", f"{place.issue(number)}/labels", {"labels": [DRAFT_LABEL]})
        return False
    return True


def _unlabel(place: Place, number: int) -> None:
    """Take the label away that stands for a draft; no matter if somebody else just did."""
    try:
        place.session.write("DELETE", f"{place.issue(number)}/labels/{in_path(DRAFT_LABEL)}")
    except NotFound:
        return


def close(place: Place, change: Change) -> None:
    """Close it; one that is closed already stays so."""
    place.session.write("PATCH", place.pull(change.number), {"state": "closed"})


def standing(place: Place, number: int) -> dict[str, Any]:
    """What a write must know at this moment: the repository, and in it `pullRequest`; raises NotFound."""
    data = place.query(STANDING, ("mergeQueue",), number=number, branch=place.branch or None)
    repository: dict[str, Any] = data.get("repository") or {}
    if not repository.get("pullRequest"):
        raise NotFound(f"The repository has no pull request {number}.")
    return repository
