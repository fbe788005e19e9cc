"""The people, the project and the bot that most tests play with, and what people do by hand."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gitlab import Gitlab

from tests.forges.git_half import HEADS, ZERO, Change
from tests.forges.github.exchange import Response
from tests.forges.gitlab.exchange import Request
from tests.forges.gitlab.merge_request import MergeRequest
from tests.forges.gitlab.people import DEVELOPER, MAINTAINER, OWNER, REPORTER, User
from tests.forges.gitlab.project import Project
from tests.forges.gitlab.pushing import move
from tests.forges.gitlab.server import API, Server
from tests.forges.gitlab.world import World

Json = Any
TOKEN = "a token that the hook and the bot share"  # noqa: S105 a secret of a test
PATH = "acme/platform/blueprints"
BRANCH = "drafts/blue/v1"
NO_PATH = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}


@dataclass
class Pushed:
    """What `git push` came to."""

    ok: bool
    text: str


class Cast:
    """`acme/platform/blueprints`, private: root owns acme, mia maintains, ada and grace develop, eve reports.

    mallory is a stranger. The bot is that of a project access token, a maintainer.
    """

    def __init__(self, lab: Server, root: Path) -> None:
        self.lab, self.root = lab, root
        self.world.group("acme", root=OWNER, mia=MAINTAINER)
        self.world.group("acme/platform", grace=DEVELOPER)
        self.project = self.world.project(PATH, {"blue/Kptfile": b"kind: Kptfile\n"})
        for username, level in (("ada", DEVELOPER), ("eve", REPORTER)):
            self.world.add(self.project, username, level)
        self.world.user("mallory")
        self.bot_token = self.world.access_token(self.project, "portico", MAINTAINER)
        self.bot_user = self.world.holder(self.bot_token).user
        self.hook = self.world.hook(self.project, TOKEN)
        self.folders = 0

    @property
    def world(self) -> World:
        return self.lab.world

    def user(self, username: str) -> User:
        return self.world.users[username]

    # Clients

    def gitlab(self, username: str) -> Gitlab:
        """python-gitlab with a person's token."""
        return Gitlab(self.lab.url, private_token=self.world.token(self.user(username)))

    def bot(self) -> Gitlab:
        """python-gitlab with the token of the project's bot."""
        return Gitlab(self.lab.url, private_token=self.bot_token)

    def ask(self, method: str, path: str, body: Json = None, username: str = "ada", **more: str) -> Response:
        """One request to REST without a line between; `path` begins below the project."""
        token = self.world.token(self.user(username)) if username else ""
        return self.ask_as(token, method, f"/projects/{self.project.id}{path}", body, **more)

    def ask_as(self, token: str, method: str, path: str, body: Json = None, **more: str) -> Response:
        sent = {"Content-Type": "application/json"} | ({"Private-Token": token} if token else {})
        sent |= {name.replace("_", "-"): value for name, value in more.items()}
        content = b"" if body is None else json.dumps(body).encode()
        return self.lab.answer(Request.of(method, f"{API}{path}", sent, content))

    # Hands

    def commit(
        self,
        username: str,
        branch: str,
        files: Mapping[str, bytes | None],
        message: str = "Change\n",
        project: Project | None = None,
        start: str = "main",
    ) -> str:
        """A commit upon a branch, which is made from `start` when it is not there, as if pushed; its name."""
        held, user = project or self.project, self.user(username)
        with self.world.lock:
            before = held.tip(branch)
            parent = before or held.bare.resolve(start)
            tree = held.bare.tree(files, parent)
            made = held.bare.make(tree, [parent], message, user.person, self.world.clock.tick())
            move(self.world, held, user, [Change(HEADS + branch, before or ZERO, made)])
        return made

    def propose(self, username: str = "ada", branch: str = BRANCH, *, draft: bool = False) -> MergeRequest:
        """An open merge request of a new branch with one commit."""
        self.commit(username, branch, {"blue/x.yaml": f"by: {username} {branch}\n".encode()})
        title = f"{'Draft: ' if draft else ''}Propose {branch}"
        body = {"title": title, "source_branch": branch, "target_branch": "main", "description": ""}
        answer = self.ask("POST", "/merge_requests", body, username)
        assert answer.status == 201, answer.body
        return self.project.merge_request(answer.json()["iid"])

    def settle(self, held: MergeRequest) -> Json:
        """Ask until it is known whether it can be merged; the answer."""
        path, pending = f"/merge_requests/{held.iid}", ("preparing", "unchecked", "checking")
        answers = (self.ask("GET", path, username="root").json() for _ in range(10))
        return next(each for each in answers if each["detailed_merge_status"] not in pending)

    def note(self, username: str, held: MergeRequest, body: str) -> Response:
        return self.ask("POST", f"/merge_requests/{held.iid}/notes", {"body": body}, username)

    def approve(self, username: str, held: MergeRequest, **asked: str) -> Response:
        return self.ask("POST", f"/merge_requests/{held.iid}/approve", asked, username)

    def issue(self, username: str, description: str, title: str = "Packages") -> int:
        """The number of a new issue."""
        made = self.ask("POST", "/issues", {"title": title, "description": description}, username)
        assert made.status == 201, made.body
        return int(made.json()["iid"])

    # Git over HTTP

    def address(self, token: str, project: Project | None = None) -> str:
        """Where a project is cloned from by whoever has the token."""
        host = self.world.place.web.removeprefix("http://")
        return f"http://oauth2:{token}@{host}/{(project or self.project).full_path}.git"

    def clone(self, username: str, project: Project | None = None) -> Path:
        """A working copy with a person's name and token."""
        self.folders += 1
        folder = self.root / f"clone-{self.folders}"
        user = self.user(username)
        address = self.address(self.world.token(user), project)
        assert self.git(self.root, "clone", "-q", address, str(folder)).ok
        self.git(folder, "config", "user.name", user.name)
        self.git(folder, "config", "user.email", user.email)
        return folder

    def git(self, folder: Path, *words: str) -> Pushed:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")} | NO_PATH
        done = subprocess.run(
            ["git", *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        return Pushed(done.returncode == 0, done.stdout + done.stderr)
