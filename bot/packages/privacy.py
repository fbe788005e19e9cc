"""What only this machine has, which no package may have carried elsewhere."""

from collections.abc import Iterable

from bot.errors import Refused
from bot.packages.address import same_repository
from bot.packages.naming import quoted
from bot.packages.registration import Registration, is_path, redacted


def check_private(repository: str, follower: Registration, registered: Iterable[Registration]) -> None:
    """Refuse an upstream on this machine that is not `registered`, where packages elsewhere follow it.

    Anybody who can write a package could otherwise have what only this person can read pushed to there.
    """
    if not is_here(repository) or is_here(follower.url):
        return
    if any(same_repository(repository, one.url) for one in registered):
        return
    raise Refused(
        f"The upstream {quoted(redacted(repository))} is a repository on this machine; register it with "
        f"`portico repo register`, if packages of {quoted(follower.name)} are to follow it."
    )


def is_here(url: str) -> bool:
    """Say whether Git looks for `url` on this machine."""
    # Whatever host a `file:` URL names, Git looks on this machine; and `%2F` may hide that there is none.
    return is_path(url) or url.lower().startswith("file://")
