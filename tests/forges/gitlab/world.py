"""GitLab in small: people, groups, projects and tokens, with a clock and a switchboard of its own."""

import base64
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.forges.clock import Clock
from tests.forges.git_half import HEADS, Bare
from tests.forges.git_web import install
from tests.forges.github.faults import Faults
from tests.forges.gitlab.people import DEVELOPER, OWNER, Group, Membership, Token, User
from tests.forges.gitlab.place import Place
from tests.forges.gitlab.project import Event, Project, Protection
from tests.forges.gitlab.refusal import Refused, absent, unauthorized
from tests.forges.gitlab.webhooks import Hook, Switchboard

Json = dict[str, Any]
LIFE = 365  # days of a token, the most there may be
SCOPES = ("api", "read_repository", "write_repository")


@dataclass(eq=False)
class World:
    """Everything that is; `lock` is held by whoever reads or changes it."""

    root: Path
    clock: Clock = field(default_factory=Clock)
    faults: Faults = field(default_factory=Faults)
    lock: threading.RLock = field(default_factory=threading.RLock)
    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    projects: dict[int, Project] = field(default_factory=dict)
    moved: dict[str, Project] = field(default_factory=dict)
    """Projects by paths that they had."""
    tokens: dict[str, Token] = field(default_factory=dict)
    version: str = "18.6.0-ee"
    numbers: int = 1000

    def __post_init__(self) -> None:
        self.place = Place()
        self.switchboard = Switchboard(self.clock)

    def next(self) -> int:
        """A new id."""
        self.numbers += 1
        return self.numbers

    @property
    def today(self) -> date:
        return self.clock.now.date()

    # People

    def user(self, username: str, name: str = "") -> User:
        """A person, made when there is none of that name."""
        made = User(self.next(), username, name or username.title(), self.clock.now)
        return self.users.setdefault(username, made)

    def group(self, full_path: str, **members: int) -> Group:
        """A group and those above it, made where there are none; `members` are usernames and levels."""
        above, _, path = full_path.rpartition("/")
        parent = self.group(above) if above else None
        made = Group(self.next(), path, path.title(), self.clock.now, parent)
        found = self.groups.setdefault(full_path, made)
        for username, level in members.items():
            self.add(found, username, level)
        return found

    def add(self, holder: Group | Project, username: str, level: int, expires: date | None = None) -> None:
        """Let somebody belong to a group or project."""
        user = self.user(username)
        holder.members[user.id] = Membership(user, level, self.clock.now, expires)

    def token(
        self, user: User, scopes: tuple[str, ...] = SCOPES, days: int = LIFE, name: str = "test"
    ) -> str:
        """A token of somebody, that may do whatever they may within its scopes."""
        number = self.next()
        text = f"glpat-{number:020d}"
        expires = self.today + timedelta(days=days)
        self.tokens[text] = Token(number, text, name, user, scopes, self.clock.now, expires)
        return text

    def access_token(self, holder: Project | Group, name: str, level: int = DEVELOPER) -> str:
        """A token of a project or group, which has a bot of its own that belongs to it."""
        kind = "project" if isinstance(holder, Project) else "group"
        bot = self.user(f"{kind}_{holder.id}_bot_{self.next():032x}", name)
        bot.is_bot = True
        self.add(holder, bot.username, level)
        return self.token(bot, name=name)

    def holder(self, text: str) -> Token:
        """Whose token it is; `Refused` when it is nobody's, or no longer good."""
        found = self.tokens.get(text)
        if not found or found.user.state != "active":
            raise unauthorized()
        if found.revoked:
            said = "Token was revoked. You have to re-authorize from the user."
            raise Refused(401, "invalid_token", "error", error_description=said)
        if found.is_expired(self.today):
            said = "Token is expired. You can either do re-authorization or token refresh."
            raise Refused(401, "invalid_token", "error", error_description=said)
        found.used = self.clock.now
        return found

    # Projects

    def project(
        self,
        full_path: str,
        files: Mapping[str, bytes] | None = None,
        visibility: str = "private",
        creator: str = "root",
    ) -> Project:
        """A project whose default branch, which is protected, has one commit with `files`."""
        above, _, path = full_path.rpartition("/")
        number, by = self.next(), self.user(creator)
        bare = Bare(self.root / "projects" / f"{number}.git")
        install(bare.path)
        made = Project(number, self.group(above), path, path.title(), bare, self.clock.now, by, visibility)
        self.projects[number] = made
        self.add(made, creator, OWNER)
        content = {"README.md": f"# {path}\n".encode(), **(files or {})}
        first = bare.make(bare.tree(content), [], "Initial commit\n", by.person, self.clock.now)
        bare.git.references.create(HEADS + made.default_branch, first)
        made.branches[made.default_branch] = Protection(self.next(), made.default_branch)
        return made

    def fork(self, parent: Project, username: str) -> Project:
        """A fork in its owner's namespace, with all branches of its parent, whose objects both share."""
        made = self.project(f"{username}/{parent.path}", visibility=parent.visibility, creator=username)
        made.parent = parent
        for mine, other in ((made, parent), (parent, made)):
            alternates = mine.folder / "objects" / "info" / "alternates"
            held = alternates.read_text() if alternates.exists() else ""
            alternates.write_text(f"{held}{other.folder / 'objects'}\n")
            mine.bare.git = type(mine.bare.git)(str(mine.folder))
        for name, sha in parent.bare.refs(HEADS).items():
            made.bare.git.references.create(name, sha, force=True)
        return made

    def rename(self, held: Project, full_path: str) -> None:
        """Another group or path; who asks for the old one is sent on."""
        self.moved[held.full_path] = held
        above, _, held.path = full_path.rpartition("/")
        held.group = self.group(above)

    def delete(self, held: Project) -> None:
        """A project goes; merge requests from it lose their source."""
        del self.projects[held.id]
        for other in self.projects.values():
            for each in other.merge_requests.values():
                if each.source is held:
                    each.source = None

    def at(self, path: str) -> Project | None:
        """The project of an id or a full path, whatever its capitals."""
        if path.isdecimal():
            return self.projects.get(int(path))
        found = (p for p in self.projects.values() if p.full_path.lower() == path.lower())
        return next(found, None)

    def find(self, path: str, user: User | None) -> Project:
        """A project that `user` may see; `Refused`."""
        found = self.at(path)
        if not found or not found.is_seen(user, self.today):
            raise absent("Project")
        return found

    # Events

    def hook(self, holder: Project | Group, token: str = "", url: str = "", key: bytes = b"") -> Hook:
        """A hook of a project, or of all projects of a group, for all events."""
        made = Hook(
            self.next(),
            self.clock.now,
            url,
            token,
            key,
            holder if isinstance(holder, Project) else None,
            holder if isinstance(holder, Group) else None,
            uuid=self.switchboard.uuid(),
        )
        self.switchboard.hooks.append(made)
        return made

    def tell(self, held: Project, event: str, payload: Json) -> None:
        """Let an event wait for every hook that wants it."""
        hooks = [hook for hook in self.switchboard.hooks if hook.wants(event, held)]
        self.switchboard.tell(event, payload, hooks, self.place.web)

    def remember(
        self, held: Project, author: User, name: str, push: Json | None = None, target: Any = None
    ) -> None:
        """Let a project remember what somebody did."""
        held.events.append(Event(self.next(), author, self.clock.now, name, push, target))
        held.active = self.clock.now


def signing_key(secret: str) -> bytes:
    """The bytes of a key as GitLab shows it: `whsec_` and Base64."""
    return base64.b64decode(secret.removeprefix("whsec_"))
