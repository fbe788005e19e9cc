"""A function of a pipeline, as a Kptfile names it: what runs, with which config, over which resources."""

import posixpath
import re
from collections.abc import Callable
from typing import NamedTuple

from bot.packages.documents.node import Kind, Node
from bot.packages.naming import quoted

Pairs = tuple[tuple[str, str], ...]
# Says what is wrong, and with which node, so that the line is known.
Complain = Callable[[str, Node], None]

LONGEST_IMAGE = 512
_SEGMENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_LABEL = r"[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*(?::[0-9]+)?"
# distribution's grammar of image references: [host[:port]/]path[:tag][@digest].
_IMAGE = re.compile(
    rf"(?:{_HOST}/)?{_SEGMENT}(?:/{_SEGMENT})*(?::[\w][\w.-]{{0,127}})?(?:@[A-Za-z][\w+.-]*:[0-9a-fA-F]{{32,}})?",
    re.ASCII,
)


class Selector(NamedTuple):
    """Which resources a function is given: what is empty is not asked for; of labels a subset is enough."""

    api_version: str = ""
    kind: str = ""
    name: str = ""
    namespace: str = ""
    labels: Pairs = ()
    annotations: Pairs = ()


class Function(NamedTuple):
    """One entry of `pipeline.mutators` or `pipeline.validators`.

    `config_path` is relative to the package of the Kptfile; `line` is the entry's line in it.
    """

    image: str = ""
    exec: str = ""
    config_path: str = ""
    config_map: Pairs = ()
    name: str = ""
    tag: str = ""
    selectors: tuple[Selector, ...] = ()
    exclude: tuple[Selector, ...] = ()
    line: int = 0

    @property
    def title(self) -> str:
        """What a person calls it: its name, or else what it runs."""
        return self.name or self.image or self.exec


def is_image(text: str) -> bool:
    """Say whether `text` is a reference to an image."""
    return len(text) <= LONGEST_IMAGE and _IMAGE.fullmatch(text) is not None


def path_fault(path: str) -> str:
    """Say what is wrong with a path that must lie in the package; '' when nothing is."""
    if not path.strip():
        return "must not be empty"
    if path.startswith("/"):
        return f"must be relative to the package, but is {quoted(path)}"
    if ".." in posixpath.normpath(path):
        return f"must not be outside the package, but is {quoted(path)}"
    return ""


def read_function(node: Node, field: str, complain: Complain) -> Function:
    """Read one entry of a pipeline; every fault is complained of, and its field left empty."""
    readers = {
        "image": read_text,
        "exec": read_text,
        "configPath": read_text,
        "configMap": read_pairs,
        "name": read_text,
        "tag": read_text,
        "selectors": _read_selectors,
        "exclude": _read_selectors,
    }
    found = {"configPath": "config_path", "configMap": "config_map"}
    values = {
        found.get(key.value, key.value): readers[key.value](value, f"{field}.{key.value}", complain)
        for key, value in known_pairs(node, field, frozenset(readers), complain)
    }
    function = Function(line=node.line, **values)  # type: ignore[arg-type] # each reader gives its field's kind
    _check(function, node, field, complain)
    return function


def _check(function: Function, node: Node, field: str, complain: Complain) -> None:
    named = (node.get("image"), node.get("exec"))
    is_entry = node.kind is Kind.MAPPING or is_null(node)  # the others are complained of already
    if is_entry and all(name is None or (name.kind is Kind.SCALAR and not name.value) for name in named):
        complain(f"`{field}` must name the function to run, as `image` or `exec`.", node)
    if function.image and function.exec:
        complain(f"`{field}` must not name both `image` and `exec`; keep one.", node)
    if function.image and not is_image(function.image):
        complain(f"`{field}.image` must be a reference to an image, but is {quoted(function.image)}.", node)
    if function.config_map and function.config_path:
        complain(f"`{field}` must not have both `configMap` and `configPath`; keep one.", node)
    fault = path_fault(function.config_path) if function.config_path else ""
    if fault:
        complain(f"`{field}.configPath` {fault}.", node.get("configPath") or node)


def _read_selectors(node: Node, field: str, complain: Complain) -> tuple[Selector, ...]:
    entries = read_entries(node, field, complain)
    return tuple(_read_selector(entry, f"{field}[{index}]", complain) for index, entry in enumerate(entries))


def _read_selector(node: Node, field: str, complain: Complain) -> Selector:
    readers = {
        "apiVersion": read_text,
        "kind": read_text,
        "name": read_text,
        "namespace": read_text,
        "labels": read_pairs,
        "annotations": read_pairs,
    }
    values = {
        "api_version" if key.value == "apiVersion" else key.value: readers[key.value](
            value, f"{field}.{key.value}", complain
        )
        for key, value in known_pairs(node, field, frozenset(readers), complain)
    }
    return Selector(**values)  # type: ignore[arg-type] # each reader gives its field's kind


def known_pairs(node: Node, field: str, known: frozenset[str], complain: Complain) -> list[tuple[Node, Node]]:
    """The pairs of a mapping whose keys are known; complains of the others, and of what is no mapping."""
    if is_null(node):
        return []
    if node.kind is not Kind.MAPPING:
        complain(f"`{field}` must be a mapping.", node)
        return []
    for key, _ in node.pairs():
        if key.value not in known:
            names = ", ".join(f"`{name}`" for name in sorted(known))
            complain(f"`{field}.{key.value[:80]}` is not known here; it must be one of {names}.", key)
    return [pair for pair in node.pairs() if pair[0].value in known]


def read_entries(node: Node, field: str, complain: Complain) -> list[Node]:
    """The items of a list; complains when it is none."""
    if is_null(node):
        return []
    if node.kind is not Kind.SEQUENCE:
        complain(f"`{field}` must be a list.", node)
        return []
    return node.content


def read_text(node: Node, field: str, complain: Complain) -> str:
    """A scalar's text; complains of mappings and lists, and takes null for ''."""
    if node.kind is Kind.SCALAR:
        return "" if is_null(node) else node.value
    complain(f"`{field}` must be a string.", node)
    return ""


def read_pairs(node: Node, field: str, complain: Complain) -> Pairs:
    """Keys and texts of a mapping of strings; numbers and booleans must be quoted, as for kpt."""
    if is_null(node):
        return ()
    if node.kind is not Kind.MAPPING:
        complain(f"`{field}` must be a mapping of strings.", node)
        return ()
    pairs = []
    for key, value in node.pairs():
        if value.kind is Kind.SCALAR and value.tag in {"!!str", "!!null"}:
            pairs.append((key.value, "" if is_null(value) else value.value))
        else:
            hint = "put it in quotes" if value.kind is Kind.SCALAR else "lists and mappings are not allowed"
            complain(f"`{field}.{key.value[:80]}` must be a string: {hint}.", value)
    return tuple(pairs)


def is_null(node: Node) -> bool:
    """Say whether the node is YAML's null."""
    return node.kind is Kind.SCALAR and node.tag == "!!null"
