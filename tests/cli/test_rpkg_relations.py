"""Who uses what, over all registered repositories: seen, and not taken away from under anybody."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.hooks.install import install
from tests.cli.person import KPTFILE, PEOPLE, Person, git

LOCK = """upstream:
  type: git
  git: {{repo: {repo}, directory: /{directory}, ref: {ref}}}
  updateStrategy: resource-merge
upstreamLock:
  type: git
  git: {{repo: {repo}, directory: /{directory}, ref: {directory}/{ref}, commit: {commit}}}
"""
STRANGER = "https://ada:s3cret@elsewhere.example.com/x.git"


class Shop:
    """A bare repository whose packages are written with Git alone."""

    def __init__(self, bare: Path) -> None:
        self.bare = bare
        self.work = bare.with_suffix(".work")

    def start(self) -> "Shop":
        self.work.mkdir(parents=True)
        git(self.work, "init", "-q")
        git(self.work, "commit", "-q", "--allow-empty", "-m", "first")
        git(self.bare.parent, "clone", "-q", "--bare", str(self.work), str(self.bare))
        return self

    def write(self, package: str, lock: str, *refs: str) -> None:
        """Commit the Kptfile of a package to the branch, or to other refs instead."""
        git(self.work, "fetch", "-q", str(self.bare), "main")
        git(self.work, "checkout", "-q", "--detach", "FETCH_HEAD")
        (self.work / package).mkdir(parents=True, exist_ok=True)
        text = KPTFILE.format(name=package.rpartition("/")[2]) + lock
        (self.work / package / "Kptfile").write_text(text)
        git(self.work, "add", "-A")
        git(self.work, "commit", "-q", "--allow-empty", "-m", package)
        for ref in refs or ("refs/heads/main",):
            git(self.work, "push", "-q", str(self.bare), f"HEAD:{ref}")


def lock(bare: Path, directory: str, ref: str, repo: str = "") -> str:
    commit = git(bare, "rev-parse", f"{directory}/{ref}^0")
    return LOCK.format(repo=repo or bare, directory=directory, ref=ref, commit=commit)


@pytest.fixture
def sites(registered: Person, bare: Path) -> Shop:
    """Of `dns` three revisions; `edge` of v1 with an upgrade begun, `core` of v3, and `odd` of a stranger."""
    shop = Shop(bare.parent / "sites.git").start()
    blueprints = Shop(bare)
    for number in (2, 3):
        blueprints.write(
            "dns", f"info: {{description: {number}}}\n", "refs/heads/main", f"refs/tags/dns/v{number}"
        )
    own = ("refs/heads/main", "refs/tags/{0}/v1")
    for package, where in (
        ("edge", lock(bare, "dns", "v1", f"file://{bare}/")),
        ("core", lock(bare, "dns", "v3", str(bare).removesuffix(".git"))),
        ("odd", lock(bare, "dns", "v2", STRANGER)),
    ):
        shop.write(package, where, *(ref.format(package) for ref in own))
    shop.write("edge", lock(bare, "dns", "v2"), "refs/heads/drafts/edge/upgrade")
    registered.did("repo", "register", str(shop.bare))
    return shop


def table(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_upstreams_are_shown_beside_what_is_newer(sites: Shop, registered: Person) -> None:
    out = registered.did("rpkg", "get", "--show-upstream", "--repository", "sites", "--workspace", "v1")
    assert table(out)[0][-2:] == ["UPSTREAM", "BEHIND"]
    assert [[row[0], *row[-2:]] for row in table(out)[1:]] == [
        ["sites.core.v1", "blueprints/dns@v3", "<none>"],
        ["sites.edge.v1", "blueprints/dns@v1", "v2,v3"],
        ["sites.odd.v1", "https://elsewhere.example.com/x.git/dns@dns/v2", "<unknown>"],
    ]
    (row,) = table(registered.did("rpkg", "get", "blueprints.dns.v1", "--show-upstream", "--no-headers"))
    assert row[-2:] == ["<none>", "<none>"]
    git(sites.bare, "tag", "wide", "main")
    wide = registered.did("rpkg", "get", "sites.edge.v1", "--show-upstream", "-o", "wide")
    assert table(wide)[1][-1] == git(sites.bare, "rev-parse", "edge/v1")


@pytest.mark.usefixtures("sites")
def test_many_newer_revisions_are_told_in_short(registered: Person, bare: Path) -> None:
    for number in range(4, 20):
        git(bare, "tag", f"dns/v{number}", "dns/v3")
    (row,) = table(registered.did("rpkg", "get", "sites.edge.v1", "--show-upstream", "--no-headers"))
    assert row[-1] == "v2,v3,...,v19"


def test_what_can_be_upgraded_is_selected(sites: Shop, registered: Person) -> None:
    rows = table(registered.did("rpkg", "get", "--upgradable"))
    assert [[row[0], *row[-2:]] for row in rows[1:]] == [
        ["sites.edge.upgrade", "blueprints/dns@v2", "v3"],
        ["sites.edge.v1", "blueprints/dns@v1", "v2,v3"],
    ]
    names = registered.did("rpkg", "get", "--upgradable", "--lifecycle", "draft", "-o", "name")
    assert names == "packagerevision.porch.kpt.dev/sites.edge.upgrade\n"
    sites.write("edge", "", "refs/heads/main", "refs/tags/edge/v2")
    assert registered.did("rpkg", "get", "--upgradable", "--workspace", "v1", "-o", "name") == ""


def test_a_copy_keeps_its_upstream(sites: Shop, registered: Person) -> None:
    registered.did("rpkg", "copy", "sites.edge.v1", "--workspace", "copied")
    (row,) = table(registered.did("rpkg", "get", "sites.edge.copied", "--upgradable", "--no-headers"))
    assert row[-2:] == ["blueprints/dns@v1", "v2,v3"]
    assert "sites.edge.copied" in registered.did("rpkg", "downstream", "blueprints.dns.v1")
    assert git(sites.bare, "rev-parse", "drafts/edge/copied^0")


@pytest.mark.usefixtures("sites")
def test_downstream_revisions_are_selected(registered: Person) -> None:
    def names(*options: str) -> list[str]:
        return [
            line.partition("/")[2] for line in registered.did("rpkg", "get", "-o", "name", *options).split()
        ]

    every = ["sites.core.main", "sites.core.v1", "sites.edge.main", "sites.edge.upgrade", "sites.edge.v1"]
    assert names("--upstream", "blueprints.dns") == every
    assert names("--upstream", "blueprints.dns", "--revision", "1") == ["sites.core.v1", "sites.edge.v1"]
    assert names("--upstream", "blueprints.dns.v2") == ["sites.edge.upgrade"]
    assert names("--upstream", "blueprints.apps.web") == []
    one = json.loads(registered.did("rpkg", "get", "--upstream", "blueprints.dns.v2", "-o", "json"))
    assert [item["metadata"]["name"] for item in one["items"]] == ["sites.edge.upgrade"]


def test_who_uses_a_package_is_told(sites: Shop, registered: Person) -> None:
    assert registered.did("rpkg", "downstream", "blueprints.dns") == (
        "NAME                 REVISION   LIFECYCLE   UPSTREAM            BEHIND\n"
        "sites.core.v1        1          Published   blueprints/dns@v3   <none>\n"
        "sites.edge.upgrade   0          Draft       blueprints/dns@v2   v3\n"
        "sites.edge.v1        1          Published   blueprints/dns@v1   v2,v3\n"
    )
    assert registered.did("rpkg", "downstream", "blueprints.dns.v1", "--all", "-o", "name").split() == [
        "packagerevision.porch.kpt.dev/sites.edge.main",
        "packagerevision.porch.kpt.dev/sites.edge.v1",
    ]
    listed = json.loads(registered.did("rpkg", "downstream", "blueprints.dns.v2", "-o", "json"))
    assert [item["metadata"]["name"] for item in listed["items"]] == ["sites.edge.upgrade"]
    nothing = registered("rpkg", "downstream", "blueprints.apps.web")
    assert (nothing.code, nothing.out) == (0, "")
    assert "Nothing that is registered comes from 'blueprints.apps.web'." in nothing.err
    gone = registered("rpkg", "downstream", "blueprints.gone")
    assert gone.code == 1
    assert "'blueprints.gone'" in gone.err
    git(sites.bare, "update-ref", "-d", "refs/tags/edge/v1")
    assert "sites.edge.main" in registered.did("rpkg", "downstream", "blueprints.dns.v1")


def test_a_broken_kptfile_hides_no_other(sites: Shop, registered: Person) -> None:
    sites.write("core", "upstream: [\n", "refs/heads/main", "refs/tags/core/v2")
    answer = registered("rpkg", "downstream", "blueprints.dns", "--no-headers")
    assert [row[0] for row in table(answer.out)] == ["sites.edge.upgrade", "sites.edge.v1"]
    assert "Warning: Where 'sites.core.v2' comes from is not known: Kptfile:" in answer.err


@pytest.mark.parametrize("word", ["--upgradable", "--show-upstream", "--upstream=blueprints.dns"])
def test_what_would_have_to_look_everywhere_is_not_watched(registered: Person, word: str) -> None:
    answer = registered("rpkg", "get", "--watch", word)
    assert (answer.code, answer.out) == (1, "")
    assert "--watch" in answer.err


@pytest.fixture
def discover(registered: Person) -> Callable[..., str]:
    """The tables of `rpkg upgrade --discover`."""
    return lambda way, *names: registered.did("rpkg", "upgrade", f"--discover={way}", *names)


@pytest.mark.usefixtures("sites")
def test_discovery_speaks_in_porchctls_tables(discover: Callable[..., str]) -> None:
    assert discover("upstream", "sites.core.v1", "sites.edge.v1", "blueprints.dns.v1") == (
        "PACKAGE REVISION    UPSTREAM REPOSITORY   UPSTREAM UPDATES\n"
        "blueprints.dns.v1                         No update available\n"
        "sites.core.v1       blueprints            No update available\n"
        "sites.edge.v1       blueprints            v2, v3\n"
    )
    assert len(discover("upstream").splitlines()) > 10
    assert "s3cret" not in discover("upstream")
    assert discover("downstream") == (
        "PACKAGE REVISION    DOWNSTREAM PACKAGE   DOWNSTREAM UPDATE\n"
        "blueprints.dns.v2   sites.edge.v1        v1->v2\n"
        "blueprints.dns.v3   sites.edge.upgrade   v2->v3\n"
        "blueprints.dns.v3   sites.edge.v1        v1->v3\n"
    )
    assert len(discover("downstream", "blueprints.dns.v2").splitlines()) == 2
    assert discover("downstream", "blueprints.dns.v1") == "All downstream packages are up to date.\n"


def test_a_clone_of_a_draft_is_discovered_when_that_is_published(
    sites: Shop, discover: Callable[..., str], bare: Path
) -> None:
    Shop(bare).write("dns", "info: {description: x}\n", "refs/heads/drafts/dns/v4")
    text = lock(bare, "drafts/dns", "v4").replace("directory: /drafts/dns", "directory: /dns")
    sites.write("lab", text, "refs/heads/main", "refs/tags/lab/v1")
    assert discover("downstream", "blueprints.dns.v3").count("lab") == 0
    git(bare, "tag", "dns/v4", "main")
    git(bare, "branch", "-D", "drafts/dns/v4")
    assert 'sites.lab.v1         (draft "v4")->v4' in discover("downstream", "blueprints.dns.v4")


@pytest.fixture
def guarded(sites: Shop, registered: Person, bare: Path) -> Person:  # noqa: ARG001 its repository must be there
    """Grace may approve in `blueprints`, where words are understood; everything else is as in `sites`."""
    (Shop(bare).work / ".portico.yaml").write_text("approvals: 1\napprovers: [grace, linus]\n")
    Shop(bare).write("dns", "info: {description: 3}\n")
    install(bare, identity=("gitolite",), resident=False)
    (bare / "portico" / "server.yaml").write_text(PEOPLE)
    registered.become("ada")
    return registered


def test_what_others_were_cloned_from_is_not_deleted(guarded: Person, sites: Shop, bare: Path) -> None:
    answer = guarded(
        "rpkg", "propose-delete", "blueprints.dns.v1", "blueprints.dns.v2", "blueprints.apps.web.v1"
    )
    assert answer.code == 1
    assert answer.out == "blueprints.apps.web.v1 proposed for deletion\n"
    for name, user in (("dns.v1", "edge.v1"), ("dns.v2", "edge.upgrade")):
        assert f"blueprints.{name} failed (It cannot be deleted while 'sites.{user}' has it as" in answer.err
    assert guarded.did("rpkg", "get", "--lifecycle", "DeletionProposed", "-o", "name").count("\n") == 1
    sites.write("edge", lock(bare, "dns", "v3"), "refs/heads/main", "refs/tags/edge/v2")
    assert (
        guarded.did("rpkg", "propose-delete", "blueprints.dns.v1")
        == "blueprints.dns.v1 proposed for deletion\n"
    )
    sites.write("late", lock(bare, "dns", "v1"), "refs/heads/drafts/late/begun")
    guarded.become("grace")
    late = guarded("rpkg", "del", "blueprints.dns.v1")
    assert "'sites.late.begun' has it as upstream" in late.err
    git(sites.bare, "branch", "-D", "drafts/late/begun")
    assert guarded.did("rpkg", "del", "blueprints.dns.v1") == "blueprints.dns.v1 deleted\n"


def test_what_cannot_be_reached_is_said_and_stops_nothing(guarded: Person, sites: Shop) -> None:
    shutil.rmtree(sites.bare)
    answer = guarded("rpkg", "propose-delete", "blueprints.dns.v1")
    assert (answer.code, answer.out) == (0, "blueprints.dns.v1 proposed for deletion\n")
    assert "Warning: The repository 'sites' is left out: " in answer.err
    assert (
        "Warning: Whether anything comes from 'blueprints.dns.v1' in what is left out is not known."
        in answer.err
    )
    seen = guarded("rpkg", "downstream", "blueprints.dns")
    assert seen.code == 1
    assert "The repository 'sites' is left out" in seen.err


def test_many_names_are_counted(guarded: Person, sites: Shop) -> None:
    for number in range(12):
        git(sites.bare, "update-ref", f"refs/heads/drafts/edge/w{number:02}", "drafts/edge/upgrade")
    answer = guarded("rpkg", "propose-delete", "blueprints.dns.v2")
    assert "'sites.edge.w08' and 3 more have it as upstream; upgrade or delete those first." in answer.err
