"""Plain values as people read them, without secrets, on one line or on several."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

from bot.packages.difference.change import MISSING, FieldChange
from bot.packages.difference.field_path import Choice
from bot.packages.difference.line_masking import lines_of
from bot.packages.difference.masking import masked
from bot.packages.difference.printable import cut, printable, printable_line
from bot.packages.redaction import REDACTED

_LONGEST = 160
_STEP = "  "


def masked_sides(change: FieldChange) -> tuple[object, object]:
    """The values before and after without secrets; an order is the list of its items' keys."""
    key = next((step for step in reversed(change.path) if isinstance(step, str)), "")
    sides = (_unchosen(side) if change.reordered else side for side in (change.before, change.after))
    before, after = (
        side if side is MISSING else masked(side, guarded=change.guarded, key=key) for side in sides
    )
    return before, after


def _unchosen(order: object) -> object:
    items = order if isinstance(order, list) else []
    return [str(item) if isinstance(item, Choice) else item for item in items]


def one_line(value: object) -> str:
    """The value as JSON has it, cut when long; what is masked stands without quotes."""
    if value == REDACTED:
        return REDACTED
    if isinstance(value, float) and not math.isfinite(value):
        return f".{value}".replace(".-", "-.")
    return printable(cut(json.dumps(value, ensure_ascii=False), _LONGEST))


def is_long(value: object) -> bool:
    """Whether it is told better on lines of its own."""
    return bool(value) and (isinstance(value, dict | list) or (isinstance(value, str) and "\n" in value))


def value_lines(value: object, indent: str = "") -> Iterator[str]:
    """The value on several lines, as YAML has it, one after the other as they are asked for."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _under(f"{indent}{_key(key)}:", item, indent + _STEP)
    elif isinstance(value, list):
        for item in value:
            yield from _item(item, indent)
    elif isinstance(value, str) and "\n" in value:
        for line in lines_of(value):
            yield indent + printable_line(cut(line.removesuffix("\n"), _LONGEST))
    else:
        yield indent + one_line(value)


def _item(item: object, indent: str) -> Iterator[str]:
    """An item, whose first line stands behind its dash."""
    if isinstance(item, str) and is_long(item):
        yield from _under(f"{indent}-", item, indent + _STEP)
        return
    sign = f"{indent}- "
    for line in value_lines(item, indent + _STEP):
        yield sign + line[len(sign) :]
        sign = indent + _STEP


def _under(head: str, item: object, indent: str) -> Iterator[str]:
    if not is_long(item):
        yield f"{head} {one_line(item)}"
        return
    yield f"{head} |" if isinstance(item, str) else head
    yield from value_lines(item, indent)


def _key(key: str) -> str:
    return printable(cut(key, _LONGEST)) or '""'
