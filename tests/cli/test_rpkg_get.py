"""Package revisions are listed in Porch's table and as Porch's objects."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.person import Person, git
from tests.cli.schemas import PACKAGE_REVISION, faults

TABLE = """\
NAME                       PACKAGE    WORKSPACENAME   REVISION   LATEST   LIFECYCLE   REPOSITORY
blueprints.apps.web.main   apps/web   main            -1         false    Published   blueprints
blueprints.apps.web.v1     apps/web   v1              1          true     Published   blueprints
blueprints.dns.main        dns        main            -1         false    Published   blueprints
blueprints.dns.v1          dns        v1              1          true     Published   blueprints
"""


def test_the_table_is_porchs(registered: Person) -> None:
    assert registered.did("rpkg", "get") == TABLE
    assert registered.did("rpkg", "list", "--no-headers", "--revision", "1", "--package", "dns") == (
        "blueprints.dns.v1   dns   v1   1   true   Published   blueprints\n"
    )
    assert registered.did("rpkg", "get", "-A", "blueprints.dns.v1").startswith("NAMESPACE   NAME ")


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (("--repository", "blueprints"), 4),
        (("--name", "apps/web"), 2),
        (("--workspace", "main"), 2),
        (("--revision", "-1"), 2),
        (("--lifecycle", "published"), 4),
        (("--lifecycle", "Draft"), 0),
        (("--package", "web"), 0),
        (("blueprints.dns.v1", "blueprints.dns.main"), 2),
        (("blueprints.dns.v1", "--workspace", "main"), 0),
    ],
)
def test_conditions_must_all_hold(registered: Person, options: tuple[str, ...], count: int) -> None:
    assert len(registered.did("rpkg", "get", "-o", "name", *options).splitlines()) == count


def test_objects_are_valid_and_one_name_gives_one_object(registered: Person, bare: Path) -> None:
    one = json.loads(registered.did("rpkg", "get", "blueprints.dns.v1", "-o", "json"))
    assert faults(PACKAGE_REVISION, one) == []
    assert one["metadata"]["resourceVersion"] == git(bare, "rev-parse", "dns/v1")
    assert one["status"]["publishedBy"] == "ada@example.com"
    assert one == yaml.safe_load(registered.did("rpkg", "get", "blueprints.dns.v1", "-o", "yaml"))
    listed = json.loads(registered.did("rpkg", "get", "-o", "json"))
    assert (listed["apiVersion"], listed["kind"], len(listed["items"])) == ("v1", "List", 4)
    assert [faults(PACKAGE_REVISION, item) for item in listed["items"]] == [[]] * 4
    assert listed == yaml.safe_load(registered.did("rpkg", "get", "-o", "yaml"))


def test_an_empty_list_is_one(registered: Person) -> None:
    for output in ("json", "yaml"):
        empty: Any = yaml.safe_load(registered.did("rpkg", "get", "--lifecycle", "Draft", "-o", output))
        assert (empty["kind"], empty["items"]) == ("List", [])


def test_the_kptfile_alone(registered: Person) -> None:
    assert "name: dns" in registered.did("rpkg", "get", "blueprints.dns.v1", "--show-kptfile")
    for argv in (
        ("--show-kptfile",),
        ("a.b.c", "--show-kptfile", "--revision", "1"),
        ("a.b.c", "-A", "--show-kptfile"),
    ):
        assert "--show-kptfile" in registered("rpkg", "get", *argv).err


@pytest.mark.parametrize("name", ["blueprints.gone.v1", "elsewhere.dns.v1", "nonsense", "", "../x"])
def test_a_name_that_is_not_there_is_named(registered: Person, name: str) -> None:
    answer = registered("rpkg", "get", name)
    assert (answer.code, answer.out) == (1, "")
    assert f"'{name}'" in answer.err or "'elsewhere'" in answer.err
    assert "portico" in answer.err


def test_one_malformed_ref_hides_nothing(registered: Person, bare: Path) -> None:
    git(bare, "branch", "drafts/lonely", "main")
    git(bare, "branch", "drafts/dns/Add_MX", "main")
    answer = registered("rpkg", "get")
    assert answer.code == 0
    assert "blueprints.dns.Add_MX " in answer.out
    assert "blueprints.apps.web.v1" in answer.out
    assert "Warning: blueprints: refs/heads/drafts/lonely: " in answer.err


def test_a_workspace_with_dots_is_found_by_its_name(registered: Person, bare: Path) -> None:
    git(bare, "tag", "dns/v1.0.0", "main")
    git(bare, "tag", "dns/a.b", "main")
    for name in ("blueprints.dns.v1.0.0", "blueprints.dns.a.b"):
        assert name in registered.did("rpkg", "get", name)


def test_warm_and_cold_say_the_same(registered: Person, tmp_path: Path) -> None:
    warm = [registered.did("rpkg", "get", "-o", "wide") for _ in range(2)]
    for cache in (tmp_path / "home" / "portico" / "cache").rglob("*.cache"):
        cache.unlink()
    assert [registered.did("rpkg", "get", "-o", "wide")] * 2 == warm
