"""Where a GitLab is to be found, and how it writes moments."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass
class Place:
    """The addresses of the API and of the pages, without a slash at their ends."""

    web: str = "https://gitlab.test"

    @property
    def api(self) -> str:
        return f"{self.web}/api/v4"

    @property
    def host(self) -> str:
        return self.web.partition("://")[2].partition(":")[0]


def stamp(moment: datetime) -> str:
    """A moment as the API writes it, with thousandths."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def maybe(moment: datetime | None) -> str | None:
    return stamp(moment) if moment else None


def told(moment: datetime) -> str:
    """A moment as webhooks write it, which is another way."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def offset(moment: datetime) -> str:
    """A moment as commits have it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+00:00")
