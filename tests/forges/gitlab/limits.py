"""How much each caller may ask in a minute, the headers that say so, and failures as GitLab has them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

from tests.forges.clock import Clock
from tests.forges.github.exchange import Response, as_json

MINUTE = 60


@dataclass
class Limits:
    """Requests of this minute by token; a world begins with none."""

    clock: Clock
    most: int = 2000
    used: dict[str, int] = field(default_factory=dict)
    reset: int = 0

    def count(self, token: str) -> Response | None:
        """Count a request; the answer when there were too many."""
        now = int(self.clock.now.timestamp())
        if now >= self.reset:
            self.used, self.reset = {}, now - now % MINUTE + MINUTE
        self.used[token] = self.used.get(token, 0) + 1
        if self.used[token] <= self.most:
            return None
        return limited(self.reset - now).with_headers(**self.headers(token))

    def headers(self, token: str) -> dict[str, str]:
        used = self.used.get(token, 0)
        return {
            "RateLimit-Limit": str(self.most),
            "RateLimit-Observed": str(used),
            "RateLimit-Remaining": str(max(0, self.most - used)),
            "RateLimit-Reset": str(self.reset),
            "RateLimit-ResetTime": format_datetime(datetime.fromtimestamp(self.reset, UTC), usegmt=True),
            "RateLimit-Name": "throttle_authenticated_api",
        }


def limited(seconds: int | None = 1) -> Response:
    """Too much at once, in plain text; `seconds` is what Retry-After says, None for no such header."""
    headers = {"Content-Type": "text/plain"} | ({} if seconds is None else {"Retry-After": str(seconds)})
    return Response(429, b"Retry later\n", headers)


def locked() -> Response:
    """Two requests wanted the same at once; it passes by itself."""
    return as_json(409, {"message": "409 Conflict: Resource lock"})


def broken(status: int = 500) -> Response:
    """Something went wrong inside; a proxy's own page has no JSON, for which see GitHub's `failure`."""
    return as_json(status, {"message": f"{status} Internal Server Error"})
