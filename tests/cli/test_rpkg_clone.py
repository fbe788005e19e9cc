"""Packages are cloned from registered revisions and from any other repository, on real Git servers."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.packages.annotation import read_annotations
from tests.cli.person import KPTFILE, Answer, Person, git, make_repository, publish_file
from tests.git import web as servers
from tests.git.web import Web

TO = ("--repository", "clusters")
DRAFT = "drafts/edge/dns/v1"
CLONED = """apiVersion: kpt.dev/v1
kind: Kptfile
metadata:
  name: dns
upstream:
  type: git
  git:
    repo: {repo}
    directory: {directory}
    ref: {ref}
  updateStrategy: resource-merge
upstreamLock:
  type: git
  git:
    repo: {repo}
    directory: {directory}
    ref: {lock}
    commit: {commit}
"""
NOTED = """apiVersion: v1
kind: ConfigMap
metadata: # kpt-merge: /dns
  name: dns # mine
  annotations:
    internal.kpt.dev/upstream-identifier: '|ConfigMap|default|dns'
data:
  key: value
"""


@pytest.fixture
def clusters(registered: Person, tmp_path: Path) -> Path:
    """A repository whose packages are cloned from `blueprints`."""
    place = make_repository(tmp_path / "srv" / "clusters.git", ["other"])
    registered.did("repo", "register", str(place), "--upstream", "blueprints")
    return place


@pytest.fixture
def web(bare: Path) -> Iterator[Web]:
    with servers.served(bare.parent) as web:
        yield web


def release(bare: Path, path: str, content: str, *tags: str) -> None:
    publish_file(bare, path, content)
    for tag in tags:
        git(bare, "tag", tag, "main")


def task_of(bare: Path, ref: str) -> dict[str, Any] | None:
    (annotation,) = read_annotations(git(bare, "log", "-1", "--format=%B", ref))
    return annotation.task


def kptfile(bare: Path, draft: str = DRAFT) -> str:
    return git(bare, "show", f"{draft}:{draft.removeprefix('drafts/').rpartition('/')[0]}/Kptfile") + "\n"


def refused(answer: Answer, clusters: Path, *says: str) -> None:
    """It was refused in these words, and nothing was begun."""
    assert (answer.code, answer.out) == (1, "")
    for text in says:
        assert text in answer.err
    assert git(clusters, "for-each-ref", "refs/heads/drafts") == ""


def test_a_registered_revision_is_cloned(registered: Person, bare: Path, clusters: Path) -> None:
    out = registered.did("rpkg", "clone", "blueprints.dns.v1", "edge/dns", *TO)
    assert out == "clusters.edge.dns.v1 created\n"
    assert git(clusters, "log", "-1", "--format=%an <%ae>, %cn: %s", DRAFT) == (
        "Ada <ada@example.com>, Portico: Creating new revision by cloning"
    )
    assert git(clusters, "rev-parse", f"{DRAFT}^") == git(clusters, "rev-parse", "main")
    assert task_of(clusters, DRAFT) == {
        "type": "clone",
        "clone": {"upstreamRef": {"upstreamRef": {"name": "blueprints.dns.v1"}}},
    }
    commit = git(bare, "rev-parse", "dns/v1")
    assert kptfile(clusters) == CLONED.format(
        repo=bare, directory="dns", ref="dns/v1", lock="dns/v1", commit=commit
    )
    assert git(clusters, "show", f"{DRAFT}:edge/dns/config.yaml") + "\n" == NOTED
    listed = git(clusters, "ls-tree", "--format=%(objectmode) %(path)", f"{DRAFT}:edge/dns").splitlines()
    assert listed == ["100644 Kptfile", "100644 config.yaml", "100644 logo.bin", "100755 run.sh"]
    same = [git(where, "rev-parse", what) for where, what in (
        (bare, "main:dns/logo.bin"), (clusters, f"{DRAFT}:edge/dns/logo.bin"),
    )]  # fmt: skip
    assert same[0] == same[1]
    assert "edge/dns   v1              0          false    Draft" in registered.did("rpkg", "get")
    shown = registered.did("rpkg", "get", "clusters.edge.dns.v1", "-o", "yaml")
    assert "cloneFrom:\n      upstreamRef:\n        name: blueprints.dns.v1\n" in shown


@pytest.mark.parametrize(
    ("source", "revision"), [("dns", 2), ("dns@latest", 2), ("dns@v2", 2), ("dns@v1", 1), ("apps/web", 1)]
)
def test_a_path_is_looked_up_in_the_default_upstream(
    registered: Person, bare: Path, clusters: Path, source: str, revision: int
) -> None:
    release(bare, "dns/new.txt", "new", "dns/v2")
    assert registered.did("rpkg", "clone", source, "edge/dns", *TO) == "clusters.edge.dns.v1 created\n"
    path = source.partition("@")[0]
    assert f"    ref: {path}/v{revision}\n" in kptfile(clusters)
    name = f"blueprints.{path.replace('/', '.')}.v{revision}"
    assert task_of(clusters, DRAFT) == {
        "type": "clone",
        "clone": {"upstreamRef": {"upstreamRef": {"name": name}}},
    }


def test_what_is_to_be_deleted_is_no_newest(registered: Person, bare: Path, clusters: Path) -> None:
    git(bare, "branch", "deletionProposed/dns/v1", "dns/v1")
    refused(registered("rpkg", "clone", "dns", "edge/dns", *TO), clusters, "that is to stay; there is v1.")
    assert registered("rpkg", "clone", "dns@v1", "edge/dns", *TO).code == 0


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("blueprints.dns.main", "new"), "upstream revision may not be the placeholder package revision"),
        (("blueprints.dns.v9", "new"), "no package revision 'blueprints.dns.v9'"),
        (("elsewhere.dns.v1", "new"), "no repository is registered as 'elsewhere'"),
        (("blueprints.dns.v1", "new", "--ref", "v1"), "is the name of a package revision; leave them out"),
        (("dns@v9", "new"), "no published revision v9; there is v1."),
        (("dns@soon", "new"), "'soon' must be 'latest', or a revision such as 'v2'"),
        (("mail", "new"), "There is no package 'mail' in 'blueprints', the default upstream"),
        (
            ("blueprints.dns.v1", "other"),
            "already; begin the package's next revision with `portico rpkg copy",
        ),
        (
            ("blueprints.dns.v1", "other", "--workspace", "v2"),
            "`clone` cannot create a new revision for package 'other' that already exists in repo 'clusters'",
        ),
        (("blueprints.dns.v1", "other/dns"), "packages cannot be nested"),
        (("blueprints.dns.v1", "Upper"), "'Upper' must be lower-case"),
        (("blueprints.dns.v1", "new", "--workspace", "a/b"), "'a/b'"),
        (("blueprints.dns.v1", "new", "--strategy", "best"), "'best'"),
        (("", "new"), "is not the address of a Git repository"),
        (("-x/y", "new"), "No such option"),
        (("ext::sh -c id/y", "new"), "must be a path, or a URL"),
        (("https://example.com/x", "new"), "specify '.git' in argument"),
        (("./nowhere.git/dns", "new"), "cannot be reached"),
    ],
)
def test_what_is_refused_begins_nothing(
    registered: Person, clusters: Path, argv: tuple[str, ...], says: str
) -> None:
    refused(registered("rpkg", "clone", *argv, *TO), clusters, says)


def test_without_a_default_upstream_a_path_is_of_this_machine(
    registered: Person, bare: Path, clusters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = registered("rpkg", "clone", "dns", "new", "--repository", "blueprints")
    refused(answer, clusters, "'blueprints' was registered without `--upstream`")
    monkeypatch.chdir(bare.parent)
    git(bare.parent, "clone", "-q", "blueprints.git", "work")
    registered.did("rpkg", "clone", "work/dns@v1", "new", "--repository", "blueprints")
    assert f"    repo: {bare.parent}/work\n    directory: dns\n    ref: v1\n" in kptfile(
        bare, "drafts/new/v1"
    )


@pytest.mark.parametrize(
    ("source", "options", "ref", "lock"),
    [
        ("{}/dns@v1", (), "v1", "dns/v1"),
        ("{}/dns", (), "main", "main"),
        ("file://{}/dns@main", (), "main", "main"),
        ("{}", ("--directory", "dns", "--ref", "dns/v1"), "dns/v1", "dns/v1"),
        ("{}/apps@v9", ("--directory", "/dns/", "--ref", "v1"), "v1", "dns/v1"),
        ("{stem}", ("--directory", "dns", "--ref", "v1"), "v1", "dns/v1"),
    ],
)
def test_a_package_of_any_repository_is_cloned(
    registered: Person, bare: Path, clusters: Path, source: str, options: tuple[str, ...], ref: str, lock: str
) -> None:
    stem = str(bare).removesuffix(".git")
    named = source.format(bare, stem=stem)
    assert registered.did("rpkg", "clone", named, "edge/dns", *TO, *options)
    repo = f"file://{stem}" if source.startswith("file") else stem
    commit = git(bare, "rev-parse", "dns/v1")
    assert kptfile(clusters) == CLONED.format(repo=repo, directory="dns", ref=ref, lock=lock, commit=commit)
    assert task_of(clusters, DRAFT) == {
        "type": "clone",
        "clone": {
            "upstreamRef": {"type": "git", "git": {"repo": repo, "ref": ref, "directory": "dns"}},
        },
    }


def test_the_strategy_is_written(registered: Person, clusters: Path) -> None:
    registered.did("rpkg", "clone", "dns", "edge/dns", *TO, "--strategy", "fast-forward", "--workspace", "w")
    assert "  updateStrategy: fast-forward\n" in kptfile(clusters, "drafts/edge/dns/w")


def test_a_clone_to_be_deployed_gets_its_context(registered: Person, bare: Path, tmp_path: Path) -> None:
    place = make_repository(tmp_path / "srv" / "live.git", ["other"])
    registered.did("repo", "register", str(place), "--deployment", "--directory", "sites")
    old = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: kptfile.kpt.dev\ndata:\n  name: example\n"
    release(bare, "dns/package-context.yaml", old, "dns/v2")
    registered.did("rpkg", "clone", "blueprints.dns.v2", "edge/dns", "--repository", "live")
    assert git(place, "show", "drafts/sites/edge/dns/v1:sites/edge/dns/package-context.yaml") + "\n" == (
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: kptfile.kpt.dev\n  annotations:\n"
        '    config.kubernetes.io/local-config: "true"\ndata:\n  name: dns\n  package-path: edge/dns\n'
    )


def test_a_draft_is_cloned_with_a_warning(registered: Person, bare: Path, clusters: Path) -> None:
    registered.did("rpkg", "copy", "blueprints.dns.v1", "--workspace", "next")
    answer = registered("rpkg", "clone", "blueprints.dns.next", "edge/dns", *TO)
    assert answer.code == 0
    assert "Warning: 'blueprints.dns.next' is Draft" in answer.err
    assert "    ref: drafts/dns/next\n" in kptfile(clusters)
    assert git(bare, "rev-parse", "drafts/dns/next") in kptfile(clusters)


def test_packages_below_come_along(registered: Person, bare: Path, clusters: Path, tmp_path: Path) -> None:
    third = make_repository(tmp_path / "srv" / "third.git", ["zone"])
    upstream = f"upstream:\n  type: git\n  git:\n    repo: {third}\n    directory: /zone\n    ref: v1\n"
    (tmp_path / "work").mkdir()
    git(tmp_path / "work", "clone", "-q", str(bare), ".")
    for name, text in {"own": "", "zone": upstream}.items():
        (tmp_path / "work/dns" / name).mkdir()
        (tmp_path / "work/dns" / name / "Kptfile").write_text(KPTFILE.format(name=name) + text)
    git(tmp_path / "work", "add", "-A")
    git(tmp_path / "work", "commit", "-q", "-m", "below")
    git(tmp_path / "work", "tag", "dns/v2")
    git(tmp_path / "work", "push", "-q", "--tags", "origin", "main")
    registered.did("rpkg", "clone", "dns", "edge/dns", *TO)
    below = git(clusters, "show", f"{DRAFT}:edge/dns/zone/Kptfile")
    assert f"    commit: {git(third, 'rev-parse', 'zone/v1')}" in below
    assert "# kpt-merge: /zone" in git(clusters, "show", f"{DRAFT}:edge/dns/zone/config.yaml")
    assert git(clusters, "show", f"{DRAFT}:edge/dns/own/Kptfile") + "\n" == KPTFILE.format(name="own")


def test_two_that_clone_each_other_do_no_harm(registered: Person, bare: Path, clusters: Path) -> None:
    registered.did("rpkg", "clone", "dns", "edge/dns", *TO)
    git(clusters, "branch", "-f", "main", DRAFT)
    git(clusters, "tag", "edge/dns/v1", "main")
    git(clusters, "branch", "-D", DRAFT)
    registered.did("rpkg", "clone", "clusters.edge.dns.v1", "back", "--repository", "blueprints")
    again = kptfile(bare, "drafts/back/v1")
    assert f"    repo: {clusters}\n    directory: edge/dns\n    ref: edge/dns/v1\n" in again
    assert again.count("repo:") == 2


@pytest.mark.parametrize(
    ("directory", "ref", "says"),
    [
        ("dns", "v7", 'Unknown ref "v7"'),
        ("nothing", "main", 'path "nothing" does not exist in repo'),
        ("apps", "main", "the directory has no Kptfile; name the one of a package."),
        ("../dns", "main", "without '..'"),
        ("dns", "a b", "must be a branch, a tag or a commit"),
        ("broken", "main", "Kptfile:"),
    ],
)
def test_what_is_not_there_is_told(
    registered: Person, bare: Path, clusters: Path, directory: str, ref: str, says: str
) -> None:
    (bare.parent / "edit").mkdir()
    git(bare.parent / "edit", "clone", "-q", str(bare), ".")
    (bare.parent / "edit/broken").mkdir()
    (bare.parent / "edit/broken/Kptfile").write_text("apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata: [\n")
    git(bare.parent / "edit", "add", "-A")
    git(bare.parent / "edit", "commit", "-q", "-m", "broken")
    git(bare.parent / "edit", "push", "-q", "origin", "main")
    answer = registered("rpkg", "clone", str(bare), "edge/dns", *TO, "--directory", directory, "--ref", ref)
    refused(answer, clusters, says)


def test_a_broken_kptfile_of_a_registered_revision_is_told(
    registered: Person, bare: Path, clusters: Path
) -> None:
    release(bare, "dns/Kptfile", "apiVersion: v1\nkind: Secret\n", "dns/v2")
    refused(registered("rpkg", "clone", "dns", "edge/dns", *TO), clusters, "Kptfile")


def test_an_upstream_that_is_gone_is_told(registered: Person, bare: Path, clusters: Path) -> None:
    bare.rename(bare.with_name("moved.git"))
    refused(registered("rpkg", "clone", "dns", "edge/dns", *TO), clusters, str(bare))
    refused(registered("rpkg", "clone", f"{bare}/dns", "edge/dns", *TO), clusters, "cannot be reached")


def test_credentials_reach_git_and_nothing_else(
    registered: Person, clusters: Path, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TERMINAL_PROMPT", "0")
    web.password = "r1ght"  # noqa: S105 of nobody
    host = web.address.removeprefix("http://")
    answer = registered("rpkg", "clone", f"http://ada:wr0ng@{host}/blueprints.git/dns@v1", "edge/dns", *TO)
    refused(answer, clusters, f"'{web.address}/blueprints' denies access")
    assert answer.err.count("denies access") == 1
    assert "wr0ng" not in answer.err
    right = registered("rpkg", "clone", f"http://ada:r1ght@{host}/blueprints.git/dns@v1", "edge/dns", *TO)
    assert (right.code, "r1ght" in right.err) == (0, False)
    assert f"    repo: {web.address}/blueprints\n" in kptfile(clusters)
    assert "r1ght" not in git(clusters, "log", "-1", "--format=%B", DRAFT)
    kept = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert not [path for path in kept if b"r1ght" in path.read_bytes()]


def test_a_registered_repository_elsewhere_is_fetched_once(
    portico: Person, clusters: Path, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TERMINAL_PROMPT", "0")
    web.password = "r1ght"  # noqa: S105 of nobody
    helper = "!f() { echo username=ada; echo password=r1ght; }; f"
    git(clusters, "config", "--global", "credential.helper", helper)
    portico.did("repo", "register", f"{web.address}/blueprints.git", "--name", "away")
    web.log.clear()
    portico.did("rpkg", "clone", "away.dns.v1", "edge/dns", *TO)
    asked = web.packs
    assert f"    repo: {web.address}/blueprints.git\n    directory: dns\n    ref: dns/v1\n" in kptfile(
        clusters
    )
    portico.did("rpkg", "clone", "away.apps.web.v1", "edge/web", *TO)
    # Once more it is asked what there is, and all of it is in the mirror already: nothing is fetched apart.
    assert web.packs - asked < asked
    assert not (tmp_path / "home/portico/cache/upstreams").exists()


def test_a_line_that_breaks_begins_nothing(registered: Person, bare: Path, clusters: Path, web: Web) -> None:
    release(bare, "dns/big.bin", os.urandom(20_000).hex(), "dns/v2")
    web.cut = 300
    source = f"{web.address}/blueprints.git/dns@v2"
    refused(registered("rpkg", "clone", source, "edge/dns", *TO), clusters, "cannot be reached")
    web.cut = -1
    registered.did("rpkg", "clone", source, "edge/dns", *TO)
    assert len(git(clusters, "show", f"{DRAFT}:edge/dns/big.bin")) == 40_000


def test_a_package_comes_over_ssh(
    registered: Person, bare: Path, clusters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git speaks as it does over ssh, to a program that stands in for ssh and runs what the server would."""
    ssh = tmp_path / "ssh"
    ssh.write_text('#!/bin/sh\n[ "$1" = git@git.example.com ] || exit 1\neval "$2"\n')
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH", str(ssh))
    monkeypatch.setenv("GIT_SSH_VARIANT", "simple")
    registered.did("rpkg", "clone", f"git@git.example.com:{bare}/dns@v1", "edge/dns", *TO)
    assert f"    repo: git@git.example.com:{str(bare).removesuffix('.git')}\n" in kptfile(clusters)
    answer = registered("rpkg", "clone", f"ssh://eve@git.example.com{bare}/dns@v1", "x", *TO)
    assert (answer.code, answer.out) == (1, "")
    assert "cannot be reached" in answer.err


def test_a_draft_that_is_there_stays(registered: Person, clusters: Path) -> None:
    registered.did("rpkg", "clone", "dns", "edge/dns", *TO)
    before = git(clusters, "rev-parse", DRAFT)
    answer = registered("rpkg", "clone", "apps/web", "edge/dns", *TO)
    assert (answer.code, git(clusters, "rev-parse", DRAFT)) == (1, before)
    assert "must be unique" in answer.err


def test_a_clone_is_published_like_any_draft(served: Person, bare: Path) -> None:
    served.did("rpkg", "clone", "blueprints.dns.v1", "edge/dns", "--repository", "blueprints")
    served.did("rpkg", "propose", "blueprints.edge.dns.v1")
    served.become("grace")
    served.did("rpkg", "approve", "blueprints.edge.dns.v1")
    assert "    ref: dns/v1\n" in git(bare, "show", "edge/dns/v1:edge/dns/Kptfile")
    refusal = served("rpkg", "propose-delete", "blueprints.dns.v1")
    assert "It cannot be deleted while 'blueprints.edge.dns.v1' has it as upstream" in refusal.err
