"""What portico writes on a change: the living comment, and its marks on the remarks of others."""

from bot.errors import NotFound
from bot.forges.github.length import MOST_TEXT
from bot.forges.github.place import Place
from bot.forges.github.reading import MARKER
from bot.forges.length import cut
from bot.lifecycle.change import Answered, Change, Remark

_MARKS = {Answered.SEEN: "eyes", Answered.DONE: "rocket", Answered.REFUSED: "confused"}


def keep_living(place: Place, change: Change, text: str) -> None:
    """Write the comment where there is none, and anew where it says something else."""
    body = cut(MARKER + text.replace("\r\n", "\n"), MOST_TEXT)
    if change.living:
        if (MARKER + change.living.text).rstrip() == body.rstrip():
            return
        try:
            place.session.write("PATCH", _comment(place, change.living.id), {"body": body})
        except NotFound:
            pass  # somebody deleted it after the change was read
        else:
            return
    place.session.write("POST", f"{place.issue(change.number)}/comments", {"body": body})


def react(place: Place, remark: Remark, answered: Answered) -> None:
    """Add the mark; one that is there is not added again, and none is taken away."""
    mark = _MARKS.get(answered)
    if mark is None or answered is remark.answered:
        return
    try:
        place.session.write("POST", f"{_comment(place, remark.id)}/reactions", {"content": mark})
    except NotFound:
        return  # who deleted the remark wants no answer


def _comment(place: Place, number: str) -> str:
    return f"{place.path}/issues/comments/{int(number)}"
