"""Our marks on what people write, and whether they changed it: asked for only where a word was said to us."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from bot.errors import NotFound, Refused
from bot.forges.gitlab.place import Place
from bot.forges.gitlab.reading import mark_of
from bot.lifecycle.change import Answered
from bot.lifecycle.remark import read_remark

MOST_KNOWN = 5_000  # notes whose last mark is remembered
_PAGES = 30  # of a hundred notes each
_LAST = (Answered.DONE, Answered.REFUSED)
# REST shows when a note was touched, by an award, too; when its text was changed only GraphQL tells.
_EDITS = """
query Edits($project: ID!, $number: String!, $after: String) {
  project(fullPath: $project) {
    mergeRequest(iid: $number) {
      notes(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { id lastEditedAt }
      }
    }
  }
}"""


# What GraphQL calls those beneath which people write.
REQUEST, ISSUE = "mergeRequest", "issue"


class Marks:
    """The marks of one project; threads may share it."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._known: dict[int, Answered] = {}
        self._lock = threading.Lock()

    def of(
        self, number: int, notes: Sequence[Mapping[str, Any]], me: str, kind: str = REQUEST
    ) -> tuple[Mapping[int, Answered], frozenset[int]]:
        """Our marks on the notes of a change or issue by their ids, and the ids of those that were edited."""
        path = self._path(number, kind)
        said = [note for note in notes if not note.get("system") and read_remark(str(note.get("body") or ""))]
        marks = {int(note["id"]): self._mark(path, int(note["id"]), me) for note in said}
        touched = frozenset(
            int(note["id"]) for note in said if note.get("updated_at") != note.get("created_at")
        )
        edited = self._edited(number, kind) if touched else frozenset()
        return marks, touched if edited is None else touched & edited

    def on_issue(self, number: int, me: str) -> Answered:
        """Our mark on the text of an issue itself."""
        return mark_of(self._place.session.pages(f"{self._place.issue(number)}/award_emoji", most=3), me)

    def _path(self, number: int, kind: str) -> str:
        return self._place.change(number) if kind == REQUEST else self._place.issue(number)

    def _mark(self, path: str, note: int, me: str) -> Answered:
        with self._lock:
            if note in self._known:
                return self._known[note]
        try:
            awards = self._place.session.pages(f"{path}/notes/{note}/award_emoji", most=3)
        except NotFound:
            return Answered.REFUSED  # it was deleted meanwhile, and wants no answer
        mark = mark_of(awards, me)
        if mark in _LAST:
            with self._lock:
                self._known[note] = mark
                while len(self._known) > MOST_KNOWN:
                    del self._known[next(iter(self._known))]
        return mark

    def _edited(self, number: int, kind: str) -> frozenset[int] | None:
        """The notes whose text was changed; None where that cannot be found out."""
        found: set[int] = set()
        after: str | None = None
        for _ in range(_PAGES):
            asked = {"project": self._place.project, "number": str(number), "after": after}
            try:
                project = self._place.session.query(_EDITS.replace(REQUEST, kind), asked).get("project") or {}
            except (NotFound, Refused):
                return None
            notes = (project.get(kind) or {}).get("notes")
            if notes is None:
                return None
            found |= {
                _number(node.get("id"))
                for node in notes.get("nodes") or ()
                if node and node.get("lastEditedAt")
            }
            page = notes.get("pageInfo") or {}
            if not page.get("hasNextPage"):
                return frozenset(found)
            after = page.get("endCursor")
        return None


def _number(name: object) -> int:
    """The number in a name such as 'gid://gitlab/DiffNote/7'."""
    last = str(name).rpartition("/")[2]
    return int(last) if last.isascii() and last.isdecimal() else 0
