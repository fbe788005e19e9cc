"""By what the items of a list are told apart, wherever a list stands."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol

from bot.packages.documents.node import Kind, Node
from bot.packages.schema import Shape, shape_of

# Kubernetes gives a port that names none this protocol, so with and without it is the same port.
_DEFAULTS = {"protocol": "TCP"}


class Guide(Protocol):
    """What is known of one place in a document."""

    def field(self, name: str) -> Guide:
        """What is known of the field `name`, if this is a mapping."""

    def item(self) -> Guide:
        """What is known of the items, if this is a list."""

    def key_of(self, item: Node) -> Hashable:
        """What tells this item of the list from others; None where nothing does: the list is one value."""

    @property
    def merges(self) -> bool:
        """Whether a list, or a mapping, that stands here is merged; it is one value where not."""


def key_by(item: Node, names: tuple[str, ...]) -> tuple[str, ...] | None:
    """The item's values under `names`; None where it has none of them."""
    if item.kind is not Kind.MAPPING:
        return None
    texts = [item.text(name) for name in names]
    if not any(texts):
        return None
    return tuple(text or _DEFAULTS.get(name, "") for name, text in zip(names, texts, strict=True))


def key_of_scalar(item: Node) -> tuple[str, str] | None:
    """The key of an item that is told apart by itself."""
    return (item.tag, item.value) if item.kind is Kind.SCALAR else None


@dataclass(frozen=True, slots=True)
class KubernetesGuide:
    """What Kubernetes' own schema says."""

    shape: Shape

    def field(self, name: str) -> Guide:
        return KubernetesGuide(self.shape.field(name))

    def item(self) -> Guide:
        return KubernetesGuide(self.shape.item())

    def key_of(self, item: Node) -> Hashable:
        keys = self.shape.merge_keys
        if keys is None:
            return None
        return key_by(item, keys) if keys else key_of_scalar(item)

    @property
    def merges(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class NameGuide:
    """Knows nothing: items are told apart by their `name`, as kpt does it in Kptfiles."""

    def field(self, name: str) -> Guide:  # noqa: ARG002 - all fields are alike here
        return self

    def item(self) -> Guide:
        return self

    def key_of(self, item: Node) -> Hashable:
        return key_by(item, ("name",))

    @property
    def merges(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class ResourceGuide:
    """A resource whose fields `body` knows; its metadata is that of every resource."""

    body: Guide

    def field(self, name: str) -> Guide:
        return KubernetesGuide(Shape("ObjectMeta")) if name == "metadata" else self.body.field(name)

    def item(self) -> Guide:
        return self.body.item()

    def key_of(self, item: Node) -> Hashable:
        return self.body.key_of(item)

    @property
    def merges(self) -> bool:
        return True


def kubernetes_guide(root: Node) -> KubernetesGuide:
    """What Kubernetes knows of a resource; nothing of kinds that are not its own."""
    return KubernetesGuide(shape_of(root))
