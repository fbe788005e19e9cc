"""One round over all repositories that are registered in a cluster."""

from collections.abc import Callable, Container, Iterable, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.errors import InternalError, NotFound, UserError
from bot.kubernetes.cluster import Cluster, Object
from bot.kubernetes.keeper import Ask, Identify, Keeper, Settle
from bot.kubernetes.kinds import REPOSITORY, REVISION
from bot.kubernetes.removal import remove_all
from bot.kubernetes.repositories import Access, News, Registered, access_of, read_repositories, tell
from bot.kubernetes.wished import Now
from bot.packages.registration import Registration
from bot.ports import Collection

AT_ONCE = 8  # repositories
MOST_PASSES = 3  # over one repository in one round, while people change its objects


class Opened(NamedTuple):
    """A repository that can be read, and asked to do something."""

    collection: Collection
    ask: Ask
    settle: Settle


# Opens a registered repository; the text tells apart those of one name in two namespaces.
Open = Callable[[Registration, Access | None, str], Opened]


@dataclass
class Round:
    """Goes round in `namespaces`, () for all of them; what was learnt is kept for the next round."""

    cluster: Cluster
    open: Open
    identify: Identify
    now: Now
    namespaces: Sequence[str] = ()
    _keepers: dict[tuple[str, str], tuple[object, Keeper]] = field(default_factory=dict)

    def go(self, places: Container[tuple[str, str]] | None = None) -> list[str]:
        """Serve every repository, or those in `places` (namespace and name).

        Returns what could not be done, after all the rest.
        """
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
            return [*failures, *(failure for told in found for failure in told)]

    def _serve(self, registered: Registered, objects: dict[str, Object]) -> list[str]:
        namespace, name = registered.place
        try:
            news = self._news(registered, objects)
            tell(self.cluster, registered, news, self.now)
        except UserError as error:
            return [f"{namespace}/{name}: {error}"]
        return [f"{namespace}/{name}: {problem}" for problem in news.problems]

    def _news(self, registered: Registered, objects: MutableMapping[str, Object]) -> News:
        if registered.problem:
            return News(problems=(registered.problem,))
        try:
            keeper = self._keeper(registered)
            kept = keeper.keep(objects)
            for _ in range(MOST_PASSES):
                if not kept.moved:
                    break
                kept = keeper.keep(self._objects(*registered.place))
            return News(kept.packages, _head(keeper.collection), kept.failures)
        except UserError as error:
            return News(problems=(str(error),))

    def _objects(self, namespace: str, name: str) -> dict[str, Object]:
        return _by_repository(self.cluster.list(REVISION, namespace).items).get((namespace, name), {})

    def _keeper(self, registered: Registered) -> Keeper:
        """The keeper of before, unless the Repository or its Secret say something else by now."""
        registration = registered.registration
        if registration is None:
            raise InternalError("A repository without registration is not served.")
        access = access_of(self.cluster, registered)
        sign = (registration, access, registered.item["metadata"]["uid"])
        known = self._keepers.get(registered.place)
        if known is not None and known[0] == sign:
            return known[1]
        opened = self.open(registration, access, "/".join(registered.place))
        keeper = Keeper(self.cluster, registration, registered.item, *opened, self.identify, self.now)
        self._keepers[registered.place] = (sign, keeper)
        return keeper

    def _clear(self, orphans: Iterable[Object]) -> list[str]:
        """Delete what we wrote of Repositories that are no longer: to take one away orders nothing in Git."""
        try:
            remove_all(self.cluster, orphans)
        except UserError as error:
            return [str(error)]
        return []

    def _forget(self, registered: Iterable[Registered]) -> None:
        known = {one.place for one in registered}
        for place in [place for place in self._keepers if place not in known]:
            del self._keepers[place]


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
