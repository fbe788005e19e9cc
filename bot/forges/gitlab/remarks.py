"""What portico writes where people talk: the living note, and its marks on the notes of others."""

from collections.abc import Mapping
from typing import Any

from bot.errors import NotFound, Refused
from bot.forges.gitlab.looking import MOST_NOTES
from bot.forges.gitlab.place import Place
from bot.forges.gitlab.quick import tamed
from bot.forges.gitlab.reading import MARKER, MARKS, is_living
from bot.forges.length import cut
from bot.lifecycle.change import Answered, Remark
from bot.lifecycle.issue import Conversation

MOST_TEXT = 1_000_000  # characters of a note


def keep_living(place: Place, on: Conversation, text: str) -> None:
    """Write the note where there is none, and anew where it says something else."""
    body = cut(MARKER + tamed(text.replace("\r\n", "\n")), MOST_TEXT)
    notes = f"{place.on(on)}/notes"
    if on.living:
        if (MARKER + on.living.text).rstrip() == body.rstrip():
            return
        try:
            place.session.write("PUT", f"{notes}/{int(on.living.id)}", {"body": body})
        except NotFound:
            pass  # somebody deleted it after the change was read
        else:
            return
    made = place.session.write("POST", notes, {"body": body}).body
    if made and _first(place, notes, made) < int(made["id"]):
        # Another process made one at the same time: the older one stays, and is brought up to date next.
        place.session.write("DELETE", f"{notes}/{int(made['id'])}")


def _first(place: Place, notes: str, made: Mapping[str, Any]) -> int:
    """The id of the first living note of ours, of which `made` is one."""
    try:
        listed = place.session.pages(notes, most=MOST_NOTES, order_by="created_at", sort="asc")
    except (NotFound, Refused):
        listed = []
    ours = (int(note["id"]) for note in listed if is_living(note, place.ensure_me()))
    return min(ours, default=int(made["id"]))


def react(place: Place, on: Conversation, remark: Remark, answered: Answered) -> None:
    """Add the mark; one that is there is not added again, and none is taken away.

    The text of an issue itself is a remark without an id.
    """
    name = MARKS.get(answered)
    if name is None or answered is remark.answered:
        return
    path = f"{place.on(on)}/notes/{int(remark.id)}" if remark.id else place.on(on)
    try:
        place.session.write("POST", f"{path}/award_emoji", {"name": name})
    except NotFound:
        # GitLab says this of a mark that is there, too; and who deleted the remark wants no answer.
        return
