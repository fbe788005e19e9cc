"""What portico writes where people talk: the living comment, and its marks on the remarks of others."""

from collections.abc import Mapping
from typing import Any

from bot.errors import NotFound, Refused
from bot.forges.github.length import MOST_TEXT
from bot.forges.github.place import Place
from bot.forges.github.reading import MARKER, person
from bot.forges.length import cut
from bot.lifecycle.change import Answered, Remark
from bot.lifecycle.issue import Conversation

_MARKS = {Answered.SEEN: "eyes", Answered.DONE: "rocket", Answered.REFUSED: "confused"}


def keep_living(place: Place, on: Conversation, text: str) -> None:
    """Write the comment where there is none, and anew where it says something else."""
    body = cut(MARKER + text.replace("\r\n", "\n"), MOST_TEXT)
    if on.living:
        if (MARKER + on.living.text).rstrip() == body.rstrip():
            return
        try:
            place.session.write("PATCH", _comment(place, on.living.id), {"body": body})
        except NotFound:
            pass  # somebody deleted it after the change was read
        else:
            return
    path = f"{place.issue(on.number)}/comments"
    made = place.session.write("POST", path, {"body": body}).body
    if made and _first(place, path, made) < int(made["id"]):
        # Another process made one at the same time: the older one stays, and is brought up to date next.
        place.session.write("DELETE", _comment(place, str(made["id"])))


def _first(place: Place, path: str, made: Mapping[str, Any]) -> int:
    """The number of the first living comment of whoever made `made`."""
    try:
        listed = place.session.pages(path)
    except (NotFound, Refused):
        listed = []
    me = person(made.get("user"))
    ours = (
        one for one in listed if person(one.get("user")) == me and str(one.get("body")).startswith(MARKER)
    )
    return min((int(one["id"]) for one in ours), default=int(made["id"]))


def react(place: Place, on: Conversation, remark: Remark, answered: Answered) -> None:
    """Add the mark; one that is there is not added again, and none is taken away.

    The text of an issue itself is a remark without an id.
    """
    mark = _MARKS.get(answered)
    if mark is None or answered is remark.answered:
        return
    path = _comment(place, remark.id) if remark.id else place.issue(on.number)
    try:
        place.session.write("POST", f"{path}/reactions", {"content": mark})
    except NotFound:
        return  # who deleted the remark wants no answer


def _comment(place: Place, number: str) -> str:
    return f"{place.path}/issues/comments/{int(number)}"
