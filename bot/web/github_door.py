"""The door for GitHub: its webhooks are heard, and one attendant looks after each of its repositories."""

import hashlib
import threading
from pathlib import Path
from urllib.parse import urlsplit

from bot import compose
from bot.attendant.attendant import Attendant
from bot.errors import Refused, UserError
from bot.forges.github.hear import hear
from bot.packages.naming import quoted
from bot.web.config import GITHUB, App, GitHub
from bot.web.door import Door
from bot.web.look import Look
from bot.web.meter import Meter

FORGE = "github"
EVENTS = frozenset(
    {"ping", "push", "create", "delete", "pull_request", "pull_request_review", "issue_comment", "check_run"}
)


def github_door(settings: GitHub, state: Path, meter: Meter) -> Door:
    """Webhooks at `/webhooks/github`; what attendants learn lies below `state`."""
    crew = _Crew(settings, state / FORGE, meter)
    return Door(
        forge=FORGE,
        secrets=tuple(secret.reveal().encode() for secret in settings.webhook_secrets),
        registrations=settings.registrations,
        hear=hear,
        attend=crew.attend,
        event_header="X-GitHub-Event",
        events=EVENTS,
    )


class _Crew:
    """An attendant for each repository, hired when it is first looked at."""

    def __init__(self, settings: GitHub, state: Path, meter: Meter) -> None:
        self._settings = settings
        self._state = state
        self._meter = meter
        self._hired: dict[str, Attendant] = {}
        self._lock = threading.Lock()

    def attend(self, look: Look, /) -> None:
        """Look where the order says; raises what the attendant raises, for all of a repository at its end."""
        attendant = self._attendant(look.repository)
        if look.number:
            attendant.look(look.number)
        elif look.branch:
            attendant.look_at_branch(look.branch)
        elif failures := attendant.look_at_all():
            raise UserError("\n".join(failures))

    def _attendant(self, name: str) -> Attendant:
        with self._lock:
            if name not in self._hired:
                self._hired[name] = self._hire(name)
            return self._hired[name]

    def _hire(self, name: str) -> Attendant:
        known = self._settings.registrations.of(name)
        if known is None:
            raise Refused(f"The settings name no repository {quoted(name)}.")
        access = self._settings.access
        who = (
            compose.GitHubAccess(app=str(access.id), key=access.key.reveal())
            if isinstance(access, App)
            else compose.GitHubAccess(access.reveal())
        )
        # Names of repositories are told apart by GitHub without regard to case.
        place = self._state / hashlib.sha256(name.lower().encode()).hexdigest()[:20]
        url = self._settings.url
        return compose.on_github(
            compose.OnGitHub(name, who, known.layout, api_of(url), f"{url}/{name}.git", place)
        )


def api_of(url: str) -> str:
    """Where the REST API of a GitHub is, by the address at which people see it."""
    return (
        "https://api.github.com" if urlsplit(url).hostname == urlsplit(GITHUB).hostname else f"{url}/api/v3"
    )
