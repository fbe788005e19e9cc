"""Descriptions that are closed: what they do not name is a fault, so that nothing is made up."""

from dataclasses import replace
from typing import Any

from tests.forges.github.schemas import Description

Json = Any
SEVERAL = ("allOf", "anyOf", "oneOf")


def closed(description: Description) -> Description:
    """The same, but that objects whose keys are named have no others."""
    operations = {
        method: [
            replace(each, body=_closed(each.body), answers={k: _closed(v) for k, v in each.answers.items()})
            for each in listed
        ]
        for method, listed in description.operations.items()
    }
    return Description(operations, _closed(description.components))


def _closed(schema: Json, *, is_part: bool = False) -> Json:
    match schema:
        case list():
            return [_closed(each, is_part=is_part) for each in schema]
        case dict():
            made = {key: _member(key, value) for key, value in schema.items()}
            # What stands beside or within others knows only its share of the keys.
            is_whole = not is_part and not any(key in schema for key in SEVERAL)
            if "properties" in schema and "additionalProperties" not in schema and is_whole:
                made["additionalProperties"] = False
            return made
    return schema


def _member(key: str, value: Json) -> Json:
    if key == "properties":
        return {name: _closed(each) for name, each in value.items()}
    if key in {"enum", "required", "default"}:
        return value
    return _closed(value, is_part=key in SEVERAL)
