"""GitHub behind the Protocol of forges: the one thing of this room that others build."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.errors import NotFound
from bot.forges.github import looking, merging, opening, people, remarks, tag
from bot.forges.github.credentials import App, Token
from bot.forges.github.examination import Examination
from bot.forges.github.place import PUBLIC_API, Place, git_url
from bot.forges.github.protection import protection
from bot.forges.github.queries import HOME
from bot.forges.github.session import Session
from bot.forges.github.verdict import Verdicts
from bot.lifecycle.change import Answered, Arrival, Change, ChangeAt, Home, Remark, Rights, Verdict
from bot.lifecycle.examined import Wanted
from bot.lifecycle.finding import Finding
from bot.lifecycle.issue import Conversation, Issue, IssueAt
from bot.lifecycle.person import Person
from bot.ports import GitCredentials

HOME_SECONDS = 300  # how long the description of a repository is good


class GitHub:
    """A repository on github.com or on an Enterprise Server; threads may share it.

    A look begins with `change` or `issue`: from then on, until the next one, it is asked only once what a
    person may do and who is in a team. `requests` counts what was sent, for metrics. See the Protocol for
    what is raised.
    """

    def __init__(
        self,
        repository: str,
        credentials: Token | App,
        *,
        branch: str = "",
        api: str = PUBLIC_API,
        git: str = "",
    ) -> None:
        """`repository` is '<owner>/<name>', `branch` the registered one, '' for the default branch.

        `api` is where REST is ('https://host/api/v3' on an Enterprise Server); `git` the URL for Git, '' for
        the usual one. Nothing is sent yet. Raises InvalidName, and AccessDenied for a key that is none.
        """
        self._session = Session(api, credentials, repository)
        self._place = Place(self._session, repository, branch)
        self._url = git or git_url(api, repository)
        self._verdicts = Verdicts(self._place)
        self._home: tuple[float, Home] | None = None
        self._has_drafts = True
        self._rights: dict[str, Rights] = {}
        self._members: dict[str, Sequence[str]] = {}

    @property
    def requests(self) -> int:
        """How many requests have been sent so far."""
        return self._session.requests

    def git_credentials(self) -> GitCredentials:
        """What Git answers for fetch and push, good for some minutes; it must not come into a URL or log."""
        return self._session.git_credentials()

    def renew(self) -> bool:
        """Forget the token that Git was refused with; False where there is but one."""
        return self._session.renew()

    def check(self, wanted: Wanted) -> Iterator[Finding]:
        """What is missing for portico's work, and what is well; nothing is written. Raises Later."""
        return Examination(self._place, wanted).findings()

    def home(self) -> Home:
        now = time.monotonic()
        if self._home is None or now >= self._home[0]:
            self._home = (now + HOME_SECONDS, self._described())
        return replace(self._home[1], has_drafts=self._has_drafts)

    def change(self, number: int) -> Change:
        self._rights, self._members = {}, {}
        return looking.look(self._place, number)

    def changes(self) -> Sequence[ChangeAt]:
        return looking.looks(self._place)

    def change_of(self, branch: str) -> int:
        return looking.newest_of(self._place, branch)

    def pushes(self, branch: str) -> Sequence[Arrival]:
        return looking.arrivals(self._place, branch)

    def open_change(self, branch: str, title: str, text: str) -> int:
        self._ensure_branch()
        asked = opening.Opening(branch, title, text)
        number, self._has_drafts = opening.open_draft(self._place, asked, drafts=self._has_drafts)
        return number

    def mark(self, change: Change, *, draft: bool) -> None:
        self._ensure_branch()
        self._has_drafts = opening.mark(self._place, change, draft=draft) and self._has_drafts

    def merge(self, change: Change, head: str, title: str, text: str) -> str:
        """Merge, or hand over to the merge queue: '' then, and the change tells when it is merged."""
        self._ensure_branch()
        return merging.merge(self._place, change.number, head, title, text)

    def create_tag(self, tag_name: str, commit: str) -> None:
        tag.create(self._place, tag_name, commit)

    def delete_tag(self, tag_name: str, commit: str) -> None:
        tag.delete(self._place, tag_name, commit)

    def close(self, change: Change) -> None:
        opening.close(self._place, change)

    def issue(self, number: int) -> Issue:
        self._rights, self._members = {}, {}
        return looking.look_at_issue(self._place, number)

    def recent_issues(self) -> Sequence[IssueAt]:
        return looking.recent_issues(self._place)

    def keep_living(self, on: Conversation, text: str) -> None:
        remarks.keep_living(self._place, on, text)

    def react(self, on: Conversation, remark: Remark, answered: Answered) -> None:
        remarks.react(self._place, on, remark, answered)

    def judge(self, change: Change, head: str, verdict: Verdict) -> None:
        self._verdicts.judge(change, head, verdict, self._place.me or self.home().me)

    def rights(self, person: Person) -> Rights:
        login = person.login.lower()
        if login not in self._rights:
            self._rights[login] = people.rights(self._place, person)
        return self._rights[login]

    def members(self, team: str) -> Sequence[str]:
        if team not in self._members:
            self._members[team] = people.members(self._place, team)
        return self._members[team]

    def _ensure_branch(self) -> None:
        if not self._place.branch:
            self.home()

    def _described(self) -> Home:
        data = self._place.query(HOME, ("mergeQueue",), branch=self._place.branch or None)
        found = data.get("repository")
        if not found:
            raise NotFound("GitHub has no such repository, or does not show it to portico.")
        default = str((found.get("defaultBranchRef") or {}).get("name") or "")
        self._place.branch = self._place.branch or default
        rules, queued = protection(self._place) if self._place.branch else ((), False)
        return Home(
            str(found["nameWithOwner"]),
            self._url,
            default,
            self._place.known_as(data.get("viewer")),
            archived=bool(found.get("isArchived")),
            queued=queued or bool(found.get("mergeQueue")),
            rules=rules,
        )
