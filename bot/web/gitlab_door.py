"""The door for GitLab: its webhooks are heard, and one attendant looks after each of its projects."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot import compose
from bot.attendant.attendant import Attendant
from bot.forges.gitlab.hear import EVENTS, hear
from bot.forges.heard import Heard
from bot.web.attendants import Attendants
from bot.web.clock import Clock
from bot.web.config import GitLab
from bot.web.door import Door
from bot.web.registrations import Registered

FORGE = "gitlab"


def gitlab_door(settings: GitLab, state: Path, now: Clock = time.time) -> Door:
    """Webhooks at `/webhooks/gitlab`; what attendants learn lies below `state`."""

    def hear_now(headers: Mapping[str, str], body: bytes, secrets: Sequence[bytes], /) -> Heard | None:
        return hear(headers, body, secrets, now=now())

    def hire(known: Registered, place: Path) -> Attendant:
        name, url = known.name, settings.url
        token = settings.token.reveal()
        return compose.on_gitlab(compose.OnGitLab(name, token, known.layout, url, f"{url}/{name}.git", place))

    attendants = Attendants(settings.registrations, state / FORGE, hire)
    return Door(
        forge=FORGE,
        secrets=tuple(secret.reveal().encode() for secret in settings.webhook_secrets),
        registrations=settings.registrations,
        hear=hear_now,
        attend=attendants.attend,
        me=attendants.me,
        event_header="X-Gitlab-Event",
        events=EVENTS,
    )
