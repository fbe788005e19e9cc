"""kubeval: the older validator that holds resources against the schemas of Kubernetes."""

import re
from collections.abc import Iterator
from datetime import datetime

from bot.errors import InvalidDocument, NotFound
from bot.packages.documents.node import Node
from bot.packages.naming import quoted
from bot.packages.resource import Resource
from bot.render.function import Outcome, failed
from bot.render.kubernetes_schemas import OLDEST
from bot.render.places import Path, dotted
from bot.render.schema import Schema, type_of
from bot.render.validator import Fault, Validator, read

NAME = "kubeval"
_TIME = r"\d{2}:\d{2}:\d{2}(?:\.\d+)?"
_ZONE = r"(?:Z|[+-]\d{2}:\d{2})"
_DATE_TIME = re.compile(rf"(\d{{4}}-\d{{2}}-\d{{2}})(?:T{_TIME}{_ZONE})?|{_TIME}{_ZONE}?", re.ASCII)


def kubeval(items: list[Resource], config: Node | None) -> Outcome:
    """Run over `items`; the options are a ConfigMap's.

    kpt's own has the schemas of Kubernetes 1.20; here they are those of the oldest version that there is.
    """
    try:
        results = Validator(OLDEST, read(config, NAME), faults_of, _missing).results(items)
    except InvalidDocument as error:
        return failed(items, error.reason)
    except NotFound as error:
        return failed(items, str(error))
    return Outcome(items, results, 1 if results else 0)


def _missing(item: Resource, version: str, kind: str) -> str:
    """Custom resources must be named; what configures tools goes to no cluster, and needs no schema."""
    if item.kind == "Kptfile" or item.is_local_config or item.is_kustomization:
        return ""
    return (
        f"There is no schema for the kind {quoted(kind)} of {quoted(version)} in Kubernetes "
        f'{OLDEST}. Name the kind in `skip_kinds`, or set `ignore_missing_schemas` to "true".'
    )


def faults_of(schema: Schema, value: object, path: Path) -> Iterator[Fault]:
    """What is wrong with a value, worded and ordered as by xeipuuv/gojsonschema.

    There an object's own faults come before those of its properties, and a missing or an unknown property is
    the field by its bare name. A value that fits no choice is told what the first of them wants.
    """
    kind = type_of(value)
    if not schema.allows(kind):
        wanted = ",".join(schema.types)
        wanted = f"[{wanted}]" if len(schema.types) > 1 else wanted
        yield _fault(path, f"Invalid type. Expected: {wanted}, given: {kind}")
        return
    if schema.one_of:
        yield from _faults_of_choice(schema, value, path)
    if isinstance(value, dict):
        yield from _faults_of_object(schema, value, path)
    elif isinstance(value, list) and schema.items is not None:
        for index, item in enumerate(value):
            yield from faults_of(schema.items, item, (path, index))
    if schema.enum and value not in schema.enum:
        allowed = ", ".join(f'"{text}"' for text in schema.enum)
        yield _fault(path, f"{_field(path)} must be one of the following: {allowed}")
    if schema.format == "date-time" and isinstance(value, str) and not _is_time(value):
        yield _fault(path, "Does not match format 'date-time'")
    if isinstance(value, dict):
        for name, item in value.items():
            if name in schema.properties:
                yield from faults_of(schema.properties[name], item, (path, name))


def _faults_of_choice(schema: Schema, value: object, path: Path) -> Iterator[Fault]:
    faults = [list(faults_of(choice, value, path)) for choice in schema.one_of]
    fitting = sum(not found for found in faults)
    if fitting != 1:
        yield _fault(path, "Must validate one and only one schema (oneOf)")
    if not fitting:
        yield from faults[0]


def _faults_of_object(schema: Schema, value: dict[str, object], path: Path) -> Iterator[Fault]:
    """What is missing, and what is not among its properties; these come later."""
    for name in schema.required:
        if name not in value:
            yield Fault(path, name, f"{name} is required")
    for name, item in value.items():
        if name in schema.properties:
            continue
        if schema.closed:
            yield Fault((path, name), name, f"Additional property {name} is not allowed")
        elif schema.additional is not None:
            yield from faults_of(schema.additional, item, (path, name))


def _is_time(text: str) -> bool:
    """Whether it is a date, a time or both, as RFC 3339 writes them."""
    found = _DATE_TIME.fullmatch(text)
    if found is None:
        return False
    try:
        datetime.fromisoformat(text if found[1] else f"2000-01-01T{text}")
    except ValueError:
        return False
    return True


def _fault(path: Path, message: str) -> Fault:
    return Fault(path, _field(path), message)


def _field(path: Path) -> str:
    return dotted(path) or "(root)"
