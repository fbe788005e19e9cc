"""Drafts that are out of date are joined with what was published, by a push that drops nothing."""

from pathlib import Path

import pytest

from tests.cli.following import KPTFILE, SOURCE, Origin, config
from tests.cli.person import Person, git

DRAFT = "blueprints.dns.add-mx"
REF = "drafts/dns/add-mx"
STOPPED = "1 conflict, so nothing was written; `--on-conflict upstream` or `local` lets one side hold."


class World:
    """A person with a draft of `dns` v1, beside which others publish."""

    def __init__(self, portico: Person, tmp_path: Path) -> None:
        self.portico = portico
        self.origin = Origin(tmp_path / "srv" / "blueprints.git")
        self.origin.put(
            {"dns/Kptfile": KPTFILE.format(name="dns"), "dns/a.yaml": config(ttl="60", zone="x")},
            tag="dns/v1",
        )
        portico.did("repo", "register", str(self.origin.bare))
        portico.did("rpkg", "copy", "blueprints.dns.v1", "--workspace", "add-mx")

    def draft(self, **files: str) -> None:
        """Push other files to the draft."""
        self.portico.did("rpkg", "pull", DRAFT, "edited")
        for name, content in files.items():
            path = Path("edited", name.replace("_", "/").replace("yaml", ".yaml"))
            path.parent.mkdir(exist_ok=True)
            path.write_text(content)
        self.portico.did("rpkg", "push", DRAFT, "edited")

    def publish(self, files: dict[str, str | None], tag: str = "dns/v2") -> None:
        self.origin.put(files, tag=tag)

    def show(self, path: str, ref: str = REF) -> str:
        return git(self.origin.bare, "show", f"{ref}:{path}")

    def refused(self, *words: str) -> str:
        before = git(self.origin.bare, "for-each-ref")
        answer = self.portico("rpkg", "rebase", *words)
        assert (answer.code, answer.out) == (1, ""), answer
        assert git(self.origin.bare, "for-each-ref") == before
        return answer.err


@pytest.fixture
def world(portico: Person, tmp_path: Path) -> World:
    return World(portico, tmp_path)


def test_both_changes_are_in_the_draft_then(world: World) -> None:
    world.draft(ayaml=config(ttl="60", zone="mine"))
    old = git(world.origin.bare, "rev-parse", REF)
    world.publish({"dns/a.yaml": config(ttl="120", zone="x"), "dns/b.yaml": config("b"), "top.md": "x\n"})
    assert world.portico.did("rpkg", "rebase", DRAFT) == f"{DRAFT} rebased\n"
    assert "ttl: 120" in world.show("dns/a.yaml")
    assert "zone: mine" in world.show("dns/a.yaml")
    assert world.show("dns/b.yaml")
    assert world.show("top.md")
    parents = git(world.origin.bare, "log", "-1", "--format=%P", REF)
    assert parents == f"{old} {git(world.origin.bare, 'rev-parse', 'main')}"
    assert (
        git(world.origin.bare, "log", "-1", "--format=%an, %cn: %s", REF) == "Ada, Portico: Rebasing revision"
    )


def test_the_story_of_the_draft_is_still_that_of_its_beginning(world: World) -> None:
    world.publish({"dns/b.yaml": config("b")})
    world.portico.did("rpkg", "rebase", DRAFT)
    assert "creationSource: copy" in world.portico.did("rpkg", "get", DRAFT, "-o", "yaml")


def test_a_draft_that_is_up_to_date_stays_as_it_is(world: World) -> None:
    before = git(world.origin.bare, "for-each-ref", "refs/heads/drafts")
    answer = world.portico("rpkg", "rebase", DRAFT)
    assert answer == (0, "", f"{DRAFT} is already up to date\n")
    world.publish({"other/Kptfile": KPTFILE.format(name="other")}, tag="other/v1")
    assert "already up to date" in world.portico("rpkg", "rebase", DRAFT).err
    assert git(world.origin.bare, "for-each-ref", "refs/heads/drafts") == before


