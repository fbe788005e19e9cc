"""What goes over the line to GitLab: its paths stay quoted, since a project's path is one hole of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.forges.github.exchange import Request as Plain
from tests.forges.gitlab.refusal import Refused

Json = Any


@dataclass(frozen=True)
class Request(Plain):
    """A request; `path` is as it came, still quoted."""

    @classmethod
    def of(cls, method: str, target: str, headers: Mapping[str, str], body: bytes) -> "Request":
        """A request as it stands on its first line."""
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        return cls(method, parts.path, query, {k.title(): v for k, v in headers.items()}, body)

    def json(self) -> Json:
        """The body, which is JSON or a form without files; `Refused`."""
        if not self.body:
            return {}
        kind = self.headers.get("Content-Type", "json")
        if "multipart" in kind:
            raise Refused(415, f"The provided content-type '{kind}' is not supported.", "error")
        if "json" not in kind:
            return dict(parse_qsl(self.body.decode(), keep_blank_values=True))
        try:
            found = json.loads(self.body)
        except ValueError as error:
            raise Refused(400, "The request body contains malformed JSON.", "error") from error
        return found if isinstance(found, dict) else {}
