"""Kptfiles of the versions before v1, written as kpt's v1 has them."""

from collections.abc import Iterator

from bot.packages.documents.node import Kind, Node, mapping, sequence, string
from bot.packages.function import is_null
from bot.packages.kptfile import API_VERSION
from bot.packages.resource import copy_of
from bot.packages.shape import KPTFILE

FIRST, SECOND = "kpt.dev/v1alpha1", "kpt.dev/v1alpha2"
_STRATEGIES = frozenset({"resource-merge", "fast-forward", "force-delete-replace"})
_STRATEGY = "resource-merge"
_INFO = (
    ("site", "url"),
    ("emails", "email"),
    ("license", "license"),
    ("description", "shortDescription"),
    ("keywords", "tags"),
    ("man", "man"),
)


def migrated(old: Node, mutator: Node | None) -> Node:
    """A Kptfile of v1alpha1 as one of v1; `mutator` comes first in its pipeline."""
    upstream, lock = _upstream(old)
    made = {
        "apiVersion": string(API_VERSION),
        "upstream": upstream,
        "upstreamLock": lock or _copied(old.get("upstreamLock")),
        "info": _info(old),
        "pipeline": _pipeline(old, mutator),
    }
    new = mapping()
    for name in KPTFILE.fields:
        node = made[name] if name in made else _copied(old.get(name))
        if node is not None:
            new.put(name, node)
    return new


def lost(old: Node) -> Iterator[tuple[str, Node]]:
    """Each field of a Kptfile of v1alpha1 that v1 has no place for, with its value."""
    for key, value in old.pairs():
        if key.value == "packageMetadata" and value.kind is Kind.MAPPING:
            known = {before for _, before in _INFO if _described(old, before) is not None}
            for name, text in value.pairs():
                if name.value not in known and not is_null(text):
                    yield f"{key.value}.{name.value}", text
        elif not is_null(value) and not _has_place(old, key.value):
            yield key.value, value


def _has_place(old: Node, name: str) -> bool:
    if name == "upstream":
        return _upstream(old)[0] is not None
    if name == "openAPI":
        definitions = old.get("openAPI", "definitions")
        return definitions is not None and definitions.kind is Kind.MAPPING
    return name in KPTFILE.fields


def _copied(node: Node | None) -> Node | None:
    return copy_of(node) if node is not None and not is_null(node) else None


def _scalar(node: Node | None) -> Node | None:
    return _copied(node) if node is not None and node.kind is Kind.SCALAR else None


def _upstream(old: Node) -> tuple[Node | None, Node | None]:
    """The upstream, and its lock where the commit is known."""
    git = old.get("upstream", "git")
    if git is None or git.kind is not Kind.MAPPING:
        return None, None
    parts = [(name, node) for name in ("repo", "directory", "ref") if (node := _scalar(git.get(name)))]
    strategy = old.text("upstream", "updateStrategy")
    upstream = mapping(
        ("type", string("git")),
        ("git", mapping(*parts)),
        ("updateStrategy", string(strategy if strategy in _STRATEGIES else _STRATEGY)),
    )
    commit = _scalar(git.get("commit"))
    if commit is None:
        return upstream, None
    locked = mapping(*((name, copy_of(node)) for name, node in parts), ("commit", commit))
    return upstream, mapping(("type", string("git")), ("git", locked))


def _info(old: Node) -> Node | None:
    info = _copied(old.get("info"))
    if info is None or info.kind is not Kind.MAPPING:
        info = mapping()
    for name, before in _INFO:
        node = _described(old, before)
        if node is not None and info.get(name) is None:
            info.put(name, sequence(node) if name == "emails" else node)
    return info if info.content else None


def _described(old: Node, name: str) -> Node | None:
    """A field of the package's description, if it is of the kind that v1 asks for."""
    node = old.get("packageMetadata", name)
    if name != "tags":
        return _scalar(node)
    return _copied(node) if node is not None and node.kind is Kind.SEQUENCE else None


def _pipeline(old: Node, mutator: Node | None) -> Node | None:
    pipeline = _copied(old.get("pipeline"))
    if mutator is None:
        return pipeline
    if pipeline is None or pipeline.kind is not Kind.MAPPING:
        pipeline = mapping()
    mutators = pipeline.get("mutators")
    if mutators is None or mutators.kind is not Kind.SEQUENCE:
        mutators = sequence()
        pipeline.put("mutators", mutators)
    mutators.content.insert(0, mutator)
    return pipeline
