"""What a package holds, drawn as a tree as `kpt pkg tree` draws it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from bot.packages.resource import Resource

_LAST, _OTHER = ("└── ", "    "), ("├── ", "│   ")


@dataclass(slots=True)
class _Folder:
    """A folder with resources; those without are not drawn, and their folders stand in the next above."""

    title: str
    lines: list[str] = field(default_factory=list)
    folders: list["_Folder"] = field(default_factory=list)


def tree_lines(items: Iterable[Resource], packages: Collection[str], name: str) -> list[str]:
    """The lines of the tree; `packages` are the folders with a Kptfile, '' being the root, called `name`."""
    places: dict[str, list[Resource]] = {"": []}
    for item in items:
        if not item.path.endswith(".json"):  # kpt renders these, and draws them not
            places.setdefault(item.path.rpartition("/")[0], []).append(item)
    folders: dict[str, _Folder] = {}
    for place in sorted(places, key=lambda place: place.split("/") if place else []):
        folder = folders[place] = _Folder(_title(place, packages, name))
        folder.lines = [_line(item) for item in sorted(places[place], key=_order)]
        if place:
            folders[_above(place, folders)].folders.append(folder)
    return [folders[""].title, *_drawn(folders[""], "")]


def _title(place: str, packages: Collection[str], name: str) -> str:
    shown = place.rpartition("/")[2] or name
    return f'Package "{shown}"' if place in packages else shown


def _above(place: str, folders: Collection[str]) -> str:
    while place:
        place = place.rpartition("/")[0]
        if place in folders:
            return place
    return ""


def _order(item: Resource) -> tuple[str, ...]:
    return item.path, item.namespace, item.name, item.kind, item.api_version


def _line(item: Resource) -> str:
    name = f"{item.namespace}/{item.name}" if item.namespace else item.name
    return f"[{item.path.rpartition('/')[2]}]  {item.kind} {name}"


def _drawn(folder: _Folder, pad: str) -> Iterable[str]:
    count = len(folder.lines) + len(folder.folders)
    for number, line in enumerate(folder.lines, 1):
        yield pad + (_LAST if number == count else _OTHER)[0] + line
    for number, inner in enumerate(folder.folders, len(folder.lines) + 1):
        lead, deeper = _LAST if number == count else _OTHER
        yield f"{pad}{lead}{inner.title}"
        yield from _drawn(inner, pad + deeper)
