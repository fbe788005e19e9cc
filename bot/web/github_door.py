"""The door for GitHub: its webhooks are heard, and one attendant looks after each of its repositories."""

from pathlib import Path
from urllib.parse import urlsplit

from bot import compose
from bot.attendant.attendant import Attendant
from bot.forges.github.hear import hear
from bot.web.attendants import Attendants
from bot.web.config import GITHUB, App, GitHub
from bot.web.door import Door
from bot.web.meter import Meter
from bot.web.registrations import Registered

FORGE = "github"
EVENTS = frozenset(
    {"ping", "push", "create", "delete", "pull_request", "pull_request_review", "issue_comment", "check_run"}
)


def github_door(settings: GitHub, state: Path, meter: Meter) -> Door:  # noqa: ARG001 requests are not counted by status yet
    """Webhooks at `/webhooks/github`; what attendants learn lies below `state`."""

    def hire(known: Registered, place: Path) -> Attendant:
        access, url = settings.access, settings.url
        who = (
            compose.GitHubAccess(app=str(access.id), key=access.key.reveal())
            if isinstance(access, App)
            else compose.GitHubAccess(access.reveal())
        )
        name = known.name
        return compose.on_github(
            compose.OnGitHub(name, who, known.layout, api_of(url), f"{url}/{name}.git", place)
        )

    attendants = Attendants(settings.registrations, state / FORGE, hire)
    return Door(
        forge=FORGE,
        secrets=tuple(secret.reveal().encode() for secret in settings.webhook_secrets),
        registrations=settings.registrations,
        hear=hear,
        attend=attendants.attend,
        me=attendants.me,
        event_header="X-GitHub-Event",
        events=EVENTS,
    )


def api_of(url: str) -> str:
    """Where the REST API of a GitHub is, by the address at which people see it."""
    return (
        "https://api.github.com" if urlsplit(url).hostname == urlsplit(GITHUB).hostname else f"{url}/api/v3"
    )
