"""kubeconform: a validator that holds resources against the schemas of Kubernetes."""

from collections.abc import Iterator

from bot.errors import InvalidDocument, NotFound
from bot.packages.documents.node import Node
from bot.packages.naming import quoted
from bot.packages.resource import Resource
from bot.render.function import Outcome, failed
from bot.render.kubernetes_schemas import NEWEST
from bot.render.places import Path, dotted
from bot.render.schema import Schema, type_of
from bot.render.validator import Fault, Validator, read

NAME = "kubeconform"
MOST_NAMES = 50  # in one message
_FAILURE = "failed to evaluate function: error: function failure"
# As its library lists the types that were wanted, whatever the schema's order.
_ORDER = ("null", "boolean", "number", "integer", "string", "array", "object")


def kubeconform(items: list[Resource], config: Node | None) -> Outcome:
    """Run over `items`; the options are a ConfigMap's.

    A resource without a schema is no fault, whatever `ignore_missing_schemas` says: kpt's own gives no result
    for a custom resource, nor for the Kptfile, which it is given too.
    """
    try:
        results = Validator(NEWEST, read(config, NAME), faults_of).results(items)
    except InvalidDocument as error:
        return failed(items, error.reason, stderr=_FAILURE)
    except NotFound as error:
        return failed(items, str(error), stderr=_FAILURE)
    return Outcome(items, results, 1, _FAILURE) if results else Outcome(items)


def faults_of(schema: Schema, value: object, path: Path) -> Iterator[Fault]:
    """What is wrong with a value, worded and ordered as by version 6 of santhosh-tekuri/jsonschema.

    There an object's missing properties come first, the unknown ones last, and a value of the wrong type has
    no other fault. Formats are notes only, since Kubernetes' schemas name a draft that does not assert them.
    """
    kind = type_of(value)
    if not schema.allows(kind):
        wanted = " or ".join(sorted(schema.types, key=_ORDER.index))
        yield _fault(path, f"got {'number' if kind == 'integer' else kind}, want {wanted}")
    elif schema.enum and value not in schema.enum:
        yield _fault(path, f"value must be {'one of ' * (len(schema.enum) > 1)}{_names(schema.enum)}")
    else:
        if isinstance(value, dict):
            yield from _faults_of_object(schema, value, path)
        elif isinstance(value, list) and schema.items is not None:
            for index, item in enumerate(value):
                yield from faults_of(schema.items, item, (path, index))
        if schema.one_of:
            yield from _faults_of_choice(schema, value, path)


def _faults_of_object(schema: Schema, value: dict[str, object], path: Path) -> Iterator[Fault]:
    missing = [name for name in schema.required if name not in value]
    if missing:
        yield _fault(path, f"missing propert{'ies' if len(missing) > 1 else 'y'} {_names(missing)}")
    unknown = []
    for name, item in value.items():
        below = schema.properties.get(name, schema.additional)
        if below is not None:
            yield from faults_of(below, item, (path, name))
        elif schema.closed:
            unknown.append(name)
    if unknown:
        yield _fault(path, f"additional properties {_names(unknown)} not allowed")


def _faults_of_choice(schema: Schema, value: object, path: Path) -> Iterator[Fault]:
    fitting = [
        str(index)
        for index, choice in enumerate(schema.one_of)
        if next(faults_of(choice, value, path), None) is None
    ]
    if len(fitting) != 1:
        how = f"subschemas {', '.join(fitting[:2])} matched" if fitting else "none matched"
        yield _fault(path, f"'oneOf' failed, {how}")


def _names(names: list[str] | tuple[str, ...]) -> str:
    shown = ", ".join(quoted(name) for name in names[:MOST_NAMES])
    return f"{shown} and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else shown


def _fault(path: Path, message: str) -> Fault:
    """The field is a JSON pointer with dots for its slashes, those in names too."""
    return Fault(path, dotted(path).replace("/", "."), message)
