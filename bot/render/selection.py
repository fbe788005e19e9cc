"""Which resources a function is given, and how what it returns finds its way back."""

from collections.abc import Mapping
from typing import NamedTuple

from bot.packages.function import Function, Pairs, Selector
from bot.packages.resource import Resource


def select(function: Function, items: list[Resource]) -> list[Resource]:
    """The items that any selector matches (all, if there is none) and no exclusion does."""
    if not function.selectors and not function.exclude:
        return list(items)
    exclude = [selector for selector in function.exclude if selector != Selector()]
    found = []
    for item in items:
        seen = _Seen(item.api_version, item.kind, item.name, item.namespace, item.labels, item.annotations)
        if function.selectors and not any(_matches(selector, seen) for selector in function.selectors):
            continue
        if not any(_matches(selector, seen) for selector in exclude):
            found.append(item)
    return found


class _Seen(NamedTuple):
    """What selectors ask of an item, looked up once for however many of them."""

    api_version: str
    kind: str
    name: str
    namespace: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]


def _matches(selector: Selector, item: _Seen) -> bool:
    """Whether everything that the selector asks for is exactly so."""
    return (
        selector.api_version in {"", item.api_version}
        and selector.kind in {"", item.kind}
        and selector.name in {"", item.name}
        and selector.namespace in {"", item.namespace}
        and _has(item.labels, selector.labels)
        and _has(item.annotations, selector.annotations)
    )


def merge(items: list[Resource], selected: list[Resource], returned: list[Resource]) -> list[Resource]:
    """All items after a run: those that were selected and not returned are gone, new ones come last."""
    given = {id(item) for item in selected}
    if len(given) == len(items):
        return returned
    kept = {id(item) for item in returned}
    left = [item for item in items if id(item) not in given or id(item) in kept]
    return left + [item for item in returned if id(item) not in given]


def _has(texts: Mapping[str, str], wanted: Pairs) -> bool:
    return all(texts.get(key) == value for key, value in wanted)
