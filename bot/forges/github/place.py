"""One repository on GitHub: its names, its registered branch, and the session that speaks about it."""

import re
from typing import Any
from urllib.parse import quote, urlsplit

from bot.errors import InvalidName, Refused
from bot.forges.github.queries import without_emails
from bot.forges.github.reading import person
from bot.forges.github.session import Json, Session
from bot.packages.naming import quoted

PUBLIC_API = "https://api.github.com"
_REPOSITORY = re.compile(r"(?!\.{1,2}/)[A-Za-z0-9._-]{1,100}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}", re.ASCII)
_BOT = "[bot]"


class Place:
    """What every part of the adapter needs to know; `branch` is '' until the default branch is known."""

    def __init__(self, session: Session, repository: str, branch: str = "") -> None:
        if not _REPOSITORY.fullmatch(repository):
            raise InvalidName(f"{quoted(repository)} must be the name of a repository, as '<owner>/<name>'.")
        self.session = session
        self.branch = branch
        self.owner, _, self.name = repository.partition("/")
        self.path = f"/repos/{repository}"
        self._emails = True
        self.me = ""  # portico's login, once GitHub has said it

    def pull(self, number: int) -> str:
        return f"{self.path}/pulls/{int(number)}"

    def issue(self, number: int) -> str:
        return f"{self.path}/issues/{int(number)}"

    def query(self, document: str, optional: tuple[str, ...] = (), **variables: Json) -> dict[str, Any]:
        """Ask about this repository; without e-mail addresses where the token must not see them."""
        asked = {"owner": self.owner, "name": self.name, **variables}
        if self._emails:
            try:
                return self.session.query(document, asked, optional)
            except Refused as error:
                if "email" not in str(error):
                    raise
                self._emails = False
        return self.session.query(without_emails(document), asked, optional)

    def known_as(self, viewer: dict[str, Any] | None) -> str:
        """Portico's own login, as GitHub said it with an answer."""
        login = person(viewer).login
        if login and self.session.is_app and not login.endswith(_BOT):
            login += _BOT
        self.me = login or self.me
        return self.me


def in_path(name: str) -> str:
    """A name as one step of a path."""
    return quote(name, safe="")


def git_url(api: str, repository: str) -> str:
    """Where Git finds a repository whose API is at `api`, without credentials."""
    parts = urlsplit(api)
    host = parts.netloc.rpartition("@")[2]
    root = parts.path.rstrip("/").removesuffix("/api/v3")
    # api.github.com, and api.<company>.ghe.com; an Enterprise Server has its API below its own name.
    return f"{parts.scheme}://{host.removeprefix('api.')}{root}/{repository}.git"
