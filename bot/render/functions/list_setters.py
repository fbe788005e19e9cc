"""list-setters: say which setters a package has, with their values and how often they are used."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from bot.errors import InvalidDocument
from bot.packages.documents import parse
from bot.packages.documents.node import Kind, Node, Style
from bot.packages.documents.scalars import resolve_tag
from bot.packages.package import KPTFILE
from bot.packages.redaction import shown
from bot.packages.rendering import Result
from bot.packages.resource import Resource
from bot.render.config import texts_of
from bot.render.function import Outcome, succeeded
from bot.render.functions import apply_setters

NAME = "list-setters"
_ARRAY = "array"


@dataclass(slots=True)
class Setter:
    """One setter: its value as text, the kind of its value ('str', 'int', …, 'array'), and its uses."""

    value: str
    type: str
    count: int = 0


def list_setters(items: list[Resource], config: Node | None) -> Outcome:  # noqa: ARG001 - it takes no config
    """Run over `items`, which stay as they are."""
    found, warnings = find_setters(items)
    if not found:
        return succeeded(items, "no setters found", severity="warning")
    results = [
        Result(f"Name: {name}, Value: {shown(it.value, name)}, Type: {it.type}, Count: {it.count}")
        for name, it in sorted(found.items())
    ]
    return Outcome(items, (*results, *(Result(warning, "warning") for warning in warnings)))


def find_setters(items: list[Resource]) -> tuple[dict[str, Setter], list[str]]:
    """The setters that the root's Kptfile gives and the resources use, by name; and what was amiss.

    The Kptfile's value counts before a resource's, and the first resource's before the others'.
    """
    found: dict[str, Setter] = {}
    warnings = _declared(items, found)
    for item in items:
        for name, value, kind in _uses(item):
            found.setdefault(name, Setter(value, kind)).count += 1
    return found, warnings


def _declared(items: list[Resource], found: dict[str, Setter]) -> list[str]:
    """Add the setters that the root's Kptfile gives; the last function that gives one counts."""
    kptfile = next((item for item in items if item.path == KPTFILE), None)
    if kptfile is None:
        return [
            "unable to find Kptfile, please include --include-meta-resources flag if a Kptfile is present"
        ]
    if kptfile.root.get("pipeline") is None:
        return ["unable to find Pipeline declaration in Kptfile"]
    mutators = kptfile.root.get("pipeline", "mutators")
    warnings: list[str] = []
    given = 0
    for entry in mutators.content if mutators is not None else ():
        if not is_setting(entry):
            continue
        data, path = entry.get("configMap"), entry.text("configPath")
        if path:
            place = posixpath.normpath(path)
            file = next((item for item in items if item.path == place), None)
            data = file.root.get("data") if file else None
            if file is None:
                why = 'doesn\'t exist, please ensure the file specified in "configPath" exists and retry'
                warnings.append(f"file {path} {why}")
        given += bool(path or data)
        for name, text in texts_of(data).items():
            found[name] = _setter(text)
    return warnings if given else ["unable to find ConfigMap or ConfigPath fnConfig for apply-setters"]


def is_setting(entry: Node) -> bool:
    """Whether an entry of a pipeline runs apply-setters, of whatever registry and version."""
    image = entry.text("image").partition("@")[0]
    return image.rpartition("/")[2].partition(":")[0] == apply_setters.NAME


def _setter(text: str) -> Setter:
    try:
        documents = parse(text.encode(), path="setter")
    except InvalidDocument:
        documents = []
    if len(documents) == 1 and documents[0].root.kind is Kind.SEQUENCE:
        return Setter(_list_text(child.value for child in documents[0].root.content), _ARRAY)
    return Setter(text, _type(resolve_tag(text)))


def _uses(item: Resource) -> Iterator[tuple[str, str, str]]:
    """Name, value and type of each use of a setter in one item; without recursion, since it may be deep."""
    waiting = [item.root]
    while waiting:
        node = waiting.pop()
        if node.kind is Kind.SCALAR:
            yield from _scalar_uses(node)
            continue
        for key, value in node.pairs():
            if value.kind is Kind.SEQUENCE:
                comment = (value if value.style & Style.FLOW else key).line_comment
                for name in apply_setters.names_in(apply_setters.pattern_of(comment)):
                    yield name, _list_text(sorted(child.value for child in value.content)), _ARRAY
        waiting += (node.content if node.kind is Kind.SEQUENCE else node.content[1::2])[::-1]


def _scalar_uses(node: Node) -> Iterator[tuple[str, str, str]]:
    pattern = apply_setters.pattern_of(node.line_comment)
    names = apply_setters.names_in(pattern)
    values = apply_setters.derive(pattern, node.value) if names else {}
    for name in names:
        if name in values:
            whole = pattern == f"${{{name}}}"
            yield name, values[name], _type(node.tag if whole else resolve_tag(values[name]))


def _list_text(values: Iterator[str] | list[str]) -> str:
    return f"[{', '.join(values)}]"


def _type(tag: str) -> str:
    return tag.removeprefix("!!")
