"""Replacements as a config says them: a source, and the fields that get its value."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.documents.node import Kind, Node
from bot.packages.resource import Resource
from bot.render.pattern import Effort, Pattern

_REQUIREMENT = re.compile(
    r"\s*([\w./-]+)\s*(?:(==|=|!=)\s*([\w.-]*)|(in|notin)\s*\(([^()]*)\))?\s*", re.ASCII
)
_COMMA = re.compile(r",(?![^()]*\))")
_NAME = "metadata.name"
_LONGEST = 1_000  # characters of a label selector


class Options(NamedTuple):
    """Which part of a text is meant, if a delimiter parts it; whether a field is made where it is missing."""

    delimiter: str = ""
    part: int = 0
    create: bool = False


class Source(NamedTuple):
    """The one resource with the value; what is empty is any."""

    kind: str
    version: str
    group: str
    name: str
    namespace: str
    path: str
    options: Options

    def is_meant(self, item: Resource) -> bool:
        group, _, version = item.api_version.rpartition("/")
        return (
            self.kind in {"", item.kind}
            and self.version in {"", version}
            and self.group in {"", group}
            and self.name in {"", item.name}
            and self.namespace in {"", item.namespace or "default"}
        )

    @property
    def title(self) -> str:
        """As kustomize says which it was: 'ConfigMap.[noVer].[noGrp]/name.[noNs]'."""
        what = f"{self.kind or '[noKind]'}.{self.version or '[noVer]'}.{self.group or '[noGrp]'}"
        return f"{what}/{self.name or '[noName]'}.{self.namespace or '[noNs]'}"


class Requirement(NamedTuple):
    """One condition of a label selector: the key's value is among `values`, is not, or is there at all."""

    key: str
    values: frozenset[str] | None = None
    is_not: bool = False

    def holds(self, texts: Mapping[str, str]) -> bool:
        if self.values is None:
            return (self.key in texts) is not self.is_not
        return (texts.get(self.key) in self.values) is not self.is_not


class Selector(NamedTuple):
    """Which resources are meant: patterns of the whole field, and conditions on labels and annotations."""

    kind: Pattern
    version: Pattern
    group: Pattern
    name: Pattern
    namespace: Pattern
    labels: tuple[Requirement, ...]
    annotations: tuple[Requirement, ...]

    def is_meant(self, item: Resource) -> bool:
        group, _, version = item.api_version.rpartition("/")
        return (
            self.kind.matches(item.kind)
            and self.name.matches(item.name)
            and self.group.matches(group)
            and self.version.matches(version)
            and self.namespace.matches(item.namespace or "default")
            and all(one.holds(item.labels) for one in self.labels)
            and all(one.holds(item.annotations) for one in self.annotations)
        )


class Target(NamedTuple):
    """The fields that get the value, in the resources that are selected and not rejected."""

    select: Selector
    reject: tuple[Selector, ...]
    paths: tuple[str, ...]
    options: Options

    def is_meant(self, item: Resource) -> bool:
        return self.select.is_meant(item) and not any(one.is_meant(item) for one in self.reject)


class Replacement(NamedTuple):
    """One value, of a source or (without one) as the config says it, and where it goes."""

    source: Source | None
    value: str
    targets: tuple[Target, ...]


def read_replacements(config: Node | None) -> tuple[Replacement, ...]:
    """The replacements of an ApplyReplacements; raises InvalidDocument for what is none."""
    root = config.root if config is not None else Node(Kind.MAPPING)
    if root.text("kind") != "ApplyReplacements" or not root.text("apiVersion").startswith("fn.kpt.dev/"):
        raise InvalidDocument("`functionConfig` must be an `ApplyReplacements` of `fn.kpt.dev/v1alpha1`")
    effort = Effort()
    return tuple(_replacement(node, effort) for node in _list(root, "replacements"))


def _replacement(node: Node, effort: Effort) -> Replacement:
    source, value = node.get("source"), node.get("sourceValue")
    targets = _list(node, "targets")
    if (source is None and value is None) or not targets:
        raise InvalidDocument("replacements must specify a source and at least one target", line=node.line)
    if source is not None and value is not None:
        raise InvalidDocument("value and resource selectors are mutually exclusive", line=node.line)
    read = None if source is None else _source(source)
    return Replacement(read, node.text("sourceValue"), tuple(_target(target, effort) for target in targets))


def _source(node: Node) -> Source:
    kind, version, group, name, namespace = (
        node.text(key) for key in ("kind", "version", "group", "name", "namespace")
    )
    path = node.text("fieldPath") or _NAME
    return Source(kind, version, group, name, namespace, path, _options(node))


def _target(node: Node, effort: Effort) -> Target:
    select = node.get("select")
    if select is None or select.kind is not Kind.MAPPING:
        raise InvalidDocument("target must specify resources to select", line=node.line)
    paths = tuple(path.value for path in _list(node, "fieldPaths") if path.kind is Kind.SCALAR)
    reject = tuple(_selector(one, effort) for one in _list(node, "reject") if one.content)
    return Target(_selector(select, effort), reject, paths or (_NAME,), _options(node))


def _options(node: Node) -> Options:
    index = node.text("options", "index") or "0"
    if not re.fullmatch(r"-?[0-9]{1,6}", index, re.ASCII):
        raise InvalidDocument("`options.index` must be a number", line=node.line)
    return Options(node.text("options", "delimiter"), int(index), node.text("options", "create") == "true")


def _selector(node: Node, effort: Effort) -> Selector:
    kind, version, group, name, namespace = (
        Pattern(node.text(key), effort) for key in ("kind", "version", "group", "name", "namespace")
    )
    labels = tuple(_requirements(node.text("labelSelector")))
    annotations = tuple(_requirements(node.text("annotationSelector")))
    return Selector(kind, version, group, name, namespace, labels, annotations)


def _requirements(text: str) -> Iterator[Requirement]:
    """The conditions of a selector such as 'a=b,c!=d,e in (f,g),h,!i'."""
    if len(text) > _LONGEST:
        raise InvalidDocument(f"a selector of labels must have at most {_LONGEST} characters")
    for part in _COMMA.split(text) if text.strip() else ():
        is_absent = part.strip().startswith("!")
        found = _REQUIREMENT.fullmatch(part.strip().removeprefix("!").strip())
        if found is None or (is_absent and (found[2] or found[4])):
            raise InvalidDocument(f'unable to parse the selector "{text}"')
        values = None
        if found[2] or found[4]:
            values = frozenset([found[3]] if found[2] else [one.strip() for one in found[5].split(",")])
        yield Requirement(found[1], values, is_absent or found[2] == "!=" or found[4] == "notin")


def _list(node: Node, key: str) -> list[Node]:
    """The items of a list; none where there is no list."""
    found = node.get(key)
    return found.content if found is not None and found.kind is Kind.SEQUENCE else []
