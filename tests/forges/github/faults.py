"""Failures on order: the next requests that match are answered wrongly, before or after the work."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.forges.github.exchange import Request, Response, as_json

SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. "
    "For more on scraping GitHub and how it may affect your rights, please review our Terms of Service"
)
ABOUT_LIMITS = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"


@dataclass(eq=False)
class Fault:
    """`response` stands for the real answer `times` times; `after` says that the work is done before."""

    method: str
    path: re.Pattern[str]
    response: Response
    times: int = 1
    after: bool = False
    met: Callable[[Request], object] | None = None
    """What happens meanwhile: a push between a read and a merge."""

    def meets(self, request: Request) -> bool:
        is_asked = self.method in {"*", request.method} and self.path.search(request.path)
        return self.times > 0 and bool(is_asked)


@dataclass(eq=False)
class Faults:
    """What is ordered, in order; the first that matches is taken."""

    ordered: list[Fault] = field(default_factory=list)
    races: list[Fault] = field(default_factory=list)

    def order(
        self, method: str, path: str, response: Response, times: int = 1, *, after: bool = False
    ) -> Fault:
        """Answer the next `times` requests of `method` (`*` any) whose path holds the expression `path`."""
        made = Fault(method, re.compile(path), response, times, after)
        self.ordered.append(made)
        return made

    def race(self, method: str, path: str, met: Callable[[Request], object]) -> Fault:
        """Let something happen once, just before the next such request is worked on."""
        made = Fault(method, re.compile(path), Response(0), met=met)
        self.races.append(made)
        return made

    def meet(self, request: Request) -> None:
        """Let happen what was ordered to happen before this request."""
        for each in self.races:
            if each.meets(request) and each.met:
                each.times -= 1
                each.met(request)

    def take(self, request: Request) -> Fault | None:
        """The fault of a request, which is then used up by one."""
        found = next((each for each in self.ordered if each.meets(request)), None)
        if found:
            found.times -= 1
        return found


def failure(status: int = 502, message: str = "Server Error") -> Response:
    """What stands between answers when it has no answer: a page, no JSON."""
    page = f"<html><body>{message}</body></html>".encode()
    return Response(status, page, {"Content-Type": "text/html"})


def secondary(seconds: int | None = 1, status: int = 403) -> Response:
    """Too much at once; `seconds` is what Retry-After says, None for no such header."""
    headers = {} if seconds is None else {"Retry-After": str(seconds)}
    body = {"message": SECONDARY, "documentation_url": f"{ABOUT_LIMITS}#about-secondary-rate-limits"}
    return as_json(status, body, headers)


def exhausted(reset: int, status: int = 403) -> Response:
    """The hour's requests are used up; `reset` is when there are more, in seconds since 1970."""
    body = {"message": "API rate limit exceeded for installation ID 1.", "documentation_url": ABOUT_LIMITS}
    return as_json(status, body, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(reset)})


def base_modified() -> Response:
    """What a merge is told while GitHub is still busy with the base; it passes by itself."""
    body = {
        "message": "Base branch was modified. Review and try the merge again.",
        "documentation_url": "https://docs.github.com/rest/pulls/pulls#merge-a-pull-request",
        "status": "405",
    }
    return as_json(405, body)
