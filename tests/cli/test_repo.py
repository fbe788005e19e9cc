"""Repositories are registered, listed and forgotten."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.person import Person, git, make_repository
from tests.cli.schemas import REPOSITORY, faults


def test_register_says_nothing_and_get_lists(registered: Person, bare: Path) -> None:
    header, line = registered.did("repo", "get").splitlines()
    address = "ADDRESS".ljust(len(str(bare)) + 3)
    assert header == (
        f"NAME         TYPE   CONTENT   SYNC SCHEDULE   DEPLOYMENT   READY   {address}BRANCH   AGE"
    )
    assert line.split() == ["blueprints", "git", "Package", "false", "True", str(bare), "main", "0s"]


def test_objects_are_valid(registered: Person, bare: Path) -> None:
    where = ("--branch", "edge", "--create-branch", "--directory", "/sites/edge/")
    what = ("--name", "edge", "--description", "x: y", "--deployment", "--upstream", "blueprints")
    registered.did("repo", "register", f"file://{bare}", *where, *what, "--secret-ref", "token", "-n", "team")
    one = json.loads(registered.did("repo", "get", "edge", "-o", "json"))
    assert faults(REPOSITORY, one) == []
    assert one["spec"]["git"] == {
        "repo": f"file://{bare}",
        "branch": "edge",
        "directory": "/sites/edge",
        "createBranch": True,
        "secretRef": {"name": "token"},
    }
    both: Any = yaml.safe_load(registered.did("repo", "get", "-o", "yaml"))
    assert (both["kind"], [item["metadata"]["name"] for item in both["items"]]) == (
        "List",
        ["blueprints", "edge"],
    )
    assert registered.did("repo", "ls", "-o", "name") == (
        "repository.config.porch.kpt.dev/blueprints\nrepository.config.porch.kpt.dev/edge\n"
    )


def test_the_same_twice_or_overlapping_is_refused(registered: Person, bare: Path) -> None:
    twice = registered("repo", "register", str(bare))
    assert (twice.code, twice.out) == (1, "")
    assert "'blueprints' is already registered" in twice.err
    overlap = registered("repo", "reg", str(bare), "--name", "other", "--directory", "apps")
    assert overlap.code == 1
    assert "Repository conflict with existing repository: default/blueprints" in overlap.err


def test_unregister_forgets_and_names_what_it_does_not_know(registered: Person) -> None:
    answer = registered("repo", "unregister", "gone", "blueprints")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("gone failed (No repository is registered as 'gone'")
    assert "\nError: errors:\n  No repository" in answer.err
    empty = registered("repo", "get")
    assert (empty.code, empty.out, empty.err) == (0, "", "No resources found\n")


@pytest.mark.parametrize("url", ["https://ada:hunter2@h/r.git", "https://hunter2@h/r.git"])
def test_credentials_are_never_written(portico: Person, tmp_path: Path, url: str) -> None:
    answer = portico("repo", "register", url)
    assert answer.code == 1
    assert "credential helper" in answer.err
    assert "hunter2" not in answer.err
    assert not (tmp_path / "home" / "portico" / "repositories.yaml").exists()
    answer = portico("repo", "register", "https://h/r.git", "--repo-basic-password", "hunter2")
    assert (answer.code, "hunter2" in answer.err) == (1, False)


def test_a_repository_that_is_not_there_is_not_registered(portico: Person, tmp_path: Path) -> None:
    answer = portico("repo", "register", str(tmp_path / "gone.git"))
    assert answer.code == 1
    assert answer.err.startswith(f"Error: The repository '{tmp_path}/gone.git' cannot be reached: ")
    assert (
        "; Could not read from remote repository. Check the address, and that `git ls-remote`" in answer.err
    )
    assert portico.did("repo", "get") == ""


def test_a_missing_branch_is_named(portico: Person, bare: Path) -> None:
    answer = portico("repo", "register", str(bare), "--branch", "release")
    assert answer.code == 1
    assert "The branch 'release' was not found in the repository" in answer.err
    portico.did("repo", "register", str(bare), "--branch", "release", "--create-branch")
    assert git(bare, "rev-parse", "release") == git(bare, "rev-parse", "main")


def test_an_empty_repository_gets_a_branch_when_asked(portico: Person, tmp_path: Path) -> None:
    bare = tmp_path / "empty.git"
    git(tmp_path, "init", "-q", "--bare", str(bare))
    answer = portico("repo", "register", "empty.git")
    assert answer.code == 1
    assert "The repository is empty" in answer.err
    portico.did("repo", "register", "empty.git", "--create-branch")
    assert (
        git(bare, "log", "--format=%an %cn %s", "main") == "Ada Portico Initial commit: Creating main branch"
    )
    assert (
        portico.did("rpkg", "init", "a", "--repository", "empty", "--workspace", "w") == "empty.a.w created\n"
    )


def test_a_relative_path_is_kept_whole(portico: Person, bare: Path) -> None:
    portico.did("repo", "register", "srv/blueprints.git", "--name", "b")
    assert str(bare) in portico.did("repo", "get", "b", "-o", "yaml")


def test_one_broken_repository_hides_no_other(registered: Person, tmp_path: Path) -> None:
    other = make_repository(tmp_path / "srv" / "other.git", ["x"])
    registered.did("repo", "register", str(other))
    other.rename(tmp_path / "away.git")
    listed = registered("repo", "get")
    assert [line.split()[4] for line in listed.out.splitlines()[1:]] == ["True", "False"]
    assert "'other' does not answer" in listed.err
    revisions = registered("rpkg", "get")
    assert revisions.code == 1
    assert "blueprints.dns.v1" in revisions.out
    assert "Warning: The repository 'other' is left out" in revisions.err


def test_an_upstream_must_be_registered(portico: Person, bare: Path) -> None:
    answer = portico("repo", "register", str(bare), "--upstream", "gone")
    assert answer.code == 1
    assert "'gone' is not registered" in answer.err
