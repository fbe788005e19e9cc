"""GitLab's answers, read as values of this house; what is missing in them is read as nothing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.forges.gitlab.title import is_draft
from bot.forges.recent import may_ask
from bot.lifecycle.change import (
    NOBODY,
    Answered,
    Arrival,
    Change,
    ChangeAt,
    Ejection,
    Living,
    Opinion,
    Remark,
    Review,
    Signal,
)
from bot.lifecycle.issue import Issue, IssueAt
from bot.lifecycle.person import Person

MARKER = "<!-- portico:living -->\n"
STATUS = "portico"  # the name of our commit status
# The last that is there counts: a remark that was refused had been seen before.
MARKS = {Answered.SEEN: "eyes", Answered.REFUSED: "confused", Answered.DONE: "rocket"}
_SIGNALS = {
    "success": Signal.GOOD,
    "failed": Signal.BAD,
    "canceled": Signal.BAD,
    "pending": Signal.WAITING,
    "running": Signal.WAITING,
    "created": Signal.WAITING,
}
_MERGED, _OPEN = "merged", {"opened", "locked"}  # locked while it is being merged
_READY = "marked this merge request as ready"
# By a person, or by GitLab when the branch was deleted that it went into.
_RETARGETED = re.compile(r"changed target branch |deleted the .* this merge request now targets ", re.DOTALL)
_APPROVED = "approved this merge request"
_REWROTE = "changed the description"
_OBJECTED = "requested changes"
_EJECTED = "removed this merge request from the merge train"
ON_TRAIN = {"idle", "fresh", "stale", "merging"}
_NO_COMMIT = re.compile(r"0+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was read about a merge request, or an issue: itself, and lists that are whole and oldest first.

    `marks` are our answers by the ids of notes, `edited` the ids of notes whose text is not their first;
    `base` is the commit at which its target stands, '' where nobody knows; `train` is its place on the
    merge train, if it has one.
    """

    merge_request: Mapping[str, Any]
    me: str
    notes: Sequence[Mapping[str, Any]] = ()
    marks: Mapping[int, Answered] = field(default_factory=dict)
    edited: frozenset[int] = frozenset()
    approvals: Sequence[Mapping[str, Any]] = ()
    reviewers: Sequence[Mapping[str, Any]] = ()
    arrivals: Sequence[Arrival] = ()
    statuses: Sequence[Mapping[str, Any]] = ()
    train: Mapping[str, Any] = field(default_factory=dict)
    base: str = ""


def person(user: Mapping[str, Any] | None) -> Person:
    """Somebody, as GitLab shows them to others: e-mail addresses are seldom public."""
    if not user:
        return NOBODY
    email = str(user.get("public_email") or user.get("email") or "")
    return Person(str(user.get("username") or ""), str(user.get("name") or ""), email)


def moment(text: object) -> str:
    """A time in UTC, so that times compare as texts; servers write their own zone. '' for none."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return ""
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if found.tzinfo else ""


def commit(text: object) -> str:
    """The id of a commit, '' for none."""
    found = str(text or "")
    return "" if _NO_COMMIT.fullmatch(found) else found


def change(read: Read) -> Change:
    """The change that was read."""
    found = read.merge_request
    draft, state = draft_of(found), found.get("state")
    head = commit(found.get("sha"))
    remarks, living = _spoken(read)
    return Change(
        number=int(found["iid"]),
        title=str(found.get("title") or ""),
        branch=str(found.get("source_branch") or ""),
        head=head,
        target=str(found.get("target_branch") or ""),
        base=read.base,
        author=person(found.get("author")),
        draft=draft,
        open=state in _OPEN,
        foreign=is_foreign(found),
        merged=merged(found),
        merged_by=person(found.get("merge_user") or found.get("merged_by")) if state == _MERGED else NOBODY,
        proposed_at="" if draft else _proposed_at(read),
        queued=read.train.get("status") in ON_TRAIN,
        ejected=_ejected(read),
        retargeted_at=_retargeted_at(read),
        url=str(found.get("web_url") or ""),
        labels=tuple(str(label) for label in found.get("labels") or ()),
        reviews=_reviews(read),
        remarks=remarks,
        arrivals=tuple(read.arrivals),
        living=living,
        signal=_signal(read),
    )


def issue(read: Read, mark: Answered) -> Issue:
    """The issue that was read; `mark` is ours on its own text, of which a note of GitLab's tells an edit."""
    found = read.merge_request
    remarks, living = _spoken(read)
    text = str(found.get("description") or "").replace("\r\n", "\n")
    at, is_edited = moment(found.get("created_at")), bool(_told(read, _REWROTE))
    first = Remark("", person(found.get("author")), text, at, mark, edited=is_edited)
    return Issue(
        number=int(found["iid"]),
        url=str(found.get("web_url") or ""),
        remarks=(first, *remarks),
        living=living,
    )


def _spoken(read: Read) -> tuple[tuple[Remark, ...], Living | None]:
    """What people wrote, and the living note."""
    spoken = [note for note in read.notes if not note.get("system")]
    ours = [note for note in spoken if is_living(note, read.me)]
    living = Living(str(ours[0]["id"]), _text(ours[0]).removeprefix(MARKER)) if ours else None
    return tuple(_remark(note, read) for note in spoken if not is_living(note, read.me)), living


def listed(found: Mapping[str, Any]) -> ChangeAt:
    """A change as a list tells it."""
    return ChangeAt(
        int(found["iid"]),
        str(found.get("source_branch") or ""),
        commit(found.get("sha")),
        moment(found.get("updated_at")),
        draft=draft_of(found),
        open=found.get("state") in _OPEN,
        foreign=is_foreign(found),
    )


