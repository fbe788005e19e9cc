"""One round over all repositories that are registered in a cluster."""

from collections.abc import Callable, Container, Iterable, Mapping, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from bot.errors import InternalError, Later, NotFound, UserError
from bot.kubernetes.beginnings import Beginnings
from bot.kubernetes.cluster import Cluster, Object
from bot.kubernetes.contents import Contents, read_heads
from bot.kubernetes.hearing import Rendered
from bot.kubernetes.keeper import Ask, Identify, Keeper, Settle
from bot.kubernetes.kinds import REPOSITORY, REVISION
from bot.kubernetes.origins import Held, Origins
from bot.kubernetes.removal import remove_all
from bot.kubernetes.repositories import Access, News, Registered, access_of, read_repositories, tell
from bot.kubernetes.wished import Now
from bot.lifecycle import cluster_messages as say
from bot.packages.naming import RevisionName
from bot.packages.objects import REPOSITORY_LABEL, name_of
from bot.packages.registration import Registration, redacted
from bot.ports import Collection, Drafts

AT_ONCE = 8  # repositories
Place = tuple[str, str]  # namespace and name of a Repository
MOST_PASSES = 3  # over one repository in one round, while people change its objects


class Opened(NamedTuple):
    """A repository that can be read, and asked to do something."""

    collection: Collection
    ask: Ask
    settle: Settle
    drafts: Drafts


class Served(NamedTuple):
    """Who looks after one repository, for as long as its Repository and its Secret say `sign`."""

    sign: object
    keeper: Keeper
    beginnings: Beginnings
    contents: Contents


# Opens a registered repository; the text tells apart those of one name in two namespaces.
Open = Callable[[Registration, Access | None, str], Opened]
# Told of an exception that is a fault of ours.
Fault = Callable[[Exception], None]


def _raised(error: Exception) -> None:
    raise error


