"""Portico's verdict on a commit: a check run with annotations for an App, a commit status for others."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from bot.forges.github.length import MOST_OUTPUT, MOST_STATUS, MOST_TITLE
from bot.forges.github.place import Place
from bot.forges.github.reading import CONTEXT, person
from bot.forges.length import cut, cut_line
from bot.lifecycle.change import Change, Signal, Verdict
from bot.lifecycle.living import plain
from bot.packages.problem import Problem

AT_ONCE = 50  # annotations that GitHub takes with one request
MOST_PROBLEMS = 250  # that become annotations; the summary says how many more there are
MOST_MESSAGE = 16_000  # characters of an annotation's message
MOST_KNOWN = 500  # heads whose verdict is remembered, so that it need not be read again
_STATES = {Signal.WAITING: "pending", Signal.GOOD: "success", Signal.BAD: "failure"}
_CONCLUSIONS = {Signal.GOOD: "success", Signal.BAD: "failure"}


class Verdicts:
    """The verdicts on a repository's heads; the same one twice is written once."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._written: dict[str, str] = {}

    def judge(self, change: Change, head: str, verdict: Verdict, me: str) -> None:
        """Show the verdict on `head`, unless it is there; `me` is who wrote what is ours."""
        mark = _mark(verdict)
        # The change showed our verdict's colour, and we know its words: nothing need be asked.
        is_known = self._written.get(head) == mark
        if is_known and change.head == head and change.signal is verdict.signal:
            return
        # It showed another colour, and since then we wrote nothing of the kind: nor need anything be asked.
        is_other = change.head == head and change.signal not in {None, verdict.signal} and not is_known
        if self._place.session.is_app:
            if is_other or _mark_of_run(self._place, head, me) != mark:
                _run(self._place, head, verdict, mark)
        elif is_other or _status_of(self._place, head, me) != _status(verdict):
            self._place.session.write("POST", f"{self._place.path}/statuses/{head}", _status(verdict))
        self._written.pop(head, None)
        self._written[head] = mark
        while len(self._written) > MOST_KNOWN:
            del self._written[next(iter(self._written))]


def _mark(verdict: Verdict) -> str:
    """What tells one verdict from another, kept with the check run."""
    return hashlib.sha256(repr(tuple(verdict)).encode("utf-8", "surrogatepass")).hexdigest()[:40]


def _status(verdict: Verdict) -> dict[str, str]:
    description = cut_line(verdict.title, MOST_STATUS)
    return {"state": _STATES[verdict.signal], "description": description, "context": CONTEXT}


def _status_of(place: Place, head: str, me: str) -> dict[str, str]:
    """The newest status of our name, if it is ours: anybody who may push can set one."""
    found = place.session.find(f"{place.path}/commits/{head}/statuses", per_page=100) or []
    newest = next((one for one in found if str(one.get("context")).lower() == CONTEXT), None)
    if newest is None or person(newest.get("creator")).login != me:
        return {}
    return {"state": newest["state"], "description": newest.get("description") or "", "context": CONTEXT}


def _mark_of_run(place: Place, head: str, me: str) -> str:
    path = f"{place.path}/commits/{head}/check-runs"
    found = place.session.find(path, check_name=CONTEXT, filter="latest", per_page=100) or {}
    runs = [run for run in found.get("check_runs", []) if f"{(run.get('app') or {}).get('slug')}[bot]" == me]
    newest: dict[str, Any] = max(runs, key=lambda run: int(run["id"]), default={})
    return str(newest.get("external_id") or "")


def _run(place: Place, head: str, verdict: Verdict, mark: str) -> None:
    """A new run, which hides the one before: annotations can be added to a run, but never taken away.

    The mark comes with the last request, so that a run that was left half written is written anew.
    """
    batches = list(_batches(verdict.problems))
    output = {"title": cut_line(verdict.title, MOST_TITLE) or CONTEXT, "summary": _summary(verdict)}
    begun: dict[str, Any] = {"name": CONTEXT, "head_sha": head, "status": "in_progress"}
    end: dict[str, Any] = {"external_id": mark, "status": "in_progress"}
    if verdict.signal in _CONCLUSIONS:
        end |= {"status": "completed", "conclusion": _CONCLUSIONS[verdict.signal]}
    first = {"output": {**output, "annotations": batches[0]}}
    if len(batches) == 1:
        place.session.write("POST", f"{place.path}/check-runs", {**begun, **first, **end})
        return
    made = place.session.write("POST", f"{place.path}/check-runs", {**begun, **first}).body
    path = f"{place.path}/check-runs/{int(made['id'])}"
    for batch in batches[1:]:
        last = end if batch is batches[-1] else {}
        place.session.write("PATCH", path, {"output": {**output, "annotations": batch}, **last})


def _summary(verdict: Verdict) -> str:
    more = len(verdict.problems) - MOST_PROBLEMS
    rest = f"\n\n…and {more} more problems." if more > 0 else ""
    placeless = "".join(
        f"\n- {plain(problem.message)}" for problem in verdict.problems[:MOST_PROBLEMS] if not problem.where
    )
    return cut((verdict.summary or verdict.title) + placeless, MOST_OUTPUT - len(rest)) + rest


def _batches(problems: Sequence[Problem]) -> Iterator[list[dict[str, Any]]]:
    """The annotations, as many at a time as GitHub takes; one batch at least."""
    notes = [_annotation(problem) for problem in problems[:MOST_PROBLEMS] if problem.where]
    for start in range(0, max(len(notes), 1), AT_ONCE):
        yield notes[start : start + AT_ONCE]


def _annotation(problem: Problem) -> dict[str, Any]:
    line = max(problem.line, 1)
    return {
        "path": problem.where,
        "start_line": line,
        "end_line": line,
        "annotation_level": "failure",
        "message": problem.message[:MOST_MESSAGE] or "There is a problem.",
    }
