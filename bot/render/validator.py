"""A validator of resources against the schemas of Kubernetes: what kubeconform and kubeval have in common."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.documents import plain
from bot.packages.documents.node import Node
from bot.packages.naming import quoted
from bot.packages.rendering import Result
from bot.packages.resource import Resource
from bot.render.config import is_config_map, texts_of
from bot.render.function import about, fault_of
from bot.render.kubernetes_schemas import definitions_of
from bot.render.places import Path, Places
from bot.render.schema import Definitions, Schema

MOST_FAULTS = 500  # of one resource
_LOCATIONS = ("schema_location", "additional_schema_locations")


class Fault(NamedTuple):
    """What is wrong with a value: where it stands, how the function names its field, and what it says."""

    path: Path
    field: str
    message: str


class Options(NamedTuple):
    """What the functionConfig asks for; `skipped` are kinds such as 'Secret' or 'apps/v1/Deployment'."""

    strict: bool = False
    ignore_missing: bool = False
    skipped: frozenset[str] = frozenset()


def read(config: Node | None, name: str) -> Options:
    """The options of a ConfigMap, for the function `name`.

    Raises InvalidDocument where they are none, or ask for schemas that are not here.
    """
    if config is None:
        return Options()
    if not is_config_map(config):
        raise InvalidDocument("`functionConfig` must be a `ConfigMap`", line=config.root.line)
    texts = texts_of(config.root.get("data"))
    for field in _LOCATIONS:
        if texts.get(field, "") not in {"", "default"}:
            raise InvalidDocument(
                f"`{field}` asks for schemas from {quoted(texts[field])}, but the built-in {name} has those "
                f"of Kubernetes and no others. Remove the field, or run the image of {name} in a container."
            )
    kinds = (kind.strip() for kind in texts.get("skip_kinds", "").split(","))
    return Options(
        _flag(texts, "strict"), _flag(texts, "ignore_missing_schemas"), frozenset(filter(None, kinds))
    )


def _flag(texts: dict[str, str], field: str) -> bool:
    text = texts.get(field, "")
    if text not in {"", "true", "false"}:
        raise InvalidDocument(f'`{field}` must be "true" or "false", but is {quoted(text)}')
    return text == "true"


@dataclass(frozen=True, slots=True)
class Validator:
    """Validates resources against one version's schemas.

    `faults` words what is wrong with a value; `missing` words that a resource has no schema, and is '' where
    that is no fault.
    """

    version: str
    options: Options
    faults: Callable[[Schema, object, Path], Iterator[Fault]]
    missing: Callable[[Resource, str, str], str] = lambda *_: ""

    def results(self, items: list[Resource]) -> tuple[Result, ...]:
        """One error for each fault, resource by resource. Raises NotFound where no schemas are installed."""
        definitions = definitions_of(self.version, strict=self.options.strict)
        return tuple(result for item in items for result in self._of(item, definitions))

    def _of(self, item: Resource, definitions: Definitions) -> Iterator[Result]:
        try:
            faults = list(islice(self._faults(item, definitions), MOST_FAULTS + 1))
        except InvalidDocument as error:
            yield fault_of(item, error)
            return
        places = Places(item.root)
        for fault in faults[:MOST_FAULTS]:
            yield about(item, fault.message, "error", field=fault.field, line=places.line(fault.path))
        if len(faults) > MOST_FAULTS:
            yield about(item, f"There are more faults than these {MOST_FAULTS}.", "error")

    def _faults(self, item: Resource, definitions: Definitions) -> Iterator[Fault]:
        if item.kind != "List" and definitions.kind(item.api_version, item.kind) is None:
            yield from self._missing(item, item.api_version, item.kind, None)
        else:
            yield from self._within(item, definitions, plain(item.document), None)

    def _within(self, item: Resource, definitions: Definitions, value: object, path: Path) -> Iterator[Fault]:
        """The faults of a resource, or of each in a List."""
        if not isinstance(value, dict):
            return
        version, kind = str(value.get("apiVersion", "")), str(value.get("kind", ""))
        if self.options.skipped & {kind, f"{version}/{kind}"}:
            return
        schema = definitions.kind(version, kind)
        parts = value.get("items")
        if kind == "List" and isinstance(parts, list):
            for index, part in enumerate(parts):
                yield from self._within(item, definitions, part, ((path, "items"), index))
        elif schema is None:
            yield from self._missing(item, version, kind, path)
        else:
            yield from self.faults(schema, value, path)

    def _missing(self, item: Resource, version: str, kind: str, path: Path) -> Iterator[Fault]:
        if self.options.ignore_missing or self.options.skipped & {kind, f"{version}/{kind}"}:
            return
        message = self.missing(item, version, kind)
        if message:
            yield Fault(path, "", message)
