"""What portico writes where people talk: the living note, and its marks on the notes of others."""

from bot.errors import NotFound
from bot.forges.gitlab.place import Place
from bot.forges.gitlab.quick import tamed
from bot.forges.gitlab.reading import MARKER, MARKS
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
    place.session.write("POST", notes, {"body": body})


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
