"""What a draft that is asked for in a cluster begins with; its sources are what the namespace registers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, assert_never

from bot.errors import Refused, TransportFailed
from bot.lifecycle import cluster_messages as say
from bot.packages.acquisition import Fetched
from bot.packages.address import same_repository
from bot.packages.initial import DEFAULT_DESCRIPTION, initial_files
from bot.packages.kptfile import Upstream, read_kptfile
from bot.packages.layout import NO_REVISION
from bot.packages.naming import RevisionName
from bot.packages.objects import name_of
from bot.packages.operations.beginning import copied_story, initial_story
from bot.packages.operations.clone import clone
from bot.packages.operations.content import Content
from bot.packages.operations.upgrade import Parties, Wish, upgrade
from bot.packages.origin import CloneFrom, CloneOf, CopyOf, Init, Origin, UpgradeOf, upstream_of
from bot.packages.package import KPTFILE, Files
from bot.packages.package_context import with_own_context
from bot.packages.registration import Registration
from bot.packages.revision import Lifecycle, PackageRevision
from bot.packages.source import directory_path
from bot.packages.vacancy import in_the_way, is_taken
from bot.ports import Collection, Drafts

PUBLISHED = (Lifecycle.PUBLISHED, Lifecycle.DELETION_PROPOSED)


class Held(NamedTuple):
    """A package revision, and the registered repository that holds it."""

    registration: Registration
    collection: Collection
    revision: PackageRevision

    @property
    def name(self) -> str:
        return name_of(self.registration, self.revision)

    @property
    def upstream(self) -> Upstream:
        return upstream_of(self.registration, self.revision)

    def files(self) -> Files:
        return self.collection.files(self.revision)

    def fetched(self, wanted: Upstream) -> Fetched:
        return Fetched(self.files(), wanted, self.upstream._replace(commit=self.revision.commit))


# The revision whose object is called so; raises NotFound, and Later for a repository that cannot be read now.
Find = Callable[[str], Held]


@dataclass(frozen=True, slots=True)
class Origins:
    """Makes what drafts of one repository begin with, out of what `find` finds."""

    registration: Registration
    collection: Collection
    drafts: Drafts

    def content(self, name: RevisionName, origin: Origin, find: Find) -> Content:
        """What the draft `name` is to hold; raises UserError with what keeps it from being begun."""
        revisions = self.collection.revisions()
        if is_taken(name, revisions):
            raise Refused(say.workspace_taken(name))
        if isinstance(origin, Init | CloneFrom | CloneOf):
            if other := in_the_way(name.path, revisions):
                raise Refused(say.not_new(name.path, other))
        elif not any(revision.path == name.path for revision in revisions):
            raise Refused(say.no_package(name.path))
        match origin:
            case Init():
                return _initial(name, origin)
            case CloneFrom(upstream):
                return self._cloned(name, upstream, self._fetch, "")
            case CloneOf(source):
                held = _published(find(source))
                return self._cloned(name, held.upstream, self._beside(held), held.name)
            case CopyOf(source):
                held = self._own(name, find(source))
                return Content(held.files(), copied_story(held.name))
            case UpgradeOf():
                return self._upgraded(name, origin, find)
            case _:
                assert_never(origin)

    def _fetch(self, upstream: Upstream) -> Fetched:
        try:
            return self.drafts.fetch(upstream)
        except TransportFailed as error:
            # It is theirs to look after, not ours: trying again would ask in vain, round after round.
            raise Refused(str(error)) from None

    def _beside(self, *known: Held) -> Callable[[Upstream], Fetched]:
        """Reads these revisions where they are, and fetches all else."""

        def fetch(wanted: Upstream) -> Fetched:
            for held in known:
                if _is_it(wanted, held):
                    return held.fetched(wanted)
            return self._fetch(wanted)

        return fetch

    def _cloned(
        self, name: RevisionName, upstream: Upstream, fetch: Callable[[Upstream], Fetched], source: str
    ) -> Content:
        deployment = self.registration.deployment
        return clone(name.path, upstream, fetch, source=source, deployment=deployment)

    def _own(self, name: RevisionName, held: Held) -> Held:
        """A published revision of this very package (facts: Porch §3.2)."""
        if held.registration != self.registration or held.revision.path != name.path:
            raise Refused(say.of_another_package(held.name, name.path))
        return _published(held)

    def _upgraded(self, name: RevisionName, origin: UpgradeOf, find: Find) -> Content:
        current = self._own(name, find(origin.current))
        old, new = _published(find(origin.old)), _published(find(origin.new))
        local = current.files()
        kptfile = read_kptfile(local[KPTFILE].content) if KPTFILE in local else None
        upstream = kptfile.upstream if kptfile else None
        lock = kptfile.upstream_lock if kptfile else None
        if upstream is None or not _is_place(upstream, new):
            raise Refused(say.follows_another(current.name, new.name))
        if lock is None or not _is_place(lock, old) or lock.commit != old.revision.commit:
            raise Refused(say.comes_from_another(current.name, old.name))
        content = upgrade(
            local,
            self._beside(new, old),
            Parties(current.name, old.name, new.name),
            Wish(new.upstream.ref, origin.strategy),
        )
        if not self.registration.deployment:
            return content
        return content._replace(files=with_own_context(content.files, local, name.path))


def _initial(name: RevisionName, origin: Init) -> Content:
    description = origin.description or DEFAULT_DESCRIPTION
    package = name.path.rpartition("/")[2]
    files = initial_files(package, description=description, keywords=origin.keywords, site=origin.site)
    fields = {"description": description, "keywords": list(origin.keywords), "site": origin.site}
    return Content(files, initial_story(fields))


def _published(held: Held) -> Held:
    """One that stays what it is: published, with a number (facts: Porch §3.2)."""
    if held.revision.lifecycle not in PUBLISHED or held.revision.revision == NO_REVISION:
        raise Refused(say.source_unpublished(held.name, held.revision.lifecycle))
    return held


def _is_place(upstream: Upstream, held: Held) -> bool:
    """Whether it names the package that a revision is of."""
    there = held.upstream
    same = directory_path(upstream.directory) == directory_path(there.directory)
    return same and same_repository(upstream.repo, there.repo)


def _is_it(wanted: Upstream, held: Held) -> bool:
    if not _is_place(wanted, held):
        return False
    return wanted.commit == held.revision.commit if wanted.commit else wanted.ref == held.upstream.ref
