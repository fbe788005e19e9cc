"""At which commit a person has looked at each package revision, so that an approval is of what they saw."""

from bot.cli.desk import Desk, Found
from bot.errors import Moved
from bot.git.cache import Cache
from bot.packages.naming import quoted

NAME = "seen"
MOST = 1_000  # names; the oldest are forgotten


def look_at(desk: Desk, found: Found) -> None:
    """Remember that the person has its files before them."""
    seen = {name: commit for name, commit in _read(desk).items() if name != found.name}
    seen[found.name] = found.revision.commit
    _cache(desk).write(NAME, dict(list(seen.items())[-MOST:]))


def check_seen(desk: Desk, found: Found) -> None:
    """Raise Moved when it was looked at, and is another commit now; who never looked is not asked."""
    commit = _read(desk).get(found.name, found.revision.commit)
    if commit != found.revision.commit:
        raise Moved(
            f"{quoted(found.name)} was at {commit[:12]} when you looked at it, and is at "
            f"{found.revision.commit[:12]} now; look at it again, as by `portico rpkg diff {found.name}`, or "
            f"approve it with `--at {found.revision.commit[:12]}` when you have."
        )


def _read(desk: Desk) -> dict[str, str]:
    value = _cache(desk).read(NAME)
    return value if isinstance(value, dict) else {}


def _cache(desk: Desk) -> Cache:
    # Beside the log and not among the caches: without it nothing is slower, but less is noticed.
    return Cache(desk.settings.log.parent)
