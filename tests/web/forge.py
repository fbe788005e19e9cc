"""A small forge for tests: how it signs, how it is heard, and how it delivers."""

import hashlib
import hmac
import http.client
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from bot.errors import InvalidDocument, UserError
from bot.forges.heard import Heard

SECRET = b"a secret of the forge"
_deliveries = count(1)


def signature(secret: bytes, body: bytes) -> str:
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


def hear(headers: Mapping[str, str], body: bytes, secrets: Sequence[bytes]) -> Heard | None:
    """As a forge's room does it: nothing is parsed before the signature was checked."""
    signed = headers.get("X-Signature", "")
    if not any(hmac.compare_digest(signed, signature(secret, body)) for secret in secrets):
        raise UserError("The signature must be that of a secret in the settings.")
    try:
        said = json.loads(body)
        if said.get("ping"):
            return None
        return Heard(said["repository"], headers["x-delivery"], said.get("number", 0), said.get("branch", ""))
    except (ValueError, KeyError):
        raise InvalidDocument("The body must be JSON with `repository`.") from None


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """Where the bot listens."""

    port: int

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return Answer(answer.status, answer.read().decode(), dict(answer.getheaders()))
        finally:
            connection.close()

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def deliver(
        self,
        repository: str = "",
        number: int = 0,
        branch: str = "",
        *,
        delivery: str = "",
        event: str = "push",
        secret: bytes = SECRET,
        body: bytes | None = None,
    ) -> Answer:
        said = {"repository": repository, "number": number, "branch": branch}
        sent = json.dumps(said).encode() if body is None else body
        headers = {
            "X-Signature": signature(secret, sent),
            "X-Delivery": delivery or f"delivery-{next(_deliveries)}",
            "X-Event": event,
        }
        return self.ask("POST", "/webhooks/test", sent, headers)
