"""ensure-name-substring: prepend or append a text to the names that lack it, and to what refers to them."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.documents.node import Kind, Node
from bot.packages.resource import Resource
from bot.render.config import is_config_map, texts_of
from bot.render.fields import set_text
from bot.render.fieldspec import FieldSpec, reach, read_specs
from bot.render.function import Outcome, failed
from bot.render.references import REFERENCES, ROLE_REF, Target
from bot.render.scope import is_namespaced

NAME = "ensure-name-substring"
PREPEND, APPEND = "prepend", "append"
_DEFAULT = "default"
_DEPENDENCIES = ("metadata", "annotations", "config.kubernetes.io/depends-on")
# Their names mean something by themselves.
_KEPT = frozenset({"APIService", "CustomResourceDefinition", "Namespace", "Kptfile"})


class Wish(NamedTuple):
    """What the config asks: which text, on which side, and which other fields hold names."""

    substring: str
    mode: str
    specs: tuple[FieldSpec, ...] = ()

    def applied(self, name: str) -> str:
        """The name with the text in it; one that has it anywhere stays."""
        if not name or self.substring in name:
            return name
        return self.substring + name if self.mode == PREPEND else name + self.substring


class Renamed(NamedTuple):
    """A resource that got another name, as it was; `namespace` is '' for one in no namespace."""

    group: str
    version: str
    namespace: str

    def is_meant(self, target: Target, namespace: str) -> bool:
        """Whether a reference from a namespace ('': from anywhere) to `target` may mean it."""
        return (
            target.group in {"", self.group}
            and target.version in {"", self.version}
            and ("" in {namespace, self.namespace} or namespace == self.namespace)
        )


Names = dict[tuple[str, str], list[Renamed]]  # by kind and old name


def ensure_name_substring(items: list[Resource], config: Node | None) -> Outcome:
    """Run over `items`; a ConfigMap has one entry, `prepend` or `append`, or it is an EnsureNameSubstring.

    Resources keep their files here; kpt's function forgets them, which `fn eval` does after it too.
    """
    try:
        wish = _read(config)
    except InvalidDocument as error:
        return failed(items, error.reason, stderr=error.reason)
    names: Names = {}
    groups: set[tuple[str, str, str]] = set()
    for item in items:
        before = item.name
        if _rename(item, wish) and before:
            group, _, version = item.api_version.rpartition("/")
            names.setdefault((item.kind, before), []).append(Renamed(group, version, _namespace(item)))
            groups.add((group, item.kind, before))
    for item in items if names else ():
        for node, name in list(_references(item, names)):
            set_text(item, node, wish.applied(name))
        _follow_dependencies(item, wish, groups)
    return Outcome(items)


def _rename(item: Resource, wish: Wish) -> bool:
    """Rename an item, and the names in its other fields; say whether its own changed."""
    kind = item.kind
    if kind in _KEPT:
        return False
    node = item.root.get("metadata", "name")
    is_renamed = node is not None and node.kind is Kind.SCALAR and _set(item, node, wish)
    group, _, version = item.api_version.rpartition("/")
    for spec in wish.specs:
        if spec.matches(group, version, kind):
            for found in reach(item.root, spec.path):
                if found.kind is Kind.SCALAR and found.tag == "!!str":
                    _set(item, found, wish)
    return is_renamed


def _set(item: Resource, node: Node, wish: Wish) -> bool:
    after = wish.applied(node.value)
    return after != node.value and set_text(item, node, after)


def _namespace(item: Resource) -> str:
    """The namespace that an item lives in; '' for kinds that live in none."""
    return "" if is_namespaced(item.api_version, item.kind) is False else item.namespace or _DEFAULT


def _references(item: Resource, names: Names) -> Iterator[tuple[Node, str]]:
    """Each scalar of an item that holds an old name, with that name."""
    group, _, version = item.api_version.rpartition("/")
    home = _namespace(item)
    for target, spec in REFERENCES.get(item.kind, ()):
        if not spec.matches(group, version, item.kind):
            continue
        if spec.path == ROLE_REF and item.root.text("roleRef", "kind") != target.kind:
            continue
        for found in reach(item.root, spec.path):
            node, namespace = _named(found, home, target)
            if node is None or node.kind is not Kind.SCALAR:
                continue
            if any(one.is_meant(target, namespace) for one in names.get((target.kind, node.value), ())):
                yield node, node.value


def _named(found: Node, home: str, target: Target) -> tuple[Node | None, str]:
    """The scalar with the name in a reference, and the namespace that it speaks of."""
    if found.kind is not Kind.MAPPING:
        return found, home
    if found.text("kind") not in {"", target.kind}:
        return None, home  # a subject that is a user or a group has a name of its own
    return found.get("name"), found.text("namespace") or home


def _follow_dependencies(item: Resource, wish: Wish, groups: set[tuple[str, str, str]]) -> None:
    """Change the names in an item's depends-on annotation that are those of renamed items."""
    node = item.root.get(*_DEPENDENCIES)
    if node is None or node.kind is not Kind.SCALAR:
        return
    parts = node.value.split(",")
    for index, part in enumerate(parts):
        words = part.strip().split("/")
        is_one = len(words) == 3 or (len(words) == 5 and words[1] == "namespaces")
        if is_one and (words[0], words[-2], words[-1]) in groups:
            parts[index] = part.rstrip().removesuffix(words[-1]) + wish.applied(words[-1])
    if (after := ",".join(parts)) != node.value:
        set_text(item, node, after)


def _read(config: Node | None) -> Wish:
    if config is None:
        raise InvalidDocument("only 1 entry is allowed in the ConfigMap, but got: 0")
    root = config.root
    if is_config_map(config):
        entries = list(texts_of(root.get("data")).items())
        if len(entries) != 1:
            raise InvalidDocument(f"only 1 entry is allowed in the ConfigMap, but got: {len(entries)}")
        ((mode, substring),) = entries
        wish = Wish(substring, mode)
    elif root.text("kind") == "EnsureNameSubstring" and root.text("apiVersion").startswith("fn.kpt.dev/"):
        specs = read_specs(root.get("additionalNameFields"))
        wish = Wish(root.text("substring"), root.text("editMode") or PREPEND, specs)
    else:
        raise InvalidDocument("`functionConfig` must be a `ConfigMap` or `EnsureNameSubstring`")
    if wish.mode not in {PREPEND, APPEND}:
        raise InvalidDocument(f"unknown editMode: {wish.mode}, only prepend and append are allowed")
    if not wish.substring:
        raise InvalidDocument("substring must not be empty")
    return wish
