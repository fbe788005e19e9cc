"""GitHub in small: people, repositories, Apps and tokens, with a clock and a switchboard of its own."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.forges.clock import Clock
from tests.forges.git_half import HEADS, Bare
from tests.forges.git_web import install
from tests.forges.github.apps import LIFE, App, Caller, Installation, bearer
from tests.forges.github.faults import Faults
from tests.forges.github.people import Organization, Team, User
from tests.forges.github.place import Place
from tests.forges.github.refusal import Refused, absent
from tests.forges.github.repository import Repository
from tests.forges.github.shapes import people, repository
from tests.forges.github.webhooks import Hook, Switchboard

Json = dict[str, Any]


@dataclass(eq=False)
class World:
    """Everything that is; `lock` is held by whoever reads or changes it."""

    root: Path
    clock: Clock = field(default_factory=Clock)
    faults: Faults = field(default_factory=Faults)
    lock: threading.RLock = field(default_factory=threading.RLock)
    users: dict[str, User] = field(default_factory=dict)
    repositories: dict[str, Repository] = field(default_factory=dict)
    moved: dict[str, Repository] = field(default_factory=dict)
    """Repositories by names that they had."""
    apps: dict[int, App] = field(default_factory=dict)
    tokens: dict[str, Caller] = field(default_factory=dict)
    numbers: int = 1000

    def __post_init__(self) -> None:
        self.place = Place(self.clock.now)
        self.switchboard = Switchboard(self.clock)

    def next(self) -> int:
        """A new id."""
        self.numbers += 1
        return self.numbers

    # People

    def user(self, login: str, name: str = "", *, is_paid: bool = False) -> User:
        """A person, made when there is none of that login."""
        return self.users.setdefault(login, User(self.next(), login, "User", name or login.title(), is_paid))

    def organization(self, login: str, *admins: str, is_paid: bool = True) -> Organization:
        """An organization and its owners."""
        made = Organization(self.next(), login, "Organization", login.title(), is_paid)
        made.members = dict.fromkeys((self.user(each).login for each in admins), "admin")
        self.users[login] = made
        return made

    def team(self, owner: Organization, name: str, *members: str) -> Team:
        """A team of people, who become members of the organization."""
        made = Team(self.next(), name, dict.fromkeys(members, "member"))
        for login in members:
            owner.members.setdefault(self.user(login).login, "member")
        owner.teams[made.slug] = made
        return made

    # Repositories

    def repository(
        self, full_name: str, files: Mapping[str, bytes] | None = None, *, private: bool = False
    ) -> Repository:
        """A repository whose default branch has one commit with `files`."""
        login, _, name = full_name.partition("/")
        owner = self.users.get(login) or self.user(login)
        bare = Bare(self.root / "repositories" / f"{self.next()}.git")
        install(bare.path)
        made = Repository(self.next(), owner, name, bare, self.clock.now, private)
        self.repositories[full_name.lower()] = made
        content = {"README.md": f"# {name}\n".encode(), **(files or {})}
        first = bare.make(bare.tree(content), [], "Initial commit", owner.person, self.clock.now)
        bare.git.references.create(HEADS + made.default_branch, first)
        return made

    def fork(self, parent: Repository, login: str) -> Repository:
        """A fork with all branches of its parent, which shares its objects."""
        made = self.repository(f"{login}/{parent.name}", private=parent.private)
        made.parent = parent
        for mine, other in ((made, parent), (parent, made)):
            # Each side reads the other's objects, as the real ones share one network of forks.
            alternates = mine.path / "objects" / "info" / "alternates"
            held = alternates.read_text() if alternates.exists() else ""
            alternates.write_text(f"{held}{other.path / 'objects'}\n")
            mine.bare.git = type(mine.bare.git)(str(mine.path))
        for name, sha in parent.bare.refs(HEADS).items():
            made.bare.git.references.create(name, sha, force=True)
        return made

    def rename(self, held: Repository, full_name: str) -> None:
        """Another owner or name; who asks for the old one is sent on."""
        before, name_before = held.owner, held.name
        self.moved[held.full_name.lower()] = self.repositories.pop(held.full_name.lower())
        login, _, held.name = full_name.partition("/")
        held.owner = self.users[login]
        self.repositories[full_name.lower()] = held
        self.clock.tick()
        if held.owner is before:
            changes = {"repository": {"name": {"from": name_before}}}
            self.tell(held, "repository", held.owner, {"action": "renamed", "changes": changes})

    def delete(self, held: Repository) -> None:
        """A repository goes; pull requests from it lose their head."""
        del self.repositories[held.full_name.lower()]
        for other in self.repositories.values():
            for pull in other.pulls.values():
                if pull.head is held:
                    pull.head = None

    def find(self, owner: str, name: str, caller: Caller) -> Repository:
        """A repository that the caller may see; `Refused`."""
        found = self.repositories.get(f"{owner}/{name}".lower())
        if not found or not self.sees(caller, found):
            raise absent()
        return found

    @staticmethod
    def sees(caller: Caller, held: Repository) -> bool:
        if not held.private:
            return True
        if caller.is_app:
            return (
                caller.installation is not None
                and caller.repositories is not None
                and (held.id in caller.repositories)
            )
        return held.role(caller.user) != "none"

    # Apps and tokens

    def app(self, slug: str, owner: str, secret: str = "", url: str = "") -> App:
        """An App with a bot and a hook of its own, installed nowhere."""
        bot = User(self.next(), f"{slug}[bot]", "Bot")
        made = App(self.next(), slug, self.users[owner], bot, self.clock.now)
        self.users[bot.login] = bot
        self.apps[made.id] = made
        self.switchboard.hooks.append(Hook(self.next(), secret, url, app=made))
        return made

    def install(self, app: App, *held: Repository) -> Installation:
        """Install an App in the account of the repositories, for these alone."""
        ids = {each.id for each in held}
        made = Installation(self.next(), app, held[0].owner, self.clock.now, dict(app.permissions), ids)
        app.installations.append(made)
        return made

    def hook(self, held: Repository, secret: str = "", url: str = "") -> Hook:
        """A hook of one repository for all its events."""
        made = Hook(self.next(), secret, url, repository=held)
        self.switchboard.hooks.append(made)
        return made

    def token(self, user: User, scopes: tuple[str, ...] | None = None) -> str:
        """A person's token, that may do whatever the person may; `scopes` are only told."""
        text = f"ghp_{self.next():036d}"
        self.tokens[text] = Caller(user, token=text, scopes=scopes)
        return text

    def installation_token(
        self,
        held: Installation,
        permissions: Mapping[str, str] | None = None,
        ids: Iterable[int] | None = None,
    ) -> Caller:
        """A token of an installation, that has no more than these permissions and repositories."""
        owned = {each.id for each in self.repositories.values() if each.owner is held.account}
        covered = held.repositories if held.repositories is not None else owned
        made = Caller(
            held.app.bot,
            held.app,
            held,
            dict(held.permissions if permissions is None else permissions),
            covered if ids is None else covered & set(ids),
            self.clock.now + timedelta(seconds=LIFE),
            # Tokens are no longer of one length.
            f"ghs_{held.app.id}_{self.next():048d}",
        )
        self.tokens[made.token] = made
        return made

    def workflow_token(self, held: Repository, permissions: Mapping[str, str]) -> Caller:
        """The GITHUB_TOKEN of a workflow in a repository."""
        found = next((each for each in self.apps.values() if each.is_actions), None)
        if not found:
            found = self.app("github-actions", held.owner.login)
            found.is_actions, found.events = True, ()
        installed = next((i for i in found.installations if i.covers(held.id)), None)
        installed = installed or self.install(found, held)
        return self.installation_token(installed, permissions)

    def caller(self, header: str) -> Caller:
        """Who speaks, by the header Authorization; `Refused`."""
        kind, _, token = header.partition(" ")
        if not header:
            return Caller()
        if kind.lower() == "bearer" and token.count(".") == 2:
            return Caller(app=bearer(self.apps, token))
        return self.holder(token)

    def holder(self, token: str) -> Caller:
        """Whose token it is; `Refused` when it is nobody's, or no longer good."""
        found = self.tokens.get(token)
        expired = found and found.expires and found.expires <= self.clock.now
        if not found or expired or (found.installation and found.installation.is_suspended):
            raise Refused(401, "Bad credentials")
        return found

    # Events

    def tell(self, held: Repository, event: str, sender: User, parts: Json) -> None:
        """Let an event wait for every hook that wants it; `parts` are what is its own."""
        payload: Json = {**parts, "repository": repository.repository(self.place, held)}
        payload["repository"]["custom_properties"] = {}
        if isinstance(held.owner, Organization):
            payload["organization"] = people.organization(self.place, held.owner)
        payload["sender"] = people.user(self.place, sender)
        if event == "push":
            made = payload["repository"]
            times = {"created_at": held.made, "pushed_at": held.pushed or held.made}
            made |= {key: int(moment.timestamp()) for key, moment in times.items()}
            made |= {"stargazers": 0, "master_branch": held.default_branch}
            made["owner"] |= {"name": held.owner.login, "email": held.owner.person.email}
        self.switchboard.told.append((event, payload.get("action", ""), payload))
        for hook in self.switchboard.hooks:
            self._put(hook, held, event, payload)

    def _put(self, hook: Hook, held: Repository, event: str, payload: Json) -> None:
        if not hook.wants(event) or (hook.repository and hook.repository is not held):
            return
        if hook.app:
            installed = next((i for i in hook.app.installations if i.covers(held.id)), None)
            if not installed or installed.account is not held.owner:
                return
            node = self.place.node("MDIz", installed.id)
            payload = {**payload, "installation": {"id": installed.id, "node_id": node}}
        self.switchboard.put(hook, event, payload, held.id)
