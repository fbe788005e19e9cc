"""Which resources a function is given, and how what it returns finds its way back."""

from collections.abc import Mapping

from bot.packages.function import Function, Pairs, Selector
from bot.packages.resource import Resource


def select(function: Function, items: list[Resource]) -> list[Resource]:
    """The items that any selector matches (all, if there is none) and no exclusion does."""
    if not function.selectors and not function.exclude:
        return list(items)
    exclude = [selector for selector in function.exclude if selector != Selector()]
    return [
        item
        for item in items
        if (not function.selectors or any(matches(selector, item) for selector in function.selectors))
        and not any(matches(selector, item) for selector in exclude)
    ]


def matches(selector: Selector, item: Resource) -> bool:
    """Whether everything that the selector asks for is exactly so."""
    return (
        selector.api_version in {"", item.api_version}
        and selector.kind in {"", item.kind}
        and selector.name in {"", item.name}
        and selector.namespace in {"", item.namespace}
        and (not selector.labels or _has(item.labels, selector.labels))
        and (not selector.annotations or _has(item.annotations, selector.annotations))
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
