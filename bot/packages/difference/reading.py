"""The documents of a file, read so far that they can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from bot.errors import InvalidDocument
from bot.packages.difference.change import Place
from bot.packages.difference.still import Rest
from bot.packages.documents import LIMITS, Node, parse, plain
from bot.packages.merge.identity import noted_identity
from bot.packages.package import EXECUTABLE, KPTFILE, REGULAR, File
from bot.packages.resource import Identity, Resource

_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One document: `value` is its plain value, `origin` what kpt noted that it is called upstream."""

    place: Place
    document: Node
    value: object
    origin: Identity | None


def is_krm(path: str, file: File) -> bool:
    """Whether a file is told by its resources; JSON is not, as for kpt."""
    is_named = path.endswith(_ENDINGS) or path.rpartition("/")[2] == KPTFILE
    return is_named and file.mode in (REGULAR, EXECUTABLE)


def read_items(path: str, rest: Rest) -> list[Item]:
    """The documents of a file. Raises InvalidDocument for what is no YAML, or has no meaning as JSON."""
    documents = parse(rest.content, path=path)
    numbers = rest.numbers if rest.numbers and len(rest.numbers) == len(documents) else range(len(documents))
    items = []
    for number, document in zip(numbers, documents, strict=True):
        resource = Resource(document, path, number)
        api_version, kind, name, namespace = resource.names
        identity = Identity(api_version.rpartition("/")[0], kind, namespace, name)
        place = Place(path, number, api_version, identity)
        items.append(Item(place, document, _value(document, path), noted_identity(resource.root)))
    return items


def _value(document: Node, path: str) -> object:
    reason = f"The document is more than {LIMITS.depth} levels deep; make it flatter."
    try:
        value = plain(document, path=path)
    except RecursionError as error:  # aliases of aliases
        raise InvalidDocument(reason, path=path, line=document.line) from error
    level = [value]
    for _ in range(LIMITS.depth + 1):
        level = list(chain.from_iterable(map(_below, level)))
        if not level:
            return value
    raise InvalidDocument(reason, path=path, line=document.line)


def _below(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