def test_it_is_up_to_date_once_it_was_rebased(world: World) -> None:
    world.publish({"dns/b.yaml": config("b")})
    world.portico.did("rpkg", "rebase", DRAFT)
    assert "already up to date" in world.portico("rpkg", "rebase", DRAFT).err


def test_conflicts_stop_it_unless_one_side_is_to_hold(world: World) -> None:
    world.draft(ayaml=config(ttl="5", zone="x"))
    world.publish({"dns/a.yaml": config(ttl="120", zone="x")})
    said = world.refused(DRAFT)
    assert "1 conflict, so nothing was written" in said
    assert "here it was changed to '5', upstream changed to '120'" in said
    answer = world.portico("rpkg", "rebase", DRAFT, "--on-conflict", "local")
    assert "taken: local" in answer.err
    assert "ttl: 5" in world.show("dns/a.yaml")
    assert "taken: local" in git(world.origin.bare, "log", "-1", "--format=%b", REF)


def test_where_the_package_comes_from_is_that_of_whoever_changed_it(world: World) -> None:
    source = SOURCE.format(key="upstream", repo="https://h/r", path="dns", ref="v2")
    pipeline = "pipeline:\n  mutators:\n  - image: set-labels:v1\n"
    world.draft(Kptfile=KPTFILE.format(name="dns") + pipeline)
    world.publish({"dns/Kptfile": KPTFILE.format(name="dns") + source})
    world.portico.did("rpkg", "rebase", DRAFT)
    kptfile = world.show("dns/Kptfile")
    assert "ref: v2" in kptfile
    assert "set-labels" in kptfile


def test_two_upgrades_at_once_are_a_conflict(world: World) -> None:
    def kptfile(ref: str) -> str:
        return KPTFILE.format(name="dns") + SOURCE.format(
            key="upstream", repo="https://h/r", path="dns", ref=ref
        )

    world.draft(Kptfile=kptfile("v3"))
    world.publish({"dns/Kptfile": kptfile("v2")})
    assert "'Kptfile', `upstream`" in world.refused(DRAFT)
    world.portico.did("rpkg", "rebase", DRAFT, "--on-conflict", "upstream")
    assert "ref: v2" in world.show("dns/Kptfile")


def test_subpackages_with_an_upstream_of_their_own_are_rebased_too(world: World) -> None:
    source = SOURCE.format(key="upstream", repo="https://h/r", path="sub", ref="{ref}")
    sub = {
        "dns/sub/Kptfile": KPTFILE.format(name="sub") + source.format(ref="v1"),
        "dns/sub/a.yaml": config("sub", a="1", b="1"),
    }
    world.publish(dict(sub))
    world.portico.did("rpkg", "rebase", DRAFT)
    world.draft(sub_ayaml=config("sub", a="1", b="2"))
    world.publish(
        {
            "dns/sub/Kptfile": KPTFILE.format(name="sub") + source.format(ref="v2"),
            "dns/sub/a.yaml": config("sub", a="2", b="1"),
        },
        tag="dns/v3",
    )
    world.portico.did("rpkg", "rebase", DRAFT)
    assert "ref: v2" in world.show("dns/sub/Kptfile")
    assert "  a: 2\n  b: 2" in world.show("dns/sub/a.yaml")


def test_a_package_that_was_deleted_meanwhile(world: World) -> None:
    world.publish({"dns/Kptfile": None, "dns/a.yaml": None, "other.md": "x\n"}, tag="gone")
    assert "The package was deleted since the draft began" in world.refused(DRAFT)
    world.portico.did("rpkg", "rebase", DRAFT, "--on-conflict", "local")
    assert "ttl: 60" in world.show("dns/a.yaml")
    assert world.show("other.md")