def listed_issue(found: Mapping[str, Any]) -> IssueAt:
    """An issue as a list tells it."""
    asks = may_ask(str(found.get("description") or ""), int(found.get("user_notes_count", 1)))
    return IssueAt(int(found["iid"]), moment(found.get("updated_at")), asks)


def draft_of(found: Mapping[str, Any]) -> bool:
    """Whether a merge request is a draft, which its title alone decides."""
    return bool(found.get("draft")) or is_draft(str(found.get("title") or ""))


def is_foreign(found: Mapping[str, Any]) -> bool:
    """Whether its branch lies in another project, or in one that is gone."""
    source = found.get("source_project_id")
    return source is None or source != found.get("target_project_id")


def merged(found: Mapping[str, Any]) -> str:
    """The commit that a merge made, '' before; of a fast-forward it is the head."""
    if found.get("state") != _MERGED:
        return ""
    names = ("merge_commit_sha", "squash_commit_sha", "sha")
    return next((sha for name in names if (sha := commit(found.get(name)))), "")


def arrival(event: Mapping[str, Any], branch: str) -> Arrival | None:
    """A push to the branch, None for another event, for another branch, and for its deletion."""
    pushed = event.get("push_data") or {}
    if (
        pushed.get("ref_type") != "branch"
        or pushed.get("ref") != branch
        or not commit(pushed.get("commit_to"))
    ):
        return None
    return Arrival(
        person(event.get("author")),
        moment(event.get("created_at")),
        commit(pushed.get("commit_from")),
        commit(pushed["commit_to"]),
    )


def _proposed_at(read: Read) -> str:
    told = [moment(note.get("created_at")) for note in _told(read, _READY)]
    return max(told, default=moment(read.merge_request.get("created_at")))


def _ejected(read: Read) -> Ejection | None:
    """The last time that it left the merge train without having been merged."""
    told = [
        Ejection(moment(note.get("created_at")), _text(note).partition(" because ")[2].strip())
        for note in _told(read, _EJECTED)
    ]
    return max(told, default=None)


def _retargeted_at(read: Read) -> str:
    told = [note for note in read.notes if note.get("system") and _RETARGETED.match(_text(note).lower())]
    return max((moment(note.get("created_at")) for note in told), default="")


def _told(read: Read, words: str, login: str = "") -> list[Mapping[str, Any]]:
    """The notes that GitLab itself wrote with such words, of one person if a login is given."""
    return [
        note
        for note in read.notes
        if note.get("system")
        and _text(note).replace("*", "").lower().startswith(words)
        and login in {"", person(note.get("author")).login}
    ]


def _reviews(read: Read) -> tuple[Review, ...]:
    given = [_approval(read, entry) for entry in read.approvals]
    given += [
        _objection(read, entry) for entry in read.reviewers if entry.get("state") == "requested_changes"
    ]
    return tuple(sorted(given, key=lambda review: review.at))


def _approval(read: Read, entry: Mapping[str, Any]) -> Review:
    """An approval names no commit: it is of the head that there was, by GitLab's record of pushes."""
    by = person(entry.get("user"))
    at = moment(entry.get("approved_at")) or _last_told(read, _APPROVED, by)
    return Review(f"approval-{by.login}", by, Opinion.APPROVED, _head_at(read, at), at)


def _objection(read: Read, entry: Mapping[str, Any]) -> Review:
    by = person(entry.get("user"))
    at = _last_told(read, _OBJECTED, by)
    return Review(f"objection-{by.login}", by, Opinion.REJECTED, _head_at(read, at), at)


def _last_told(read: Read, words: str, by: Person) -> str:
    return max((moment(note.get("created_at")) for note in _told(read, words, by.login)), default="")


def _head_at(read: Read, at: str) -> str:
    """The head at a moment; '' when the record of pushes has a hole there, so that nobody knows.

    Nor does anybody know of the very moment of a push: whether it was before or after that.
    """
    before = [push for push in read.arrivals if push.at < at] if at else []
    if not before or any(push.at == at for push in read.arrivals):
        return ""
    after = read.arrivals[len(before) :]
    # One push may stand there by several people, of whom one made it.
    follows = not after or after[0].before == before[-1].after
    return before[-1].after if follows else ""


def _remark(note: Mapping[str, Any], read: Read) -> Remark:
    number = int(note["id"])
    return Remark(
        str(number),
        person(note.get("author")),
        _text(note),
        moment(note.get("created_at")),
        read.marks.get(number, Answered.NOT_YET),
        edited=number in read.edited,
    )


def mark_of(awards: Iterable[Mapping[str, Any]], me: str) -> Answered:
    """How far we have attended to a note, by our own awards on it."""
    names = {award.get("name") for award in awards if person(award.get("user")).login == me}
    return next((mark for mark, name in reversed(MARKS.items()) if name in names), Answered.NOT_YET)


def is_living(note: Mapping[str, Any], me: str) -> bool:
    """Whether a note is our own that is kept up to date; a person may copy its mark, but not its author."""
    return person(note.get("author")).login == me and _text(note).startswith(MARKER)


def _text(note: Mapping[str, Any]) -> str:
    return str(note.get("body") or "").replace("\r\n", "\n")


def _signal(read: Read) -> Signal | None:
    """What our own verdict on the head says: anybody who may push can set a status of our name."""
    newest = newest_status(read.statuses, read.me)
    return _SIGNALS.get(str(newest.get("status"))) if newest else None


def newest_status(statuses: Iterable[Mapping[str, Any]], me: str) -> Mapping[str, Any] | None:
    """The newest status of our name, None where it is somebody else's."""
    named = [status for status in statuses if status.get("name") == STATUS]
    newest = max(named, key=lambda status: int(status.get("id") or 0), default=None)
    return newest if newest and person(newest.get("author")).login == me else None
