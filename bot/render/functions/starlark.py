"""starlark: a program of the package's own over its resources."""

import json
from typing import Any, NamedTuple

from bot.errors import InvalidDocument, WorkerFailed
from bot.packages.documents import Node, mapping, plain, sequence, string
from bot.packages.naming import quoted
from bot.packages.resource import Resource
from bot.render import wire
from bot.render.bounds import BOUNDS, Bounds
from bot.render.config import is_config_map
from bot.render.function import Outcome, failed
from bot.render.revision import fresh, revised
from bot.render.worker import run_worker

NAME = "starlark"
_KIND = "StarlarkRun"
_VERSION = "fn.kpt.dev/v1alpha1"
_WORKER = "bot.render.workers.starlark"
_UNNAMED = "starlark-function-run"
# What the original says on standard error, whatever went wrong.
_FAILED = "failed to evaluate function: error: function failure"


class Program(NamedTuple):
    """A program, by the name that its errors give it."""

    name: str
    source: str


def starlark(items: list[Resource], config: Node | None, bounds: Bounds = BOUNDS) -> Outcome:
    """Run over `items`; the config is a StarlarkRun, or a ConfigMap whose `data` holds the `source`."""
    try:
        program = _read(config)
        asked = wire.request(items, config)
        nodes = _nodes(asked)
        values = [plain(node) for node in nodes]
        request = _request(program, asked, values)
        answer: dict[str, Any] = json.loads(run_worker(_WORKER, request, bounds))
    except InvalidDocument as error:
        return failed(items, error.reason, stderr=_FAILED)
    except WorkerFailed as error:
        return failed(items, f"the program {error}", stderr=_FAILED)
    printed = "\n".join(answer["printed"])
    if answer["error"]:
        return failed(items, answer["error"], stderr="\n".join((*answer["printed"], _FAILED)))
    try:
        return wire.outcome(_answered(answer["items"], nodes, values), items, stderr=printed.rstrip("\n"))
    except InvalidDocument as error:
        return failed(items, error.reason, stderr="\n".join((*answer["printed"], _FAILED)))


def _read(config: Node | None) -> Program:
    if config is None:
        raise InvalidDocument(f"`functionConfig` must be a `{_KIND}`, or a `ConfigMap` with a `source`")
    root = config.root
    if is_config_map(config):
        source = root.text("data", "source")
    elif root.text("kind") == _KIND and root.text("apiVersion") == _VERSION:
        source = root.text("source")
    else:
        found = f"{root.text('apiVersion')} {root.text('kind')}".strip()
        raise InvalidDocument(
            f"`functionConfig` must be a `{_KIND}` of '{_VERSION}', or a `ConfigMap`, but is {quoted(found)}"
        )
    if not source:
        raise InvalidDocument("`source` must not be empty")
    return Program(root.text("metadata", "name") or _UNNAMED, source)


def _nodes(asked: Node) -> list[Node]:
    found = asked.get("items")
    return found.content if found is not None else []


def _request(program: Program, asked: Node, values: list[object]) -> bytes:
    """Raises InvalidDocument for numbers that JSON does not have."""
    config = asked.get("functionConfig")
    listed = {
        "apiVersion": asked.text("apiVersion"),
        "kind": asked.text("kind"),
        "items": values,
        **({"functionConfig": plain(config)} if config is not None else {}),
    }
    try:
        text = json.dumps(listed, allow_nan=False, ensure_ascii=False)
    except ValueError:
        raise InvalidDocument(
            "a program can be given no `.inf` and no `.nan`; select the resources without them"
        ) from None
    return json.dumps({**program._asdict(), "list": text}).encode()


def _answered(returned: list[Any], nodes: list[Node], values: list[object]) -> Node:
    """The ResourceList that comes back: what the program did not change is the node it was made of."""
    content = []
    for item in returned:
        if isinstance(item, int):
            content.append(nodes[item])
            continue
        number, value = item
        content.append(fresh(value) if number is None else revised(nodes[number], values[number], value))
    return mapping(("kind", string("ResourceList")), ("items", sequence(*content)))
