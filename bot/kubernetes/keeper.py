"""Keeps the objects of one repository: obeys what people wrote into them, then has them say what Git says."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from bot.errors import AccessDenied, Later, Moved, TransportFailed, UserError
from bot.kubernetes.cluster import Cluster, Object
from bot.kubernetes.hearing import Rendered
from bot.kubernetes.kinds import REVISION
from bot.kubernetes.orders import Wish, asks, command_of, wish_of
from bot.kubernetes.removal import release, remove
from bot.kubernetes.report import report
from bot.kubernetes.revisions import beside, wished
from bot.kubernetes.wished import Now, Wished, is_ours
from bot.lifecycle import cluster_messages as say
from bot.lifecycle.commands import Command, Propose, ProposeDeletion
from bot.lifecycle.person import Person
from bot.packages.naming import RevisionName
from bot.packages.objects import name_of
from bot.packages.registration import Registration
from bot.packages.revision import Lifecycle, PackageRevision
from bot.ports import Collection

# Carries a command out; raises what it was refused for.
Ask = Callable[[Command], None]
# Brings an unpublished revision to rest; what its rendering came to.
Settle = Callable[[RevisionName], Rendered]
# Who made the last change to an object, as far as that is proven; None where it is not.
Identify = Callable[[Object], Person | None]
# Steps that need nobody's leave; all others are by somebody.
ANYBODYS = (Propose, ProposeDeletion)
UNPUBLISHED = (Lifecycle.DRAFT, Lifecycle.PROPOSED)
# A rendering makes a new head, which is at rest; more come from people who push meanwhile.
MOST_SETTLINGS = 3
WRITERS = 8  # objects that are written at the same time, since each waits for the server
UNKNOWN = Person("", "somebody in the cluster", "unknown@localhost")


class Kept(NamedTuple):
    """What one pass found: how many packages there are, and what could not be done.

    `moved` when somebody changed an object while it was written: what they want is looked at in another pass.
    """

    packages: int
    failures: tuple[str, ...] = ()
    moved: bool = False


@dataclass
class Keeper:
    """One registered repository, and `owner`, the Repository object that registers it."""

    cluster: Cluster
    registration: Registration
    owner: Object
    collection: Collection
    ask: Ask
    settle: Settle
    identify: Identify
    now: Now
    refusal: str = ""
    """Why no order is obeyed here, '' where they are."""
    _wishes: dict[PackageRevision, Wished] = field(default_factory=dict)
    _settled: dict[PackageRevision, Rendered] = field(default_factory=dict)

    def keep(self, actual: MutableMapping[str, Object]) -> Kept:
        """Bring objects and Git together; `actual` are the objects by name, and is kept up to date.

        What cannot be done with one object is told, and keeps no other from it. Raises AccessDenied, Later
        and TransportFailed, which would befall all of them.
        """
        self.collection.refresh()
        failures = self._settle_all()
        told = dict(self._obeyed(actual))
        if told:
            self.collection.refresh()
            failures += self._settle_all()
        wishes = self._all_wishes()
        unwritten, moved = self._mirror_all(wishes, actual, told)
        failures += unwritten
        gone = [name for name, item in actual.items() if name not in wishes and is_ours(item)]
        for name in gone:
            failures += self._done(name, partial(self._gone, actual.pop(name)))
        packages = {revision.path for revision in self._wishes}
        return Kept(len(packages), tuple(failures), moved)

    def rendered(self, revision: PackageRevision) -> Rendered:
        """What the rendering of an unpublished revision came to."""
        return self._settled.get(revision)

    def _settle_all(self) -> list[str]:
        """Bring what is new and unpublished to rest: rendered where it was not; returns the failures."""
        failures: dict[PackageRevision, list[str]] = {}
        for _ in range(MOST_SETTLINGS):
            fresh = [one for one in self._unsettled() if one not in failures]
            if not fresh:
                break
            for one in fresh:
                name = name_of(self.registration, one)
                failures[one] = list(self._done(name, partial(self._settle, one)))
            self.collection.refresh()
        return [failure for told in failures.values() for failure in told]

    def _unsettled(self) -> list[PackageRevision]:
        """What has not been brought to rest as it stands; what is gone is forgotten."""
        unpublished = [one for one in self.collection.revisions() if one.lifecycle in UNPUBLISHED]
        self._settled = {one: self._settled[one] for one in unpublished if one in self._settled}
        return [one for one in unpublished if one not in self._settled]

    def _settle(self, revision: PackageRevision) -> str:
        self._settled[revision] = self.settle(revision.name)
        return ""

    def _obeyed(self, actual: MutableMapping[str, Object]) -> Iterator[tuple[str, str]]:
        """Carry out what was ordered; for each object what came of it, '' for obeyed."""
        named = {name_of(self.registration, one): one for one in self.collection.revisions()}
        for name, item in list(actual.items()):
            wish = wish_of(item) if is_ours(item) else None
            if wish and not self._owns(item):
                wish = None
                if item["metadata"].get("deletionTimestamp"):
                    release(self.cluster, actual.pop(name))
            revision = named.get(name)
            if wish is None or (revision and revision.lifecycle is wish.to):
                continue
            refusal = self._obey(wish, revision, item) if revision else ""
            if wish.to is None:
                release(self.cluster, actual.pop(name))
            if refusal:
                report(self.cluster, REVISION, item, refusal, self.now)
            yield name, refusal

    def _owns(self, item: Object) -> bool:
        """Whether the object is of this very Repository: those of an earlier one go with that, unheard."""
        owners = item["metadata"].get("ownerReferences", ())
        return any(one.get("uid") == self.owner["metadata"]["uid"] for one in owners)

    def _obey(self, wish: Wish, revision: PackageRevision, item: Object) -> str:
        if self.refusal:
            return self.refusal
        by = self.identify(item)
        command = command_of(wish, revision.name, revision.lifecycle, by or UNKNOWN)
        if command is None:
            return say.no_step(revision.name, revision.lifecycle, wish.to or "")
        if by is None and not isinstance(command, ANYBODYS):
            return say.nobody_known(revision.name, command)
        try:
            self.ask(command)
        except (AccessDenied, Later, TransportFailed):
            raise
        except UserError as error:
            return str(error)
        return ""

    def _all_wishes(self) -> dict[str, Wished]:
        """The objects that there shall be; of revisions that have not changed, as they were made before."""
        revisions = self.collection.revisions()
        fresh = [one for one in revisions if one not in self._wishes]
        for revision, details in self.collection.details(fresh):
            rendered = self._settled.get(revision)
            self._wishes[revision] = wished(self.registration, revision, details, self.owner, rendered)
        self._wishes = {one: self._wishes[one] for one in revisions}
        return {name_of(self.registration, one): wish for one, wish in self._wishes.items()}

    def _mirror_all(
        self, wishes: Mapping[str, Wished], actual: MutableMapping[str, Object], told: Mapping[str, str]
    ) -> tuple[list[str], bool]:
        """Write what does not say what it shall, several at once; the failures, and whether any had moved."""
        wanting = [
            name for name, wish in wishes.items() if name in told or not _is_said(wish, actual.get(name))
        ]

        def write(name: str) -> list[str] | None:
            try:
                return list(self._done(name, partial(self._mirror, wishes[name], actual, told.get(name))))
            except Moved:
                return None

        with ThreadPoolExecutor(WRITERS) as pool:
            found = list(pool.map(write, wanting))
        return [failure for failures in found for failure in failures or ()], None in found

    def _mirror(self, wish: Wished, actual: MutableMapping[str, Object], told: str | None) -> str:
        name = wish.metadata["name"]
        item = actual.get(name)
        if item is None:
            item = {}
        elif not is_ours(item):
            # Whoever asked for a draft by it is told so on the object itself.
            return "" if asks(item) else say.another_writes(name)
        wish = beside(wish, item, told)
        if not wish_of(item) and wish.is_said_by(item):
            return ""
        made = self.cluster.apply(REVISION, wish.onto(item))
        actual[name] = self._show(wish, made)
        return ""

    def _show(self, wish: Wished, made: Object) -> Object:
        """Write the status of an object, but under no order: that is for the commit that was shown before."""
        try:
            state = wish.state(made, self.now, as_read=True)
            return self.cluster.apply(REVISION, state, subresource="status")
        except Moved:
            found = self.cluster.get(REVISION, made["metadata"]["namespace"], made["metadata"]["name"])
            if wish_of(found):
                raise
            state = wish.state(found, self.now, as_read=True)
            return self.cluster.apply(REVISION, state, subresource="status")

    def _gone(self, item: Object) -> str:
        remove(self.cluster, item)
        return ""

    def _done(self, name: str, step: Callable[[], str]) -> Iterator[str]:
        try:
            failure = step()
        except (AccessDenied, Later, Moved, TransportFailed):
            raise
        except UserError as error:
            failure = say.not_mirrored(name, str(error))
        if failure:
            yield failure


def _is_said(wish: Wished, item: Object | None) -> bool:
    """Whether an object says it, and by us: what a person wrote would be an order once Git has moved on."""
    if item is None or not is_ours(item) or wish_of(item):
        return False
    return beside(wish, item, None).is_said_by(item)
