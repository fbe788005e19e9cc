"""GitHub's own descriptions of its REST API, webhooks and GraphQL, made ready to validate with."""

import functools
import gc
import json
import pickle
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
from graphql import GraphQLSchema, build_schema
from referencing import Registry
from referencing.jsonschema import DRAFT7

from tests.forges.published import lock, npm, place

Json = Any
FORM = 6  # of what is kept in the cache; a change of the code below needs a new one
FORMATS = jsonschema.FormatChecker(formats=())
LEFT_OUT = {"description", "example", "examples", "title", "externalDocs"}
# Half of the source of GraphQL's schema, and the longer half of reading it.
DESCRIPTION = re.compile(r'^ *"""(?:\\"""|(?!""").)*"""\n', re.MULTILINE | re.DOTALL)
NAME = "urn:github"  # that a schema is known by, where it refers to others
METHODS = ("get", "put", "post", "patch", "delete")


@FORMATS.checks("date-time")
def _is_moment(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


@FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme)


@dataclass(frozen=True)
class Operation:
    """What may be asked by one method at one template of a path, and answered."""

    template: str
    method: str
    body: Json = None
    needs_body: bool = False
    query: frozenset[str] = frozenset()
    answers: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Description:
    """The operations of the API, and the schemas that they refer to."""

    operations: dict[str, list[Operation]]
    components: Json

    def find(self, method: str, path: str) -> Operation | None:
        """The operation that a path means; one with fewer holes goes first."""
        for each in self._sorted.get(method.upper(), ()):
            opening = each.template.partition("{")[0]
            if path.startswith(opening) and _pattern(each.template).fullmatch(path):
                return each
        return None

    @functools.cached_property
    def _sorted(self) -> dict[str, list[Operation]]:
        return {method: sorted(listed, key=_specificity) for method, listed in self.operations.items()}

    @functools.cached_property
    def _registry(self) -> Registry[Json]:
        held = DRAFT7.create_resource({"components": self.components})
        found: Registry[Json] = Registry().with_resource(NAME, held)
        return found

    @functools.cached_property
    def _quick(self) -> Json:
        """A validator that judges the same thing once; people and repositories stand in every answer."""
        good: set[tuple[str, int]] = set()
        follow: Json = jsonschema.Draft7Validator.VALIDATORS["$ref"]

        def ref(validator: Json, name: str, value: Json, schema: Json) -> Json:
            key = (name, hash(json.dumps(value)))
            if key not in good:
                found = list(follow(validator, name, value, schema) or ())
                yield from found
                if not found:
                    good.add(key)

        extend: Json = jsonschema.validators.extend
        return extend(jsonschema.Draft7Validator, {"$ref": ref})

    def faults(self, schema: Json, value: Json) -> list[str]:
        """What is wrong with `value`, as sentences; the most telling first."""
        checker = self._quick(schema, registry=self._registry, format_checker=FORMATS)
        return [f"{_path(error)}: {_said(error)}" for error in checker.iter_errors(value)]


# These holes take slashes.
WIDE = {"ref", "path", "branch", "basehead"}


@functools.cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{([^}]+)\}", template)
    made = [
        (r"(.+)" if part in WIDE else r"([^/]+)") if index % 2 else re.escape(part)
        for index, part in enumerate(parts)
    ]
    return re.compile("".join(made))


def _specificity(operation: Operation) -> tuple[int, int]:
    """More words and fewer holes go first."""
    parts = operation.template.split("/")
    holes = sum(part.startswith("{") for part in parts)
    return holes - len(parts), holes


def _path(error: jsonschema.ValidationError) -> str:
    return "$" + "".join(f"[{part!r}]" for part in error.absolute_path)


def _said(error: jsonschema.ValidationError) -> str:
    deeper = error.context or []
    told = [f"{_path(each)} {each.message}" for each in deeper if each.absolute_path != error.absolute_path]
    return f"{error.message[:400]}{' <- ' + '; '.join(told[:3]) if told else ''}"


@functools.cache
def rest() -> Description:
    """The REST API; `Unreachable`."""
    return _kept("rest", npm("@octokit/openapi", "generated/api.github.com.json"), _read_rest)


