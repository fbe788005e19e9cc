"""A resource knows what it is, and whether it was changed in the end."""

from bot.packages.documents import parse, string
from bot.packages.resource import Identity, Resource, copy_of

TEXT = b"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web # a comment
  namespace: prod
  labels: {a: "1"}
  annotations:
    config.kubernetes.io/local-config: "true"
"""


def _resource(text: bytes = TEXT, path: str = "a.yaml") -> Resource:
    return Resource(parse(text)[0], path)


def test_it_says_what_it_is() -> None:
    item = _resource()
    assert item.identity == Identity("apps", "Deployment", "prod", "web")
    assert (item.api_version, item.labels, item.is_local_config) == ("apps/v1", {"a": "1"}, True)
    assert _resource(b"apiVersion: v1\n").group == ""
    assert not _resource(TEXT.replace(b'"true"', b'"false"')).is_local_config


def test_faults() -> None:
    assert _resource().fault() == ""
    assert _resource(b"kind: A\n").fault() == "it must have `apiVersion` and `metadata.name`"
    assert "a mapping" in _resource(b"- a\n").fault()
    assert "a mapping" in _resource(b"words\n").fault()
    assert _resource(b"resources: [a]\n", "x/kustomization.yaml").fault() == ""
    assert _resource(b"kind: Kustomization\n").fault() == ""


def _marks(item: Resource) -> tuple[bool, bool]:
    return item.is_edited, item.is_changed


def test_a_change_taken_back_is_none() -> None:
    item = _resource()
    assert _marks(item) == (False, False)
    item.edit()
    assert _marks(item) == (True, False)
    item.root.put("spec", string("x"))
    assert _marks(item) == (True, True)
    item.edit().drop("spec")
    assert _marks(item) == (True, False)


def test_a_copy_is_equal_and_apart() -> None:
    item = _resource()
    other = Resource(copy_of(item.document), item.path)
    assert other.emit() == item.emit() == TEXT
    other.root.put("metadata", string("x"))
    assert item.emit() == TEXT
