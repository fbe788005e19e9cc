"""The one line to GitLab: each request is counted, sent once unless it is harmless, and its answer judged."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias, TypeVar
from urllib.parse import parse_qs, urlsplit

from gitlab import Gitlab
from gitlab.exceptions import GitlabError

from bot.errors import AccessDenied, NotFound, Refused
from bot.forges.gitlab.credentials import Token
from bot.forges.gitlab.refusals import refusal
from bot.forges.patience import Unclear, patiently
from bot.packages.naming import quoted
from bot.ports import GitCredentials

ANSWER_SECONDS = 60  # GitLab gives up after sixty, and a merge of much may take them
PAGE = 100  # the most that GitLab puts on one
MOST_PAGES = 10  # that are followed: of a list, and of a change's notes
_T = TypeVar("_T")
Json: TypeAlias = Any  # what GitLab sent: nobody knows its shape before looking
Parameter: TypeAlias = str | int | bool


class Request(NamedTuple):
    """What is asked: `path` begins with a slash below the API's address, `body` is sent as JSON."""

    verb: str
    path: str
    parameters: Mapping[str, Parameter] = {}
    body: Mapping[str, Json] | None = None


class Answer(NamedTuple):
    """An answer: its headers with names in lower case, and its JSON, None for none."""

    status: int
    headers: Mapping[str, str]
    body: Json

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


def _never(first: Json, last: Json) -> bool:  # noqa: ARG001 whatever they are
    return False


class Session:
    """Requests to one GitLab, one at a time; threads may share it.

    `requests` counts every request that was sent; who wants to know what a look cost subtracts. `pause` is
    how it waits. Raises UserErrors only: see `bot.forges.gitlab.refusals`.
    """

    def __init__(self, url: str, token: Token, pause: Callable[[float], None] = time.sleep) -> None:
        """`url` is where people see it, such as 'https://gitlab.com'."""
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            raise Refused(f"The address {quoted(url)} of GitLab must begin with 'https://'.")
        self._token = token.value.strip()
        if not (self._token and self._token.isascii() and self._token.isprintable()):
            raise AccessDenied("The token for GitLab is empty, or no token: give one with the scope 'api'.")
        self.requests = 0
        self.pause = pause
        self._graphql = f"{url.rstrip('/')}/api/graphql"
        self._lock = threading.RLock()
        self._told: tuple[int, Mapping[str, str]] = (0, {})
        # As a bearer's, which is not sent along where an answer leads to another host.
        self._library = Gitlab(
            url.rstrip("/"), oauth_token=self._token, timeout=ANSWER_SECONDS, user_agent="portico"
        )
        self._library.session.max_redirects = 0
        self._library.session.hooks["response"].append(self._tell)

    def git_credentials(self) -> GitCredentials:
        """What Git answers when the repository asks who it is."""
        return GitCredentials("oauth2", self._token)

    def get(self, path: str, **parameters: Parameter) -> Answer:
        """Read; asked for again a few times while GitLab is weak."""
        return self._read(lambda: _judged(self._send(Request("GET", path, parameters))))

    def find(self, path: str, **parameters: Parameter) -> Json:
        """Read what may not be there, or not be shown: None then."""
        try:
            return self.get(path, **parameters).body
        except (NotFound, Refused):
            return None

    def pages(
        self,
        path: str,
        *,
        most: int = MOST_PAGES,
        enough: Callable[[Json, Json], bool] = _never,
        **parameters: Parameter,
    ) -> list[Json]:
        """Read a list, up to `most` pages, or until `enough` is said of its first and last item so far."""
        found: list[Json] = []
        asked: dict[str, Parameter] = {"per_page": PAGE, **parameters}
        for _ in range(most):
            answer = self.get(path, **asked)
            found += answer.body if isinstance(answer.body, list) else []
            following = _next_page(answer.headers)
            if not following or (found and enough(found[0], found[-1])):
                break
            asked = {**asked, **following}
        return found

    def query(self, document: str, variables: Mapping[str, Json]) -> Mapping[str, Json]:
        """The data that a GraphQL query asks for; raises Refused where GitLab does not understand it."""
        asked = Request("POST", self._graphql, body={"query": document, "variables": dict(variables)})
        body = self._read(lambda: _judged(self._send(asked))).body
        data = body.get("data") if isinstance(body, dict) else None
        if not isinstance(data, dict) or body.get("errors"):
            raise Refused("GitLab did not understand the question.")
        return data

    def write(self, verb: str, path: str, body: Mapping[str, Json] | None = None) -> Answer:
        """Write, once; raises Unclear where nobody knows whether it was done."""
        return _judged(self._send(Request(verb, path, body=body)))

    def attempt(self, verb: str, path: str, body: Mapping[str, Json] | None = None) -> Answer:
        """Write, once; an answer that refuses it is handed over as it is. Raises Later and Unclear."""
        answer = self._send(Request(verb, path, body=body))
        return (
            _judged(answer) if answer.status < 400 or answer.status >= 500 or answer.status == 429 else answer
        )

    def _read(self, ask: Callable[[], _T]) -> _T:
        return patiently(ask, self.pause)

    def _send(self, request: Request) -> Answer:
        with self._lock:
            self.requests += 1
            self._told = (0, {})
            try:
                # The library's own repeating is off: it would send a POST again after it may have been done.
                response = self._library.http_request(
                    request.verb.lower(),
                    request.path,
                    query_data={key: _worded(value) for key, value in request.parameters.items()},
                    post_data=None if request.body is None else dict(request.body),
                    obey_rate_limit=False,
                    retry_transient_errors=False,
                    max_retries=0,
                )
                content = response.content
            except GitlabError as error:
                content = error.response_body or b""
            except (OSError, RuntimeError, ValueError) as error:
                if not 300 <= self._told[0] < 400:
                    raise Unclear(f"GitLab could not be reached, or broke off: {_kind(error)}.") from None
                content = b""
            return _answer(*self._told, content)

    def _tell(self, response: Json, *_: object, **__: object) -> None:
        headers = {str(key).lower(): str(value) for key, value in response.headers.items()}
        self._told = (int(response.status_code), headers)


def _answer(status: int, headers: Mapping[str, str], content: bytes) -> Answer:
    try:
        return Answer(status, headers, json.loads(content) if content else None)
    except (ValueError, RecursionError):
        if not 200 <= status < 300:
            return Answer(status, headers, None)
        raise Unclear(
            "GitLab's address answered something else than JSON: check that it is GitLab's, without a "
            "path to a project."
        ) from None


def _judged(answer: Answer) -> Answer:
    if answer.is_success:
        return answer
    raise refusal(answer.status, answer.headers, answer.body)


def _worded(value: Parameter) -> str | int:
    return str(value).lower() if isinstance(value, bool) else value


def _next_page(headers: Mapping[str, str]) -> dict[str, Parameter]:
    """The parameter of the page that follows, none after the last."""
    for link in headers.get("link", "").split(","):
        address, _, relation = link.partition(";")
        if 'rel="next"' in relation:
            page = parse_qs(urlsplit(address.strip().strip("<>")).query).get("page", [""])[0]
            return {"page": page} if page.isdecimal() else {}
    return {}


def _kind(error: Exception) -> str:
    """What kind of failure it was, without the words of libraries, which may hold addresses and more."""
    return type(error).__name__
