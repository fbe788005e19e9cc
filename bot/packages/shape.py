"""What may stand where in a Kptfile v1, by kind and field; kpt calls the types by their names in Go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from bot.packages.documents.node import Kind, Node
from bot.packages.function import is_null

MOST_FAULTS = 100
_LONGEST_VALUE = 10  # bytes that go-yaml shows whole; of longer ones it shows seven
_COLLECTIONS = frozenset({"!!seq", "!!map"})


@dataclass(frozen=True, slots=True)
class Shape:
    """One type: a mapping has `fields`, or any keys with values of `inner`; a list has items of `inner`."""

    go: str
    kind: Kind
    fields: Mapping[str, Shape] = field(default_factory=dict)
    inner: Shape | None = None


class Fault(NamedTuple):
    """Something that stands where it must not; `kpt` is its line in kpt's list of them."""

    message: str
    line: int
    kpt: str


def faults(root: Node, shape: Shape) -> list[Fault]:
    """What in the document does not fit, in its order; not more than 100, as so many tell enough."""
    return list(islice(_faults(root, shape, ""), MOST_FAULTS))


def _faults(node: Node, shape: Shape, name: str) -> Iterator[Fault]:
    if shape is ANY or is_null(node):
        return
    if node.kind is Kind.ALIAS:
        yield from _alias_faults(name, f"`{name}` must not be an alias; write its value out.", node)
    elif node.kind is not shape.kind:
        yield _wrong_kind(node, shape, f"`{name}` {_must(shape)}.")
    elif shape.fields:
        yield from _struct_faults(node, shape, name)
    elif shape.inner and node.kind is Kind.SEQUENCE:
        for index, item in enumerate(node.content):
            yield from _faults(item, shape.inner, f"{name}[{index}]")
    elif shape.inner:
        for key, value in node.pairs():
            yield from _key_faults(key, name)
            yield from _faults(value, shape.inner, f"{name}.{key.value[:80]}")


def _struct_faults(node: Node, shape: Shape, name: str) -> Iterator[Fault]:
    for key, value in node.pairs():
        place = f"{name}.{key.value[:80]}" if name else key.value[:80]
        if key.kind is Kind.SCALAR and key.value in shape.fields:
            yield from _faults(value, shape.fields[key.value], place)
        elif key.tag == "!!merge":
            yield from _alias_faults(name, f"`{name}` must not merge with `<<`; write its fields out.", key)
        elif key.kind is Kind.SCALAR and not is_null(key):
            yield _unknown(key, shape, place if name else f"Kptfile.{place}")
        else:
            yield from _key_faults(key, name)


def _alias_faults(name: str, message: str, node: Node) -> Iterator[Fault]:
    """What would stand there is not looked up: kpt does that, but only of the pipeline it would matter."""
    if name.startswith("pipeline"):
        yield Fault(message, node.line, "")


def _key_faults(key: Node, name: str) -> Iterator[Fault]:
    if key.kind is not Kind.SCALAR:
        yield _wrong_kind(key, TEXT, f"The keys of `{name or 'Kptfile'}` must be strings.")


def _unknown(key: Node, shape: Shape, place: str) -> Fault:
    known = ", ".join(f"`{name}`" for name in sorted(shape.fields))
    return Fault(
        f"`{place}` is not known here; it must be one of {known}.",
        key.line,
        f"line {key.line}: field {key.value} not found in type {shape.go}",
    )


def _wrong_kind(node: Node, shape: Shape, message: str) -> Fault:
    return Fault(message, node.line, f"line {node.line}: cannot unmarshal {_shown(node)} into {shape.go}")


def _must(shape: Shape) -> str:
    if shape.kind is Kind.SEQUENCE:
        return "must be a list"
    if shape.kind is Kind.MAPPING:
        return "must be a mapping" if shape.fields else "must be a mapping of strings"
    return "must be a string: lists and mappings are not allowed"


def _shown(node: Node) -> str:
    """A value as go-yaml tells of it."""
    if node.tag in _COLLECTIONS:
        return node.tag
    data = node.value.encode()
    value = node.value if len(data) <= _LONGEST_VALUE else data[:7].decode(errors="replace") + "..."
    return f"{node.tag} `{value}`"


def _struct(go: str, **fields: Shape) -> Shape:
    return Shape(go, Kind.MAPPING, fields)


def _list(inner: Shape) -> Shape:
    return Shape(f"[]{inner.go}", Kind.SEQUENCE, inner=inner)


def _text(go: str) -> Shape:
    return Shape(go, Kind.SCALAR)


# Whatever kpt or others keep there for themselves.
ANY = Shape("", Kind.DOCUMENT)
TEXT = _text("string")
TEXTS = Shape("map[string]string", Kind.MAPPING, inner=TEXT)
SELECTOR = _struct(
    "v1.Selector",
    apiVersion=TEXT,
    kind=TEXT,
    name=TEXT,
    namespace=TEXT,
    labels=TEXTS,
    annotations=TEXTS,
)
FUNCTION = _struct(
    "v1.Function",
    image=TEXT,
    exec=TEXT,
    configPath=TEXT,
    configMap=TEXTS,
    name=TEXT,
    tag=TEXT,
    selectors=_list(SELECTOR),
    exclude=_list(SELECTOR),
)
_GIT = {"repo": TEXT, "directory": TEXT, "ref": TEXT}
_ORIGIN = _text("v1.OriginType")
_CONDITION = _struct("v1.Condition", type=TEXT, status=_text("v1.ConditionStatus"), reason=TEXT, message=TEXT)
KPTFILE = _struct(
    "v1.KptFile",
    apiVersion=TEXT,
    kind=TEXT,
    metadata=_struct("yaml.ObjectMeta", name=TEXT, namespace=TEXT, labels=TEXTS, annotations=TEXTS),
    upstream=_struct(
        "v1.Upstream",
        type=_ORIGIN,
        git=_struct("v1.Git", **_GIT),
        updateStrategy=_text("v1.UpdateStrategyType"),
    ),
    upstreamLock=_struct(
        "v1.UpstreamLock", type=_ORIGIN, git=_struct("v1.GitLock", **_GIT, commit=TEXT), generic=ANY
    ),
    info=_struct(
        "v1.PackageInfo",
        site=TEXT,
        emails=_list(TEXT),
        license=TEXT,
        licenseFile=TEXT,
        description=TEXT,
        keywords=_list(TEXT),
        man=TEXT,
        readinessGates=_list(_struct("v1.ReadinessGate", conditionType=TEXT)),
    ),
    pipeline=_struct("v1.Pipeline", mutators=_list(FUNCTION), validators=_list(FUNCTION)),
    inventory=_struct(
        "v1.Inventory", namespace=TEXT, name=TEXT, inventoryID=TEXT, labels=TEXTS, annotations=TEXTS
    ),
    status=_struct("v1.Status", conditions=_list(_CONDITION), renderStatus=ANY),
)
