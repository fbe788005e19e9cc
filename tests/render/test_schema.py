"""The schemas are all understood, and what they refuse is what a reference implementation refuses."""

import copy
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.errors import NotFound
from bot.render.functions import kubeconform, kubeval
from bot.render.kubernetes_schemas import NEWEST, OLDEST, definitions_of
from bot.render.schema import KEYWORDS, type_of

VERSIONS = [(version, strict) for version in (NEWEST, OLDEST) for strict in (True, False)]
NOTES = {"description", "$schema", "$id"}
FORMATS = {"int32", "int64", "double", "byte", "date-time"}
POD = {
    "containers": [
        {
            "name": "c",
            "ports": [{"containerPort": 80}],
            "resources": {"limits": {"cpu": 1}},
            "livenessProbe": {"httpGet": {"port": 80}},
        }
    ],
    "nodeSelector": {"a": "b"},
}
RESOURCES: list[dict[str, Any]] = [
    {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": "s", "labels": {"a": "b"}},
        "spec": {
            "serviceName": "s",
            "selector": {},
            "template": {"spec": POD},
            "volumeClaimTemplates": [{"apiVersion": "v1", "kind": "PersistentVolumeClaim"}],
        },
    },
    {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "spec": {
            "group": "g",
            "names": {"kind": "K", "plural": "ks"},
            "scope": "Namespaced",
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {}}}],
        },
    },
]
VALUES = [None, True, 0, 3.0, 1.5, "", "x", [], ["x"], {}, {"x": 1}]


def schemas(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema and all below it."""
    yield raw
    for value in raw.get("properties", {}).values():
        yield from schemas(value)
    for value in (raw.get("items"), raw.get("additionalProperties"), *raw.get("oneOf", ())):
        if isinstance(value, dict):
            yield from schemas(value)


@pytest.mark.parametrize(("version", "strict"), VERSIONS)
def test_every_keyword_is_understood(version: str, *, strict: bool) -> None:
    definitions = definitions_of(version, strict=strict)
    found = [schema for raw in definitions._raws.values() for schema in schemas(dict(raw))]
    used = {keyword for schema in found for keyword in schema if not keyword.startswith("x-kubernetes-")}
    assert used - NOTES == KEYWORDS
    assert {schema["format"] for schema in found if "format" in schema} == FORMATS
    for schema in found:
        # What we rely on: a reference stands alone and leads somewhere, and enumerations are of texts.
        assert "$ref" not in schema or not schema.keys() & KEYWORDS - {"$ref"}
        assert all(isinstance(text, str) for text in schema.get("enum", ()))
        assert definitions.schema(schema) is not None


def test_the_versions_are_the_newest_and_the_oldest() -> None:
    spec = find_spec("kubernetes_validate")
    assert spec is not None
    assert spec.origin is not None
    folders = (Path(spec.origin).parent / "kubernetes-json-schema").glob("v*-local")
    versions = sorted(
        (tuple(map(int, folder.name[1:].partition("-")[0].split("."))) for folder in folders), reverse=True
    )
    assert [".".join(map(str, version)) for version in (versions[0], versions[-1])] == [NEWEST, OLDEST]
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    said = f"Kubernetes {NEWEST.rpartition('.')[0]}, `kubeval` those of {OLDEST.rpartition('.')[0]}"
    assert said in " ".join(readme.split())


def test_a_version_that_is_not_there_is_said() -> None:
    with pytest.raises(NotFound, match=r"Kubernetes 1\.2\.0 are not installed"):
        definitions_of("1.2.0", strict=True)


@pytest.mark.parametrize("api_version", ["apps/v1", "/v1", "v1/", "../v1", "apps.example.com/v1", "v2"])
@pytest.mark.parametrize("kind", ["Pod", "pod", "../Pod", "List", ""])
def test_kinds_are_found_by_their_exact_names(api_version: str, kind: str) -> None:
    definitions = definitions_of(NEWEST, strict=True)
    assert definitions.kind(api_version, kind) is None
    assert definitions.kind("v1", "Pod") is definitions.kind("v1", "Pod")


def test_types_are_those_of_json() -> None:
    values: list[object] = [None, True, 1, 1.0, 1.5, float("nan"), float("inf"), 10**400, "", [], {}]
    assert [type_of(value) for value in values] == [
        "null", "boolean", "integer", "integer", "number", "number", "number", "integer",
        "string", "array", "object",
    ]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    for key, item in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from places(item, (*path, key))


def spoiled(resource: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A copy in which something is missing, other or new; or nothing."""
    made = copy.deepcopy(resource)
    for _ in range(chance.randrange(4)):
        path = chance.choice([path for path in places(made) if path])
        here: Any = made
        for step in path[:-1]:
            here = here[step]
        if chance.random() < 0.3:
            del here[path[-1]]
        elif chance.random() < 0.5 or isinstance(here, list):
            here[path[-1]] = copy.deepcopy(chance.choice(VALUES))
        else:
            here[chance.choice(["odd", "name", "spec"])] = copy.deepcopy(chance.choice(VALUES))
    return made


@pytest.mark.parametrize(("version", "strict"), VERSIONS)
@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource["kind"])
def test_the_same_is_refused_as_by_jsonschema(
    version: str, resource: dict[str, Any], *, strict: bool
) -> None:
    definitions = definitions_of(version, strict=strict)
    schema = definitions.kind(resource["apiVersion"], resource["kind"])
    assert schema is not None
    name = definitions._kinds[resource["apiVersion"], resource["kind"]]
    reference = Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": definitions._raws})
    chance = random.Random(1)  # noqa: S311 - the same rows each time
    refused = 0
    for _ in range(100):
        value = spoiled(resource, chance)
        wanted = reference.is_valid(value)
        refused += not wanted
        for function in (kubeconform, kubeval):
            faults = list(function.faults_of(schema, value, None))
            assert (not faults) is wanted, json.dumps(value)
    assert 20 < refused < 90


def test_a_render_without_these_validators_reads_no_schemas() -> None:
    program = (
        "import sys, bot.render.catalog\n"
        "from bot.render.kubernetes_schemas import definitions_of\n"
        "from bot.render.functions.kubeconform import kubeconform\n"
        "assert definitions_of.cache_info().currsize == 0\n"
        "kubeconform([], None)\n"
        "sys.exit(bool({'kubernetes_validate', 'jsonschema'} & sys.modules.keys()))\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
