"""What PyGithub recorded of real GitHub: exchanges, and which keys the real answers always had."""

import ast
import functools
import json
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.forges.github import schemas
from tests.forges.published import lock, place, replays

Json = Any
FORM = 3  # of what is kept in the cache
LINES = 10  # of one exchange; an empty one follows
OLD = datetime(2022, 11, 28, tzinfo=UTC)  # before this version of the API
Key = tuple[str, str, int]


@dataclass(frozen=True)
class Recorded:
    """One exchange as it was recorded."""

    method: str
    path: str
    status: int
    body: Json
    is_old: bool


@dataclass(frozen=True)
class Shape:
    """The keys of a body as `.a.b[].c`; below `blank` places, which are empty or null, there may be any."""

    keys: frozenset[str]
    blank: frozenset[str] = frozenset()

    @classmethod
    def of(cls, value: Json, opening: str = "") -> "Shape":
        match value:
            case dict():
                within = [cls.of(each, f"{opening}.{key}") for key, each in value.items()]
                keys = frozenset(f"{opening}.{key}" for key in value)
                return cls(
                    keys.union(*(w.keys for w in within)), frozenset().union(*(w.blank for w in within))
                )
            case [_, *_]:
                return functools.reduce(cls.common, (cls.of(each, f"{opening}[]") for each in value))
            case None | []:
                return cls(frozenset(), frozenset({opening}))
        return cls(frozenset())

    def common(self, other: "Shape") -> "Shape":
        """What both have, or one has where the other is blank."""
        return Shape(
            frozenset(key for key in self.keys | other.keys if self.may(key) and other.may(key)),
            self.blank | other.blank,
        )

    def may(self, key: str) -> bool:
        return key in self.keys or any(key.startswith((f"{each}.", f"{each}[")) for each in self.blank)


def read(file: Path) -> Iterator[Recorded]:
    """The exchanges of a recording whose bodies are all that was sent."""
    lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
    for start in range(0, len(lines) - LINES + 1, LINES + 1):
        _, method, host, _, target, _, _, status, heads, body = lines[start : start + LINES]
        if host != "api.github.com" or not status.isdecimal():
            continue
        headers = {name.lower(): value for name, value in ast.literal_eval(heads)}
        if headers.get("content-length") not in {None, str(len(body.encode()))}:
            continue
        try:
            said = parsedate_to_datetime(headers.get("date", "Thu, 01 Jan 2015 00:00:00 GMT"))
            yield Recorded(method, urlsplit(target).path, int(status), json.loads(body), said < OLD)
        except ValueError:
            continue


@functools.cache
def always() -> dict[Key, Shape]:
    """What every recorded answer had, by method, template and status; old ones where there are no others."""
    kept = place() / f"replays-{FORM}.pickle"
    files = sorted(replays().glob("*.txt"))
    with lock(kept.name):
        if not kept.exists():
            partial = kept.with_suffix(".partial")
            partial.write_bytes(pickle.dumps(_gather(files)))
            partial.rename(kept)
    found: dict[Key, Shape] = pickle.loads(kept.read_bytes())  # noqa: S301 we wrote it ourselves
    return found


def _gather(files: list[Path]) -> dict[Key, Shape]:
    found: dict[bool, dict[Key, Shape]] = {True: {}, False: {}}
    for file in files:
        for each in read(file):
            operation = schemas.rest().find(each.method, each.path)
            if operation is None or not each.body or not isinstance(each.body, dict | list):
                continue
            key, held = (each.method, operation.template, each.status), found[each.is_old]
            shape = Shape.of(each.body)
            held[key] = held[key].common(shape) if key in held else shape
    return {**found[True], **found[False]}
