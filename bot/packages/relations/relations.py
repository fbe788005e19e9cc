"""Who comes from whom among all registered package revisions, in both directions.

Every question looks one step far, so that packages which were cloned from each other are no trouble; and each
is answered from an index, so that its cost is that of its answer.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from bot.errors import InvalidName
from bot.packages.address import canonical_address
from bot.packages.kptfile import Upstream
from bot.packages.layout import NO_REVISION
from bot.packages.registration import redacted
from bot.packages.relations.family import Family, Member
from bot.packages.revision import Lifecycle
from bot.packages.source import directory_path

_SHORT = 10
_WRITTEN = frozenset({Lifecycle.DRAFT, Lifecycle.PROPOSED})

# A repository's address, and a package's path from its root.
Place = tuple[str, str]


class Link(NamedTuple):
    """Where a revision comes from: `origin` as its Kptfile has it, with the commit where that is locked.

    `upstream` is the registered revision that `origin` names as it is now: None where the repository or the
    package is not registered, or the revision is gone. `repository` and `path` are those of the registered
    package, '' and '' where there is none. `number` and `draft` are those of `Sighting`. `newer` are the
    published revisions after it, oldest first.
    """

    origin: Upstream
    upstream: Member | None = None
    repository: str = ""
    path: str = ""
    number: int = NO_REVISION
    draft: str = ""
    newer: tuple[Member, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it can be said if there is something newer."""
        return self.number > 0 or bool(self.draft)

    def __str__(self) -> str:
        """`blueprints/networking/dns@v1`; where it is not registered its URL, which holds no secret."""
        if self.upstream is not None:
            revision = self.upstream.revision
            at = f"v{revision.revision}" if revision.revision > 0 else revision.workspace
            return f"{self.repository}/{self.path}@{at}"
        at = self.origin.ref or self.origin.commit[:_SHORT]
        directory = self.origin.directory.strip("/")
        if self.repository:
            place = f"{self.repository}/{self.path}"
            at = at.removeprefix(f"{directory}/")
        else:
            place = redacted(self.origin.repo) + (f"/{directory}" if directory not in {"", "."} else "")
        return f"{place}@{at}" if at else place


class Relations:
    """The relations between `members`, all revisions of all registered repositories.

    A repository that is registered more than once gives each of its revisions more than one name; the first
    in the order of `members` is the one that is told.
    """

    def __init__(self, members: Iterable[Member]) -> None:
        self.members = tuple(members)
        self._roots: dict[tuple[str, str], tuple[str, str]] = {}
        self._origins: dict[tuple[str, str], Place] = {}
        self._families: dict[Place, Family] = {}

    def link(self, member: Member) -> Link | None:
        """Where `member` comes from; None for a package that was not cloned."""
        origin = member.lineage.origin
        if origin is None:
            return None
        family = self._family(self._origin_place(origin))
        if family is None:
            return Link(origin)
        sighting = family.sight(origin)
        first = sighting.member or family.members[0]
        names = first.registration.name, first.revision.path
        return Link(origin, sighting.member, *names, *sighting[1:], family.newer(sighting))

    def downstream(self, name: str) -> tuple[Member, ...] | None:
        """Every revision that comes from what `name` names; None where nothing is called so.

        That is one revision, by its object's name, or a package with all its revisions, as
        `<repository>.<path, with dots>`. A package's own revisions are never its downstream.
        """
        if member := self._by_name.get(name):
            place, ref = self._place(member), member.revision.ref
            return tuple([one for one in self._followers.get(place, ()) if self._comes_from(one, ref)])
        package = self._by_package.get(name)
        return None if package is None else tuple(self._followers.get(package, ()))

    def live(self, members: Iterable[Member]) -> tuple[Member, ...]:
        """Those of `members` that somebody may still build on, each once: see `is_live`."""
        live = [member for member in members if self.is_live(member)]
        # By any of its names a revision is one.
        return tuple({(self._place(one), one.revision.ref): one for one in reversed(live)}.values())[::-1]

    def is_live(self, member: Member) -> bool:
        """Whether it is the latest of its package, a draft, a proposal, or the branch where that is all."""
        revision = member.revision
        if revision.latest or revision.lifecycle in _WRITTEN:
            return True
        is_placeholder = revision.revision < 0 and revision.ref == member.registration.layout.branch_ref
        return is_placeholder and self._place(member) not in self._numbered

    def _comes_from(self, member: Member, ref: str) -> bool:
        link = self.link(member)
        return link is not None and link.upstream is not None and link.upstream.revision.ref == ref

    def _family(self, place: Place) -> Family | None:
        if place not in self._families and place in self._by_place:
            self._families[place] = Family(place[1], self._by_place[place])
        return self._families.get(place)

    @cached_property
    def _by_place(self) -> dict[Place, list[Member]]:
        found: dict[Place, list[Member]] = {}
        for member in self.members:
            found.setdefault(self._place(member), []).append(member)
        return found

    @cached_property
    def _followers(self) -> dict[Place, list[Member]]:
        found: dict[Place, list[Member]] = {}
        for member in self.members:
            origin = member.lineage.origin
            if origin is not None and (place := self._origin_place(origin)) != self._place(member):
                found.setdefault(place, []).append(member)
        return found

    @cached_property
    def _by_name(self) -> dict[str, Member]:
        return {member.name: member for member in reversed(self.members)}

    @cached_property
    def _by_package(self) -> dict[str, Place]:
        return {
            ".".join((one.registration.name, *filter(None, one.revision.path.split("/")))): place
            for place, members in self._by_place.items()
            for one in members
        }

    @cached_property
    def _numbered(self) -> frozenset[Place]:
        """The packages that have a latest revision."""
        return frozenset(self._place(member) for member in self.members if member.revision.latest)

    def _place(self, member: Member) -> Place:
        registration, path = member.registration, member.revision.path
        key = registration.url, registration.directory
        root = self._roots.get(key)
        if root is None:
            start = f"{registration.directory}/" if registration.directory else ""
            root = self._roots[key] = canonical_address(registration.url), start
        return (root[0], root[1] + path) if path else (root[0], registration.directory)

    def _origin_place(self, origin: Upstream) -> Place:
        key = origin.repo, origin.directory
        place = self._origins.get(key)
        if place is None:
            place = self._origins[key] = canonical_address(origin.repo), _path(origin.directory)
        return place


def _path(directory: str) -> str:
    try:
        return directory_path(directory)
    except InvalidName:
        return directory  # no package's
