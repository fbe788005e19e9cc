"""A package cloned from its upstream: what the first draft of the new one is to hold (facts: Porch §5.2)."""

from collections.abc import Mapping
from typing import Any

from bot.errors import NotFound
from bot.packages.acquisition import Fetch, Fetched, acquire
from bot.packages.gostring import go_quoted
from bot.packages.kptfile import Upstream
from bot.packages.merge.kptfile import without_rendered
from bot.packages.merge.merge_comment import with_merge_comments
from bot.packages.operations.content import Content, Story
from bot.packages.package import KPTFILE
from bot.packages.package_context import with_package_context
from bot.packages.provenance import Strategy
from bot.packages.registration import redacted
from bot.packages.source import without_credentials

SUBJECT = "Creating new revision by cloning"


def clone(  # noqa: PLR0913 a clone is all of these
    path: str,
    upstream: Upstream,
    fetch: Fetch,
    *,
    source: str = "",
    strategy: Strategy = Strategy.RESOURCE_MERGE,
    deployment: bool = False,
) -> Content:
    """Clone the package that `upstream` names into a new one at `path` of its repository.

    `source` is the object's name of the registered revision that this is, '' for a package from elsewhere;
    `deployment` says that the new one is to be deployed from where it will be, and gets its context. Raises
    what `fetch` raises, NotFound where there is no package, and InvalidDocument for a broken Kptfile.
    """

    def fetched(wanted: Upstream) -> Fetched:
        found = fetch(wanted)
        if wanted == upstream and KPTFILE not in found.files:
            raise _no_package(found.lock)
        return found

    name = path.rpartition("/")[2]
    acquired = acquire(name, upstream, fetched, strategy=strategy)
    # What the upstream's Kptfile says of its last rendering was said of a package with another name.
    unrendered = {**acquired.files, KPTFILE: without_rendered(KPTFILE, acquired.files[KPTFILE])}
    files = with_merge_comments(unrendered)
    task = cloned_revision(source) if source else cloned_package(acquired.arrivals[0].fetched.upstream)
    return Content(with_package_context(files, name, path) if deployment else files, Story(SUBJECT, task))


def cloned_revision(name: str) -> Mapping[str, Any]:
    """Porch's task for a clone of the registered revision whose object is called `name`."""
    return {"type": "clone", "clone": {"upstreamRef": {"upstreamRef": {"name": name}}}}


def cloned_package(upstream: Upstream) -> Mapping[str, Any]:
    """Porch's task for a clone of a package from elsewhere; credentials are never written."""
    git = {
        "repo": without_credentials(upstream.repo),
        "ref": upstream.ref,
        "directory": upstream.directory,
    }
    return {"type": "clone", "clone": {"upstreamRef": {"type": "git", "git": git}}}


def _no_package(lock: Upstream) -> NotFound:
    return NotFound(
        f"There is no package in {go_quoted(lock.directory)} of {go_quoted(redacted(lock.repo))} at "
        f"{go_quoted(lock.ref)}: the directory has no Kptfile; name the one of a package."
    )
