"""create-setters: put `# kpt-set: …` on the fields that hold the given values, for apply-setters to find."""

import heapq
import json
from collections.abc import Iterator
from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.documents import parse
from bot.packages.documents.node import Kind, Node, Style
from bot.packages.redaction import shown
from bot.packages.rendering import Result
from bot.packages.resource import Resource
from bot.render.budget import Budget
from bot.render.comment import SETTER, line_comment
from bot.render.config import texts_of
from bot.render.fields import leaves
from bot.render.function import Outcome, failed

NAME = "create-setters"
MOST_SETTERS = 1_000  # each is looked for in each field
LONGEST_NAME = 253
LONGEST_VALUE = 10_000  # characters of a field that may get a comment, which is as long or longer


class Setters(NamedTuple):
    """Names of scalars by value, and of lists by their sorted values; and what may be written of them."""

    scalars: dict[str, str]
    lists: dict[tuple[str, ...], str]
    budget: Budget


class Marked(NamedTuple):
    """One field that got a comment."""

    path: str
    comment: str
    value: str
    line: int


def create_setters(items: list[Resource], config: Node | None) -> Outcome:
    """Run over `items`; the setters are a ConfigMap's data, name to value, lists as YAML text."""
    results: list[Result] = []
    try:
        setters = _read(config)
    except InvalidDocument as error:
        return failed(items, error.reason, stderr=f"[error]: {error.reason}")
    for item in items:
        try:
            for marked in _mark(item, setters):
                value = json.dumps(shown(marked.value, marked.path, marked.comment), ensure_ascii=False)
                comment = json.dumps(marked.comment, ensure_ascii=False)
                message = f"Added line comment {comment} for field with value {value}"
                results.append(Result(message, "", item.path, marked.path, line=marked.line))
        except InvalidDocument as error:
            message = f"failed to create setters: {error.reason}"
            fault = Result(message, "error", item.path, line=error.line)
            return Outcome(items, (fault,), 1, f"[error]: {message}")
    if not results:
        message = "no matches for the input list of setters"
        return failed(items, message, stderr=f"[error]: {message}")
    return Outcome(items, tuple(results))


def comment_for(value: str, scalars: dict[str, str]) -> str:
    """The pattern that gives `value`, such as '${image}:${tag}'; '' where no setter's value is in it.

    From the left, the longest value that stands at a place counts, as with Go's `strings.Replacer`.
    """
    # The next place of each setter, found again only when it was passed: linear in the text for each.
    waiting = [(place, -len(old), old) for old in scalars if (place := value.find(old)) >= 0]
    heapq.heapify(waiting)
    parts: list[str] = []
    end = 0
    while waiting:
        place, _, old = heapq.heappop(waiting)
        if place >= end:
            parts += (value[end:place], f"${{{scalars[old]}}}")
            end = place + len(old)
        again = value.find(old, end)
        if again >= 0:
            heapq.heappush(waiting, (again, -len(old), old))
    return "".join((*parts, value[end:])) if parts else ""


def _mark(item: Resource, setters: Setters) -> Iterator[Marked]:
    """Comment every field of one item."""
    for key, node, path in leaves(item.root):
        if key is not None:
            yield from _mark_list(item, key, node, path, setters)
        else:
            yield from _mark_scalar(item, node, path, setters)


def _mark_scalar(item: Resource, node: Node, path: str, setters: Setters) -> Iterator[Marked]:
    """What has several lines, cannot be seen, or is very long, fits no comment and is left as it is."""
    fits = len(node.value) <= LONGEST_VALUE and node.value.isprintable()
    pattern = comment_for(node.value, setters.scalars) if fits else ""
    if not pattern:
        return
    setters.budget.spend(len(pattern), node.line)
    comment = SETTER + pattern
    wanted = line_comment(comment, node.line)
    if node.line_comment != wanted:
        item.edit()
        node.line_comment = wanted
    yield Marked(path, comment, node.value, node.line)


def _mark_list(item: Resource, key: Node, node: Node, path: str, setters: Setters) -> Iterator[Marked]:
    values = _values(node) if setters.lists else None
    name = setters.lists.get(tuple(sorted(values))) if values is not None else None
    if values is None or name is None:
        return
    comment = f"{SETTER}${{{name}}}"
    wanted = line_comment(comment, node.line)
    holder, other = (key, node) if values else (node, key)
    style = node.style & ~Style.FLOW if values else node.style
    if (holder.line_comment, other.line_comment, node.style) != (wanted, "", style):
        item.edit()
        holder.line_comment, other.line_comment, node.style = wanted, "", style
    yield Marked(path, comment, f"[{', '.join(values)}]", node.line)


def _values(node: Node) -> list[str] | None:
    """The texts of a list of scalars; None for any other."""
    if any(child.kind is not Kind.SCALAR for child in node.content):
        return None
    return [child.value for child in node.content]


def _read(config: Node | None) -> Setters:
    """Raises InvalidDocument where there is no setter, there are too many, or a name fits no comment."""
    texts = texts_of(config.root.get("data")) if config is not None else {}
    if not texts:
        raise InvalidDocument("config map cannot be empty")
    if len(texts) > MOST_SETTERS:
        raise InvalidDocument(
            f"the config has {len(texts)} setters; it must have at most {MOST_SETTERS}: use several functions"
        )
    found = Setters({}, {}, Budget())
    for name, text in sorted(texts.items()):
        if len(name) > LONGEST_NAME:
            raise InvalidDocument(f"a setter's name must have at most {LONGEST_NAME} characters")
        line_comment(name)  # refuses what fits no comment
        values = _list_of(text)
        if values is not None:
            found.lists.setdefault(tuple(sorted(values)), name)
        elif text:
            found.scalars.setdefault(text, name)
    return found


def _list_of(text: str) -> list[str] | None:
    """The values of a setter that is a list; None for a scalar, which need not be YAML."""
    try:
        documents = parse(text.encode(), path="setter")
    except InvalidDocument:
        return None
    is_list = len(documents) == 1 and documents[0].root.kind is Kind.SEQUENCE
    return _values(documents[0].root) if is_list else None
