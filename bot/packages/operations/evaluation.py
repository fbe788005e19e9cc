"""What one function makes of a draft, and the task by which Porch tells of it."""

import json
from collections.abc import Mapping
from typing import Any

from bot.errors import Refused
from bot.packages.difference.masking import masked
from bot.packages.documents import Node, plain
from bot.packages.function import Function, Selector
from bot.packages.operations.content import Content, Story
from bot.packages.package import KPTFILE, File, Files
from bot.packages.rendering import Rendering

# Porch's subject and type (facts: Porch §1.4).
SUBJECT = "Intermediate commit: eval"
TYPE = "eval"
# Characters of JSON. Every command reads the first lines of all commits: a program is no part of these.
_LONGEST_CONFIG = 4096
_NO_FILE = File(b"")


def evaluation(files: Files, rendering: Rendering, function: Function, config: Node) -> Content:
    """The draft as `rendering` leaves it, which ran `function` with `config`, a document.

    Raises Refused for a rendering that failed, and for one that leaves no Kptfile.
    """
    if rendering.failed:
        raise Refused("The function failed, so nothing was changed.")
    new = dict(files)
    for path, content in rendering.changes.items():
        if content is None:
            new.pop(path, None)
        else:
            new[path] = files.get(path, _NO_FILE)._replace(content=content)
    if KPTFILE not in new:
        raise Refused(f"The function removed the {KPTFILE}, which a package must have; nothing was changed.")
    image = next((step.function for step in rendering.steps), function.image)
    return Content(dict(sorted(new.items())), Story(SUBJECT, _task(image, function, config)))


def _task(image: str, function: Function, config: Node) -> dict[str, Any]:
    """As Porch has it: `configMap` for pairs, `config` for any other resource; secrets are masked.

    `match` and `exclude` say what the function was run over, with kpt's selectors.
    """
    fields = {"image": image, **_config(plain(config, path="the function's config"))}
    for name, selectors in (("match", function.selectors), ("exclude", function.exclude)):
        for selector in selectors:
            fields[name] = _selector(selector)
    return {"type": TYPE, TYPE: fields}


def _config(value: object) -> dict[str, Any]:
    shown = masked(value)
    try:
        if len(json.dumps(shown, allow_nan=False)) > _LONGEST_CONFIG:
            return {}
    except ValueError:  # a number that JSON does not have: with it, nobody could read the task
        return {}
    match shown:
        case {"apiVersion": "v1", "kind": "ConfigMap", "data": {**pairs}, **rest} if _is_plain(pairs, rest):
            return {"configMap": pairs} if pairs else {}
    return {"config": shown}


def _is_plain(pairs: Mapping[Any, object], rest: Mapping[Any, object]) -> bool:
    """Whether a ConfigMap says no more than its pairs, but for its name."""
    metadata = rest.get("metadata")
    is_bare = rest.keys() <= {"metadata"} and isinstance(metadata, dict) and metadata.keys() <= {"name"}
    return is_bare and all(isinstance(value, str) for value in pairs.values())


def _selector(selector: Selector) -> dict[str, Any]:
    fields = {
        "apiVersion": selector.api_version,
        "kind": selector.kind,
        "name": selector.name,
        "namespace": selector.namespace,
        "labels": dict(selector.labels),
        "annotations": dict(selector.annotations),
    }
    return {key: value for key, value in fields.items() if value}
