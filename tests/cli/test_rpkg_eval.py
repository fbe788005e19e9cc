"""`portico rpkg eval` runs one function over a draft, and commits what it changes."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.packages.annotation import read_annotations
from tests.cli.person import CONFIG, Person, git

DRAFT = "blueprints.dns.add-mx"
REF = "drafts/dns/add-mx"
CATALOG = "ghcr.io/kptdev/krm-functions-catalog"
SCRIPT = "apiVersion: fn.kpt.dev/v1alpha1\nkind: StarlarkRun\nmetadata: {{name: mine}}\nsource: |\n{}"
# Beside resources in the format of somebody else, a deployment.
WEB = """apiVersion: apps/v1
kind: Deployment
metadata:
    name: web

    labels: {app: web} # by hand
spec: {replicas: 2}
"""


@pytest.fixture
def drafted(registered: Person) -> Person:
    """A person with a draft that holds two resources."""
    registered.did("rpkg", "copy", "blueprints.dns.v1", "--workspace", "add-mx")
    registered.did("rpkg", "pull", DRAFT, "dns")
    Path("dns/web.yaml").write_text(WEB)
    registered.did("rpkg", "push", DRAFT, "dns")
    return registered


def head(bare: Path) -> str:
    return git(bare, "rev-parse", REF)


def task(bare: Path) -> Any:
    (annotation,) = read_annotations(git(bare, "log", "-1", "--format=%B", REF))
    return annotation.task


def script(*lines: str) -> str:
    """The path of a config by which starlark runs these lines."""
    Path("script.yaml").write_text(SCRIPT.format("".join(f"  {line}\n" for line in lines)))
    return "script.yaml"


def test_what_a_function_changes_is_one_commit(drafted: Person, bare: Path) -> None:
    before = head(bare)
    drafted.become("grace")
    words = ("--match-kind", "Deployment", "--", "tier=backend")
    answer = drafted("rpkg", "eval", DRAFT, "--image", "set-labels:v0.2", *words)
    assert (answer.code, answer.out) == (0, f"{DRAFT} evaluated\n")
    assert f'[RUNNING] "{CATALOG}/set-labels:v0.2" on 1 resource(s)\n' in answer.err
    assert git(bare, "rev-parse", f"{REF}^") == before
    assert git(bare, "log", "-1", "--format=%an <%ae>, %cn: %s", REF) == (
        "Grace <grace@example.com>, Portico: Intermediate commit: eval"
    )
    assert git(bare, "diff", "--name-only", f"{REF}^", REF) == "dns/web.yaml"
    assert "tier: backend} # by hand" in git(bare, "show", f"{REF}:dns/web.yaml")
    assert task(bare) == {
        "type": "eval",
        "eval": {
            "image": f"{CATALOG}/set-labels:v0.2",
            "configMap": {"tier": "backend"},
            "match": {"kind": "Deployment"},
        },
    }


def test_the_story_of_the_draft_stays_the_one_that_it_began_with(drafted: Person) -> None:
    drafted.did("rpkg", "eval", DRAFT, "--image", "set-namespace", "--", "namespace=dev")
    assert "creationSource: copy" in drafted.did("rpkg", "get", DRAFT, "-o", "yaml")


def test_what_is_left_out_and_a_config_of_its_own_are_told(drafted: Person, bare: Path) -> None:
    config = script("for item in ctx.resource_list['items']:", "  item['metadata']['labels'] = {'a': 'b'}")
    selected = ("--exclude-kind", "Kptfile", "--exclude-labels", "app=web")
    drafted.did("rpkg", "eval", DRAFT, "-i", "starlark:v0.5", "--fn-config", config, *selected)
    told = task(bare)["eval"]
    assert told["exclude"] == {"kind": "Kptfile", "labels": {"app": "web"}}
    assert told["config"]["kind"] == "StarlarkRun"
    assert "configMap" not in told


def test_of_a_config_neither_secrets_nor_programs_are_kept(drafted: Person, bare: Path) -> None:
    drafted.did("rpkg", "eval", DRAFT, "-i", "set-annotations", "--", "db-password=hunter2", "contact=ada")
    assert task(bare)["eval"]["configMap"] == {"db-password": "<redacted>", "contact": "ada"}
    assert "hunter2" not in git(bare, "log", "-1", "--format=%B", REF)
    long = [f"# {'x' * 90}"] * 50
    config = script(*long, "ctx.resource_list['items'][0]['metadata']['labels'] = {'a': 'b'}")
    drafted.did("rpkg", "eval", DRAFT, "-i", "starlark:v0.5", "--fn-config", config)
    assert task(bare)["eval"] == {"image": f"{CATALOG}/starlark:v0.5"}


def test_a_dry_run_shows_what_would_change(drafted: Person, bare: Path) -> None:
    before = head(bare)
    out = drafted.did("rpkg", "eval", DRAFT, "-i", "set-namespace", "--dry-run", "--", "namespace=dev")
    assert "~ metadata.namespace" in out or '+ metadata.namespace: "dev"' in out
    assert "Deployment dev/web in web.yaml" in out
    assert head(bare) == before


def test_what_no_function_changes_is_left_as_it_is(drafted: Person, bare: Path) -> None:
    before = head(bare)
    answer = drafted("rpkg", "eval", DRAFT, "--image", "no-op")
    assert (answer.code, answer.out) == (0, "")
    assert answer.err.endswith(f"{DRAFT} is unchanged\n")
    assert drafted.did("rpkg", "eval", DRAFT, "--image", "no-op", "--dry-run") == ""
    assert head(bare) == before


def test_files_come_and_go(drafted: Person, bare: Path) -> None:
    config = script(
        "items = [item for item in ctx.resource_list['items'] if item['kind'] != 'Deployment']",
        "items.append({'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': {'name': 'dev'}})",
        "ctx.resource_list['items'] = items",
    )
    drafted.did("rpkg", "eval", DRAFT, "-i", "starlark:v0.5", "--fn-config", config)
    listed = git(bare, "ls-tree", "-r", "--format=%(objectmode) %(path)", f"{REF}:dns").splitlines()
    assert listed == [
        "100644 Kptfile",
        "100644 config.yaml",
        "100644 logo.bin",
        "100644 namespace_dev.yaml",
        "100755 run.sh",
    ]
    assert git(bare, "show", f"{REF}:dns/config.yaml") == CONFIG.format(name="dns").rstrip("\n")


def test_a_function_that_fails_changes_nothing(drafted: Person, bare: Path, tmp_path: Path) -> None:
    before = head(bare)
    config = script("ctx.resource_list['items'] = []", "fail('not today')")
    words = ("-i", "starlark:v0.5", "--fn-config", config, "--results-dir", "out")
    answer = drafted("rpkg", "eval", DRAFT, *words)
    assert (answer.code, answer.out) == (1, "")
    assert '[FAIL] "' in answer.err
    assert "not today" in answer.err
    assert "not today" in (tmp_path / "out/results.yaml").read_text()
    assert head(bare) == before


def test_a_function_may_not_take_the_kptfile(drafted: Person, bare: Path) -> None:
    before = head(bare)
    config = script("ctx.resource_list['items'] = []")
    answer = drafted("rpkg", "eval", DRAFT, "-i", "starlark:v0.5", "--fn-config", config)
    assert (answer.code, answer.out) == (1, "")
    assert "removed the Kptfile" in answer.err
    assert head(bare) == before


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("blueprints.dns.v1", "-i", "no-op"), "Only drafts can be written, and 'blueprints.dns.v1' is Publ"),
        (("blueprints.dns.main", "-i", "no-op"), "Only drafts can be written"),
        (("blueprints.dns.none", "-i", "no-op"), "no package revision 'blueprints.dns.none'"),
        ((DRAFT,), "must specify --image; `portico fn list` shows"),
        ((DRAFT, "--exec", "touch evil"), "must be changed by an image"),
        ((DRAFT, "--exec", "touch evil", "-i", "no-op"), "must be changed by an image"),
        ((DRAFT, "-i", "no-op", "--fn-config", "gone.yaml"), "missing function config file: gone.yaml"),
        ((DRAFT, "-i", "no-op", "--fn-config", "gone.yaml", "--", "a=b"), "not from both"),
        ((DRAFT, "-i", "no-op", "--", "a=b", "c"), "'c' must have keys and values"),
        ((DRAFT, "-i", "no-op", "--allow-exec"), "No such option"),
        ((DRAFT, "-i", "no-op", "--network"), "No such option"),
    ],
)
def test_what_it_refuses(
    drafted: Person, bare: Path, tmp_path: Path, argv: tuple[str, ...], says: str
) -> None:
    before = head(bare)
    answer = drafted("rpkg", "eval", *argv)
    assert (answer.code, answer.out) == (1, "")
    assert says in answer.err
    assert head(bare) == before
    assert not (tmp_path / "evil").exists()


def test_a_file_that_cannot_be_read_is_told(drafted: Person, bare: Path) -> None:
    drafted.did("rpkg", "pull", DRAFT, "broken")
    Path("broken/web.yaml").write_text("a: [")
    drafted.did("rpkg", "push", DRAFT, "broken")
    before = head(bare)
    answer = drafted("rpkg", "eval", DRAFT, "-i", "no-op")
    assert (answer.code, answer.out) == (1, "")
    assert "web.yaml" in answer.err
    assert "Nothing was run" in answer.err
    assert head(bare) == before


def test_a_draft_that_moves_meanwhile_is_not_overwritten(
    drafted: Person, bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = shutil.which("git")
    # Somebody else's push arrives just before ours: between what is read and what is written.
    (tmp_path / "bin").mkdir()
    shim = tmp_path / "bin" / "git"
    moved = git(bare, "commit-tree", "-p", REF, "-m", "theirs", f"{REF}^{{tree}}")
    shim.write_text(
        f'#!/bin/sh\ncase " $* " in *" push "*)\n'
        f"{program} --git-dir {bare} update-ref refs/heads/{REF} {moved};; esac\n"
        f'exec {program} "$@"\n'
    )
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{shim.parent}:{os.environ['PATH']}")
    answer = drafted("rpkg", "eval", DRAFT, "-i", "set-namespace", "--", "namespace=dev")
    assert (answer.code, answer.out) == (1, "")
    assert "Somebody else was faster" in answer.err
    assert head(bare) == moved


@pytest.mark.parametrize("words", [("namespace=\udcff",), ("\udcff", "namespace=dev")])
def test_words_that_are_no_text_are_refused(drafted: Person, bare: Path, words: tuple[str, ...]) -> None:
    before = head(bare)
    answer = drafted("rpkg", "eval", DRAFT, "-i", "set-namespace", "--", *words)
    assert (answer.code, answer.out) == (1, "")
    assert "\\xdcff" in answer.err
    assert "must be UTF-8 text" in answer.err
    assert head(bare) == before


def test_a_proposal_is_no_draft(served: Person, bare: Path) -> None:
    served.did("rpkg", "copy", "blueprints.dns.v1", "--workspace", "add-mx")
    served.did("rpkg", "eval", DRAFT, "-i", "set-namespace", "--", "namespace=dev")
    assert "namespace: dev" in git(bare, "show", f"{REF}:dns/config.yaml")
    served.did("rpkg", "propose", DRAFT)
    answer = served("rpkg", "eval", DRAFT, "-i", "set-namespace", "--", "namespace=prod")
    assert (answer.code, answer.out) == (1, "")
    assert "is Proposed; `portico rpkg reject" in answer.err
