"""A new package of a repository on a forge that follows another one: where that is, and what it holds."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from bot.errors import InvalidName, NotFound
from bot.git.following import Following
from bot.lifecycle.beginning import read_package
from bot.packages.address import same_repository
from bot.packages.kptfile import Upstream
from bot.packages.layout import HEADS, Layout
from bot.packages.naming import quoted
from bot.packages.operations.clone import clone
from bot.packages.operations.content import Content
from bot.packages.published import newest, published_at
from bot.packages.revision import PackageRevision
from bot.packages.source import ROOT, directory_path, read_source


class Here(NamedTuple):
    """The repository in which a clone is to be; with `deployment`, from which it is to be deployed."""

    layout: Layout
    revisions: Sequence[PackageRevision]
    deployment: bool = False


def cloned(path: str, source: str, following: Following, here: Here) -> Content:
    """What the package at `path` begins with, which follows `source`.

    That is `<path>[@v<N>]` of the repository itself, or `<repository>.git[/<directory>][@<ref>]`. Raises
    InvalidName, NotFound, Refused for one that is not allowed, InvalidDocument, and TransportFailed.
    """
    upstream = _own(source, following.url, here) or _elsewhere(source, following, here.layout)
    return clone(path, upstream, following.fetch, deployment=here.deployment)


def _own(source: str, url: str, here: Here) -> Upstream | None:
    """A published package of the repository itself; None where no path is named."""
    try:
        path, number = read_package(source)
    except InvalidName:
        return None
    try:
        found = published_at(here.revisions, path, number) if number else newest(here.revisions, path)
    except NotFound as error:
        raise NotFound(
            f"{error} A package of another repository is named by its address, such as "
            f"{quoted('https://github.com/team/blueprints.git/dns@v2')}, which the policy must list under "
            "`upstreams`."
        ) from None
    full_path = here.layout.full_path(path)
    return Upstream(url, full_path or ROOT, f"{full_path}/v{found.revision}")


def _elsewhere(source: str, following: Following, layout: Layout) -> Upstream:
    def branches(repository: str) -> Collection[str]:
        return [ref.removeprefix(HEADS) for ref in following.refs(repository) if ref.startswith(HEADS)]

    # What lies on this machine is nobody's business who writes comments.
    read = read_source(source, branches, lambda _: False)
    named = read._replace(directory=directory_path(read.directory) or ROOT)
    is_own = same_repository(read.repo, following.url)
    return named if read.ref or not is_own else named._replace(ref=layout.branch)
