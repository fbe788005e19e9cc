"""apply-setters: give values to the fields whose comments say `# kpt-set: …`."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.documents import parse
from bot.packages.documents.node import Kind, Node, Style
from bot.packages.documents.scalars import resolve_tag
from bot.packages.redaction import shown
from bot.packages.rendering import Result
from bot.packages.resource import Resource
from bot.render.config import texts_of
from bot.render.fields import QUOTES, leaves
from bot.render.function import Outcome

NAME = "apply-setters"
MARK = "# kpt-set: "
_SETTER = re.compile(r"\$\{([^}]*)\}")


class Setting(NamedTuple):
    """One field that got a value."""

    path: str
    value: str
    setters: tuple[str, ...]
    line: int


def apply_setters(items: list[Resource], config: Node | None) -> Outcome:
    """Run over `items`; the setters are a ConfigMap's data, name to value, lists as YAML text."""
    setters = texts_of(config.root.get("data")) if config is not None else {}
    results: list[Result] = []
    for item in items if setters else ():
        try:
            for setting in _apply(item, setters):
                value = shown(setting.value, setting.path, *setting.setters)
                message = f"set field value to {json.dumps(value, ensure_ascii=False)}"
                results.append(Result(message, "", item.path, setting.path, line=setting.line))
        except InvalidDocument as error:
            message = f"failed to apply setters: {error.reason}"
            fault = Result(message, "error", item.path, line=error.line)
            return Outcome(items, (*results, fault), 1, message)
    if not results:
        return Outcome(items, (Result("no matches for input setter(s)", ""),))
    return Outcome(items, tuple(results))


def _apply(item: Resource, setters: Mapping[str, str]) -> list[Setting]:
    """Set every field of one item."""
    settings: list[Setting] = []
    if not _has_marks(item.root):
        return settings
    for key, node, path in leaves(item.root):
        if key is not None and (key.line_comment or node.line_comment):
            settings += _set_list(item, key, node, path, setters)
        elif key is None and node.line_comment:
            settings += _set_scalar(item, node, path, setters)
    return settings


def _has_marks(root: Node) -> bool:
    """Whether any comment in the tree names setters: of most resources none does, and no path is needed."""
    nodes = [root]
    for node in nodes:
        if node.line_comment and node.line_comment.startswith(MARK):
            return True
        nodes += node.content  # which the loop comes to later
    return False


def _set_scalar(item: Resource, node: Node, path: str, setters: Mapping[str, str]) -> Iterator[Setting]:
    pattern = pattern_of(node.line_comment)
    names = names_in(pattern)
    if not any(name in setters for name in names):
        return
    known = {**derive(pattern, node.value), **setters}
    missing = [f"${{{name}}}" for name in names if name not in known]
    if missing:
        raise InvalidDocument(f"values for setters [{' '.join(missing)}] must be provided", line=node.line)
    value = _SETTER.sub(lambda found: known[found[1]], pattern)
    style = node.style & QUOTES
    if not value:
        style = Style.DOUBLE_QUOTED
    tag = "!!str" if style else resolve_tag(value)
    if (node.value, node.tag, node.style) != (value, tag, style):
        item.edit()
        node.value, node.tag, node.style = value, tag, style
    yield Setting(path, value, tuple(names), node.line)


def _set_list(
    item: Resource, key: Node, node: Node, path: str, setters: Mapping[str, str]
) -> Iterator[Setting]:
    is_flow = bool(node.style & Style.FLOW)
    comment = (node if is_flow else key).line_comment
    pattern = pattern_of(comment)
    names = names_in(pattern)
    if not any(name in setters for name in names):
        return
    if pattern != f"${{{names[0]}}}":
        raise InvalidDocument(f'invalid setter pattern for array node: "{pattern}"', line=node.line)
    values = _read_list(setters[names[0]], node.line)
    style = Style.PLAIN if values else Style.FLOW
    shapes = [_shape(value) for value in values]
    if is_flow is bool(values) or shapes != [_shape(old) for old in node.content]:
        item.edit()
        node.content, node.style = values, style
        key.line_comment, node.line_comment = (comment, "") if values else ("", comment)
    yield Setting(path, f"[{' '.join(value.value for value in values)}]", tuple(names), node.line)


def _read_list(text: str, line: int) -> list[Node]:
    documents = parse(text.encode(), path="setter")
    if not documents:
        return []
    if documents[0].root.kind is not Kind.SEQUENCE:
        raise InvalidDocument(
            f'input to array setter must be an array of values, but found "{text}"', line=line
        )
    return documents[0].root.content


def _shape(node: Node) -> tuple[object, ...]:
    """What must be equal for a list's item to be kept."""
    return node.kind, node.tag, node.value, node.style, tuple(_shape(child) for child in node.content)


def pattern_of(comment: str) -> str:
    """What a setter's comment says the field is made of; '' for any other comment."""
    return comment.removeprefix(MARK).strip() if comment.startswith(MARK) else ""


def names_in(pattern: str) -> list[str]:
    """The setters of a pattern, in order."""
    return _SETTER.findall(pattern)


def derive(pattern: str, value: str) -> dict[str, str]:
    """What each setter of a pattern must be for the pattern to give `value`; empty where that cannot be told.

    As Go's `(.*)` for each setter, greedy and unanchored, but by searching each literal from the right:
    patterns come from people's files, and a backtracking engine could be kept busy for hours by one.
    """
    names = names_in(pattern)
    literals = _SETTER.sub("\0", pattern).split("\0")
    end = len(value)
    found: list[str] = []
    for literal in literals[:0:-1]:
        start = value.rfind(literal, 0, end)
        if start < 0:
            return {}
        found.append(value[start + len(literal) :])
        value, end = value[:start], start
    head = value.find(literals[0])
    if head < 0:
        return {}
    found.append(value[head + len(literals[0]) :])
    texts = found[::-1][: len(names)]
    if any(not text or "\n" in text for text in texts):
        return {}
    return dict(zip(names, texts, strict=True))
