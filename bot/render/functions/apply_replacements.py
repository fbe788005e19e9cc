"""apply-replacements: copy values from one resource's field into fields of others."""

from collections.abc import Iterator

from bot.errors import InvalidDocument
from bot.packages.documents.node import Kind, Node, Style, string
from bot.packages.documents.scalars import reads_as_other, resolve_tag
from bot.packages.rendering import Result
from bot.packages.resource import Resource, copy_of
from bot.render.fieldpath import change_text, embedded, find, split_path
from bot.render.fields import QUOTES
from bot.render.function import Outcome, failed
from bot.render.replacement import Options, Replacement, Target, read_replacements

NAME = "apply-replacements"
# What strangers may ask for: a value that is copied into itself again and again doubles each time.
MOST_WORK = 5_000_000  # resources looked at
MOST_COPIED = 64_000_000  # bytes, about
DEEPEST = 60  # levels of a value
_FAILURE = "failed to evaluate function: error: function failure"


class Budget:
    """What is left of what one run may copy."""

    def __init__(self) -> None:
        self._left = MOST_COPIED

    def spend(self, value: Node) -> None:
        """Raises InvalidDocument for a value that is too deep or too much."""
        waiting = [(value, 1)]
        while waiting:
            node, depth = waiting.pop()
            self._left -= 16 + len(node.value)
            if depth > DEEPEST or self._left < 0:
                raise InvalidDocument("the replacements copy too much, as if a value went into itself")
            waiting += [(child, depth + 1) for child in node.content]


def apply_replacements(items: list[Resource], config: Node | None) -> Outcome:
    """Run over `items`; the config is an ApplyReplacements. Nothing is said where all goes well."""
    try:
        replacements = read_replacements(config)
    except InvalidDocument as error:
        return failed(items, error.reason, stderr=_FAILURE)
    budget = Budget()
    try:
        _check_work(items, replacements)
        for replacement in replacements:
            _apply(items, replacement, budget)
    except InvalidDocument as error:
        return Outcome(items, (Result(error.reason, "error", error.path, line=error.line),), 1, _FAILURE)
    return Outcome(items)


def _check_work(items: list[Resource], replacements: tuple[Replacement, ...]) -> None:
    if sum(1 + len(one.targets) for one in replacements) * len(items) > MOST_WORK:
        raise InvalidDocument("the replacements have too many targets for so many resources")


def _apply(items: list[Resource], replacement: Replacement, budget: Budget) -> None:
    value = _value(items, replacement)
    for target in replacement.targets:
        for item in items:
            if target.is_meant(item):
                for path in target.paths:
                    _put(item, path, target, value, budget)


def _value(items: list[Resource], replacement: Replacement) -> Node:
    """What is to be copied: of the one resource that is the source, its field or a part of it."""
    source = replacement.source
    if source is None:
        return string(replacement.value)
    found = [item for item in items if source.is_meant(item)]
    if len(found) > 1:
        raise InvalidDocument(f"multiple matches for selector {source.title}:{source.path}")
    if not found:
        raise InvalidDocument(f"nothing selected by {source.title}:{source.path}")
    node = next(find(found[0].root, split_path(source.path)), None)
    if node is None or node.tag == "!!null":
        raise InvalidDocument(f"fieldPath `{source.path}` is missing for replacement source {source.title}")
    if not source.options.delimiter:
        return copy_of(node)
    parts = _text(node).split(source.options.delimiter)
    if not 0 <= source.options.part < len(parts):
        raise InvalidDocument(f"options.index {source.options.part} is out of bounds for value {node.value}")
    return string(parts[source.options.part])


def _put(item: Resource, path: str, target: Target, value: Node, budget: Budget) -> None:
    """Put a value into every field at a path of one resource."""
    parts = split_path(path)
    is_found = False
    for holder, rest in list(embedded(item.root, parts)):
        item.edit()

        def change(root: Node, rest: tuple[str, ...] = rest) -> None:
            nodes = list(find(root, rest, value.kind if target.options.create else None))
            if not nodes:
                raise _missing(path, target.options, "no such field")
            for node in nodes:
                _set(node, value, target.options, budget)

        change_text(holder, change)
        budget.spend(holder)
        is_found = True
    if is_found:
        return
    if target.options.create:
        item.edit()
    try:
        nodes = list(find(item.root, parts, value.kind if target.options.create else None))
    except InvalidDocument as error:
        raise _missing(path, target.options, error.reason) from None
    if not nodes:
        raise _missing(path, target.options, "no such field")
    item.edit()
    for node in nodes:
        _set(node, value, target.options, budget)


def _missing(path: str, options: Options, why: str) -> InvalidDocument:
    if options.create:
        return InvalidDocument(f'unable to find or create field "{path}" in replacement target: {why}')
    return InvalidDocument(f'unable to find field "{path}" in replacement target')


def _set(node: Node, value: Node, options: Options, budget: Budget) -> None:
    """Give a field its value; a scalar keeps its quotes, its type follows the text where it has none."""
    budget.spend(value)
    if options.delimiter:
        value = string(options.delimiter.join(_joined(_text(node), _text(value), options)))
        budget.spend(value)
    if node.kind is not Kind.SCALAR or (value.kind is not Kind.SCALAR and not node.value):
        new = copy_of(value)
        node.kind, node.tag, node.value, node.style = new.kind, new.tag, new.value, new.style
        node.content = new.content
    elif value.kind is not Kind.SCALAR:
        raise InvalidDocument("a mapping or a list cannot replace a scalar", line=node.line)
    elif (node.value, node.tag) != (value.value, "!!str"):
        text = node.tag == "!!str"
        node.tag = "!!str" if text or node.style & QUOTES else resolve_tag(value.value)
        node.value = value.value
        if text and not node.style & QUOTES:
            node.style = Style.DOUBLE_QUOTED if reads_as_other(node.value) else Style.PLAIN


def _joined(text: str, part: str, options: Options) -> Iterator[str]:
    """The parts of a text, one of them replaced, or one more before or after them."""
    parts = text.split(options.delimiter)
    if options.part < 0:
        parts.insert(0, part)
    elif options.part >= len(parts):
        parts.append(part)
    else:
        parts[options.part] = part
    yield from parts


def _text(node: Node) -> str:
    if node.kind is not Kind.SCALAR:
        raise InvalidDocument("delimiter option can only be used with scalar nodes", line=node.line)
    return node.value
