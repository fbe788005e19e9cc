"""Who portico is on GitHub: the bearer of a token, or an installation of an App."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from github.Auth import AppAuth, Auth
from jwt import PyJWTError

from bot.errors import AccessDenied

EARLY_SECONDS = 300  # a token is renewed before it ends: a push that begins with it has time to end
LIFE_SECONDS = 3600  # of an installation's token, where GitHub does not say
_OF_AN_APP = "ghs_"  # how tokens of installations begin, that of a workflow's run too


@dataclass(frozen=True, slots=True)
class Token:
    """A personal access token, or the one that a workflow's run is given."""

    value: str = field(repr=False)

    @property
    def is_app(self) -> bool:
        """Whether GitHub takes its bearer for an App, which alone may write check runs."""
        return self.value.startswith(_OF_AN_APP)


@dataclass(frozen=True, slots=True)
class App:
    """A GitHub App: `id` is its id or client id, `private_key` a PEM."""

    id: str
    private_key: str = field(repr=False)

    @property
    def is_app(self) -> bool:
        return True


class Bearer(Auth):
    """Puts the token of this moment on each request, as PyGithub asks for it."""

    def __init__(self, value: str = "") -> None:
        self._value = value
        self._until = float("inf") if value else float("-inf")
        self._lock = threading.Lock()

    @property
    def token_type(self) -> str:
        return "Bearer"

    @property
    def token(self) -> str:
        return self._value

    @property
    def _masked_token(self) -> str:
        return "Bearer (removed)"

    @property
    def is_over(self) -> bool:
        """Whether a new token must be asked for."""
        with self._lock:
            return time.monotonic() >= self._until

    def forget(self) -> None:
        """Have a new token asked for."""
        with self._lock:
            self._until = float("-inf")

    def renew(self, value: str, seconds: float) -> None:
        """Take a token that lives for `seconds` from now."""
        with self._lock:
            self._value = value
            self._until = time.monotonic() + seconds - EARLY_SECONDS


def signer(app: App) -> AppAuth:
    """What signs requests of the App itself; raises AccessDenied where the key is none."""
    try:
        made = AppAuth(app.id, app.private_key)
        made.create_jwt()
    except (AssertionError, ValueError, TypeError, PyJWTError) as error:
        raise AccessDenied(
            "The App's `id` and `privateKeyFile` cannot be used: the key must be the PEM file that GitHub "
            "made for the App, whole and without a passphrase."
        ) from error
    return made


def life_of(granted: Mapping[str, Any], headers: Mapping[str, str]) -> float:
    """How many seconds an installation's token lives, by GitHub's clock alone."""
    try:
        end = datetime.fromisoformat(str(granted.get("expires_at", "")))
        life = (end - parsedate_to_datetime(headers.get("date", ""))).total_seconds()
    except (TypeError, ValueError):
        return LIFE_SECONDS
    # What is said to have ended already, or to live for days, is told by a clock that goes wrong.
    return life if EARLY_SECONDS < life <= 24 * LIFE_SECONDS else LIFE_SECONDS
