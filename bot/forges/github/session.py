"""The one line to GitHub: each request is counted, sent once unless it is harmless, and its answer judged."""

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeVar
from urllib.parse import parse_qs, urlsplit

from github.Auth import Auth
from github.GithubException import GithubException
from github.Requester import Requester

from bot.errors import AccessDenied, NotFound, Refused
from bot.forges.github.credentials import App, Bearer, Token, life_of, signer
from bot.forges.github.refusals import graphql_refusal, refusal
from bot.forges.patience import Unclear, patiently
from bot.packages.naming import quoted
from bot.ports import GitCredentials

ANSWER_SECONDS = 20  # GitHub gives up after ten
PAGE = 100  # the most that GitHub puts on one
MOST_PAGES = 10  # that are followed: of a list, and of a change's comments
MOST_KNOWN = 256  # pages that are remembered, so that one that is as it was need not be sent again
_T = TypeVar("_T")
Json: TypeAlias = Any  # what GitHub sent: nobody knows its shape before looking
Parameter: TypeAlias = str | int | bool
_NO_APP = "Integration not found"  # GitHub of an id that no App has
_HEADERS = {"Accept": "application/vnd.github+json"}
_VERSION = "2022-11-28"
# PyGithub's own repeating is off (None): it would send POST and PUT again after they may have been done.
_SETTINGS: Mapping[str, Any] = {
    "timeout": ANSWER_SECONDS,
    "user_agent": "portico",
    "per_page": PAGE,
    "verify": True,
    "retry": None,
    "pool_size": None,
    "api_version": _VERSION,
}


class Request(NamedTuple):
    """What is asked: `path` begins with a slash below the API's address, `body` is sent as JSON."""

    verb: str
    path: str
    parameters: Mapping[str, Parameter] = {}
    headers: Mapping[str, str] = {}
    body: Mapping[str, Json] | None = None


class Answer(NamedTuple):
    """A successful answer: its headers with names in lower case, and its JSON, None for an empty one."""

    status: int
    headers: Mapping[str, str]
    body: Json


def _whole(item: Json) -> Json:
    return item


def _never(first: Json, last: Json) -> bool:  # noqa: ARG001 whatever they are
    return False


