"""Field paths of replacements, such as 'spec.containers.[name=a].env.*.value'."""

import json
import re
from collections.abc import Callable, Iterator

from bot.errors import InvalidDocument
from bot.packages.documents import emit, parse, plain
from bot.packages.documents.node import Kind, Node, Style, string

MOST_PARTS = 50
_CHOICE = re.compile(r"\[([^=\]]*)=(.*)\]", re.DOTALL)
_INDEX = re.compile(r"0|[1-9][0-9]{0,5}", re.ASCII)


def split_path(text: str) -> tuple[str, ...]:
    """The parts of a path; names in brackets lose them, choices such as '[name=a]' keep them.

    Raises InvalidDocument for a path of too many parts.
    """
    parts = [""]
    is_escaped = is_in_brackets = False
    for char in text:
        if char == "\\" and not is_escaped:
            is_escaped = True
            continue
        if char == "." and not is_escaped and not is_in_brackets:
            parts.append("")
        else:
            parts[-1] += "\\" + char if is_escaped and char != "." else char
            is_in_brackets = not is_escaped and (char == "[" or (is_in_brackets and char != "]"))
        is_escaped = False
    if len(parts) > MOST_PARTS:
        raise InvalidDocument(f"a field path must have at most {MOST_PARTS} parts")
    return tuple(
        part[1:-1] if part.startswith("[") and part.endswith("]") and "=" not in part else part
        for part in parts
    )


def find(node: Node, path: tuple[str, ...], made: Kind | None = None) -> Iterator[Node]:
    """Every node at `path`; with `made`, what is missing is made, and at its end a node of that kind.

    Raises InvalidDocument for an index that is not the next one of its list.
    """
    if not path:
        yield node
    elif node.kind is Kind.SEQUENCE:
        for entry in _entries(node, path, made):
            yield from find(entry, path[1:], made)
    elif node.kind is Kind.MAPPING:
        child = _child(node, path, made)
        if child is not None:
            yield from find(child, path[1:], made)


def _child(node: Node, path: tuple[str, ...], made: Kind | None) -> Node | None:
    child = node.get(path[0])
    if made is None or (child is not None and child.tag != "!!null"):
        return child
    new = _new(path, made)
    if child is None:
        node.put(path[0], new)
        return new
    child.kind, child.tag, child.value, child.style = new.kind, new.tag, new.value, new.style
    return child


def _entries(node: Node, path: tuple[str, ...], made: Kind | None) -> list[Node]:
    """The items of a list that a part of a path means."""
    part = path[0]
    if part == "*":
        return node.content
    if choice := _CHOICE.fullmatch(part):
        return _chosen(node, choice[1], choice[2], create=made is not None)
    if not _INDEX.fullmatch(part):
        return []
    index, count = int(part), len(node.content)
    if index < count:
        return [node.content[index]]
    if made is None:
        return []
    if index > count:
        raise InvalidDocument(f"index {index} specified but only {count} elements found")
    node.content.append(_new(path, made))
    return node.content[-1:]


def _chosen(node: Node, key: str, value: str, *, create: bool) -> list[Node]:
    """The items whose `key` has the value, or that are the value where there is no key."""
    found = [
        entry
        for entry in node.content
        if (entry.text(key) if key else entry.kind is Kind.SCALAR and entry.value) == value
    ]
    if found or not create:
        return found
    new = Node(Kind.MAPPING, "!!map", content=[string(key), string(value)]) if key else string(value)
    node.content.append(new)
    return [new]


def _new(path: tuple[str, ...], made: Kind) -> Node:
    """What is made for the first part: of kind `made` if it is the last, else what the next goes into."""
    if len(path) == 1:
        return Node(made, {Kind.MAPPING: "!!map", Kind.SEQUENCE: "!!seq"}.get(made, "!!null"))
    is_list = path[1] == "*" or _INDEX.fullmatch(path[1]) or _CHOICE.fullmatch(path[1])
    return Node(Kind.SEQUENCE, "!!seq") if is_list else Node(Kind.MAPPING, "!!map")


def embedded(node: Node, path: tuple[str, ...]) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """Scalars on the way of a path whose text may be a document of its own, with the rest of the path."""
    for length in range(1, len(path)):
        for found in find(node, path[:length]):
            if found.kind is Kind.SCALAR and found.tag == "!!str":
                yield found, path[length:]


def change_text(node: Node, change: Callable[[Node], None]) -> None:
    """Change the JSON or YAML document that a string holds, and write it back in its manner.

    Raises InvalidDocument where the string holds no such document.
    """
    documents = parse(node.value.encode())
    if len(documents) != 1 or documents[0].root.kind is Kind.SCALAR:
        raise InvalidDocument("the text is no document with fields", line=node.line)
    change(documents[0].root)
    text = node.value
    if _is_json(text):
        indent = 2 if "\n" in text.strip() else None
        separators = None if indent else (",", ":")
        value = plain(documents[0])
        after = json.dumps(value, indent=indent, separators=separators, sort_keys=True, ensure_ascii=False)
    else:
        after = emit(documents).decode().rstrip("\n")
    node.value = after + "\n" if text.endswith("\n") else after
    if "\n" in node.value and not node.style:
        node.style = Style.LITERAL


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
