"""GitLab in small, driven."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from bot.forges.gitlab.hear import hear
from bot.forges.heard import Heard
from tests.attendant.contract.driver import BEGINNING, DRAFT, Files, Stands, Trait
from tests.attendant.contract.hosted import Hosted, last_mark, only_living, stands
from tests.attendant.gitlab.street import Street, street_of
from tests.forges.git_half import HEADS, ZERO, Bare, Change
from tests.forges.github.exchange import Response
from tests.forges.gitlab.cast import TOKEN, Cast
from tests.forges.gitlab.honest import honest
from tests.forges.gitlab.limits import limited
from tests.forges.gitlab.merge_request import Draft, MergeRequest
from tests.forges.gitlab.people import DEVELOPER, NONE, REPORTER
from tests.forges.gitlab.project import Protection
from tests.forges.gitlab.pushing import move


class GitLabDriver(Hosted):
    lacks: ClassVar[Mapping[Trait, str]] = {}
    street: Street
    ways: ClassVar[Mapping[str, tuple[str, str]]] = {
        "open": ("POST", r"/merge_requests$"),
        "merge": ("PUT", r"/merge$"),
        "tag": ("POST", r"/repository/tags$"),
        "comment": ("POST", r"/notes$"),
        "reword": ("PUT", r"/notes/\d+$"),
        "verdict": ("POST", r"/statuses/"),
        "mark": ("POST", r"/award_emoji$"),
        "all": ("*", ""),
    }

    def __init__(self, cast: Cast, place: Path) -> None:
        # Mergeability is known at once; how late it may be is tried by tests/forges/gitlab.
        cast.project.settings.checked_after = 0
        self.street = street_of(cast, place, BEGINNING)
        self.events()

    @classmethod
    @contextmanager
    def opened(cls, folder: Path) -> Iterator["GitLabDriver"]:
        with honest(folder) as lab:
            yield cls(Cast(lab, folder), folder / "state")

    @property
    def bare(self) -> Bare:
        return self.street.cast.project.bare

    def propose(self, draft: str = DRAFT) -> None:
        self.edit(draft, title=Draft.without(self.request(draft).title))

    def approve(self, by: str, draft: str = DRAFT) -> None:
        """As people do it: whose approval stands takes it back first; what is merged takes words alone."""
        request, user = self.request(draft), self.street.cast.user(by)
        if request.state == "merged":
            self.say(by, "/portico approve", draft)
            return
        if any(each.user is user for each in request.approvals):
            self.ask("POST", "/unapprove", draft, by)
        self.street.cast.approve(by, request)

    def reject(self, by: str, reason: str, draft: str = DRAFT) -> None:
        self.say(by, f"/reject {reason}", draft)

    def merge_by_hand(self, draft: str = DRAFT) -> None:
        request = self.request(draft)
        self.street.cast.settle(request)
        self.ask("PUT", "/merge", draft, "mia")

    def close(self, draft: str = DRAFT) -> None:
        self.edit(draft, state_event="close")

    def reopen(self, draft: str = DRAFT) -> None:
        self.edit(draft, state_event="reopen")

    def edit(self, draft: str = DRAFT, **words: str) -> None:
        path = f"/merge_requests/{self.number(draft)}"
        answer = self.street.cast.ask("PUT", path, words)
        assert answer.status == 200, answer.body

    def ask(self, method: str, path: str, draft: str, by: str) -> None:
        self.street.cast.ask(method, f"/merge_requests/{self.number(draft)}{path}", {}, by)

    def aim(self, branch: str, draft: str = DRAFT) -> None:
        self.edit(draft, target_branch=branch)

    def open_by_hand(self, draft: str = DRAFT, target: str = "main") -> None:
        body = {"title": "Draft: Mine", "source_branch": f"drafts/{draft}", "target_branch": target}
        assert self.street.cast.ask("POST", "/merge_requests", body).status == 201

    def open_from_fork(self, files: Files, draft: str = DRAFT) -> None:
        cast = self.street.cast
        fork = cast.world.fork(cast.project, "eve")
        cast.commit("eve", f"drafts/{draft}", files, project=fork)
        body = {"title": "Mine", "source_branch": f"drafts/{draft}", "target_branch": "main"}
        token = cast.world.token(cast.user("eve"))
        path = f"/projects/{fork.id}/merge_requests"
        made = cast.ask_as(token, "POST", path, {**body, "target_project_id": cast.project.id})
        assert made.status == 201, made.body

    def delete_fork(self) -> None:
        fork = self.request().source
        assert fork is not None
        self.street.cast.world.delete(fork)

    def archive(self, *, archived: bool) -> None:
        self.street.cast.project.archived = archived

    def changes(self) -> int:
        return len(self.street.cast.project.merge_requests)

    def is_foreign(self, draft: str = DRAFT) -> bool:
        return self.request(draft).source is not self.street.cast.project

    def verdict(self, draft: str = DRAFT) -> str:
        said = self.street.cast.project.statuses_of(self.head(draft))
        return {"failed": "bad", "success": "good"}.get(said[-1].state, "waiting") if said else ""

    def asks_to_wait(self, seconds: int) -> Response:
        return limited(seconds)

    def lose_living(self) -> None:
        held = self.request()
        held.notes = {k: note for k, note in held.notes.items() if "portico:living" not in note.body}

    def move_clock(self, days: int) -> None:
        super().move_clock(days)
        for token in self.street.cast.world.tokens.values():
            object.__setattr__(token, "expires", self.street.cast.world.today + timedelta(days=300))

    @property
    def log(self) -> list[Any]:
        return self.street.cast.lab.log

    def _move(self, draft: str, commit: str) -> None:
        cast = self.street.cast
        with cast.world.lock:
            change = Change(f"{HEADS}drafts/{draft}", self.head(draft) or ZERO, commit)
            move(cast.world, cast.project, cast.user("ada"), [change])

    def say(self, by: str, text: str, draft: str = DRAFT) -> None:
        assert self.street.cast.note(by, self.request(draft), text).status in {201, 202}

    def reword(self, text: str, draft: str = DRAFT) -> None:
        number = max(each.id for each in self.request(draft).notes.values() if not each.system)
        path = f"/merge_requests/{self.number(draft)}/notes/{number}"
        answer = self.street.cast.ask("PUT", path, {"body": text}, "mia")
        assert answer.status == 200, answer.body

    def marks(self, draft: str = DRAFT) -> list[str]:
        said = [each for each in self.request(draft).notes.values() if not each.system]
        people = [each for each in said if not each.user.is_bot]
        return [last_mark(given.name for given in each.awards) for each in people]

    def allow_tags(self, *, allowed: bool) -> None:
        self.street.cast.project.tags = {} if allowed else {"*": Protection(7, "*", NONE)}

    def demote(self, by: str) -> None:
        """Let somebody only read from now on."""
        cast = self.street.cast
        for members in (cast.project.members, *(group.members for group in cast.project.group.line())):
            members.pop(cast.user(by).id, None)
        cast.world.add(cast.project, by, REPORTER)

    def promote(self, by: str) -> None:
        self.street.cast.world.add(self.street.cast.project, by, DEVELOPER)

    def events(self) -> list[Heard]:
        board = self.street.cast.world.switchboard
        told, board.waiting = board.waiting, []
        heard = [hear(each.headers, each.body, [TOKEN.encode()]) for each in told]
        return [each for each in heard if each]

    def stands(self, draft: str = DRAFT) -> Stands:
        held = self.request(draft)
        merge = held.merge_commit or held.squash_commit or held.head
        merged = held.state == "merged"
        return stands(self.tags(), merge, merged=merged, is_open=held.is_open, draft=held.is_draft)

    def written(self) -> object:
        said = [each for each in self.street.cast.lab.writes() if not each.endswith("/graphql")]
        told = [event for event, _, _ in self.street.cast.world.switchboard.told]
        return said, told, self.bare.refs()

    def living(self, draft: str = DRAFT) -> str:
        return only_living(each.body for each in self.request(draft).notes.values())

    def number(self, draft: str = DRAFT) -> int:
        return self.request(draft).iid

    def request(self, draft: str = DRAFT) -> MergeRequest:
        """The newest merge request of a draft."""
        held = self.street.cast.project.merge_requests.values()
        return max((r for r in held if r.source_branch == f"drafts/{draft}"), key=lambda r: r.iid)
