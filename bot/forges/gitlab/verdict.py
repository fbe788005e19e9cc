"""Portico's verdict on a commit: a commit status, which GitLab shows as an external job."""

from bot.errors import Moved, Refused
from bot.forges.gitlab.place import Place
from bot.forges.gitlab.reading import STATUS, newest_status
from bot.forges.length import cut_line
from bot.lifecycle.change import Change, Signal, Verdict

MOST_WORDS = 140  # characters of a description; more is not shown
MOST_KNOWN = 500  # heads whose verdict is remembered, so that it need not be read again
_PENDING = "Waiting; the comment of portico says for what"
_STATES = {Signal.WAITING: "pending", Signal.GOOD: "success", Signal.BAD: "failed"}


class Verdicts:
    """The verdicts on a project's heads; the same one twice is written once."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._written: dict[str, tuple[str, str]] = {}

    def judge(self, change: Change, head: str, verdict: Verdict) -> None:
        """Show the verdict on `head`, unless it is there."""
        new = (_STATES[verdict.signal], _words(verdict))
        # The change showed our verdict's colour, and we know its words: nothing need be asked.
        is_known = self._written.get(head) == new
        if is_known and change.head == head and change.signal is verdict.signal:
            return
        # It showed another one or none, and since then we wrote nothing such: nor need anything be asked.
        is_other = change.head == head and change.signal is not verdict.signal and not is_known
        if is_other or self._shown(head) != new:
            self._write(change, head, new)
        self._written.pop(head, None)
        self._written[head] = new
        while len(self._written) > MOST_KNOWN:
            del self._written[next(iter(self._written))]

    def _shown(self, head: str) -> tuple[str, str] | None:
        path = f"{self._place.path}/repository/commits/{head}/statuses"
        found = self._place.session.find(path, name=STATUS, all=True, per_page=100) or []
        newest = newest_status(found, self._place.ensure_me())
        return (str(newest.get("status")), str(newest.get("description") or "")) if newest else None

    def _write(self, change: Change, head: str, new: tuple[str, str]) -> None:
        asked = {"state": new[0], "description": new[1], "name": STATUS, "ref": change.branch}
        if change.url:
            asked["target_url"] = change.url
        try:
            self._place.session.write("POST", f"{self._place.path}/statuses/{head}", asked)
        except (Refused, Moved) as error:
            # Another look was faster: what is pending cannot become pending.
            if "cannot transition" not in str(error).lower():
                raise


def _words(verdict: Verdict) -> str:
    """The line beside the colour; while it is pending GitLab takes no other, so that this must stay true."""
    return _PENDING if verdict.signal is Signal.WAITING else cut_line(verdict.title, MOST_WORDS)