@dataclass
class Round:
    """Goes round in `namespaces`, () for all of them; what was learnt is kept for the next round."""

    cluster: Cluster
    open: Open
    identify: Identify
    now: Now
    namespaces: Sequence[str] = ()
    fault: Fault = _raised
    """Hears of what is our own mistake, for which one repository is left out and no other."""
    _served: dict[Place, Served] = field(default_factory=dict)
    _broken: set[Place] = field(default_factory=set)
    _without: set[Place] = field(default_factory=set)
    """Where it cannot be shown what is in packages, as far as the last round over all has seen."""

    def go(self, places: Container[tuple[str, str]] | None = None) -> list[str]:
        """Serve every repository, or those in `places` (namespace and name).

        Returns what could not be done, after all the rest.
        """
        if places is None:
            self._without.clear()
        spaces = self.namespaces or ("",)
        repositories = [one for space in spaces for one in self.cluster.list(REPOSITORY, space).items]
        mine = _by_repository(one for space in spaces for one in self.cluster.list(REVISION, space).items)
        registered = read_repositories(repositories)
        self._forget(registered)
        served = {one.place for one in registered}
        failures = self._clear(item for place in mine if place not in served for item in mine[place].values())
        with ThreadPoolExecutor(AT_ONCE) as pool:
            due = [one for one in registered if places is None or one.place in places]
            found = pool.map(lambda one: self._serve(one, mine.get(one.place, {})), due)
            failures += [failure for told in found for failure in told]
            # Only now: a draft may come from any other repository of its namespace.
            fresh = [one for one in due if self._begin(one, mine.get(one.place, {}), failures)]
            found = pool.map(lambda one: self._serve(one, self._objects(*one.place)), fresh)
            return [*failures, *(failure for told in found for failure in told)]

    def _serve(self, registered: Registered, objects: dict[str, Object]) -> list[str]:
        namespace, name = registered.place
        try:
            news = self._news(registered, objects)
            tell(self.cluster, registered, news, self.now)
        except UserError as error:
            return [f"{namespace}/{name}: {error}"]
        return [f"{namespace}/{name}: {problem}" for problem in news.problems]

    def _begin(self, registered: Registered, objects: Mapping[str, Object], failures: list[str]) -> bool:
        """Begin the drafts that are asked for in one repository; whether there are any now."""
        place = registered.place
        if place in self._broken or place not in self._served:
            return False
        find = partial(self._find, registered.place[0])
        try:
            begun, told = self._served[place].beginnings.begin(objects.values(), find)
        except Exception as error:  # noqa: BLE001 what is wrong with one must not keep the others waiting
            self.fault(error)
            begun, told = 0, [say.faulty()]
        failures += [f"{'/'.join(place)}: {failure}" for failure in told]
        return bool(begun)

    def _find(self, namespace: str, name: str) -> Held:
        """The revision of a repository of the namespace whose object is called `name`."""
        repository = name.partition(".")[0]
        place = (namespace, repository)
        if place in self._broken:
            raise Later(say.source_unread(repository))
        if served := self._served.get(place):
            registration, collection = served.keeper.registration, served.keeper.collection
            for revision in collection.revisions():
                if name_of(registration, revision) == name:
                    return Held(registration, collection, revision)
        raise NotFound(say.no_source(name))

    def _news(self, registered: Registered, objects: MutableMapping[str, Object]) -> News:
        self._broken.add(registered.place)
        if registered.problem:
            return News(problems=(registered.problem,))
        try:
            served = self._look_after(registered)
            keeper, place = served.keeper, registered.place
            for _ in range(MOST_PASSES):
                heads = self._heads(*place)
                kept = served.contents.keep(heads, partial(keeper.keep, objects), keeper.rendered)
                if not kept.moved:
                    break
                objects = self._objects(*place)
            self._broken.discard(place)
            head = _head(keeper.collection)
            missing = () if head else (say.no_branch(keeper.registration.branch),)
            return News(kept.packages, head, (*missing, *kept.failures))
        except UserError as error:
            return News(problems=(str(error),))
        except Exception as error:  # noqa: BLE001 what is wrong with one must not keep the others waiting
            self.fault(error)
            return News(problems=(say.faulty(),))

    def _objects(self, namespace: str, name: str) -> dict[str, Object]:
        return _by_repository(self.cluster.list(REVISION, namespace).items).get((namespace, name), {})

    def _heads(self, namespace: str, name: str) -> dict[str, Object] | None:
        """The metadata of the objects with what is in a repository's packages; None where there are none."""
        if (namespace, name) in self._without:
            return None
        found = read_heads(self.cluster, namespace, f"{REPOSITORY_LABEL}={name}")
        if found is None:
            self._without.add((namespace, name))
            return None
        return {head["metadata"]["name"]: head for head in found}

    def _look_after(self, registered: Registered) -> Served:
        """Who did it before, unless the Repository or its Secret say something else by now."""
        registration = registered.registration
        if registration is None:
            raise InternalError("A repository without registration is not served.")
        access = access_of(self.cluster, registered)
        owner, is_elsewhere, shows = registered.item, registered.is_elsewhere, registered.shows
        sign = (registration, access, owner["metadata"]["uid"], is_elsewhere, shows)
        known = self._served.get(registered.place)
        if known is not None and known.sign == sign:
            return known
        collection, ask, settle, drafts = self.open(registration, access, "/".join(registered.place))
        refusal = say.kept_elsewhere(redacted(registration.url)) if is_elsewhere else ""
        here = (self.cluster, registration, owner, collection)
        hears = (self.identify, self.now, refusal)
        origins = Origins(registration, collection, drafts)
        made = Served(
            sign,
            Keeper(*here, ask, _not_settled if refusal else settle, *hears),
            Beginnings(self.cluster, origins, *hears),
            Contents(*here, drafts, *hears, shows),
        )
        self._served[registered.place] = made
        return made

    def _clear(self, orphans: Iterable[Object]) -> list[str]:
        """Delete what we wrote of Repositories that are no longer: to take one away orders nothing in Git."""
        try:
            remove_all(self.cluster, orphans)
        except UserError as error:
            return [str(error)]
        return []

    def _forget(self, registered: Iterable[Registered]) -> None:
        known = {one.place for one in registered}
        for place in [place for place in self._served if place not in known]:
            del self._served[place]
        self._broken &= known


def _not_settled(_name: RevisionName) -> Rendered:
    """Of what is kept elsewhere nothing is rendered here."""
    return None


def _by_repository(items: Iterable[Object]) -> dict[tuple[str, str], dict[str, Object]]:
    """Objects by their names, apart by the namespace and name of the repository that they say they are of."""
    found: dict[tuple[str, str], dict[str, Object]] = {}
    for item in items:
        place = item["metadata"]["namespace"], str(item.get("spec", {}).get("repository", ""))
        found.setdefault(place, {})[item["metadata"]["name"]] = item
    return found


def _head(collection: Collection) -> str:
    try:
        return collection.head()
    except NotFound:
        return ""
