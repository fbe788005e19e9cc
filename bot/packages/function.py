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
    """Read one entry of a pipeline: of no fitting shape is nothing, faults of values are complained of."""
    function = Function(
        image=node.text("image"),
        exec=node.text("exec"),
        config_path=node.text("configPath"),
        config_map=_read_pairs(node.get("configMap")),
        name=node.text("name"),
        tag=node.text("tag"),
        selectors=_read_selectors(node.get("selectors")),
        exclude=_read_selectors(node.get("exclude")),
        line=node.line,
    )
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


def _read_selectors(node: Node | None) -> tuple[Selector, ...]:
    return tuple(
        Selector(
            entry.text("apiVersion"),
            entry.text("kind"),
            entry.text("name"),
            entry.text("namespace"),
            _read_pairs(entry.get("labels")),
            _read_pairs(entry.get("annotations")),
        )
        for entry in items_of(node)
    )


def items_of(node: Node | None) -> list[Node]:
    """The items of a list; none of anything else."""
    return node.content if node is not None and node.kind is Kind.SEQUENCE else []


def _read_pairs(node: Node | None) -> Pairs:
    """Keys and texts of a mapping of strings; as for kpt, a number is its text."""
    return tuple(
        (key.value, "" if is_null(value) else value.value)
        for key, value in (node.pairs() if node is not None else ())
        if value.kind is Kind.SCALAR and key.kind is Kind.SCALAR
    )


def is_null(node: Node) -> bool:
    """Say whether the node is YAML's null."""
    return node.kind is Kind.SCALAR and node.tag == "!!null"