class Session:
    """Requests about one repository, one at a time, as GitHub asks for; threads may share it.

    `requests` counts every request that was sent, those for tokens too; who wants to know what a look cost
    subtracts. Raises UserErrors only: see `bot.forges.github.refusals`.
    """

    def __init__(
        self,
        api: str,
        credentials: Token | App,
        repository: str,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """`api` is where REST is, such as 'https://api.github.com' or 'https://host/api/v3'."""
        if urlsplit(api).scheme not in {"http", "https"} or not urlsplit(api).hostname:
            raise Refused(f"The address {quoted(api)} of GitHub's API must begin with 'https://'.")
        token = credentials.value.strip() if isinstance(credentials, Token) else ""
        if isinstance(credentials, Token) and not token:
            raise AccessDenied("The token for GitHub is empty: give one, or the id and key of an App.")
        self.requests = 0
        self.is_app = credentials.is_app
        self._repository = repository
        self._pause = pause
        self._lock = threading.RLock()
        self._known: dict[str, tuple[str, Answer]] = {}
        self._installation = 0
        self._bearer = Bearer(token)
        self._host = urlsplit(api).netloc.rpartition("@")[2]
        self._app = credentials.id if isinstance(credentials, App) else ""
        self._requester = _requester(api, self._bearer)
        self._of_app = _requester(api, signer(credentials)) if isinstance(credentials, App) else None

    def git_credentials(self) -> GitCredentials:
        """What Git answers when the repository asks who it is; good for some minutes at least."""
        with self._lock:
            self._ensure_token()
            return GitCredentials("x-access-token", self._bearer.token)

    def renew(self) -> bool:
        """Have a new token asked for; False where there is but one."""
        if self._of_app:
            self._bearer.forget()
        return self._of_app is not None

    def pause(self, seconds: float) -> None:
        """Wait for GitHub to come to something."""
        self._pause(seconds)

    def get(self, path: str, **parameters: Parameter) -> Answer:
        """Read; asked for again a few times while GitHub is weak."""
        return self._read(lambda: self._ask(Request("GET", path, parameters)))

    def find(self, path: str, **parameters: Parameter) -> Json:
        """Read what may not be there, or not be shown: None then."""
        try:
            return self.get(path, **parameters).body
        except (NotFound, Refused):
            return None

    def find_as_app(self, path: str, **parameters: Parameter) -> Json:
        """Read what GitHub tells an App alone: None where portico is none, or it is not shown."""
        if not self._of_app:
            return None
        with self._lock:
            try:
                return self._as_app(self._of_app, Request("GET", path, parameters)).body
            except (NotFound, Refused):
                return None

    def pages(
        self,
        path: str,
        read: Callable[[Json], Json] = _whole,
        /,
        *,
        most: int = MOST_PAGES,
        enough: Callable[[Json, Json], bool] = _never,
        **parameters: Parameter,
    ) -> list[Json]:
        """Read a list, up to `most` pages of it; a page that is as it was costs nothing.

        What `read` makes of an item is handed out, and alone remembered: a page of GitHub's is megabytes.
        `enough` says of the first and the last item so far that what follows is not wanted.
        """
        found: list[Json] = []
        asked: dict[str, Parameter] = {"per_page": PAGE, **parameters}
        for _ in range(most):
            answer = self._again(path, asked, read)
            found += answer.body
            following = _next_page(answer.headers)
            if not following or (found and enough(found[0], found[-1])):
                break
            asked = {**asked, **following}
        return found

    def write(self, verb: str, path: str, body: Mapping[str, Json] | None = None) -> Answer:
        """Write, once; raises Unclear where nobody knows whether it was done."""
        return self._ask(Request(verb, path, body=body))

    def ensure(self, verb: str, path: str, body: Mapping[str, Json]) -> Answer:
        """Write what is the same if it is written twice; asked for again like a reading."""
        return self._read(lambda: self._ask(Request(verb, path, body=body)))

    def query(
        self, document: str, variables: Mapping[str, Any], optional: Sequence[str] = ()
    ) -> dict[str, Any]:
        """The data that a GraphQL query asks for; fields named in `optional` may be refused, and are None."""
        return self._read(lambda: self._graphql(document, variables, optional))

    def mutate(self, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Do what a GraphQL mutation says, once; raises Unclear where nobody knows whether it was done."""
        return self._graphql(document, variables, ())

    def _graphql(
        self, document: str, variables: Mapping[str, Any], optional: Sequence[str]
    ) -> dict[str, Any]:
        asked = {"query": document, "variables": dict(variables)}
        body = self._ask(Request("POST", self._requester.graphql_url, body=asked)).body
        data = body.get("data") if isinstance(body, dict) else None
        errors = body.get("errors") if isinstance(body, dict) else None
        if errors and not (isinstance(data, dict) and _may_be_missing(errors, optional)):
            raise graphql_refusal(errors)
        if not isinstance(data, dict):
            raise Unclear("GitHub answered a question without data; ask again.")
        return data

    def _read(self, ask: Callable[[], _T]) -> _T:
        return patiently(ask, self._pause)

    def _again(self, path: str, parameters: Mapping[str, Parameter], read: Callable[[Json], Json]) -> Answer:
        key = json.dumps([path, parameters], sort_keys=True)
        tag, known = self._known.get(key, ("", None))
        asked = Request("GET", path, parameters, {"If-None-Match": tag} if tag else {})
        answer = self._read(lambda: self._ask(asked))
        if answer.status == 304 and known is not None:
            return known
        items = answer.body if isinstance(answer.body, list) else []
        tag = answer.headers.get("etag", "")
        following = {"link": answer.headers.get("link", "")}
        answer = Answer(answer.status, following, [read(item) for item in items])
        if tag:
            self._known[key] = (tag, answer)
            while len(self._known) > MOST_KNOWN:
                self._known.pop(next(iter(self._known)), None)
        return answer

    def _ask(self, request: Request) -> Answer:
        with self._lock:
            self._ensure_token()
            answer = self._send(self._requester, request)
            if answer.status == 401 and self._of_app:
                # A token may be revoked before its time; what was refused with 401 was not done.
                self._bearer.forget()
                self._ensure_token()
                answer = self._send(self._requester, request)
        return _judged(answer)

    def _send(self, requester: Requester, request: Request) -> Answer:
        self.requests += 1
        headers = {**_HEADERS, **request.headers}
        try:
            status, answered, text = requester.requestJson(
                request.verb, request.path, dict(request.parameters), headers, request.body
            )
        except (OSError, RuntimeError, AssertionError, GithubException) as error:
            raise Unclear(
                f"GitHub could not be reached at {quoted(self._host)}, or broke off: {_kind(error)}."
            ) from error
        try:
            return Answer(status, answered, json.loads(text) if text else None)
        except (ValueError, RecursionError) as error:
            if status >= 300:
                return Answer(status, answered, None)
            raise Unclear(
                "GitHub's address answered something else than JSON: check that it is that of the API."
            ) from error

    def _ensure_token(self) -> None:
        if not self._of_app or not self._bearer.is_over:
            return
        # The token is for this repository alone, whatever else the App may see.
        asked = {"repositories": [self._repository.partition("/")[2]]}
        try:
            if not self._installation:
                found = self._as_app(self._of_app, Request("GET", f"/repos/{self._repository}/installation"))
                self._installation = int(found.body["id"])
            path = f"/app/installations/{self._installation}/access_tokens"
            granted = self._as_app(self._of_app, Request("POST", path, body=asked))
        except NotFound as error:
            self._installation = 0  # the App may be installed anew, under another number
            if _NO_APP in str(error):
                raise AccessDenied(
                    f"GitHub knows no App with the id {quoted(self._app)}: `id` must be the 'App ID' that "
                    "the App's settings page shows."
                ) from error
            raise AccessDenied(
                f"Portico's App is not installed for the repository {quoted(self._repository)}: install it "
                "on GitHub, and give it this repository; one that was renamed must be registered anew."
            ) from error
        self._bearer.renew(str(granted.body["token"]), life_of(granted.body, granted.headers))

    def _as_app(self, requester: Requester, request: Request) -> Answer:
        # A token too many does no harm, so this POST is repeated like a reading.
        return self._read(lambda: _judged(self._send(requester, request)))


def _requester(api: str, auth: Auth) -> Requester:
    # At DEBUG it would write down every answer, and with them the tokens of installations.
    logging.getLogger("github.Requester").setLevel(logging.INFO)
    return Requester(auth=auth, base_url=api.rstrip("/"), **_SETTINGS)


def _judged(answer: Answer) -> Answer:
    if answer.status in range(200, 300) or answer.status == 304:
        return answer
    raise refusal(answer.status, answer.headers, answer.body)


def _next_page(headers: Mapping[str, str]) -> dict[str, str]:
    """The parameters of the page that follows, none after the last."""
    for link in headers.get("link", "").split(","):
        address, _, relation = link.partition(";")
        if 'rel="next"' in relation:
            query = parse_qs(urlsplit(address.strip().strip("<>")).query)
            return {key: query[key][0] for key in ("page", "after") if key in query}
    return {}


def _may_be_missing(errors: object, optional: Sequence[str]) -> bool:
    return isinstance(errors, list) and all(
        isinstance(error, Mapping) and any(step in optional for step in error.get("path") or ())
        for error in errors
    )


def _kind(error: Exception) -> str:
    """What kind of failure it was, without the words of libraries, which may hold addresses and more."""
    return type(error).__name__
