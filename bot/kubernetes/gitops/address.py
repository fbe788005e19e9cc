"""Where a cluster fetches a repository from: never from this machine, and never with a secret in the URL."""

from bot.errors import Refused
from bot.packages.naming import quoted
from bot.packages.registration import check_url, is_path


def reachable(url: str) -> str:
    """Return `url` when a cluster may fetch from it; raises InvalidName, or Refused with the way out."""
    if is_path(check_url(url)) or url.lower().startswith("file:"):
        raise Refused(
            f"A cluster cannot fetch from {quoted(url)}, which is a place on this machine; name the URL at "
            "which it finds the same repository with `--url`."
        )
    return url


def is_ssh(url: str) -> bool:
    """Whether Git goes there by ssh: by a URL that says so, or by `host:path`."""
    return "://" not in url or url.lower().startswith("ssh:")


def as_url(url: str) -> str:
    """The same address with a scheme in front: `git@host:path` is `ssh://git@host/path`."""
    if "://" in url:
        return url
    host, _, path = url.partition(":")
    return f"ssh://{host}/{path.lstrip('/')}"
