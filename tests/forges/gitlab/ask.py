"""One question to the REST API with all that its answer needs, and the ways that questions may go."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode

from tests.forges.github.exchange import Response, as_json
from tests.forges.gitlab.exchange import Request
from tests.forges.gitlab.issue import Noteable
from tests.forges.gitlab.merge_request import MergeRequest
from tests.forges.gitlab.people import DEVELOPER, Token, User
from tests.forges.gitlab.place import Place
from tests.forges.gitlab.project import Project
from tests.forges.gitlab.refusal import Refused, forbidden, missing, unauthorized
from tests.forges.gitlab.world import World

Json = Any
MOST = 100  # of one page
USUAL = 20


@dataclass(frozen=True)
class Ask:
    """Who asks what; `parts` are the holes of the path, unquoted."""

    world: World
    token: Token | None
    request: Request
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        return self.world.place

    @property
    def user(self) -> User:
        """Who asks; `Refused` when nobody does."""
        if self.token is None:
            raise unauthorized()
        return self.token.user

    @property
    def maybe_user(self) -> User | None:
        return self.token.user if self.token else None

    @property
    def project(self) -> Project:
        """The project of the path; `Refused`."""
        return self.world.find(self.parts["id"], self.maybe_user)

    @property
    def level(self) -> int:
        return self.project.level(self.maybe_user, self.world.today)

    @property
    def merge_request(self) -> MergeRequest:
        """The merge request of the path; `Refused`."""
        return self.project.merge_request(self.number("iid"))

    @property
    def noteable(self) -> Noteable:
        """The merge request or the issue of the path; `Refused`."""
        is_issue = "/issues/" in self.request.path
        return self.project.issue(self.number("iid")) if is_issue else self.merge_request

    @property
    def body(self) -> dict[str, Json]:
        """What was sent, in the body or the query, which GitLab takes as one."""
        return {**self.request.query, **self.request.json()}

    def need(self, *names: str) -> dict[str, Json]:
        """What was sent, which must have these; `Refused`."""
        found = self.body
        if lacking := [name for name in names if name not in found]:
            raise missing(*lacking)
        return found

    def number(self, name: str) -> int:
        """A hole of the path that is a number; `Refused`."""
        if not self.parts[name].isdecimal():
            raise Refused(400, f"{name} is invalid", "error")
        return int(self.parts[name])

    def page(self, found: Iterable[Json], show: Callable[[Json], Json]) -> "Answer":
        """One page of all, and the headers that lead to the others."""
        items = list(found)
        size, page = self._count("per_page", USUAL), self._count("page", 1)
        size = min(size, MOST)
        last = max(1, -(-len(items) // size))
        targets = {"prev": page - 1, "next": page + 1, "first": 1, "last": last}
        shown = {n: t for n, t in targets.items() if n in {"first", "last"} or 1 <= t <= last}
        links = ", ".join(f'<{self._address(page=t, per_page=size)}>; rel="{n}"' for n, t in shown.items())
        headers = {
            "Link": links,
            "X-Total": str(len(items)),
            "X-Total-Pages": str(last),
            "X-Per-Page": str(size),
            "X-Page": str(page),
            "X-Next-Page": str(page + 1) if page < last else "",
            "X-Prev-Page": str(page - 1) if page > 1 else "",
        }
        return 200, [show(each) for each in items[(page - 1) * size : page * size]], headers

    def keyset(
        self, found: Sequence[Json], key: Callable[[Json], str], show: Callable[[Json], Json], name: str
    ) -> "Answer":
        """As `page`, but by keys where that is asked for: then there is only the way to the next page."""
        if self.request.query.get("pagination") != "keyset":
            return self.page(found, show)
        after = self.request.query.get(name)
        keys = [key(each) for each in found]
        start = keys.index(after) + 1 if after in keys else 0
        size = min(self._count("per_page", USUAL), MOST)
        listed = found[start : start + size]
        more = start + size < len(found)
        link = self._address(**{name: key(listed[-1])}) if more else ""
        return 200, [show(each) for each in listed], {"Link": f'<{link}>; rel="next"'} if more else {}

    def _address(self, **more: Any) -> str:
        return f"{self.place.api}{self.request.path}?{urlencode({**self.request.query, **more})}"

    def _count(self, name: str, otherwise: int) -> int:
        said = self.request.query.get(name, "")
        return max(1, int(said)) if said.isdecimal() else otherwise


Answer = tuple[int, Json] | tuple[int, Json, dict[str, str]] | Response
Handler = Callable[[Ask], Answer]


@dataclass(frozen=True)
class Route:
    """A method and a template of a path, and who may go it; holes take no slash unless it is quoted."""

    method: str
    template: str
    handler: Handler
    level: int = 0
    """What a caller must be in the project."""
    needs_user: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r":(\w+)", r"(?P<\1>[^/]+)", self.template))

    def match(self, path: str) -> dict[str, str] | None:
        found = self.pattern.fullmatch(path)
        return {key: unquote(value) for key, value in found.groupdict().items()} if found else None

    def check(self, ask: Ask) -> None:
        """`Refused` when the caller may not ask this."""
        is_read = self.method in {"GET", "HEAD"}
        if ask.token is None and (self.needs_user or not is_read or self.level):
            raise unauthorized()
        self._check_scope(ask, is_read=is_read)
        if not self.template.startswith("/projects/:id"):
            return
        if ask.level < self.level:
            raise forbidden()
        needs_code = is_read and ("/repository" in self.template or "/merge_requests" in self.template)
        if needs_code and not ask.project.reads_code(ask.maybe_user, ask.world.today):
            raise forbidden()
        if ask.project.archived and not is_read and self.level >= DEVELOPER:
            raise forbidden()

    def _check_scope(self, ask: Ask, *, is_read: bool) -> None:
        if ask.token is None or self.template == "/personal_access_tokens/self":
            return
        scopes = set(ask.token.scopes)
        if scopes & ({"api", "read_api"} if is_read else {"api"}):
            return
        said = "The request requires higher privileges than provided by the access token."
        raise Refused(403, "insufficient_scope", "error", error_description=said, scope="api")


def as_response(found: Answer) -> Response:
    if isinstance(found, Response):
        return found
    status, value, *more = found
    return as_json(status, value, more[0] if more else None)
