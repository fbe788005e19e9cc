"""Documents that stand unchanged in both versions of a file, taken out so that they are not even read."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.documents.separators import Part, split


class Rest(NamedTuple):
    """What is left of a file, each line in its place, and the number of each document in the whole file."""

    content: bytes
    numbers: tuple[int, ...] | None = None


def without_still(before: bytes, after: bytes) -> tuple[Rest, Rest]:
    """Both versions without the documents whose text is in both; all of them where that is hard to tell."""
    everything = Rest(before), Rest(after)
    if b"\n---" not in before or b"\n---" not in after or b"\r" in before or b"\r" in after:
        return everything
    try:
        old, new = split(before.decode("utf-8-sig")), split(after.decode("utf-8-sig"))
    except (UnicodeDecodeError, InvalidDocument):
        return everything
    still = Counter(part.text for part in old) & Counter(part.text for part in new)
    return (_rest(old, still.copy()), _rest(new, still.copy())) if still else everything


def _rest(parts: list[Part], still: Counter[str]) -> Rest:
    texts: list[str] = []
    numbers: list[int] = []
    number = 0
    for part in parts:
        is_still = still[part.text] > 0
        still[part.text] -= is_still
        texts.append("\n" * part.text.count("\n") if is_still else part.text)
        if _has_content(part.text):
            numbers += () if is_still else (number,)
            number += 1
    return Rest("---\n".join(texts).encode(), tuple(numbers))


def _has_content(text: str) -> bool:
    lines = (line.strip() for line in text.split("\n"))
    return any(line not in {"", "---", "null", "~"} and line[0] != "#" for line in lines)
