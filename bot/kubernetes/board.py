"""Pins in a cluster: put there, found, moved and taken away, and never over what is another's."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.errors import Moved, NotFound, Refused
from bot.kubernetes.cluster import MANAGER, Cluster, Object
from bot.kubernetes.gitops.engine import Engine, Written
from bot.kubernetes.gitops.marks import SELECTOR, Mark, mark_of
from bot.kubernetes.gitops.pin import Pin
from bot.kubernetes.kinds import Kind
from bot.kubernetes.owned import owned
from bot.packages.naming import quoted


class Hung(NamedTuple):
    """A pin as it is in the cluster: `items` are its objects by kind, {} for one that is not there."""

    engine: Engine
    mark: Mark
    items: tuple[Object, ...]

    @property
    def name(self) -> str:
        return str(self.items[0]["metadata"]["name"])

    @property
    def namespace(self) -> str:
        return str(self.items[0]["metadata"]["namespace"])

    @property
    def ref(self) -> str:
        return self.engine.ref(self.items[0])

    @property
    def url(self) -> str:
        return self.engine.url(self.items[0])

    @property
    def state(self) -> str:
        return self.engine.state(self.items)


class Board:
    """The pins of one cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def put(self, objects: Sequence[Written], *, takes_over: bool = False) -> list[Object]:
        """Write the objects of one pin, all of which the cluster must accept first; returns them as stored.

        Raises Refused for one that is not ours, or whose fields another wrote, unless `takes_over`.
        """
        for written in objects:
            there = self._try_get(written.kind, written.item)
            if not takes_over:
                _check_ours(written, there)
        for rehearses in (True, False):
            stored = [self._apply(written, takes_over=takes_over, rehearses=rehearses) for written in objects]
        return stored

    def _apply(self, written: Written, *, takes_over: bool, rehearses: bool) -> Object:
        try:
            return self._cluster.offer(written.kind, written.item, forces=takes_over, rehearses=rehearses)
        except NotFound as error:
            kind, namespace = written.kind, written.item["metadata"]["namespace"]
            raise NotFound(
                f"There is no {kind.kind} of {quoted(kind.api_version)} in this cluster, or no namespace "
                f"{quoted(namespace)}: {error} Install the engine first, or name its namespace with "
                "`--namespace`."
            ) from None
        except Moved as error:
            raise Refused(
                f"{quoted(written.shown)} has fields that another wrote, and stays as it is: {error} Take "
                "them over with `portico sync create` and `--take-over`."
            ) from None

    def find(self, engine: Engine, namespace: str, name: str = "") -> list[Hung]:
        """Our pins for one engine, in a namespace or in all ('') of them; none where it is not installed."""
        try:
            listed = [self._cluster.list(kind, namespace, SELECTOR).items for kind in engine.kinds]
        except NotFound:
            return []
        firsts, *rest = ({_place(item): item for item in items} for items in listed)
        found = []
        for place, item in sorted(firsts.items()):
            mark = mark_of(item)
            if mark is not None and name in ("", place[1]):
                found.append(Hung(engine, mark, (item, *(more.get(place, {}) for more in rest))))
        return found

    def move(self, hung: Hung, pin: Pin) -> list[Object]:
        """Pin it anew: what we wrote of its objects is written again, with the other revision.

        Raises Refused when an object is missing, or is no longer written by us.
        """
        moved = []
        for kind, item in zip(hung.engine.kinds, hung.items, strict=True):
            mine = owned(item, MANAGER)
            if not mine.get("spec"):
                raise Refused(
                    f"The {kind.kind} of {quoted(hung.name)} is not there, or was written by another; write "
                    f"it again with `portico sync create {pin.name} --engine {hung.engine.word} --latest`."
                )
            moved.append(Written(kind, hung.engine.move(kind, mine, pin)))
        return self.put(moved)

    def has(self, engine: Engine, namespace: str, name: str) -> bool:
        """Whether an object of one of the engine's kinds has this name, whoever wrote it."""
        return bool(self._there(engine, namespace, name))

    def remove(self, engine: Engine, namespace: str, name: str) -> list[str]:
        """Delete a pin's objects, the last first, and name them; raises Refused when one is another's."""
        there = self._there(engine, namespace, name)
        for kind, item in there:
            if mark_of(item) is None or not owned(item, MANAGER):
                raise Refused(
                    f"{quoted(Written(kind, item).shown)} was not written by Portico, and is left alone; "
                    "whoever wrote it can delete it with kubectl."
                )
        for kind, item in reversed(there):
            self._cluster.delete(kind, item)
        return [Written(kind, item).shown for kind, item in reversed(there)]

    def _there(self, engine: Engine, namespace: str, name: str) -> list[tuple[Kind, Object]]:
        place = {"metadata": {"name": name, "namespace": namespace}}
        return [(kind, item) for kind in engine.kinds if (item := self._try_get(kind, place))]

    def _try_get(self, kind: Kind, item: Object) -> Object:
        """The object as it is; {} where there is none. Where there is no such kind either, a write tells."""
        try:
            return self._cluster.get(kind, item["metadata"]["namespace"], item["metadata"]["name"])
        except NotFound:
            return {}


def _check_ours(written: Written, there: Object) -> None:
    if not there:
        return
    mark, wanted = mark_of(there), mark_of(written.item)
    if mark is None:
        raise Refused(
            f"{quoted(written.shown)} is there already, and is not ours; choose another `--name`, or take it "
            "over with `--take-over`."
        )
    if wanted is None or (mark.repository, mark.package) != (wanted.repository, wanted.package):
        raise Refused(
            f"{quoted(written.shown)} pins the package {quoted(mark.path)} already; choose another `--name`, "
            "or take it over with `--take-over`."
        )


def _place(item: Object) -> tuple[str, str]:
    return item["metadata"]["namespace"], item["metadata"]["name"]
