"""The path of a field through mappings and lists."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.packages.difference.printable import cut, printable
from bot.packages.redaction import REDACTED, holds_secret, looks_encoded

_WORD = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_LONGEST = 128


class Choice(NamedTuple):
    """An item of a list by its keys and their values, as text; the key '' is the item itself."""

    pairs: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return ",".join(f"{key}={_shown(value)}" for key, value in self.pairs)


# A key of a mapping, the place of an item counted from 0, or which item it is.
Step = str | int | Choice
Path = tuple[Step, ...]


def path_text(path: Path) -> str:
    """The path as people read it: 'spec.containers[name=web].args[0]', '(all)' for the whole document."""
    text = ""
    for step in path:
        if isinstance(step, str):
            is_word = _WORD.fullmatch(step) and len(step) <= _LONGEST
            text += f".{step}" if is_word else f'["{_shown(step)}"]'
        else:
            text += f"[{step}]"
    return text.removeprefix(".") or "(all)"


def _shown(text: str) -> str:
    return REDACTED if holds_secret(text) or _is_random(text) else printable(cut(text, _LONGEST))


def _is_random(text: str) -> bool:
    """Keys of mappings and items are names: only what no person would call a thing is none."""
    return looks_encoded(text) and any(map(str.isupper, text)) and any(map(str.isdigit, text))
