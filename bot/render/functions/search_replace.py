"""search-replace: find fields by value, expression, path and file; give them a value or a comment."""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.documents import emit
from bot.packages.documents.node import Kind, Node, Style, mapping
from bot.packages.documents.scalars import resolve_tag
from bot.packages.function import is_null
from bot.packages.redaction import shown
from bot.packages.rendering import Result
from bot.packages.resource import Resource
from bot.render.budget import Budget
from bot.render.comment import line_comment
from bot.render.config import texts_of
from bot.render.expression import Expression
from bot.render.fields import QUOTES, leaves
from bot.render.function import Outcome, failed
from bot.render.glob import glob_expression
from bot.render.route import DELIMITER, Place, Route

NAME = "search-replace"
MATCHERS = ("by-value", "by-value-regex", "by-path", "by-file-path", "put-value", "put-comment")
_GROUP = re.compile(r"\$\{([0-9]+)\}", re.ASCII)


class Found(NamedTuple):
    """A field that was met: its path, and its text with what it came to."""

    path: str
    text: str
    line: int


class Search:
    """One run: what to look for, what to put, and how much was put."""

    def __init__(self, texts: dict[str, str]) -> None:
        """Raises InvalidDocument where the config is no search."""
        unknown = next((key for key in texts if key not in MATCHERS), None)
        if unknown is not None:
            known = " ".join(f'"{name}"' for name in MATCHERS)
            raise InvalidDocument(f'invalid matcher "{unknown[:80]}", must be one of [{known}]')
        self.value, pattern, path, file, self.put_value, self.put_comment = (
            texts.get(name, "") for name in MATCHERS
        )
        if self.value and pattern:
            raise InvalidDocument('only one of ["by-value", "by-value-regex"] can be provided')
        self._expression = Expression(pattern, "by-value-regex") if pattern else None
        self._file = Expression(glob_expression(file), "by-file-path") if file else None
        self._route = Route(path) if path else None
        self._budget = Budget()

    def over(self, item: Resource) -> Iterator[Found]:
        """Every field of one resource that is met, changed as is wanted; raises InvalidDocument."""
        if self._file is not None and self._file.search(item.path) is None:
            return
        by_value = bool(self.value or self._expression)
        if self._route and self._route.is_absolute and not by_value and self.put_value:
            yield self._put_at(item, self._route.elements)
            return
        if self._route is None:
            yield from self._anywhere(item)
            return
        waiting = [(item.root, Place(self._route))]  # no recursion: the tree may be deep
        while waiting:
            node, place = waiting.pop()
            if node.kind is Kind.SCALAR:
                yield from self._scalar(item, node, place)
            elif node.kind is Kind.SEQUENCE:
                waiting += [(child, place.at(index)) for index, child in enumerate(node.content)][::-1]
            else:
                children = [(key, value, place.under(key.value)) for key, value in node.pairs()]
                for key, value, here in children:
                    if value.kind is Kind.SEQUENCE and self.put_comment and not by_value and here.is_met:
                        yield self._comment_list(item, key, value, here.path)
                waiting += [(value, here) for _, value, here in children][::-1]

    def _anywhere(self, item: Resource) -> Iterator[Found]:
        """The fields that are met by their value alone."""
        if self._expression is None and not _holds(item.root, self.value):
            return
        for key, node, path in leaves(item.root):
            if key is None and (self._expression is not None or node.value == self.value):
                yield from self._scalar(item, node, Place(None, path))

    def _scalar(self, item: Resource, node: Node, place: Place) -> Iterator[Found]:
        groups: tuple[str, ...] | None = ()
        if self._route is not None and not place.is_met:
            return
        if self._expression is not None:
            groups = self._expression.search(node.value)
        elif self.value:
            groups = () if node.value == self.value else None
        elif self._route is None:
            return
        if groups is None:
            return
        value = self._resolve(self.put_value, groups, node.line)
        self._comment(item, node, groups)
        if self.put_value:
            _set(item, node, value)
        yield Found(place.path, _text_of(node), node.line)

    def _comment(self, item: Resource, node: Node, groups: tuple[str, ...]) -> None:
        if not self.put_comment:
            return
        comment = line_comment(self._resolve(self.put_comment, groups, node.line), node.line)
        if node.line_comment != comment:
            item.edit()
            node.line_comment = comment

    def _comment_list(self, item: Resource, key: Node, node: Node, path: str) -> Found:
        comment = line_comment(self._resolve(self.put_comment, (), key.line), key.line)
        text = f"[{', '.join(child.value for child in node.content)}]"
        holder, other = (key, node) if node.content else (node, key)
        style = node.style & ~Style.FLOW if node.content else node.style
        if (holder.line_comment, other.line_comment, node.style) != (comment, "", style):
            item.edit()
            holder.line_comment, other.line_comment, node.style = comment, "", style
        return Found(f"{path} {comment}", text, key.line)

    def _put_at(self, item: Resource, elements: list[str]) -> Found:
        """Set the field at a path without wildcards, with all that is missing above it."""
        here = item.root
        for depth, name in enumerate(elements[:-1]):
            child = here.get(name)
            if child is None or is_null(child):
                item.edit()
                child = mapping()
                here.put(name, child)
            if child.kind is not Kind.MAPPING:
                path = DELIMITER.join(elements[: depth + 1])
                raise InvalidDocument(f"`{path}` must be a mapping.", line=child.line)
            here = child
        node = here.get(elements[-1])
        if node is None or node.kind is not Kind.SCALAR:
            item.edit()
            node = Node(Kind.SCALAR)
            here.put(elements[-1], node)
        _set(item, node, self._resolve(self.put_value, (), node.line))
        self._comment(item, node, ())
        return Found(DELIMITER.join(elements), _text_of(node), node.line)

    def _resolve(self, pattern: str, groups: tuple[str, ...], line: int) -> str:
        """The text to put, with what the expression's groups matched; without an expression as it is."""
        parts: list[str] = []
        end = 0
        for group in _GROUP.finditer(pattern) if groups else ():
            number = int(group[1]) if len(group[1]) < 4 else len(groups)
            if not 0 <= number < len(groups):
                raise InvalidDocument("unable to resolve capture groups", line=line)
            parts += (pattern[end : group.start()], groups[number])
            end = group.end()
            self._budget.spend(len(groups[number]), line)
        self._budget.spend(len(pattern), line)
        return "".join((*parts, pattern[end:]))


