"""What people do on the street more than once, and what can be seen there."""

from collections.abc import Mapping

import pygit2

from tests.attendant.github.street import BRANCH, Street
from tests.forges.github.pull_request import PullRequest

MAIN = "refs/heads/main"
ZONE_FILE = "net/dns/zone.yaml"


def propose(
    street: Street, branch: str = BRANCH, files: Mapping[str, bytes | None] | None = None
) -> PullRequest:
    """A proposal that ada wrote; without `files` it is the package with another value."""
    if files is None:
        street.write("ada", "60", branch)
    else:
        street.cast.commit("ada", branch, files)
    street.attendant.look_at_branch(branch)
    street.ready()
    street.look()
    return street.pull


def pushed(street: Street, files: Mapping[str, bytes | None]) -> PullRequest:
    street.cast.commit("ada", BRANCH, files)
    street.attendant.look_at_branch(BRANCH)
    return street.pull


def approve(street: Street, pull: PullRequest | None = None, by: str = "grace") -> None:
    answer = street.cast.review(by, pull or street.pull, "APPROVE", "Good.")
    assert answer.status == 200, answer.body


def approved(
    street: Street, branch: str = BRANCH, files: Mapping[str, bytes | None] | None = None
) -> PullRequest:
    """A proposal that grace has approved, and that nobody has looked at since."""
    pull = propose(street, branch, files)
    approve(street, pull)
    return pull


def ref(street: Street, name: str) -> str:
    return street.cast.repo.bare.ref(name)


def tags(street: Street) -> dict[str, str]:
    """Every tag, without `refs/tags/`."""
    found = street.cast.repo.bare.refs("refs/tags/")
    return {name.removeprefix("refs/tags/"): commit for name, commit in found.items()}


def content(street: Street, commit: str, path: str = ZONE_FILE) -> str:
    found = street.cast.repo.bare.commit(commit).tree[path]
    assert isinstance(found, pygit2.Blob)
    return found.data.decode()


def writes(street: Street) -> list[str]:
    """What meant to change something at GitHub since this was asked last."""
    found = [
        f"{each.method} {each.path.removeprefix('/api/v3/repos/acme/blueprints/')}"
        for each in street.cast.hub.log
        if each.method not in ("GET", "HEAD")
        and "access_tokens" not in each.path
        and not (each.path == "/api/graphql" and b"mutation" not in each.body)
    ]
    street.cast.hub.log.clear()
    return found


def living_on(street: Street, pull: PullRequest) -> str:
    """The one living comment of a pull request, as a person reads it."""
    comments = street.cast.repo.comments_on(pull.number)
    found = [each.body for each in comments if each.body.startswith("<!-- portico:living -->")]
    assert len(found) <= 1, found
    return readable(found[0]) if found else ""


def readable(text: str) -> str:
    """Undo what keeps markup away."""
    for code in range(33, 127):
        text = text.replace(f"&#{code};", chr(code))
    return text
