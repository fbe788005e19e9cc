"""How a rendering is written into a file, and how nothing else is read from one.

A digest over the key and all that follows; the length of the JSON in 8 bytes; the JSON; the changed files.
"""

import json
from hashlib import sha256
from typing import Any

from bot.packages.documents.collector import collector_paused
from bot.packages.problem import Problem
from bot.packages.rendering import Reference, Rendering, Result, Step

UTF8 = ("utf-8", "surrogatepass")  # a path of Git need not be UTF-8
_FORMAT = 1
_KINDS = (Rendering, Step, Result, Reference, Problem)
# Part of the digest, so that a release whose renderings have other fields reads nothing of this one.
_SHAPE = json.dumps([_FORMAT, *(kind._fields for kind in _KINDS)]).encode()
_RESULTS = Step._fields.index("results")
_RESOURCE, _TAGS = (Result._fields.index(name) for name in ("resource", "tags"))
_DIGEST = 32
_LENGTH = 8


def encode(key: str, rendering: Rendering) -> bytes | None:
    """The file of a rendering under a key; None when reading it would not give back the same."""
    contents = [content for content in rendering.changes.values() if content is not None]
    changes = [[path, None if data is None else len(data)] for path, data in rendering.changes.items()]
    try:
        text = json.dumps([changes, *rendering[1:]], ensure_ascii=False).encode(*UTF8)
        body = b"".join([len(text).to_bytes(_LENGTH), text, *contents])
        is_same = _read(body) == rendering
    except (TypeError, ValueError, RecursionError):
        return None
    return _digest(key, body) + body if is_same else None


def decode(key: str, data: bytes) -> Rendering | None:
    """The rendering of a file that `encode` made for this key; None for anything else."""
    body = data[_DIGEST:]
    if data[:_DIGEST] != _digest(key, body):
        return None
    try:
        return _read(body)
    except (TypeError, ValueError, RecursionError):
        return None


def _digest(key: str, body: bytes) -> bytes:
    digest = sha256(_SHAPE + key.encode(*UTF8) + b"\n")
    digest.update(body)
    return digest.digest()


def _read(body: bytes) -> Rendering:
    with collector_paused():
        return _read_parts(body)


def _read_parts(body: bytes) -> Rendering:
    start = _LENGTH + int.from_bytes(body[:_LENGTH])
    changes, steps, problems = json.loads(str(body[_LENGTH:start], *UTF8))
    found: dict[str, bytes | None] = {}
    for path, size in changes:
        found[path] = None if size is None else body[start : start + size]
        start += size or 0
    return Rendering(
        found, tuple(_step(step) for step in steps), tuple(Problem(*problem) for problem in problems)
    )


def _step(row: list[Any]) -> Step:
    row[_RESULTS] = tuple(_result(result) for result in row[_RESULTS])
    return Step(*row)


def _result(row: list[Any]) -> Result:
    if row[_RESOURCE] is not None:
        row[_RESOURCE] = Reference(*row[_RESOURCE])
    row[_TAGS] = tuple((key, value) for key, value in row[_TAGS])
    return Result(*row)