def test_files_outside_the_package_are_not_lost_without_a_word(world: World) -> None:
    world.publish({"dns/b.yaml": config("b")})
    work = world.origin.work
    git(work, "fetch", "-q", "origin", f"{REF}:stray")
    git(work, "checkout", "-q", "stray")
    (work / "outside.md").write_text("x\n")
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "stray")
    git(work, "push", "-q", "origin", f"HEAD:refs/heads/{REF}")
    assert "changes files outside its package, such as 'outside.md'" in world.refused(DRAFT)


def test_only_drafts_are_rebased(world: World) -> None:
    assert "Only drafts can be rebased, and 'blueprints.dns.v1' is Published" in world.refused(
        "blueprints.dns.v1"
    )
    git(world.origin.bare, "branch", "-m", REF, "proposed/dns/add-mx")
    said = world.refused(DRAFT)
    assert f"is Proposed; `portico rpkg reject {DRAFT}`" in said


def test_every_draft_may_be_rebased_at_once(world: World) -> None:
    for name in ("one", "two", "three"):
        world.portico.did("rpkg", "copy", "blueprints.dns.v1", "--workspace", name)
    world.draft(ayaml=config(ttl="5", zone="x"))
    world.publish({"dns/a.yaml": config(ttl="120", zone="x")})
    world.portico.did("rpkg", "copy", "blueprints.dns.v2", "--workspace", "fresh")
    plan = world.portico("rpkg", "rebase", "--all", "--dry-run")
    assert plan.code == 1
    assert plan.out.splitlines() == [
        "PACKAGE REVISION        FROM    TO   STRATEGY         CONFLICTS",
        "blueprints.dns.add-mx   draft   v2   resource-merge   1",
        "blueprints.dns.fresh    draft   v2   resource-merge   already up to date",
        "blueprints.dns.one      draft   v2   resource-merge   0",
        "blueprints.dns.three    draft   v2   resource-merge   0",
        "blueprints.dns.two      draft   v2   resource-merge   0",
    ]
    answer = world.portico("rpkg", "rebase", "--all", "--yes")
    assert answer.code == 1
    assert answer.out.splitlines() == [
        "PACKAGE REVISION        OUTCOME     DETAIL",
        "blueprints.dns.add-mx   failed      1 conflict",
        "blueprints.dns.fresh    unchanged   already up to date",
        "blueprints.dns.one      rebased     onto v2",
        "blueprints.dns.three    rebased     onto v2",
        "blueprints.dns.two      rebased     onto v2",
    ]
    assert "`data.ttl`" in answer.err
    assert "ttl: 120" in world.show("dns/a.yaml", "drafts/dns/two")


def _write(served: Person, workspace: str) -> None:
    served.did("rpkg", "copy", "blueprints.dns.v1", "--workspace", workspace)
    served.did("rpkg", "pull", f"blueprints.dns.{workspace}", workspace)
    Path(workspace, f"{workspace}.yaml").write_text(config(workspace))
    served.did("rpkg", "push", f"blueprints.dns.{workspace}", workspace)


def _publish(served: Person, workspace: str, by: str) -> None:
    name = f"blueprints.dns.{workspace}"
    served.did("rpkg", "propose", name)
    served.become(by)
    served.did("rpkg", "pull", name, f"{workspace}-of-{by}")
    served.did("rpkg", "approve", name)


def test_a_server_that_knows_packages_publishes_what_was_rebased(served: Person, bare: Path) -> None:
    """Grace wrote what the draft is joined with; that makes her no author of the draft."""
    _write(served, "late")
    served.become("grace")
    _write(served, "one")
    _publish(served, "one", by="linus")
    served.become("ada")
    assert "portico rpkg rebase" in served("rpkg", "propose", "blueprints.dns.late").err
    served.did("rpkg", "rebase", "blueprints.dns.late")
    _publish(served, "late", by="grace")
    files = git(bare, "ls-tree", "--name-only", "dns/v3:dns").splitlines()
    assert {"one.yaml", "late.yaml"} <= set(files)
    assert git(bare, "rev-parse", "main") == git(bare, "rev-parse", "dns/v3")
    assert "Approved-by: Grace" in git(bare, "log", "-1", "--format=%B", "main")
