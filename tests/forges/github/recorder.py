"""Holds a world to GitHub's own descriptions: every answer, request, webhook and GraphQL document."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.forges.github import schemas
from tests.forges.github.exchange import Request, Response
from tests.forges.github.schemas import Description
from tests.forges.github.webhooks import Switchboard

Json = Any
# What real GitHub answers at any operation, though its description names only some.
ANYWHERE = {401, 403, 404, 405, 409, 429, 500, 502, 503}
# Where the description is known to be wrong; each row is a place, and why.
KNOWN = (
    (r"\['head'\]\['repo'\]: None is not", "a fork that was deleted leaves null"),
    (r"\['labels'\]\[\d+\]\['description'\]: None is not", "a label may have no description, in lists too"),
    (
        r"^GET /app/installations -> 200: \$\[\d+\]\['account'\]",
        "no account is an enterprise too",
    ),
)
# Operations that are not described, though they are answered.
UNDESCRIBED = ("/repositories/",)


@dataclass(frozen=True)
class Exchange:
    """A request that the world answered itself."""

    request: Request
    response: Response


@dataclass(eq=False)
class Recorder:
    """Everything that went over the line; it is judged at a test's end, when it is not in the way."""

    exchanges: list[Exchange] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    """What GraphQL was asked and could not take."""

    def record(self, request: Request, response: Response) -> None:
        self.exchanges.append(Exchange(request, response))

    def faults(self, switchboard: Switchboard) -> list[str]:
        """What real GitHub would have said or sent otherwise, as sentences."""
        seen: set[tuple[str, ...]] = set()
        found: list[str] = []
        for each in self.exchanges:
            key = (each.request.method, each.request.path, str(each.response.status), str(each.response.body))
            if (*key, str(each.request.body)) not in seen:
                seen.add((*key, str(each.request.body)))
                found += exchange_faults(each)
        for event, action, payload in switchboard.told:
            found += event_faults(event, action, payload)
        return found + self.documents


def exchange_faults(held: Exchange, description: Description | None = None) -> list[str]:
    """What is wrong with one exchange, by GitHub's description or a stricter one."""
    request, response = held.request, held.response
    label = f"{request.method} {request.path} -> {response.status}"
    if request.path.startswith(UNDESCRIBED):
        return []
    description = description or schemas.rest()
    operation = description.find(request.method, request.path)
    if operation is None:
        return [] if response.status == 404 else [f"{label}: there is no such operation"]
    found = []
    is_taken = response.status < 400
    if is_taken and (unknown := set(request.query) - operation.query - {"page", "per_page"}):
        found.append(f"{label}: the query's {sorted(unknown)} are not known")
    if is_taken and operation.body is not None and (request.body or operation.needs_body):
        body = json.loads(request.body) if request.body else {}
        found += [f"{label}: the request's {each}" for each in description.faults(operation.body, body)]
    status = str(response.status)
    if status not in operation.answers:
        if response.status not in {304, *ANYWHERE, 422}:
            found.append(f"{label}: never answered so")
        return found + _basic(label, response)
    schema = operation.answers[status]
    if schema is not None and response.body:
        listed = description.faults(schema, response.json())
        found += [told for each in listed if not _is_known(told := f"{label}: {each}")]
    elif schema is not None and response.status != 304:
        found.append(f"{label}: an empty body")
    elif schema is None and response.body and response.status < 400:
        found.append(f"{label}: a body where there is none")
    return found


def _basic(label: str, response: Response) -> list[str]:
    """An error that is not described at its operation has the form of all errors."""
    if response.status < 400:
        return []
    if "json" not in response.headers.get("Content-Type", ""):
        return [] if response.status >= 500 else [f"{label}: no JSON"]
    found = response.json()
    is_good = isinstance(found, dict) and isinstance(found.get("message"), str)
    return [] if is_good and "documentation_url" in found else [f"{label}: an error of another form"]


def _is_known(fault: str) -> bool:
    return any(re.search(place, fault) for place, _ in KNOWN)


def event_faults(event: str, action: str, payload: Json, description: Description | None = None) -> list[str]:
    """What is wrong with one webhook, by GitHub's description or a stricter one."""
    description = description or schemas.webhooks()
    operations = [each for each in description.operations.get(action, []) if each.template == event]
    if not operations:
        return [f"{event} {action}: there is no such webhook"]
    tried = [description.faults(each.body, payload) for each in operations]
    return [f"{event} {action}: {each}" for each in min(tried, key=len) if not _is_known(each)]
