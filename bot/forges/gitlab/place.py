"""One project on GitLab: its name, its registered branch, and the session that speaks about it."""

import re
from urllib.parse import quote

from bot.errors import InvalidName
from bot.forges.gitlab.session import Session
from bot.lifecycle.issue import Conversation, Issue
from bot.packages.naming import quoted

PUBLIC = "https://gitlab.com"
_PROJECT = re.compile(
    r"(?:(?!\.{1,2}/)[A-Za-z0-9_.-]{1,255}/){1,20}(?!\.{1,2}$)[A-Za-z0-9_.-]{1,255}", re.ASCII
)


class Place:
    """What every part of the adapter needs to know; `branch` is '' until the default branch is known."""

    def __init__(self, session: Session, project: str, branch: str = "") -> None:
        if not _PROJECT.fullmatch(project):
            raise InvalidName(f"{quoted(project)} must be the path of a project, as '<group>/<name>'.")
        self.session = session
        self.project = project
        self.branch = branch
        self.path = f"/projects/{in_path(project)}"
        self.me = ""  # portico's login, once GitLab has said it

    def change(self, number: int) -> str:
        return f"{self.path}/merge_requests/{int(number)}"

    def train(self, number: int) -> str:
        return f"{self.path}/merge_trains/merge_requests/{int(number)}"

    def issue(self, number: int) -> str:
        return f"{self.path}/issues/{int(number)}"

    def on(self, conversation: Conversation) -> str:
        """Where people talk: issues and merge requests have numbers of their own each."""
        number = conversation.number
        return self.issue(number) if isinstance(conversation, Issue) else self.change(number)

    def ensure_me(self) -> str:
        """Portico's own login."""
        if not self.me:
            self.me = str(self.session.get("/user").body["username"])
        return self.me


def in_path(name: str) -> str:
    """A name as one step of a path."""
    return quote(name, safe="")
