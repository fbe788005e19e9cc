"""How much each caller may ask in an hour, and the headers that say so."""

from dataclasses import dataclass, field

from tests.forges.clock import Clock
from tests.forges.github.apps import Caller
from tests.forges.github.exchange import Request, Response, as_json

HOUR = 3600


@dataclass
class Limits:
    """Requests of this hour by token; a world begins with none."""

    clock: Clock
    most: int = 5000
    used: dict[str, int] = field(default_factory=dict)
    reset: int = 0

    def count(self, caller: Caller, request: Request) -> Response | None:
        """Count a request; the answer when there were too many."""
        now = int(self.clock.now.timestamp())
        if now >= self.reset:
            self.used, self.reset = {}, now + HOUR
        if request.path == "/rate_limit":
            return None  # asking for the limit is free
        if self.used.get(caller.token, 0) >= self.limit(caller):
            body = {
                "message": f"API rate limit exceeded for user ID {caller.user.id if caller.user else 0}.",
                "documentation_url": "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api",
            }
            return as_json(403, body, self.headers(caller))
        self.used[caller.token] = self.used.get(caller.token, 0) + 1
        return None

    def give_back(self, caller: Caller) -> None:
        """What has not changed costs nothing."""
        self.used[caller.token] -= 1

    def limit(self, caller: Caller) -> int:
        return min(self.most, 1000) if caller.app and caller.app.is_actions else self.most

    def headers(self, caller: Caller) -> dict[str, str]:
        used = self.used.get(caller.token, 0)
        return {
            "X-RateLimit-Limit": str(self.limit(caller)),
            "X-RateLimit-Remaining": str(self.limit(caller) - used),
            "X-RateLimit-Reset": str(self.reset),
            "X-RateLimit-Used": str(used),
            "X-RateLimit-Resource": "core",
        }

    def overview(self, caller: Caller) -> dict[str, dict[str, int]]:
        used = self.used.get(caller.token, 0)
        limit = self.limit(caller)
        core = {"limit": limit, "used": used, "remaining": limit - used, "reset": self.reset}
        return {"core": core, "search": {**core, "limit": 30}, "graphql": dict(core)}
