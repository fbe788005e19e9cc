"""A revision's whole life, said word by word to a server with hooks."""

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.person import PEOPLE, Person, git

DRAFT = "blueprints.dns.add-mx"


@pytest.fixture
def proposed(served: Person) -> Person:
    """Ada's proposal."""
    served.did("rpkg", "copy", "blueprints.dns.v1", "--workspace", "add-mx")
    served.did("rpkg", "pull", DRAFT, "dns")
    Path("dns/new.txt").touch()
    served.did("rpkg", "push", DRAFT, "dns")
    assert served.did("rpkg", "propose", DRAFT) == f"{DRAFT} proposed\n"
    return served


def state(person: Person, name: str = DRAFT) -> list[str]:
    return person.did("rpkg", "get", name, "--no-headers").split()[3:6]


def test_from_draft_to_published_to_gone(proposed: Person, bare: Path) -> None:
    assert state(proposed) == ["0", "false", "Proposed"]
    again = proposed("rpkg", "propose", DRAFT)
    assert (again.code, again.out, again.err) == (0, "", f"{DRAFT} is already proposed\n")
    proposed.become("grace")
    assert proposed.did("rpkg", "approve", DRAFT) == f"{DRAFT} approved\n"
    assert state(proposed) == ["2", "true", "Published"]
    assert "Approved-by: Grace" in git(bare, "log", "-1", "--format=%B", "main")
    assert proposed.did("rpkg", "propose-del", DRAFT) == f"{DRAFT} proposed for deletion\n"
    assert state(proposed) == ["2", "true", "DeletionProposed"]
    again = proposed("rpkg", "propose-delete", DRAFT)
    assert (again.code, again.err) == (0, f"{DRAFT} is already proposed for deletion\n")
    proposed.become("linus")
    assert proposed.did("rpkg", "delete", DRAFT) == f"{DRAFT} deleted\n"
    assert proposed("rpkg", "get", DRAFT).code == 1


def test_an_author_does_not_approve_and_hears_why(proposed: Person) -> None:
    answer = proposed("rpkg", "approve", DRAFT)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith(f"{DRAFT} failed (")
    assert "\nError: errors:\n  " in answer.err
    assert state(proposed) == ["0", "false", "Proposed"]


def test_a_rejection_keeps_its_reason(proposed: Person) -> None:
    proposed.become("grace")
    assert proposed.did("rpkg", "reject", DRAFT, "--reason", "the TTL is too short") == (
        f"{DRAFT} no longer proposed for approval\n"
    )
    assert state(proposed) == ["0", "false", "Draft"]
    proposed.did("rpkg", "propose-delete", "blueprints.dns.v1")
    proposed.become("linus")
    assert proposed.did("rpkg", "reject", "blueprints.dns.v1") == (
        "blueprints.dns.v1 no longer proposed for deletion\n"
    )


def test_an_approval_may_name_the_commit_that_was_reviewed(proposed: Person, bare: Path) -> None:
    proposed.become("grace")
    answer = proposed("rpkg", "approve", DRAFT, "--at", "0" * 40)
    assert answer.code == 1
    assert "is not at" in answer.err
    head = git(bare, "rev-parse", "proposed/dns/add-mx")
    assert proposed.did("rpkg", "approve", DRAFT, "--at", head[:10])


def test_several_at_once_each_get_their_answer(served: Person) -> None:
    for workspace in ("one", "two"):
        served.did("rpkg", "copy", "blueprints.dns.v1", "--workspace", workspace)
    answer = served("rpkg", "propose", "blueprints.dns.one", "blueprints.dns.gone", "blueprints.dns.two")
    assert answer.code == 1
    assert answer.out == "blueprints.dns.one proposed\nblueprints.dns.two proposed\n"
    assert answer.err.count("blueprints.dns.gone failed (") == 1
    assert served.did("rpkg", "del", "blueprints.dns.one", "blueprints.dns.two").count("deleted") == 2


def test_published_revisions_are_not_deleted_at_once(served: Person) -> None:
    answer = served("rpkg", "del", "blueprints.dns.v1")
    assert (answer.code, answer.out) == (1, "")
    assert "propose-delete" in answer.err


def test_the_server_explains(proposed: Person, bare: Path) -> None:
    said = proposed.did("explain", DRAFT)
    assert "approve" in said
    assert "grace" in said
    assert "remote:" not in said
    assert "portico:" not in said
    assert "gone" in proposed("explain", "blueprints.gone.x").err
    assert bare.exists()


