"""One round over all repositories that are registered in a cluster."""

from collections.abc import Callable, Iterable, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.errors import InternalError, NotFound, UserError
from bot.kubernetes.cluster import Cluster, Object
from bot.kubernetes.keeper import Ask, Identify, Keeper
from bot.kubernetes.kinds import REPOSITORY, REVISION
from bot.kubernetes.repositories import Access, News, Registered, access_of, read_repositories, tell
from bot.kubernetes.wished import Now
from bot.packages.registration import Registration
from bot.ports import Collection

AT_ONCE = 8  # repositories


class Opened(NamedTuple):
    """A repository that can be read, and asked to do something."""

    collection: Collection
    ask: Ask


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

    def go(self) -> list[str]:
        """Serve every repository; returns what could not be done, after all the rest."""
        spaces = self.namespaces or ("",)
        repositories = [one for space in spaces for one in self.cluster.list(REPOSITORY, space).items]
        objects = [one for space in spaces for one in self.cluster.list(REVISION, space).items]
        registered = read_repositories(repositories)
        self._forget(registered)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = pool.map(lambda one: self._serve(one, objects), registered)
            return [failure for failures in found for failure in failures]

    def _serve(self, registered: Registered, objects: Iterable[Object]) -> list[str]:
        namespace, name = registered.place
        mine: MutableMapping[str, Object] = {
            one["metadata"]["name"]: one
            for one in objects
            if one["metadata"]["namespace"] == namespace and one.get("spec", {}).get("repository") == name
        }
        try:
            news = self._news(registered, mine)
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
            return News(kept.packages, _head(keeper.collection), kept.failures)
        except UserError as error:
            return News(problems=(str(error),))

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

    def _forget(self, registered: Iterable[Registered]) -> None:
        known = {one.place for one in registered}
        for place in [place for place in self._keepers if place not in known]:
            del self._keepers[place]


def _head(collection: Collection) -> str:
    try:
        return collection.head()
    except NotFound:
        return ""
