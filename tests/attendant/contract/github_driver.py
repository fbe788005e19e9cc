"""GitHub in small, driven."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from bot.forges.github.hear import hear
from bot.forges.heard import Heard
from tests.attendant.contract.driver import BEGINNING, DRAFT, Files, Stands, Trait
from tests.attendant.contract.hosted import Hosted, last_mark, only_living, stands
from tests.attendant.github.street import Street, street_of
from tests.forges.git_half import HEADS, ZERO, Bare, Change
from tests.forges.github.apps import Caller
from tests.forges.github.cast import SECRET, Cast
from tests.forges.github.exchange import Response
from tests.forges.github.faults import secondary
from tests.forges.github.honest import honest
from tests.forges.github.pull_request import PullRequest
from tests.forges.github.pushing import move
from tests.forges.github.rules import Ruleset

REPO = "/repos/acme/blueprints"
NO_TAGS = Ruleset(7, "No tags", "tag", ("~ALL",), {"creation": {}})


class GitHubDriver(Hosted):
    lacks: ClassVar[Mapping[Trait, str]] = {}
    street: Street
    ways: ClassVar[Mapping[str, tuple[str, str]]] = {
        "open": ("POST", r"/pulls$"),
        "merge": ("PUT", r"/merge$"),
        "tag": ("POST", r"/git/refs$"),
        "comment": ("POST", r"/issues/\d+/comments$"),
        "reword": ("PATCH", r"/issues/comments/"),
        "verdict": ("POST", r"/check-runs$"),
        "mark": ("POST", r"/reactions$"),
        "all": ("*", ""),
    }

    def __init__(self, cast: Cast, place: Path) -> None:
        self.street = street_of(cast, place, BEGINNING)
        self.events()

    @classmethod
    @contextmanager
    def opened(cls, folder: Path) -> Iterator["GitHubDriver"]:
        with honest(folder) as hub:
            yield cls(Cast(hub, folder), folder / "state")

    @property
    def bare(self) -> Bare:
        return self.street.cast.repo.bare

    def propose(self, draft: str = DRAFT) -> None:
        self.street.ready(pull=self.pull(draft))

    def approve(self, by: str, draft: str = DRAFT) -> None:
        self.street.cast.review(by, self.pull(draft))

    def reject(self, by: str, reason: str, draft: str = DRAFT) -> None:
        self.street.cast.review(by, self.pull(draft), "REQUEST_CHANGES", reason)

    def merge_by_hand(self, draft: str = DRAFT) -> None:
        self.street.cast.ask("PUT", f"{REPO}/pulls/{self.number(draft)}/merge", {}, "grace")

    def close(self, draft: str = DRAFT) -> None:
        self.edit(draft, state="closed")

    def reopen(self, draft: str = DRAFT) -> None:
        self.edit(draft, state="open")

    def edit(self, draft: str = DRAFT, **words: str) -> None:
        answer = self.street.cast.ask("PATCH", f"{REPO}/pulls/{self.number(draft)}", words)
        assert answer.status == 200, answer.body

    def aim(self, branch: str, draft: str = DRAFT) -> None:
        self.edit(draft, base=branch)

    def open_by_hand(self, draft: str = DRAFT, target: str = "main") -> None:
        body = {"title": "Mine", "head": f"drafts/{draft}", "base": target, "draft": True}
        assert self.street.cast.ask("POST", f"{REPO}/pulls", body).status == 201

    def open_from_fork(self, files: Files, draft: str = DRAFT) -> None:
        cast = self.street.cast
        fork = cast.world.fork(cast.repo, "eve")
        cast.commit("eve", f"drafts/{draft}", files, repo=fork)
        body = {"title": "Mine", "head": f"eve:drafts/{draft}", "base": "main"}
        assert cast.ask("POST", f"{REPO}/pulls", body, "eve").status == 201

    def delete_fork(self) -> None:
        fork = self.pull().head
        assert fork is not None
        self.street.cast.world.delete(fork)

    def archive(self, *, archived: bool) -> None:
        self.street.cast.repo.archived = archived

    def changes(self) -> int:
        return len(self.street.cast.repo.pulls)

    def is_foreign(self, draft: str = DRAFT) -> bool:
        return self.pull(draft).is_fork

    def verdict(self, draft: str = DRAFT) -> str:
        runs = self.street.cast.repo.runs_of(self.head(draft))
        return {"failure": "bad", "success": "good"}.get(runs[-1].conclusion or "", "waiting") if runs else ""

    def asks_to_wait(self, seconds: int) -> Response:
        return secondary(seconds)

    def lose_living(self) -> None:
        repo = self.street.cast.repo
        kept = {number: each for number, each in repo.comments.items() if "portico:living" not in each.body}
        repo.comments = kept

    @property
    def log(self) -> list[Any]:
        return self.street.cast.hub.log

    def _move(self, draft: str, commit: str) -> None:
        cast = self.street.cast
        with cast.world.lock:
            change = Change(f"{HEADS}drafts/{draft}", self.head(draft) or ZERO, commit)
            move(cast.world, cast.repo, Caller(cast.user("ada")), [change])

    def say(self, by: str, text: str, draft: str = DRAFT) -> None:
        assert self.street.cast.comment(by, self.pull(draft), text).status == 201

    def reword(self, text: str, draft: str = DRAFT) -> None:
        number = self.street.cast.repo.comments_on(self.number(draft))[-1].id
        answer = self.street.cast.ask("PATCH", f"{REPO}/issues/comments/{number}", {"body": text}, "ada")
        assert answer.status == 200, answer.body

    def marks(self, draft: str = DRAFT) -> list[str]:
        said = self.street.cast.repo.comments_on(self.number(draft))
        people = [each for each in said if each.user.login != "portico[bot]"]
        return [last_mark(given.content for given in each.reactions) for each in people]

    def allow_tags(self, *, allowed: bool) -> None:
        self.street.cast.repo.rulesets = {} if allowed else {7: NO_TAGS}

    def demote(self, by: str) -> None:
        """Let somebody only read from now on."""
        self.street.cast.repo.collaborators[by] = "read"

    def promote(self, by: str) -> None:
        self.street.cast.repo.collaborators[by] = "write"

    def events(self) -> list[Heard]:
        board = self.street.cast.world.switchboard
        told, board.waiting = board.waiting, []
        heard = [hear(each.headers, each.body, [SECRET.encode()]) for each in told]
        return [each for each in heard if each]

    def stands(self, draft: str = DRAFT) -> Stands:
        pull = self.pull(draft)
        merged = pull.merged is not None
        return stands(self.tags(), pull.merge_commit, merged=merged, is_open=pull.is_open, draft=pull.draft)

    def written(self) -> object:
        hub = self.street.cast.hub
        tokens_and_questions = ("/access_tokens", "/graphql")
        said = [each for each in hub.writes() if not each.endswith(tokens_and_questions)]
        told = [event for event, _, _ in self.street.cast.world.switchboard.told]
        return said, told, self.bare.refs()

    def living(self, draft: str = DRAFT) -> str:
        return only_living(each.body for each in self.street.cast.repo.comments_on(self.number(draft)))

    def number(self, draft: str = DRAFT) -> int:
        return self.pull(draft).number

    def pull(self, draft: str = DRAFT) -> PullRequest:
        """The newest pull request of a draft."""
        pulls = self.street.cast.repo.pulls.values()
        return max((p for p in pulls if p.head_ref == f"drafts/{draft}"), key=lambda pull: pull.number)
