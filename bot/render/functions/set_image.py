"""set-image: give the containers that use an image another name, tag or digest of it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.documents.node import Kind, Node
from bot.packages.resource import Resource
from bot.render.config import is_config_map, texts_of
from bot.render.fields import EACH, Path, mappings_at, set_text
from bot.render.fieldspec import FieldSpec, reach, read_specs
from bot.render.function import Outcome, failed, fault_of, succeeded

NAME = "set-image"
_FIELDS = ("name", "newName", "newTag", "digest")
# As the catalog's function: containers only, init containers stay.
_CONTAINERS = ("spec", "template", "spec", "containers", EACH)
_PLACES: dict[str, Path] = {
    "Pod": ("spec", "containers", EACH),
    "Deployment": _CONTAINERS,
    "StatefulSet": _CONTAINERS,
    "ReplicaSet": _CONTAINERS,
    "DaemonSet": _CONTAINERS,
    "PodTemplate": ("template", "spec", "containers", EACH),
}
_REST = r"(?::[\w.{}-]*)?(?:@sha256:[\w.{}-]*)?|(?:@sha256:[\w.{}-]*)?(?::[\w.{}-]*)?"


class Wish(NamedTuple):
    """Which image, and what it becomes; '' keeps what is there."""

    name: str
    new_name: str
    new_tag: str
    digest: str
    specs: tuple[FieldSpec, ...] = ()

    def applied(self, image: str) -> str:
        """The image after the change; the same when it is another image."""
        rest = image[len(self.name) :]
        if not image.startswith(self.name) or not re.fullmatch(_REST, rest, re.ASCII):
            return image
        rest = f":{self.new_tag}" if self.new_tag else rest
        rest = f"@{self.digest}" if self.digest else rest
        return (self.new_name or self.name) + rest


def set_image(items: list[Resource], config: Node | None) -> Outcome:
    """Run over `items`; the image is a ConfigMap's data, or the `image` of a SetImage."""
    try:
        wish = _read(config)
    except InvalidDocument as error:
        ended = f"function is terminated: {error.reason}"
        return failed(items, error.reason, ended, stderr=f"failed to evaluate function: {ended}")
    count = 0
    for item in items:
        try:
            for node in _images(item, wish.specs):
                count += set_text(item, node, wish.applied(node.value))
        except InvalidDocument as error:
            fault = fault_of(item, error)
            return Outcome(items, (fault,), 1, f"failed to evaluate function: {fault.message}")
    return succeeded(items, f"summary: updated a total of {count} image(s)")


def _images(item: Resource, specs: tuple[FieldSpec, ...]) -> Iterator[Node]:
    """The strings in an item that name an image."""
    kind = item.kind
    if kind in _PLACES:
        for container in mappings_at(item, _PLACES[kind], create=False):
            yield from _strings(container.get("image"))
    group, _, version = item.api_version.rpartition("/")
    for spec in specs:
        if spec.matches(group, version, kind):
            for node in reach(item.root, spec.path):
                yield from _strings(node)


def _strings(node: Node | None) -> Iterator[Node]:
    if node is not None and node.kind is Kind.SCALAR and node.tag == "!!str":
        yield node


def _read(config: Node | None) -> Wish:
    if config is None:
        raise InvalidDocument("must specify `name`")
    root = config.root
    specs: tuple[FieldSpec, ...] = ()
    if is_config_map(config):
        image = texts_of(root.get("data"))
        unknown = sorted(image.keys() - set(_FIELDS))
        if unknown:
            raise InvalidDocument(f"ConfigMap has wrong field name {unknown[0]}")
    elif root.text("kind") == "SetImage" and root.text("apiVersion").startswith("fn.kpt.dev/"):
        image = texts_of(root.get("image"))
        specs = read_specs(root.get("additionalImageFields"))
    else:
        raise InvalidDocument(
            f"unknown FunctionConfig `{root.text('kind')}`, expect `SetImage.fn.kpt.dev` or `ConfigMap.v1`"
        )
    name, new_name, new_tag, digest = (image.get(field, "") for field in _FIELDS)
    wish = Wish(name, new_name, new_tag, digest, specs)
    if not wish.name:
        raise InvalidDocument("must specify `name`")
    if not (wish.new_name or wish.new_tag or wish.digest):
        raise InvalidDocument("must specify one of `newName`, `newTag`, or `digest`")
    return wish
