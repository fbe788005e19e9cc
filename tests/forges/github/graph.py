"""GraphQL, executed on GitHub's own schema over the things of a world."""

import re
from typing import Any

from graphql import ExecutionResult, GraphQLError, GraphQLResolveInfo, execute, parse, validate

from tests.forges.github import schemas
from tests.forges.github.apps import Caller
from tests.forges.github.connection import Node
from tests.forges.github.exchange import Request, Response, as_json
from tests.forges.github.mutations import MUTATIONS
from tests.forges.github.nodes import Query
from tests.forges.github.recorder import Recorder
from tests.forges.github.refusal import Refused
from tests.forges.github.world import World

Json = Any
# What a refusal is called in an answer that is 200 all the same.
KINDS = {401: "FORBIDDEN", 403: "FORBIDDEN", 404: "NOT_FOUND", 422: "UNPROCESSABLE"}


class Unknown(Exception):
    """GitHub has the field, this world has not: a gap of the world, never an answer."""


class Graph:
    """What stands behind `/api/graphql`."""

    def __init__(self, world: World, recorder: Recorder) -> None:
        self.world = world
        self.recorder = recorder

    def answer(self, request: Request) -> Response:
        """The response to a POST with a document and its variables."""
        try:
            caller = self.world.caller(request.headers.get("Authorization", ""))
            asked = request.json()
        except Refused as refused:
            return as_json(refused.status, refused.body())
        if caller.user is None:
            return as_json(401, Refused(401, "This endpoint requires you to be authenticated.").body())
        return as_json(200, self.run(caller, asked.get("query") or "", asked.get("variables") or {}))

    def run(self, caller: Caller, source: str, variables: Json) -> Json:
        """The answer's body; what is wrong with a document is kept for the end of the test too."""
        schema = schemas.graph()
        try:
            document = parse(source)
        except GraphQLError as error:
            self.recorder.documents.append(f"GraphQL: {error.message} in {source[:200]}")
            return {"errors": [{"message": error.message}]}
        if faults := validate(schema, document):
            self.recorder.documents += [f"GraphQL: {each.message}" for each in faults]
            return {"errors": [{"message": each.message} for each in faults]}
        result = execute(
            schema,
            document,
            root_value=Root(self.world, caller),
            variable_values=variables,
            field_resolver=_field,
            type_resolver=_type,
        )
        assert isinstance(result, ExecutionResult)  # nothing here is awaited
        for each in result.errors or []:
            if isinstance(each.original_error, Unknown) or each.original_error is None:
                self.recorder.documents.append(f"GraphQL: {each}")
            elif not isinstance(each.original_error, Refused):
                raise each.original_error
        found: Json = {"data": result.data}
        if result.errors:
            found["errors"] = [_error(each) for each in result.errors]
        return found


class Root:
    """Where a query or a mutation begins."""

    def __init__(self, world: World, caller: Caller) -> None:
        self.world, self.caller = world, caller
        self.query = Query(world, caller)


def _field(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", info.field_name).lower()
    if isinstance(source, Root):
        if info.parent_type.name == "Mutation":
            return _mutate(source, info.field_name, arguments)
        source = source.query
    if isinstance(source, dict):
        if info.field_name not in source:
            raise Unknown(f"{info.parent_type.name}.{info.field_name} is not in this world.")
        found = source[info.field_name]
        return found(**{_snake(key): value for key, value in arguments.items()}) if callable(found) else found
    found = getattr(source, name, Unknown)
    if found is Unknown:
        raise Unknown(f"{info.parent_type.name}.{info.field_name} is not in this world.")
    return found(**{_snake(key): value for key, value in arguments.items()}) if callable(found) else found


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _mutate(root: Root, name: str, arguments: Any) -> Any:
    if name not in MUTATIONS:
        raise Unknown(f"The mutation {name} is not in this world.")
    asked = arguments["input"]
    found = MUTATIONS[name](root.world, root.caller, asked)
    return {"clientMutationId": asked.get("clientMutationId"), **found}


def _type(value: Any, *_: Any) -> str:
    assert isinstance(value, Node), value
    return value.kind


def _error(error: GraphQLError) -> Json:
    found: Json = {"message": error.message, "path": error.path}
    if isinstance(error.original_error, Refused):
        refused = error.original_error
        sentences = refused.errors or []
        detail = sentences[0] if sentences else refused.message
        message = detail["message"] if isinstance(detail, dict) and "message" in detail else detail
        found = {"type": KINDS.get(refused.status, "UNPROCESSABLE"), **found, "message": str(message)}
    if error.locations:
        found["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    return found