def test_a_rendered_push_brings_the_folder_along(served: Person) -> None:
    served.did("rpkg", "init", "shop", "--repository", "blueprints", "--workspace", "w")
    served.did("rpkg", "pull", "blueprints.shop.w", "shop")
    kptfile = Path("shop/Kptfile")
    kptfile.write_text(
        kptfile.read_text() + "pipeline:\n  mutators:\n  - image: ghcr.io/kptdev/krm-functions-catalog/"
        "set-namespace:v0.4.1\n    configMap:\n      namespace: team\n"
    )
    Path("shop/config.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n")
    answer = served("rpkg", "push", "blueprints.shop.w", "shop")
    assert (answer.code, answer.out) == (0, "blueprints.shop.w pushed\n")
    assert "'shop' has what the server rendered: config.yaml" in answer.err
    assert "namespace: team" in Path("shop/config.yaml").read_text()
    Path("shop/config.yaml").write_text(Path("shop/config.yaml").read_text() + "data: {}\n")
    assert served.did("rpkg", "push", "blueprints.shop.w", "shop")


def test_a_refusal_of_several_lines_is_said_once_and_whole(served: Person) -> None:
    served.did("rpkg", "init", "shop", "--repository", "blueprints", "--workspace", "w")
    served.did("rpkg", "pull", "blueprints.shop.w", "shop")
    kptfile = Path("shop/Kptfile")
    kptfile.write_text(kptfile.read_text() + "pipeline:\n  mutators:\n  - image: nowhere\n")
    served.did("rpkg", "push", "blueprints.shop.w", "shop")
    answer = served("rpkg", "propose", "blueprints.shop.w")
    assert answer.err.splitlines()[:3] == [
        "blueprints.shop.w failed (The package's functions must succeed first:)",
        "Error: errors:",
        "  The package's functions must succeed first:",
    ]
    assert answer.err.count("nowhere:latest' is unknown here") == 1


def test_what_the_gate_refuses_is_said_without_gits_own_words(served: Person) -> None:
    served.did("rpkg", "init", "shop", "--repository", "blueprints", "--workspace", "w")
    served.did("rpkg", "pull", "blueprints.shop.w", "shop")
    Path("shop/bad.yaml").write_text("a: [")
    answer = served("rpkg", "push", "blueprints.shop.w", "shop")
    assert answer.code == 1
    assert answer.err.startswith(
        "Error: refused refs/heads/drafts/shop/w: The package must be valid first:\n"
    )


def test_an_approval_given_twice_is_shown_once(served: Person, bare: Path) -> None:
    (bare / "portico" / "server.yaml").write_text(PEOPLE + "policy: {approvals: 2}\n")
    served.did("rpkg", "copy", "blueprints.dns.v1", "--workspace", "add-mx")
    served.did("rpkg", "propose", DRAFT)
    served.become("grace")
    for _ in range(2):
        assert "Waiting for approvals: 1 of 2" in served("rpkg", "approve", DRAFT).err
    assert served.did("explain", DRAFT).count("approved by @grace") == 1


def test_the_package_on_the_branch_is_removed_and_its_revisions_stay(served: Person) -> None:
    served.did("rpkg", "propose-delete", "blueprints.dns.main")
    served.become("grace")
    answer = served("rpkg", "del", "blueprints.dns.main")
    assert "The directory 'dns' is removed from the branch; its revisions stay published." in answer.err
    assert state(served, "blueprints.dns.v1") == ["1", "true", "Published"]


def test_an_approval_is_of_what_was_pulled(
    proposed: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    adas, graces = os.environ["PORTICO_HOME"], str(tmp_path / "graces")
    shutil.copytree(adas, graces)

    def be(login: str, home: str) -> None:
        proposed.become(login)
        monkeypatch.setenv("PORTICO_HOME", home)

    be("grace", graces)
    proposed.did("rpkg", "pull", DRAFT, "seen")
    # While she reads, it goes back to Ada, who puts other content under the same name.
    be("linus", adas)
    proposed.did("rpkg", "reject", DRAFT)
    be("ada", adas)
    Path("dns/evil.txt").touch()
    proposed.did("rpkg", "push", DRAFT, "dns")
    proposed.did("rpkg", "propose", DRAFT)
    be("grace", graces)
    answer = proposed("rpkg", "approve", DRAFT)
    assert answer.code == 1
    assert "when you looked at it, and is at" in answer.err
    assert state(proposed) == ["0", "false", "Proposed"]
    now = answer.err.partition("--at ")[2].partition("`")[0]
    assert proposed.did("rpkg", "approve", DRAFT, "--at", now) == f"{DRAFT} approved\n"
