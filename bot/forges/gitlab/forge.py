"""GitLab behind the Protocol of forges: the one thing of this room that others build."""

import time
from collections.abc import Iterator, Sequence

from bot.errors import NotFound
from bot.forges.gitlab import history, looking, merging, opening, people, remarks, tag
from bot.forges.gitlab.credentials import Token
from bot.forges.gitlab.examination import Examination
from bot.forges.gitlab.marks import Marks
from bot.forges.gitlab.people import People
from bot.forges.gitlab.place import PUBLIC, Place
from bot.forges.gitlab.protection import protection
from bot.forges.gitlab.quick import TAKEN
from bot.forges.gitlab.session import Session
from bot.forges.gitlab.verdict import Verdicts
from bot.lifecycle.change import Answered, Arrival, Change, ChangeAt, Home, Remark, Rights, Verdict
from bot.lifecycle.examined import Wanted
from bot.lifecycle.finding import Finding
from bot.lifecycle.issue import Conversation, Issue, IssueAt
from bot.lifecycle.person import Person
from bot.ports import GitCredentials

HOME_SECONDS = 300  # how long the description of a project is good


class GitLab:
    """A project on gitlab.com or on a server of one's own; threads may share it.

    A look begins with `change` or `issue`: from then on, until the next one, it is asked only once what a
    person may do and who is in a group. `requests` counts what was sent, for metrics. See the Protocol for
    what is raised.
    """

    def __init__(
        self, project: str, token: Token, *, branch: str = "", url: str = PUBLIC, git: str = ""
    ) -> None:
        """`project` is '<group>/<name>', also with groups between them.

        `branch` is the registered one, '' for the default branch. `url` is where people see GitLab; `git` the
        URL for Git, '' for the usual one. Nothing is sent yet. Raises InvalidName, and AccessDenied for a
        token that is none.
        """
        self._session = Session(url, token)
        self._place = Place(self._session, project, branch)
        self._url = git or f"{url.rstrip('/')}/{project}.git"
        self._verdicts = Verdicts(self._place)
        self._marks = Marks(self._place)
        self._people = People(self._place)
        self._home: tuple[float, Home] | None = None
        self._rights: dict[str, Rights] = {}
        self._members: dict[str, Sequence[str]] = {}

    @property
    def requests(self) -> int:
        """How many requests have been sent so far."""
        return self._session.requests

    def git_credentials(self) -> GitCredentials:
        """What Git answers for fetch and push; it must not come into a URL or log."""
        return self._session.git_credentials()

    def check(self, wanted: Wanted) -> Iterator[Finding]:
        """What is missing for portico's work, and what is well; nothing is written. Raises Later."""
        return Examination(self._place, wanted).findings()

    def home(self) -> Home:
        now = time.monotonic()
        if self._home is None or now >= self._home[0]:
            self._home = (now + HOME_SECONDS, self._described())
        return self._home[1]

    def change(self, number: int) -> Change:
        self._rights, self._members = {}, {}
        trains = self._home is not None and self._home[1].queued
        return looking.look(self._place, self._marks, number, trains=trains)

    def changes(self) -> Sequence[ChangeAt]:
        return looking.looks(self._place)

    def change_of(self, branch: str) -> int:
        self._ensure_branch()
        return looking.newest_of(self._place, branch)

    def pushes(self, branch: str) -> Sequence[Arrival]:
        return history.pushes(self._place, branch)

    def open_change(self, branch: str, title: str, text: str) -> int:
        self._ensure_branch()
        return opening.open_draft(self._place, opening.Opening(branch, title, text))

    def mark(self, change: Change, *, draft: bool) -> None:
        opening.mark(self._place, change.number, draft=draft)

    def merge(self, change: Change, head: str, title: str, text: str) -> str:
        """Merge, or have it join the merge train: '' then, and the change tells when it is merged."""
        return merging.merge(self._place, change.number, head, title, text)

    def create_tag(self, tag_name: str, commit: str) -> None:
        tag.create(self._place, tag_name, commit)

    def delete_tag(self, tag_name: str, commit: str) -> None:
        tag.delete(self._place, tag_name, commit)

    def close(self, change: Change) -> None:
        opening.close(self._place, change)

    def issue(self, number: int) -> Issue:
        self._rights, self._members = {}, {}
        return looking.look_at_issue(self._place, self._marks, number)

    def recent_issues(self) -> Sequence[IssueAt]:
        return looking.recent_issues(self._place)

    def keep_living(self, on: Conversation, text: str) -> None:
        remarks.keep_living(self._place, on, text)

    def react(self, on: Conversation, remark: Remark, answered: Answered) -> None:
        remarks.react(self._place, on, remark, answered)

    def judge(self, change: Change, head: str, verdict: Verdict) -> None:
        self._verdicts.judge(change, head, verdict)

    def rights(self, person: Person) -> Rights:
        login = person.login.lower()
        if login not in self._rights:
            self._rights[login] = self._people.rights(person)
        return self._rights[login]

    def members(self, team: str) -> Sequence[str]:
        if team not in self._members:
            self._members[team] = people.members(self._place, team)
        return self._members[team]

    def _ensure_branch(self) -> None:
        if not self._place.branch:
            self.home()

    def _described(self) -> Home:
        try:
            found = self._session.get(self._place.path).body
        except NotFound:
            raise NotFound("GitLab has no such project, or does not show it to portico.") from None
        default = str(found.get("default_branch") or "")
        self._place.branch = self._place.branch or default
        return Home(
            str(found.get("path_with_namespace") or self._place.project),
            self._url,
            default,
            self._place.ensure_me(),
            archived=bool(found.get("archived")),
            queued=bool(found.get("merge_trains_enabled")),
            rules=protection(self._place, found) if self._place.branch else (),
            taken=TAKEN,
        )
