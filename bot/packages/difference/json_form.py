"""A difference as JSON, for programs.

```
{"files": [{"change": "added" | "removed" | "renamed" | "changed",
            "before": null | {"path": "…", "mode": "100644", "size": bytes}, "after": …the same,
            "content": "resources" | "lines" | "bytes" | "same", "formattingOnly": bool, "note": "…",
            "hunks": [{"before": [start, count], "after": [start, count], "lines": ["+…", "-…", " …"]}]}],
 "resources": [{"changes": ["added"] | ["removed"] | [any of "renamed", "moved", "changed"],
                "before": null | {"apiVersion", "kind", "namespace", "name", "path", "index"}, "after": …,
                "commentsChanged": bool, "formattingOnly": bool, "content": null | …,
                "fields": [{"field": "spec.containers[name=web].image",
                            "path": ["spec", "containers", {"name": "web"}, "image"],
                            "change": "added" | "removed" | "changed" | "reordered",
                            "before": …, "after": …, "beforeLength": n, "afterLength": n, "at": n}]}]}
```

`before` and `after` of a field are left out where it is not there; secrets in them are masked. Of a value
whose JSON is longer than 4,096 characters only the beginning of that is given, as a string, with its whole
length beside it (`contentLength` for `content`, which is all of a resource that was added or removed). A line
is cut at as many characters. Numbers that JSON does not have are strings such as '.inf'. `at` is the place of
an item known by keys. Keys may be added, and none is taken away or gets another meaning.
"""

from __future__ import annotations

import json
import math
from typing import Any

from bot.packages.difference.change import (
    MISSING,
    Difference,
    Entry,
    FieldChange,
    FileChange,
    Place,
    ResourceChange,
)
from bot.packages.difference.field_path import Choice, Step, path_text
from bot.packages.difference.hunks import Hunk
from bot.packages.difference.masking import masked
from bot.packages.difference.printable import cut
from bot.packages.difference.value_text import masked_sides

_LONGEST = 4096

Json = dict[str, Any]


def format_json(difference: Difference, indent: int | None = 2) -> str:
    """The JSON text with a line feed at its end; all of it is ASCII, so that it may go to a terminal."""
    return json.dumps(to_json(difference), indent=indent).replace("\x7f", "\\u007f") + "\n"


def to_json(difference: Difference) -> Json:
    """The difference in the shape that is documented above."""
    return {
        "files": [_file(change) for change in difference.files],
        "resources": [_resource(change) for change in difference.resources],
    }


def _file(change: FileChange) -> Json:
    return {
        "change": str(change.word),
        "before": _entry(change.before),
        "after": _entry(change.after),
        "content": str(change.content),
        "formattingOnly": change.formatting,
        "note": change.note,
        "hunks": [_hunk(hunk) for hunk in change.hunks],
    }


def _entry(entry: Entry | None) -> Json | None:
    return {"path": entry.path, "mode": f"{entry.mode:06o}", "size": entry.size} if entry else None


def _hunk(hunk: Hunk) -> Json:
    return {
        "before": [hunk.before_start, hunk.before_count],
        "after": [hunk.after_start, hunk.after_count],
        "lines": [line.sign + cut(line.text, _LONGEST, line.rest) for line in hunk.lines],
    }


def _resource(change: ResourceChange) -> Json:
    found: Json = {
        "changes": [str(word) for word in change.words],
        "before": _place(change.before),
        "after": _place(change.after),
        "commentsChanged": change.comments,
        "formattingOnly": change.formatting,
        "content": None,
        "fields": [_field(field) for field in change.fields],
    }
    _put(found, "content", masked(change.content))
    return found


def _place(place: Place | None) -> Json | None:
    if place is None:
        return None
    _, kind, namespace, name = place.identity
    return {
        "apiVersion": cut(place.api_version, _LONGEST),
        "kind": cut(kind, _LONGEST),
        "namespace": cut(namespace, _LONGEST),
        "name": cut(name, _LONGEST),
        "path": place.path,
        "index": place.number,
    }


def _field(change: FieldChange) -> Json:
    found: Json = {
        "field": path_text(change.path),
        "path": [_step(step) for step in change.path],
        "change": str(change.word),
    }
    for name, value in zip(("before", "after"), masked_sides(change), strict=True):
        if value is not MISSING:
            _put(found, name, value)
    if change.at is not None:
        found["at"] = change.at
    return found


def _step(step: Step) -> object:
    if isinstance(step, Choice):
        return {key: masked(cut(value, _LONGEST)) for key, value in step.pairs}
    return cut(step, _LONGEST) if isinstance(step, str) else step


def _put(into: Json, name: str, value: object) -> None:
    value = _finite(value)
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= _LONGEST:
        into[name] = value
    else:
        into[name], into[f"{name}Length"] = text[:_LONGEST], len(text)


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return f".{value}".replace(".-", "-.")
    return value