@functools.cache
def webhooks() -> Description:
    """The webhooks: an operation's template is the event, its method the action or ''; `Unreachable`."""
    return _kept("webhooks", npm("@octokit/openapi-webhooks", "generated/api.github.com.json"), _read_hooks)


@functools.cache
def graph() -> GraphQLSchema:
    """The GraphQL schema; its own source has a doubled field, so nothing is asked of it; `Unreachable`."""
    source = npm("@octokit/graphql-schema", "schema.graphql")
    bare = place() / f"graph-{FORM}.graphql"
    if not bare.exists():
        with lock(bare.name):
            partial = bare.with_suffix(".partial")
            partial.write_text(DESCRIPTION.sub("", source.read_text()))
            partial.rename(bare)
    return build_schema(bare.read_text(), assume_valid=True, assume_valid_sdl=True, no_location=True)


def _kept(name: str, source: Path, read: Any) -> Description:
    kept = place() / f"{name}-{FORM}.pickle"
    with lock(kept.name):
        if not kept.exists():
            partial = kept.with_suffix(".partial")
            partial.write_bytes(pickle.dumps(read(json.loads(source.read_bytes()))))
            partial.rename(kept)
    gc.disable()  # so many small things make the collector look again and again
    try:
        found = pickle.loads(kept.read_bytes())  # noqa: S301 we wrote it ourselves
    finally:
        gc.enable()
    assert isinstance(found, Description)
    return found


def _read_rest(document: Json) -> Description:
    operations: dict[str, list[Operation]] = {}
    for template, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                made = _operation(document, template, method, methods[method])
                operations.setdefault(method.upper(), []).append(made)
    return Description(operations, {"schemas": _plain(document["components"]["schemas"])})


def _operation(document: Json, template: str, method: str, said: Json) -> Operation:
    body = said.get("requestBody", {})
    parameters = [_resolved(document, each) for each in said.get("parameters", [])]
    return Operation(
        template,
        method.upper(),
        _plain(_json_schema(body)),
        bool(body.get("required")),
        frozenset(each["name"] for each in parameters if each["in"] == "query"),
        {
            status: _plain(_json_schema(_resolved(document, answer)))
            for status, answer in said["responses"].items()
        },
    )


def _json_schema(holder: Json) -> Json:
    return holder.get("content", {}).get("application/json", {}).get("schema")


def _resolved(document: Json, value: Json) -> Json:
    while "$ref" in value:
        parts = value["$ref"].removeprefix("#/").split("/")
        value = functools.reduce(lambda held, part: held[part], parts, document)
    return value


def _read_hooks(document: Json) -> Description:
    operations: dict[str, list[Operation]] = {}
    for said in document["webhooks"].values():
        schema = _json_schema(said["post"]["requestBody"])
        full = _resolved(document, schema)
        event, _, named = said["post"]["operationId"].replace("-", "_").partition("/")
        # One whose payload comes in several forms names its action by its operation alone.
        otherwise = named if "oneOf" in full or "anyOf" in full else ""
        for action in full.get("properties", {}).get("action", {}).get("enum", [otherwise]):
            operations.setdefault(action, []).append(Operation(event, action, _plain(schema)))
    return Description(operations, {"schemas": _plain(document["components"]["schemas"])})


def _plain(schema: Json) -> Json:
    """A schema of OpenAPI 3.0 as one of JSON Schema: `nullable` said otherwise, prose left out."""
    match schema:
        case dict():
            made = dict(_members(schema))
            if made.pop("nullable", False):
                made = _nullable(made)
            return made
        case list():
            return [_plain(each) for each in schema]
    return schema


def _members(schema: dict[str, Json]) -> Iterator[tuple[str, Json]]:
    for key, value in schema.items():
        if key == "properties":
            yield key, {name: _plain(each) for name, each in value.items()}
        elif key == "$ref":
            yield key, f"{NAME}{value}"
        elif key in {"enum", "required", "default", "const"}:
            yield key, value
        elif key not in LEFT_OUT:
            yield key, _plain(value)


def _nullable(schema: dict[str, Json]) -> dict[str, Json]:
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]} if schema else schema
