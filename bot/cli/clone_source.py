"""What a person names to clone: a package revision, a package of the default upstream, or any repository."""

import os
import re
from typing import NamedTuple

import click

from bot.cli.desk import Desk, Found, Shelf, pick, warn
from bot.cli.pkg_upstreams import upstreams
from bot.cli.printable import printable
from bot.cli.progress import progress
from bot.errors import InvalidName, NotFound, Refused, UserError
from bot.git.upstream import Upstreams, is_repository
from bot.packages.acquisition import Fetched
from bot.packages.kptfile import Upstream
from bot.packages.layout import revision_number
from bot.packages.naming import check_path, quoted
from bot.packages.objects import name_of
from bot.packages.origin import upstream_of
from bot.packages.published import newest, published_at
from bot.packages.revision import Lifecycle
from bot.packages.source import (
    FORMS,
    ROOT,
    check_ref,
    check_repository,
    directory_path,
    local_path,
    read_source,
)

LATEST = "latest"
# Neither a path nor an address has its first dot there.
_NAME = re.compile(r"[^./:@]+\.[^/:@]+(?<!\.git)")
_SUFFIX = re.compile(r"\.git(?=$|[/@])")


class Source(NamedTuple):
    """The package to clone; `name` is its revision's object, '' for a package from elsewhere.

    What is registered is read from the mirror that was just refreshed, all else is fetched once.
    """

    upstream: Upstream
    elsewhere: Upstreams
    found: Found | None = None

    @property
    def name(self) -> str:
        return self.found.name if self.found else ""

    def fetch(self, wanted: Upstream) -> Fetched:
        """Get this package, or one below it that comes from elsewhere; warns of what is left out."""
        if self.found is not None and wanted == self.upstream:
            shelf, revision = self.found.shelf, self.found.revision
            return Fetched(
                shelf.client.files(revision), wanted, self.upstream._replace(commit=revision.commit)
            )
        with progress("Fetching"):
            fetched = self.elsewhere.fetch(wanted)
        for warning in fetched.warnings:
            click.echo(printable(warning), err=True)
        return fetched


def read_clone_source(desk: Desk, target: Shelf, text: str, *, directory: str, ref: str) -> Source:
    """Find what `text` names, for a clone into `target`; `directory` and `ref` override what it says.

    Raises NotFound, Refused for a placeholder, InvalidName, and TransportFailed.
    """
    if _NAME.fullmatch(text):
        if directory or ref:
            raise UserError(
                f"--directory and --ref say where in a repository a package is, but {quoted(text)} is the "
                "name of a package revision; leave them out."
            )
        return _registered(_find(desk, target, text))
    if not (directory or ref) and _is_package(text):
        return _of_default_upstream(desk, target, text)
    return Source(_elsewhere(text, directory, ref), upstreams())


def _registered(found: Found) -> Source:
    registration, revision = found.shelf.registration, found.revision
    if revision.ref == registration.layout.branch_ref:
        raise Refused(
            f"The upstream revision may not be the placeholder package revision {quoted(found.name)}; clone "
            "one that has a revision number."
        )
    if revision.lifecycle in (Lifecycle.DRAFT, Lifecycle.PROPOSED):
        warn(
            f"{quoted(found.name)} is {revision.lifecycle}, and the branch that the clone will name as its "
            "upstream goes when it is published."
        )
    return Source(upstream_of(registration, revision), upstreams(), found)


def _find(desk: Desk, target: Shelf, name: str) -> Found:
    """Find a revision by name; a repository that was read a moment ago is not asked again."""
    if name.partition(".")[0] == target.registration.name:
        return pick(name, [target])
    return desk.find(name)


def _is_package(text: str) -> bool:
    path, _, version = text.partition("@")
    try:
        check_path(path)
    except InvalidName:
        return False
    # What follows the user in an address of ssh is more than a version.
    return "/" not in version and ":" not in version


def _of_default_upstream(desk: Desk, target: Shelf, text: str) -> Source:
    path, _, version = text.partition("@")
    registration = target.registration
    if not registration.upstream:
        return Source(_local(text, registration.name), upstreams())
    own = registration.upstream == registration.name
    shelf = target if own else desk.shelf(registration.upstream)
    revisions = shelf.catalog.revisions
    if not any(revision.path == path for revision in revisions):
        raise NotFound(
            f"There is no package {quoted(path)} in {quoted(registration.upstream)}, the default upstream of "
            f"{quoted(registration.name)}; `portico rpkg get --repository {registration.upstream}` lists "
            "those that there are."
        )
    number = revision_number(version)
    if version not in {"", LATEST} and number < 1:
        raise InvalidName(f"The version {quoted(version)} must be 'latest', or a revision such as 'v2'.")
    revision = newest(revisions, path) if version in {"", LATEST} else published_at(revisions, path, number)
    return _registered(Found(name_of(shelf.registration, revision), shelf, revision))


def _local(text: str, repository: str) -> Upstream:
    """Read what looks like a package's path, where there is no default upstream, as one of this machine."""
    try:
        return _elsewhere(text, "", "")
    except InvalidName:
        raise NotFound(
            f"{quoted(text)} is neither the name of a package revision nor a repository, and "
            f"{quoted(repository)} was registered without `--upstream`, where a package of that path could "
            f"be; name a package revision, or {FORMS}."
        ) from None


def _elsewhere(text: str, directory: str, ref: str) -> Upstream:
    """Read a package of any repository, with its directory as Porch records it."""
    elsewhere = upstreams()
    if directory and not _SUFFIX.search(text):
        # All of it is the repository, so that an address without '.git' can be given, too.
        read = Upstream(check_repository(text))
    else:
        read = read_source(text, elsewhere.branches, is_repository)
    path = directory_path(directory or read.directory) or ROOT
    # A draft has no folder from which a path could be relative.
    repository = os.path.abspath(read.repo) if local_path(read.repo) == read.repo else read.repo  # noqa: PTH100 links stay as they are named
    return Upstream(repository, path, check_ref(ref) if ref else read.ref)
