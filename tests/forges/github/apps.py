"""GitHub Apps, where they are installed, and the tokens by which callers are known."""

import functools
from dataclasses import dataclass, field
from datetime import datetime

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.forges.github.people import Organization, User
from tests.forges.github.refusal import Refused

EVENTS = (
    "pull_request",
    "pull_request_review",
    "issue_comment",
    "issues",
    "push",
    "create",
    "delete",
    "check_run",
    "status",
    "merge_group",
    "repository",
    "member",
    "membership",
    "installation",
    "installation_repositories",
    "ping",
)
PERMISSIONS = {
    "metadata": "read",
    "contents": "write",
    "pull_requests": "write",
    "issues": "write",
    "checks": "write",
    "statuses": "write",
    "administration": "read",
    "members": "read",
}
LIFE = 3600  # seconds that an installation's token is good for


@functools.cache
def pem() -> str:
    """A private key; one for all Apps of a process, since making one takes long."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.TraditionalOpenSSL
    made = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    return made.decode()


@functools.cache
def _public() -> bytes:
    key = serialization.load_pem_private_key(pem().encode(), None).public_key()
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


@dataclass(eq=False)
class App:
    """A GitHub App; `bot` is who it is when it acts."""

    id: int
    slug: str
    owner: User
    bot: User
    made: datetime
    permissions: dict[str, str] = field(default_factory=lambda: dict(PERMISSIONS))
    events: tuple[str, ...] = EVENTS
    installations: list["Installation"] = field(default_factory=list)
    is_actions: bool = False
    """Whether its tokens are the GITHUB_TOKEN of workflows."""

    @property
    def pem(self) -> str:
        return pem()


@dataclass(eq=False)
class Installation:
    """An App in an account; `repositories` are ids, None is all."""

    id: int
    app: App
    account: User
    made: datetime
    permissions: dict[str, str]
    repositories: set[int] | None = None
    is_suspended: bool = False

    @property
    def kind(self) -> str:
        return "Organization" if isinstance(self.account, Organization) else "User"

    def covers(self, repository: int) -> bool:
        return self.repositories is None or repository in self.repositories


@dataclass(eq=False)
class Caller:
    """Who asks: a person by a token, an installation by its token, an App by its JWT, or nobody."""

    user: User | None = None
    app: App | None = None
    installation: Installation | None = None
    permissions: dict[str, str] = field(default_factory=dict)
    repositories: set[int] | None = None
    expires: datetime | None = None
    token: str = ""
    scopes: tuple[str, ...] | None = None
    """Those of a classic token, which every answer names; None is a token of another kind."""

    @property
    def is_app(self) -> bool:
        """Whether an App's permissions bound what may be done."""
        return self.app is not None

    def may(self, permission: str) -> bool:
        """Whether an App's token has `name:read` or `name:write`, or any of several parted by `|`."""
        return any(self._has(*each.split(":")) for each in permission.split("|"))

    def _has(self, name: str, level: str) -> bool:
        held = self.permissions.get(name, "read" if name == "metadata" else "")
        return held in {"write", "admin"} or held == level


def bearer(apps: dict[int, App], token: str) -> App:
    """The App that signed a JSON web token; `Refused` when nobody did, or it is too old or long."""
    try:
        claims = jwt.decode(token, _public(), algorithms=["RS256"], options={"verify_iat": True}, leeway=60)
    except jwt.ExpiredSignatureError as error:
        said = "'Expiration time' claim ('exp') must be a numeric value representing the future time at which"
        raise Refused(401, f"{said} the assertion expires") from error
    except jwt.InvalidTokenError as error:
        raise Refused(401, "A JSON web token could not be decoded") from error
    if claims["exp"] - claims["iat"] > 600 + 120:
        raise Refused(401, "'Expiration time' claim ('exp') is too far in the future")
    found = apps.get(int(claims["iss"]))
    if not found:
        raise Refused(404, "Integration not found")
    return found
