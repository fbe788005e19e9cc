"""Holds a world to what real GitLabs sent: every answer that went over the line, and every webhook."""

from dataclasses import dataclass, field

from tests.forges.github.exchange import Request, Response
from tests.forges.gitlab import witness
from tests.forges.gitlab.webhooks import Switchboard


@dataclass(frozen=True)
class Exchange:
    """A request that the world answered itself, and the template of its path."""

    request: Request
    template: str
    response: Response


@dataclass(eq=False)
class Recorder:
    """Everything that went over the line; it is judged at a test's end, when it is not in the way."""

    exchanges: list[Exchange] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    """Where the world itself broke."""

    def record(self, request: Request, template: str, response: Response) -> None:
        self.exchanges.append(Exchange(request, template, response))

    def faults(self, switchboard: Switchboard) -> list[str]:
        """What real GitLabs have said or sent otherwise, as sentences."""
        found = list(self.failures)
        seen: set[tuple[str, str, int, bytes]] = set()
        for each in self.exchanges:
            method, response = each.request.method, each.response
            key = (method, each.template, response.status, response.body)
            if key not in seen and response.body:
                seen.add(key)
                found += witness.answer_faults(method, each.template, response)
        for event, action, payload in switchboard.told:
            found += witness.event_faults(event, action, payload)
        return found
