"""What a difference says, done to the old values and lines, so that the laws can be asked for."""

from copy import deepcopy
from typing import Any

from bot.packages.difference.alignment import Effort, blocks
from bot.packages.difference.change import FieldChange, Word
from bot.packages.difference.field_path import Choice, Path
from bot.packages.difference.keyed_list import Keyed, keyed
from bot.packages.difference.line_masking import lines_of
from bot.packages.schema import Shape


def patched(value: object, changes: tuple[FieldChange, ...], shape: Shape) -> object:
    """The value with the changes applied, in the order that `field_changes` asks for."""
    holder: Any = {"root": deepcopy(value)}
    told = [(("root", *change.path), change) for change in changes]
    root = Shape("{" + shape.text + "}")
    lists = [(path, change) for path, change in told if not isinstance(path[-1], str)]
    for path, change in told:
        if change.word is Word.CHANGED:
            _place(holder, path, root)[0][_place(holder, path, root)[1]] = deepcopy(change.after)
        elif change.word in {Word.ADDED, Word.REMOVED} and isinstance(path[-1], str):
            _put(_inner(holder, path[:-1], root)[0], path[-1], change)
    for path, change in reversed(lists):
        if change.word is Word.REMOVED:
            where, index = _place(holder, path, root)
            del where[index]
    for path, change in lists:
        if change.word is Word.ADDED:
            index = change.at if change.at is not None else path[-1]
            _inner(holder, path[:-1], root)[0].insert(index, deepcopy(change.after))
    for path, change in told:
        if change.word is Word.REORDERED:
            _sort(*_inner(holder, path, root), change.after)
    return holder["root"]


def _put(mapping: Any, key: str, change: FieldChange) -> None:
    if change.word is Word.REMOVED:
        del mapping[key]
    else:
        mapping[key] = deepcopy(change.after)


def _sort(items: Any, shape: Shape, order: Any) -> None:
    found = _keyed(items, shape)
    items[:] = [found.items[choice][1] for choice in order]


def _inner(holder: Any, path: Path, shape: Shape) -> tuple[Any, Shape]:
    """What stands at the path, and its shape."""
    here = holder
    for step in path:
        where, index = _step(here, step, shape)
        here = where[index]
        shape = shape.field(step) if isinstance(step, str) else shape.item()
    return here, shape


def _place(holder: Any, path: Path, shape: Shape) -> tuple[Any, Any]:
    where, inner = _inner(holder, path[:-1], shape)
    return _step(where, path[-1], inner)


def _step(here: Any, step: object, shape: Shape) -> tuple[Any, Any]:
    return here, _keyed(here, shape).items[step][0] if isinstance(step, Choice) else step


def _keyed(items: Any, shape: Shape) -> Keyed:
    assert shape.merge_keys is not None
    found = keyed(items, shape.merge_keys)
    assert found is not None
    return found


def patched_lines(before: str, after: str) -> str:
    """The old text with the blocks of the new one put in."""
    old, new = lines_of(before), lines_of(after)
    for block in reversed(blocks(old, new, Effort())):
        old[block.old_start : block.old_end] = new[block.new_start : block.new_end]
    return "".join(old)
