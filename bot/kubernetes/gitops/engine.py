"""What the engines have in common: a row for each, which says how it is told of a pin."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from bot.kubernetes.gitops.pin import Pin, Place
from bot.kubernetes.kinds import Kind

Object = Mapping[str, Any]


class Written(NamedTuple):
    """An object and its kind; `item` has no `apiVersion` and no `kind`, which the kind tells."""

    kind: Kind
    item: Object

    @property
    def whole(self) -> dict[str, Any]:
        """The object as kubectl takes it."""
        return {"apiVersion": self.kind.api_version, "kind": self.kind.kind, **self.item}

    @property
    def shown(self) -> str:
        """The object as kubectl names it."""
        return f"{self.kind.kind.lower()}.{self.kind.group}/{self.item['metadata']['name']}"


class Engine(NamedTuple):
    """One GitOps engine, whose objects are looked for in `namespace`; its names have `longest` characters.

    `kinds` begins with the one that holds the pin. `build` makes all objects of a pin, in the order of their
    kinds, and raises Refused for what the engine cannot do; `move` pins what we wrote of such an object anew.
    `ref` is the tag that the first is pinned to ('' for none), `url` where that is; `state` is what the
    engine says of all of them.
    """

    word: str
    title: str
    namespace: str
    longest: int
    kinds: tuple[Kind, ...]
    build: Callable[[Pin, Place], tuple[Written, ...]]
    move: Callable[[Kind, Object, Pin], Object]
    ref: Callable[[Object], str]
    url: Callable[[Object], str]
    state: Callable[[tuple[Object, ...]], str]


def metadata(place: Place, marked: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": place.name, "namespace": place.namespace, **marked}


def remarked(item: Object, marked: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The metadata that we wrote of an object, with marks of another pin."""
    old = item["metadata"]
    return {**old, **{key: {**old.get(key, {}), **texts} for key, texts in marked.items()}}


def condition(item: Object, kind: str) -> Object:
    """The condition of this type in an object's status; {} where it has none."""
    found = (item.get("status") or {}).get("conditions") or ()
    return next((one for one in found if one.get("type") == kind), {})


def told(one: Object) -> str:
    """A condition's reason and message in one line."""
    return ": ".join(
        filter(None, (str(one.get("reason", "")), " ".join(str(one.get("message", "")).split())))
    )