def search_replace(items: list[Resource], config: Node | None) -> Outcome:
    """Run over `items`; the matchers and what to put are a ConfigMap's data."""
    try:
        search = Search(texts_of(config.root.get("data")) if config is not None else {})
    except InvalidDocument as error:
        return failed(items, error.reason, stderr=f"[error]: {error.reason}")
    verb = "Mutated field value to" if search.put_value or search.put_comment else "Matched field value"
    results: list[Result] = []
    for item in items:
        try:
            for found in search.over(item):
                value = json.dumps(shown(found.text, found.path), ensure_ascii=False)
                results.append(Result(f"{verb} {value}", "", item.path, found.path, line=found.line))
        except InvalidDocument as error:
            why = json.dumps(error.reason, ensure_ascii=False)
            message = f"failed to perform search-replace operation: {why}"
            fault = Result(message, "error", item.path, line=error.line)
            return Outcome(items, (fault,), 1, f"[error]: {message}")
    return Outcome(items, tuple(results) or (Result("no matches", ""),))


def _holds(root: Node, value: str) -> bool:
    """Whether the value stands anywhere in the tree: in most it does not, and no path is needed."""
    nodes = [root]
    for node in nodes:
        if node.value == value and value:
            return True
        nodes += node.content  # which the loop comes to later
    return False


def _set(item: Resource, node: Node, value: str) -> None:
    """Give a scalar a text, of the type that it reads as; quotes and comments stay."""
    style = node.style & QUOTES
    tag = "!!str" if style else resolve_tag(value)
    if (node.value, node.tag, node.style) != (value, tag, style):
        item.edit()
        node.value, node.tag, node.style = value, tag, style


def _text_of(node: Node) -> str:
    """A scalar as it is written, with its line comment."""
    if not node.style and not node.line_comment:
        return node.value
    alone = Node(node.kind, node.tag, node.value, node.style, line_comment=node.line_comment)
    return emit([Node(Kind.DOCUMENT, content=[alone])], wide=None).decode().strip()
