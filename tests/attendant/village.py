"""A small forge over a real bare repository, as little as the Protocol asks for, for the attendant's tests.

It is checked by the contract that every forge is checked by.
"""

import itertools
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import pygit2

from bot.errors import Moved, NotFound, Outdated, Refused
from bot.lifecycle.change import (
    Answered,
    Arrival,
    Change,
    ChangeAt,
    Home,
    Living,
    Opinion,
    Remark,
    Review,
    Rights,
    Verdict,
)
from bot.lifecycle.issue import Conversation, Issue, IssueAt
from bot.lifecycle.person import Person

BOT = "portico-bot"
PEOPLE = {
    login: Person(login, login.capitalize(), f"{login}@example.com")
    for login in ("ada", "grace", "mel", "root", "eve")
}
STRANGER = "eve"  # who may only read


def git(where: Path, *words: str, **environment: str) -> str:
    done = subprocess.run(
        ["env", *(f"{key}={value}" for key, value in environment.items()), "git", "-C", str(where), *words],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@dataclass
class Village:
    """A Forge; what people do to it are methods of its own, below those of the Protocol."""

    bare: Path
    rights_of: dict[str, Rights] = field(
        default_factory=lambda: dict.fromkeys(PEOPLE, Rights.WRITE) | {STRANGER: Rights.READ}
    )
    kept: dict[int, Change] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    teams: dict[str, list[str]] = field(default_factory=dict)
    writes: list[str] = field(default_factory=list)
    pushed: dict[str, list[Arrival]] = field(default_factory=dict)
    judged: dict[str, Verdict] = field(default_factory=dict)
    changed: dict[int, str] = field(default_factory=dict)  # when something was said last on an issue
    refuse_tags: bool = False
    refuse_merge: str = ""
    demand_newest: bool = False  # merge only what stands on the branch's newest commit
    forgetful: bool = False  # tell of no pushes but those to changes
    _clock: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @cached_property
    def repository(self) -> pygit2.Repository:
        return pygit2.Repository(str(self.bare))

    def home(self) -> Home:
        return Home("team/blueprints", str(self.bare), "main", BOT)

    def change(self, number: int) -> Change:
        if number not in self.kept:
            raise NotFound(f"There is no change {number}.")
        self._follow(number)
        return self.kept[number]

    def changes(self) -> Sequence[ChangeAt]:
        for number in self.kept:
            self._follow(number)
        return [
            ChangeAt(c.number, c.branch, c.head, _signs(c), c.draft, c.open, c.foreign)
            for c in self.kept.values()
        ]

    def change_of(self, branch: str) -> int:
        return max((c.number for c in self.kept.values() if c.branch == branch), default=0)

    def pushes(self, branch: str) -> Sequence[Arrival]:
        self._notice(branch)
        return () if self.forgetful else tuple(self.pushed.get(branch, ()))

    def open_change(self, branch: str, title: str, text: str) -> int:  # noqa: ARG002 nobody reads it here
        self.writes.append("open")
        number = self._number()
        self.kept[number] = Change(
            number=number,
            title=title,
            branch=branch,
            head=self.tip(f"refs/heads/{branch}"),
            target="main",
            author=Person(BOT),
            url=f"https://village.example/{number}",
        )
        return number

    def mark(self, change: Change, *, draft: bool) -> None:
        self.writes.append("draft" if draft else "ready")
        self._set(change.number, draft=draft, proposed_at="" if draft else self.now())

    def merge(self, change: Change, head: str, title: str, text: str) -> str:
        self.writes.append("merge")
        if self.tip(f"refs/heads/{change.branch}") != head:
            raise Moved("Head branch was modified. Review and try the merge again.")
        if self.refuse_merge:
            raise Refused(self.refuse_merge)
        main = pygit2.Oid(hex=self.tip("refs/heads/main"))
        if self.demand_newest and self.repository.merge_base(main, pygit2.Oid(hex=head)) != main:
            raise Outdated("The branch must be up to date.")
        return self.press_merge(change.number, BOT, f"{title}\n\n{text}")

    def create_tag(self, tag: str, commit: str) -> None:
        self.writes.append("tag")
        there = self.tip(f"refs/tags/{tag}")
        if there == commit:
            return
        if there:
            raise Moved(f"The tag {tag} is elsewhere.")
        if self.refuse_tags:
            raise Refused("A rule of the repository does not let this bot create tags.")
        self.repository.references.create(f"refs/tags/{tag}", commit)

    def delete_tag(self, tag: str, commit: str) -> None:
        self.writes.append("untag")
        if self.tip(f"refs/tags/{tag}") not in {commit, ""}:
            raise Moved(f"The tag {tag} is elsewhere.")
        if self.refuse_tags:
            raise Refused("A rule of the repository does not let this bot delete tags.")
        self.repository.references.delete(f"refs/tags/{tag}")

    def close(self, change: Change) -> None:
        self.writes.append("close")
        self._set(change.number, open=False)

    def issue(self, number: int) -> Issue:
        if number not in self.issues:
            raise NotFound(f"There is no issue {number}.")
        return self.issues[number]

    def recent_issues(self) -> Sequence[IssueAt]:
        return [IssueAt(one.number, self.changed[one.number]) for one in self.issues.values()]

    def keep_living(self, on: Conversation, text: str) -> None:
        self.writes.append("living")
        self._set(on.number, living=Living("1", text))

    def react(self, on: Conversation, remark: Remark, answered: Answered) -> None:
        self.writes.append(f"react {answered}")
        remarks = self._held(on.number).remarks
        changed = tuple(r._replace(answered=answered) if r.id == remark.id else r for r in remarks)
        self._set(on.number, remarks=changed)

    def judge(self, change: Change, head: str, verdict: Verdict) -> None:
        if self.judged.get(head) != verdict:
            self.writes.append("judge")
        self.judged[head] = verdict
        self._set(change.number, signal=verdict.signal)

    def rights(self, person: Person) -> Rights:
        return self.rights_of.get(person.login, Rights.NONE)

    def members(self, team: str) -> Sequence[str]:
        if team not in self.teams:
            raise NotFound(f"There is no team {team}.")
        return self.teams[team]

    # What people do.

    def now(self) -> str:
        return f"2026-01-01T00:00:00.{next(self._clock):06}Z"

    def tip(self, ref: str) -> str:
        found = self.repository.references.get(ref)
        return str(found.target) if found else ""

    def review(self, number: int, by: str, opinion: Opinion, text: str = "", commit: str = "") -> None:
        change = self.change(number)
        found = Review(str(len(change.reviews)), PEOPLE[by], opinion, commit or change.head, self.now(), text)
        self._set(number, reviews=(*change.reviews, found))

    def write(self, number: int, by: str, text: str) -> None:
        remarks = self._held(number).remarks
        remark = Remark(str(len(remarks)), PEOPLE[by], text, self.now())
        self._set(number, remarks=(*remarks, remark))
        self.changed[number] = remark.at

    def raise_issue(self, by: str, text: str) -> int:
        """Open an issue, whose number is none of a change's."""
        number = self._number()
        url = f"https://village.example/issues/{number}"
        first = Remark("", PEOPLE[by], text, self.now())
        self.issues[number] = Issue(number=number, url=url, remarks=(first,))
        self.changed[number] = first.at
        return number

    def rewrite(self, number: int, which: int, text: str) -> None:
        """Edit a remark, by its place among them."""
        remarks = list(self._held(number).remarks)
        remarks[which] = remarks[which]._replace(text=text, edited=True)
        self._set(number, remarks=tuple(remarks))

    def erase(self, number: int, which: int) -> None:
        """Delete a remark, by its place among them."""
        remarks = list(self.change(number).remarks)
        del remarks[which]
        self._set(number, remarks=tuple(remarks))

    def reword(self, number: int, text: str) -> None:
        """Let somebody change the last remark."""
        *earlier, last = self.kept[number].remarks
        self._set(number, remarks=(*earlier, last._replace(text=text, edited=True)))

    def reopen(self, number: int) -> None:
        self._set(number, open=True)

    def ready(self, number: int) -> None:
        self._set(number, draft=False, proposed_at=self.now())

    def press_merge(
        self, number: int, by: str, message: str = "Merge by a button", *, squash: bool = False
    ) -> str:
        change = self.change(number)
        repository, base, head = self.repository, self.tip("refs/heads/main"), change.head
        index = repository.merge_commits(base, head)
        if index.conflicts:
            raise Refused("This branch has conflicts that must be resolved.")
        who = pygit2.Signature(by, f"{by}@example.com")
        tree, parents = index.write_tree(repository), [base] if squash else [base, head]
        merge = str(repository.create_commit(None, who, who, message, tree, parents))
        repository.references.create("refs/heads/main", merge, force=True)
        self._set(number, merged=merge, open=False)
        return merge

    def pushed_by(self, branch: str, by: str) -> None:
        """Say who pushed: what stands in commits is only claimed."""
        self._notice(branch, PEOPLE[by])

    def _notice(self, branch: str, by: Person | None = None) -> None:
        """Record a push, before there is a change and after; without a word, the newest commit tells who."""
        known = self.pushed.setdefault(branch, [])
        before, head = (known[-1].after if known else ""), self.tip(f"refs/heads/{branch}")
        if head and head != before:
            name = self.repository[head].peel(pygit2.Commit).committer.email.partition("@")[0]
            known.append(Arrival(by or PEOPLE.get(name, Person(BOT)), self.now(), before, head))

    def _follow(self, number: int) -> None:
        """A change's head is its branch's."""
        change = self.kept[number]
        if not change.open:
            return
        self._notice(change.branch)
        head = self.tip(f"refs/heads/{change.branch}")
        if not head:
            self._set(number, open=False)
            return
        tips = {"head": head, "base": self.tip(f"refs/heads/{change.target}")}
        self._set(number, **tips, arrivals=tuple(self.pushed[change.branch]))

    def _number(self) -> int:
        return len(self.kept) + len(self.issues) + 1

    def _held(self, number: int) -> Conversation:
        return self.issues[number] if number in self.issues else self.change(number)

    def _set(self, number: int, **values: object) -> None:
        if number in self.issues:
            self.issues[number] = replace(self.issues[number], **values)  # type: ignore[arg-type] # the same
            return
        self.kept[number] = replace(self.kept[number], **values)  # type: ignore[arg-type] # names of its fields


def _signs(change: Change) -> str:
    """What moves whenever anything about a change does, as a forge's time of it does."""
    said = [(remark.id, remark.text, remark.answered) for remark in change.remarks]
    return repr((change.reviews, said, change.draft, change.open, change.merged, change.living))
