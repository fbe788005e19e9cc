"""generate-folders: Config Connector's Folders for the tree that a ResourceHierarchy draws."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.documents import from_plain, plain
from bot.packages.documents.node import Node
from bot.packages.naming import quoted
from bot.packages.rendering import Result
from bot.packages.resource import Identity, Resource
from bot.render.function import Outcome, about, fault_of
from bot.render.generation import generated, renew

NAME = "generate-folders"
LATEST = "blueprints.cloud.google.com/v1alpha3"
LAYERED = "cft.dev/v1alpha1"
VERSIONS = frozenset({LAYERED, "cft.dev/v1alpha2", LATEST})
SUBTREE = "$subtree"
# Google Cloud nests folders no deeper; the others keep a small file from asking for millions of folders.
DEEPEST = 10
MOST_FOLDERS = 10_000
LONGEST_NAME = 240  # a file is named for it
_GROUP = "resourcemanager.cnrm.cloud.google.com"
_CONNECTOR = "cnrm.cloud.google.com/"
_DEPENDS_ON = "config.kubernetes.io/depends-on"
_ORGANIZATION, _FOLDER = "Organization", "Folder"
_NAME = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?", re.ASCII)
_PLAIN = str.maketrans({" ": "-", "_": "-", "'": "", '"': ""})


class Parent(NamedTuple):
    """What a folder lies in: by Google Cloud's id of it (`external`), or by the `name` of its resource.

    `depth` is the number of folders above and including it that the hierarchy itself draws.
    """

    kind: str
    external: str = ""
    name: str = ""
    depth: int = 0


def generate_folders(items: list[Resource], config: Node | None) -> Outcome:  # noqa: ARG001 - it takes no config
    """Run over `items`; each ResourceHierarchy among them is drawn, and stays.

    Folders that are there already are generated anew where they stand. Those that no hierarchy draws any
    more stay: a folder holds projects.
    """
    wanted: dict[Identity, Resource] = {}
    budget = _Budget()
    results: list[Result] = []
    for item in items:
        if item.kind != "ResourceHierarchy" or item.api_version not in VERSIONS:
            continue
        if item.api_version != LATEST:
            results.append(about(item, _outdated(item.name), "warn"))
        try:
            _add(wanted, _Hierarchy(item, _mapping(plain(item.document), "spec"), budget).folders())
        except InvalidDocument as error:
            fault = fault_of(item, error)
            return Outcome(items, (*results, fault), 1, fault.message)
    for item in items:
        new = wanted.pop(item.identity, None) if item.kind == _FOLDER else None
        if new is not None:
            renew(item, new)
    return Outcome([*items, *wanted.values()], tuple(results))


def _add(wanted: dict[Identity, Resource], folders: Iterator[Resource]) -> None:
    for folder in folders:
        if folder.identity in wanted:
            raise InvalidDocument(f"Two folders come to the name {quoted(folder.name)}; rename one.")
        wanted[folder.identity] = folder


def _outdated(name: str) -> str:
    return (
        f"ResourceHierarchy {name} references an older Resource Hierarchy GroupVersion. "
        f"Latest GroupVersion is {LATEST}."
    )


@dataclass(slots=True)
class _Budget:
    """How many more entries may be read in one run."""

    left: int = MOST_FOLDERS

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise InvalidDocument(f"Hierarchies must have at most {MOST_FOLDERS} folders together.")


@dataclass(frozen=True, slots=True)
class _Hierarchy:
    """One ResourceHierarchy."""

    item: Resource
    spec: dict[str, object]
    budget: _Budget

    def folders(self) -> Iterator[Resource]:
        """Its folders, each after the one it lies in; raises InvalidDocument for what is no hierarchy."""
        if self.item.api_version == LAYERED:
            return self._draw(_layers(self.spec), "spec.config", self._root())
        return self._draw(self.spec.get("config"), "spec.config", self._root())

    def _root(self) -> Parent:
        organization = self.spec.get("organization")
        if self.item.api_version == LAYERED and organization is not None:
            return Parent(_ORGANIZATION, _text(organization, "spec.organization"))
        reference = _mapping(self.spec, "parentRef", "spec.parentRef")
        kind = _text(reference.get("kind", _ORGANIZATION), "spec.parentRef.kind")
        if kind not in {_ORGANIZATION, _FOLDER}:
            raise InvalidDocument(f"`spec.parentRef.kind` must be `{_ORGANIZATION}` or `{_FOLDER}`.")
        if kind == _FOLDER and "external" not in reference and "name" in reference:
            return Parent(_FOLDER, name=_text(reference["name"], "spec.parentRef.name"))
        return Parent(kind, _text(reference.get("external"), "spec.parentRef.external"))

    def _draw(self, entries: object, where: str, parent: Parent, inside: int = 0) -> Iterator[Resource]:
        """The folders of a list; `inside` counts the subtrees that hold it."""
        if entries is None:
            return
        if isinstance(entries, dict) and entries.keys() == {SUBTREE}:
            entries = [entries]
        if not isinstance(entries, list):
            raise InvalidDocument(f"`{where}` must be a list.")
        for index, entry in enumerate(entries):
            here = f"{where}[{index}]"
            for name, below in entry.items() if isinstance(entry, dict) and entry else ((entry, None),):
                self.budget.spend()
                if name == SUBTREE:
                    yield from self._subtree(below, here, parent, inside)
                    continue
                folder = self._folder(_text(name, here), parent)
                yield folder
                me = Parent(_FOLDER, name=folder.name, depth=parent.depth + 1)
                yield from self._draw(below, f"{here}.{name}", me, inside)

    def _subtree(self, name: object, where: str, parent: Parent, inside: int) -> Iterator[Resource]:
        text = _text(name, f"{where}.{SUBTREE}")
        subtrees = _mapping(self.spec, "subtrees", "spec.subtrees")
        if text not in subtrees:
            raise InvalidDocument(f"`{where}` must name one of `spec.subtrees`, but names {quoted(text)}.")
        if inside == DEEPEST:
            raise InvalidDocument(
                f"Subtrees must not be nested deeper than {DEEPEST}; {quoted(text)} is, or it holds itself."
            )
        return self._draw(subtrees[text], f"spec.subtrees[{quoted(text)}]", parent, inside + 1)

    def _folder(self, display: str, parent: Parent) -> Resource:
        if parent.depth == DEEPEST:
            raise InvalidDocument(f"Folders must not be nested deeper than {DEEPEST}; {quoted(display)} is.")
        name = f"{parent.name}." * bool(parent.depth) + _name(display)
        if len(name) > LONGEST_NAME:
            raise InvalidDocument(f"The name {quoted(name)} is too long; shorten the folders' names.")
        notes, spec = {}, {"displayName": display}
        if self.item.api_version == LATEST:
            key, value = ("external", parent.external) if parent.external else ("name", parent.name)
            reference = {f"{parent.kind.lower()}Ref": {key: value}}
            if parent.depth and self.item.namespace:
                place = f"namespaces/{self.item.namespace}/{_FOLDER}/{parent.name}"
                notes[_DEPENDS_ON] = f"{_GROUP}/{place}"
        else:
            reference = {}
            key = f"{parent.kind.lower()}-id" if parent.external else "folder-ref"
            notes[_CONNECTOR + key] = parent.external or parent.name
        meta = {"name": name, "annotations": notes}
        if self.item.namespace:
            meta["namespace"] = self.item.namespace
        whole = {
            "apiVersion": f"{_GROUP}/v1beta1",
            "kind": _FOLDER,
            "metadata": meta,
            "spec": {**spec, **reference},
        }
        return generated(from_plain(whole))


def _layers(spec: dict[str, object]) -> object:
    """The tree of a v1alpha1: each folder of a layer holds all folders of the next one."""
    layers = spec.get("layers")
    if not isinstance(layers, list):
        raise InvalidDocument("`spec.layers` must be a list of texts.")
    config = _mapping(spec, "config", "spec.config")
    below: object = None
    for layer in reversed(layers):
        name = _text(layer, "spec.layers")
        folders = config.get(name)
        if not isinstance(folders, list):
            raise InvalidDocument(f"`spec.config` must have a list for the layer {quoted(name)}.")
        below = [{_text(folder, "spec.config"): below} for folder in folders]
    return below


def _name(display: str) -> str:
    """What a folder's resource is called within the one it lies in."""
    name = display.lower().translate(_PLAIN)
    if not _NAME.fullmatch(name):
        raise InvalidDocument(
            f"The folder {quoted(display[:80])} must have a name of letters a-z, digits, spaces, hyphens and "
            "underscores, that begins and ends with a letter or a digit."
        )
    return name


def _mapping(value: object, key: str, where: str = "") -> dict[str, object]:
    found = value.get(key) if isinstance(value, dict) else None
    if not isinstance(found, dict):
        raise InvalidDocument(f"`{where or key}` must be a mapping.")
    return found


def _text(value: object, where: str) -> str:
    """A name or an id, which may look like a number."""
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise InvalidDocument(f"`{where}` must be a text.")
    return str(value)
