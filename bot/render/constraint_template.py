"""A ConstraintTemplate of Gatekeeper: the kind of constraint that it makes, and its program in Rego."""

from typing import Any, NamedTuple

from bot.errors import InvalidDocument
from bot.packages.documents import plain
from bot.packages.naming import quoted
from bot.packages.resource import Resource

GROUP = "templates.gatekeeper.sh"
KIND = "ConstraintTemplate"
TARGET = "admission.k8s.gatekeeper.sh"
_ENGINE = "Rego"
_INVENTORY = "inventory"

Json = dict[Any, Any]


class Template(NamedTuple):
    """A template; `kind` is that of its constraints."""

    item: Resource
    name: str
    kind: str
    rego: str
    libs: tuple[str, ...] = ()

    @property
    def looks(self) -> bool:
        """Whether its program may look at other resources than the one that is reviewed."""
        return any(_INVENTORY in source for source in (self.rego, *self.libs))


def is_template(item: Resource) -> bool:
    """Of any version: they differ in schemas, which nothing here looks at."""
    return item.kind == KIND and item.group == GROUP


def read(item: Resource) -> Template:
    """The template that a resource is. Raises InvalidDocument where it is not one."""
    kind = item.root.text("spec", "crd", "spec", "names", "kind")
    if not kind:
        raise InvalidDocument("`spec.crd.spec.names.kind` must be the kind of its constraints")
    if item.name != kind.lower():
        raise InvalidDocument(
            f"`metadata.name` must be {quoted(kind.lower())}, the kind of its constraints in lower case, "
            f"but is {quoted(item.name)}"
        )
    node = item.root.get("spec", "targets")
    targets = plain(node) if node is not None else None
    match targets:
        case [{**target}]:
            rego, libs = _program(target)
            return Template(item, item.name, kind, rego, libs)
    raise InvalidDocument("`spec.targets` must be a list of exactly one target")


def _program(target: Json) -> tuple[str, tuple[str, ...]]:
    if target.get("target") != TARGET:
        raise InvalidDocument(f"`spec.targets[0].target` must be {quoted(TARGET)}")
    program: Json = target
    match target.get("code"):
        case [*codes] if codes:
            program = _source(codes)
    rego, libs = program.get("rego"), program.get("libs") or []
    if not isinstance(rego, str) or not rego.strip():
        raise InvalidDocument("`spec.targets[0].rego` must be a program in Rego")
    if not isinstance(libs, list) or not all(isinstance(lib, str) for lib in libs):
        raise InvalidDocument("`spec.targets[0].libs` must be a list of programs in Rego")
    return rego, tuple(libs)


def _source(codes: list[object]) -> Json:
    for code in codes:
        match code:
            case {"engine": str(engine), "source": {**source}} if engine == _ENGINE:
                return source
    raise InvalidDocument(
        "`spec.targets[0].code` must have a program whose `engine` is 'Rego'; no other runs here"
    )
