"""The schemas of Porch's custom resources, as a check of objects that we write."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

CRDS = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "porch" / "crds"
REPOSITORY = "config.porch.kpt.dev_repositories.yaml"
PACKAGE_REVISION = "porch.kpt.dev_packagerevisions.yaml"


def faults(crd: str, document: Any) -> list[str]:
    """What the API server would refuse or drop; skips the test where the schemas are not at hand."""
    path = CRDS / crd
    if not path.exists():
        pytest.skip(f"{path} is not here")
    versions = yaml.safe_load(path.read_text())["spec"]["versions"]
    assert document["apiVersion"].rpartition("/")[2] in [version["name"] for version in versions]
    schema = _closed(versions[0]["schema"]["openAPIV3Schema"])
    return [f"{error.json_path}: {error.message}" for error in Draft7Validator(schema).iter_errors(document)]


def _closed(schema: Any) -> Any:
    """Kubernetes drops fields that the schema does not name; here they are faults."""
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict):
        closed["properties"] = {key: _closed(value) for key, value in schema["properties"].items()}
        closed.setdefault("additionalProperties", False)
    return closed
