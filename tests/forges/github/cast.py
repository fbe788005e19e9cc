"""The people, the repository and the App that most tests play with, and what people do by hand."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from github import Auth, Github, GithubIntegration
from github.Repository import Repository as GithubRepository

from tests.forges.git_half import HEADS, ZERO, Change
from tests.forges.github.apps import App, Caller, Installation
from tests.forges.github.exchange import Request, Response
from tests.forges.github.people import User
from tests.forges.github.pull_request import PullRequest
from tests.forges.github.pushing import move
from tests.forges.github.repository import Repository
from tests.forges.github.server import API, Server
from tests.forges.github.world import World

Json = Any
SECRET = "a secret that the hook and the App share"  # noqa: S105 a secret of a test
NO_PATH = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}


@dataclass
class Pushed:
    """What `git push` came to."""

    ok: bool
    text: str


class Cast:
    """`acme/blueprints` of the organization acme, whose owner is root; ada and grace write, eve reads."""

    def __init__(self, hub: Server, root: Path) -> None:
        self.hub, self.root = hub, root
        self.acme = self.world.organization("acme", "root")
        for login in ("ada", "grace", "eve"):
            self.world.user(login)
        self.repo = self.world.repository("acme/blueprints", {"blue/Kptfile": b"kind: Kptfile\n"})
        self.repo.collaborators |= {"ada": "write", "grace": "write"}
        self.app: App = self.world.app("portico", "acme", SECRET)
        self.installation: Installation = self.world.install(self.app, self.repo)
        self.folders = 0

    @property
    def world(self) -> World:
        return self.hub.world

    def user(self, login: str) -> User:
        return self.world.users[login]

    # Clients

    def github(self, login: str) -> Github:
        """PyGithub with a person's token."""
        return _client(self.hub.api, Auth.Token(self.world.token(self.user(login))))

    def bot(self) -> Github:
        """PyGithub with a token of the App's installation."""
        return _client(self.hub.api, Auth.Token(self.world.installation_token(self.installation).token))

    def integration(self) -> GithubIntegration:
        """PyGithub as the App itself."""
        auth = Auth.AppAuth(self.app.id, self.app.pem)
        return GithubIntegration(auth=auth, base_url=self.hub.api, retry=None, seconds_between_writes=None)

    def jwt(self) -> str:
        """The JSON web token by which the App is known, as PyGithub signs it."""
        return Auth.AppAuth(self.app.id, self.app.pem).token

    def ask(self, method: str, path: str, body: Json = None, login: str = "ada", **headers: str) -> Response:
        """One request to REST without a line between."""
        token = self.world.token(self.user(login)) if login else ""
        return self.ask_as(token, method, path, body, **headers)

    def ask_as(self, token: str, method: str, path: str, body: Json = None, **headers: str) -> Response:
        sent = {"User-Agent": "test", **({"Authorization": f"token {token}"} if token else {})}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = b"" if body is None else json.dumps(body).encode()
        return self.hub.answer(Request.of(method, f"{API}{path}", sent, content))

    def graph(self, query: str, login: str = "ada", **variables: Json) -> Json:
        """A GraphQL document's answer."""
        token = self.world.token(self.user(login))
        sent = {"Authorization": f"bearer {token}", "User-Agent": "test"}
        body = json.dumps({"query": query, "variables": variables}).encode()
        return self.hub.answer(Request("POST", "/api/graphql", {}, sent, body)).json()

    # Hands

    def commit(
        self,
        login: str,
        branch: str,
        files: Mapping[str, bytes | None],
        message: str = "Change",
        repo: Repository | None = None,
        start: str = "main",
    ) -> str:
        """A commit upon a branch, which is made from `start` when it is not there, as if pushed; its name."""
        held, user = repo or self.repo, self.user(login)
        with self.world.lock:
            before = held.bare.ref(HEADS + branch)
            parent = before or held.bare.resolve(start)
            tree = held.bare.tree(files, parent)
            made = held.bare.make(tree, [parent], message, user.person, self.world.clock.tick())
            move(self.world, held, Caller(user), [Change(HEADS + branch, before or ZERO, made)])
        return made

    def pull(self, login: str = "ada", branch: str = "drafts/blue/v1", *, draft: bool = False) -> PullRequest:
        """An open pull request of a new branch with one commit."""
        self.commit(login, branch, {"blue/x.yaml": f"by: {login} {branch}\n".encode()})
        body = {"title": f"Propose {branch}", "head": branch, "base": "main", "body": "", "draft": draft}
        answer = self.ask("POST", "/repos/acme/blueprints/pulls", body, login)
        assert answer.status == 201, answer.body
        return self.repo.pull(answer.json()["number"])

    def review(self, login: str, pull: PullRequest, event: str = "APPROVE", body: str = "") -> Response:
        path = f"/repos/{pull.base.full_name}/pulls/{pull.number}/reviews"
        return self.ask("POST", path, {"event": event, "body": body}, login)

    def comment(self, login: str, pull: PullRequest, body: str) -> Response:
        path = f"/repos/{pull.base.full_name}/issues/{pull.number}/comments"
        return self.ask("POST", path, {"body": body}, login)

    def issue(self, login: str, body: str, title: str = "Packages") -> int:
        """The number of a new issue."""
        made = self.ask("POST", "/repos/acme/blueprints/issues", {"title": title, "body": body}, login)
        assert made.status == 201, made.body
        return int(made.json()["number"])

    # Git over HTTP

    def address(self, token: str, repo: Repository | None = None) -> str:
        """Where a repository is cloned from by whoever has the token."""
        host = self.world.place.web.removeprefix("http://")
        return f"http://x-access-token:{token}@{host}/{(repo or self.repo).full_name}.git"

    def clone(self, login: str, repo: Repository | None = None) -> Path:
        """A working copy with a person's name and token."""
        self.folders += 1
        folder = self.root / f"clone-{self.folders}"
        user = self.user(login)
        address = self.address(self.world.token(user), repo)
        assert self.git(self.root, "clone", "-q", address, str(folder)).ok
        self.git(folder, "config", "user.name", user.person.name)
        self.git(folder, "config", "user.email", user.person.email)
        return folder

    def git(self, folder: Path, *words: str) -> Pushed:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")} | NO_PATH
        done = subprocess.run(
            ["git", *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        return Pushed(done.returncode == 0, done.stdout + done.stderr)


def _client(api: str, auth: Auth.Auth) -> Github:
    # Tests do not wait: what PyGithub repeats, and how long it waits, is for those who test that.
    pauses: dict[str, Any] = {"seconds_between_writes": None, "seconds_between_requests": None}
    return Github(auth=auth, base_url=api, retry=None, **pauses)


def repository_of(client: Github) -> GithubRepository:
    return client.get_repo("acme/blueprints")
