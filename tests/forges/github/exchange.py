"""What goes over the line: a request, and the response to it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.forges.github.refusal import Refused


@dataclass(frozen=True)
class Request:
    """A request; `path` is unquoted and without the query."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def of(cls, method: str, target: str, headers: Mapping[str, str], body: bytes) -> "Request":
        """A request as it stands on its first line."""
        parts = urlsplit(target)
        return cls(method, unquote(parts.path), dict(parse_qsl(parts.query)), headers, body)

    def json(self) -> Any:
        """The body; `Refused` when it is none."""
        if not self.body:
            return {}
        try:
            found = json.loads(self.body)
        except ValueError as error:
            raise Refused(400, "Problems parsing JSON") from error
        return found

    def below(self, root: str) -> "Request":
        """The same without `root` at the path's beginning."""
        return replace(self, path=self.path.removeprefix(root))


@dataclass(frozen=True)
class Response:
    """A response as it is sent."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        return json.loads(self.body) if self.body else None

    def with_headers(self, **more: str) -> "Response":
        return replace(self, headers={**self.headers, **more})


def as_json(status: int, value: Any, headers: Mapping[str, str] | None = None) -> Response:
    """A response with JSON; None is no body at all."""
    if value is None:
        return Response(status, b"", headers or {})
    body = json.dumps(value, separators=(",", ":")).encode()
    return Response(status, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})
