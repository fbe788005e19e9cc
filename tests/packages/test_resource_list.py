"""A package goes through a ResourceList and comes back as it was."""

from typing import Any

import pytest
import yaml

from bot.errors import InvalidDocument, UserError
from bot.packages.package import EXECUTABLE, LINK, File
from bot.packages.resource_list import format_list, format_token, read_list, read_token

KPTFILE = File(b"apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: p # mine\n")
TWO = File(
    b"# head\napiVersion: v1\nkind: ConfigMap\nmetadata:\n    name:   a\n"
    b"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, annotations: {x: y}}\n",
    EXECUTABLE,
)
FILES = {
    "Kptfile": KPTFILE,
    "sub/two.yaml": TWO,
    "README.md": File(b"text"),
    "bin": File(b"\0\xff"),
    "link.yaml": File(b"Kptfile", LINK),
}
META = {"name": "git.p.ws", "namespace": "default", "resourceVersion": "c" * 40}


def items(text: bytes) -> list[Any]:
    found: list[Any] = yaml.safe_load(text)["items"]
    return found


def test_items_say_where_they_stood() -> None:
    found = items(format_list(FILES, META))
    assert [item["kind"] for item in found] == ["KptRevisionMetadata", "Kptfile", "ConfigMap", "ConfigMap"]
    assert found[3]["metadata"]["annotations"] == {
        "x": "y",
        "config.kubernetes.io/index": "1",
        "internal.config.kubernetes.io/index": "1",
        "config.kubernetes.io/path": "sub/two.yaml",
        "internal.config.kubernetes.io/path": "sub/two.yaml",
    }


def test_what_nobody_changed_keeps_its_bytes() -> None:
    token, files = read_list(format_list(FILES, META), FILES)
    assert token == ("git.p.ws", "c" * 40)
    assert files == FILES


def test_changes_arrive_and_the_rest_keeps_its_bytes() -> None:
    text = format_list(FILES, META).replace(b"name: b", b"name: c")
    _, files = read_list(text, FILES)
    assert b"name: c" in files["sub/two.yaml"].content
    assert b"config.kubernetes.io" not in files["sub/two.yaml"].content
    assert files["sub/two.yaml"].mode == EXECUTABLE
    assert {path: file for path, file in files.items() if path != "sub/two.yaml"} == {
        path: file for path, file in FILES.items() if path != "sub/two.yaml"
    }


def test_files_come_and_go() -> None:
    listed = yaml.safe_load(format_list(FILES, META))
    listed["items"][2:] = [
        {"kind": "New", "metadata": {"annotations": {"internal.config.kubernetes.io/path": "new.yaml"}}}
    ]
    _, files = read_list(yaml.safe_dump(listed).encode(), FILES)
    assert set(files) == {"Kptfile", "README.md", "bin", "link.yaml", "new.yaml"}
    assert yaml.safe_load(files["new.yaml"].content) == {"kind": "New", "metadata": {}}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"kind: Other\n", "ResourceList"),
        (b"", "ResourceList"),
        (b"kind: ResourceList\nitems: []\n", "pull again"),
        (b"kind: ResourceList\nitems:\n- kind: A\n  metadata: {name: x}\n", "'x'"),
        (b"kind: ResourceList\nitems:\n- kind: KptRevisionMetadata\n", "pull the package again"),
    ],
)
def test_lists_that_say_too_little_are_refused(text: bytes, says: str) -> None:
    with pytest.raises(UserError, match=says):
        read_list(text, FILES)


def test_a_file_that_is_no_yaml_is_named() -> None:
    with pytest.raises(InvalidDocument, match=r"bad\.yaml:2"):
        format_list({"bad.yaml": File(b"a: [")}, META)


def test_the_token_reads_back() -> None:
    assert read_token(format_token(META)) == ("git.p.ws", "c" * 40)


def test_an_alias_of_another_item_is_refused() -> None:
    text = format_list({"Kptfile": KPTFILE, "sub/two.yaml": TWO}, META)
    shared = text.replace(b"name: p", b"name: &n p").replace(b"x: y", b"x: *n")
    assert text.count(b"name: p") == text.count(b"x: y") == 1
    with pytest.raises(InvalidDocument, match="must have its anchor in the same item"):
        read_list(shared, {})
