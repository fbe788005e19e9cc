"""Packages are brought to newer revisions of what they follow, as drafts."""

from pathlib import Path

import pytest

from bot.packages.annotation import read_annotations
from bot.packages.kptfile import Upstream, read_kptfile
from tests.cli.following import KPTFILE, Origin, config, followed
from tests.cli.neighbours import World
from tests.cli.person import Person, git

NEW = "edge.dns.follow"


@pytest.fixture
def world(portico: Person, tmp_path: Path) -> World:
    return World(portico, tmp_path)


def test_a_package_is_brought_to_the_latest_revision(world: World) -> None:
    assert world.upgrade("edge.dns.v1") == f"edge.dns.v1 upgraded to {NEW}\n"
    text = world.show("a.yaml")
    assert "ttl: 180" in text
    assert "zone: mine" in text
    assert "# mine" in text
    assert "new: 1" in world.show("b.yaml")
    third = git(world.up.bare, "rev-parse", "dns/v3")
    kptfile = read_kptfile(world.show("Kptfile").encode())
    assert kptfile.upstream == Upstream(str(world.up.bare), "/dns", "v3")
    assert kptfile.upstream_lock == Upstream(str(world.up.bare), "/dns", "dns/v3", third)


def test_the_commit_is_the_one_that_porch_makes(world: World) -> None:
    world.upgrade("edge.dns.v1")
    log = git(world.down.bare, "log", "-1", "--format=%an, %cn: %s", "drafts/dns/follow")
    assert log == "Ada, Portico: Upgrading revision"
    assert git(world.down.bare, "rev-parse", "drafts/dns/follow^") == git(
        world.down.bare, "rev-parse", "main"
    )
    (annotation,) = read_annotations(git(world.down.bare, "log", "-1", "--format=%B", "drafts/dns/follow"))
    assert annotation.task == {
        "type": "upgrade",
        "upgrade": {
            "oldUpstreamRef": {"name": "blueprints.dns.v1"},
            "newUpstreamRef": {"name": "blueprints.dns.v3"},
            "localPackageRevisionRef": {"name": "edge.dns.v1"},
            "strategy": "resource-merge",
        },
    }
    shown = world.portico.did("rpkg", "get", NEW, "-o", "yaml")
    assert "oldUpstream:" in shown
    assert "creationSource: upgrade" in shown


def test_a_package_is_named_without_its_revision_and_the_upstream_with_one(world: World) -> None:
    assert world.upgrade("edge.dns", "--revision", "2") == f"edge.dns.v1 upgraded to {NEW}\n"
    assert "ttl: 120" in world.show("a.yaml")
    assert "ref: v2" in world.show("Kptfile")


def test_the_spelling_of_the_ref_stays_that_of_porch(world: World) -> None:
    world.replace({"dns/Kptfile": followed(f"file://{world.up.bare}", "dns", "dns/v1", world.first)})
    world.upgrade("edge.dns")
    assert "ref: dns/v3" in world.show("Kptfile")
    assert f"repo: file://{world.up.bare}" in world.show("Kptfile")


def test_what_both_sides_changed_is_told_here_and_in_the_commit(world: World) -> None:
    world.replace({"dns/a.yaml": config(ttl="5", zone="mine")})
    answer = world.portico("rpkg", "upgrade", "edge.dns", "--workspace", "follow")
    told = (
        "ConfigMap 'dns', `data.ttl`: here it was changed to '5', upstream changed to '180'; taken: upstream."
    )
    assert told in answer.err
    assert told in git(world.down.bare, "log", "-1", "--format=%b", "drafts/dns/follow")
    assert "ttl: 180" in world.show("a.yaml")


def test_the_local_side_may_hold(world: World) -> None:
    world.replace({"dns/a.yaml": config(ttl="5", zone="mine")})
    world.upgrade("edge.dns", "--on-conflict", "local")
    assert "ttl: 5" in world.show("a.yaml")


def test_conflicts_may_stop_it(world: World) -> None:
    world.replace({"dns/a.yaml": config(ttl="5", zone="mine")})
    said = world.refused("edge.dns", "--on-conflict", "stop")
    assert "1 conflict, so nothing was written" in said
    assert "`data.ttl`" in said


def test_values_of_secrets_are_told_nowhere(world: World) -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\ndata:\n  key: {}\n"  # noqa: S105 none is in it
    world.up.put({"dns/s.yaml": secret.format("Zmlyc3Q=")}, tag="dns/v4")
    fourth = git(world.up.bare, "rev-parse", "dns/v4")
    world.replace(
        {"dns/Kptfile": followed(world.up.bare, "dns", "v4", fourth), "dns/s.yaml": secret.format("bWluZQ==")}
    )
    world.up.put({"dns/s.yaml": secret.format("dGhlaXJz")}, tag="dns/v5")
    answer = world.portico("rpkg", "upgrade", "edge.dns", "--workspace", "follow")
    said = answer.err + git(world.down.bare, "log", "-1", "--format=%B", "drafts/dns/follow")
    assert said.count("`data.key`: here it was changed to '<redacted>'") == 2
    for value in ("Zmlyc3Q", "bWluZQ", "dGhlaXJz"):
        assert value not in said


@pytest.mark.parametrize(
    ("strategy", "has"), [("force-delete-replace", "zone: x"), ("copy-merge", "zone: x")]
)
def test_other_strategies_take_what_is_upstream(world: World, strategy: str, has: str) -> None:
    world.upgrade("edge.dns", "--strategy", strategy)
    assert has in world.show("a.yaml")
    assert f"updateStrategy: {strategy}" in world.show("Kptfile")


def test_fast_forward_is_for_packages_without_changes(world: World) -> None:
    assert "package files have been modified: [a.yaml]" in world.refused(
        "edge.dns", "--strategy", "fast-forward"
    )


def test_a_plan_alone_changes_nothing(world: World) -> None:
    before = git(world.down.bare, "for-each-ref")
    assert world.upgrade("edge.dns.v1", "--dry-run").splitlines() == [
        "PACKAGE REVISION   FROM   TO   STRATEGY         CONFLICTS",
        "edge.dns.v1        v1     v3   resource-merge   0",
    ]
    assert git(world.down.bare, "for-each-ref") == before


def test_what_is_up_to_date_stays_as_it_is(world: World) -> None:
    third = git(world.up.bare, "rev-parse", "dns/v3")
    world.replace({"dns/Kptfile": followed(world.up.bare, "dns", "v3", third)})
    answer = world.portico("rpkg", "upgrade", "edge.dns", "--workspace", "follow")
    assert answer == (0, "", "edge.dns.v2 is already up to date\n")
    assert "follow" not in git(world.down.bare, "for-each-ref")


@pytest.mark.parametrize("strategy", ["copy-merge", "force-delete-replace"])
def test_a_package_to_be_deployed_keeps_its_own_context(world: World, strategy: str) -> None:
    context = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: kptfile.kpt.dev\ndata:\n  name: {}\n"
    world.up.put({"dns/package-context.yaml": context.format("example")}, tag="dns/v4")
    world.replace({"dns/package-context.yaml": context.format("dns")})
    world.portico.did("repo", "unregister", "edge")
    world.portico.did("repo", "register", str(world.down.bare), "--deployment")
    world.upgrade("edge.dns", "--strategy", strategy)
    assert "name: dns\n  package-path: dns" in world.show("package-context.yaml")


def test_another_place_at_the_same_ref_is_something_else(world: World) -> None:
    kptfile = followed(world.up.bare, "dns", "v1", world.first)
    world.replace({"dns/Kptfile": kptfile.replace("directory: /dns", "directory: /other", 1)})
    assert "other" in world.refused("edge.dns", "--revision", "dns/v1")


def test_a_branch_that_is_followed_is_followed(world: World) -> None:
    world.replace({"dns/Kptfile": followed(world.up.bare, "dns", "main", world.first)})
    world.up.put({"dns/a.yaml": config(ttl="999", zone="x")})
    world.upgrade("edge.dns")
    assert "ttl: 999" in world.show("a.yaml")
    assert "ref: main" in world.show("Kptfile")


def test_a_branch_that_moved_for_others_only_is_nothing_new(world: World) -> None:
    third = git(world.up.bare, "rev-parse", "main")
    world.replace({"dns/Kptfile": followed(world.up.bare, "dns", "main", third).replace("dns/main", "main")})
    world.up.put({"other/README.md": "x\n"})
    answer = world.portico("rpkg", "upgrade", "edge.dns", "--workspace", "follow")
    assert "already up to date" in answer.err


def test_one_may_go_back_if_one_says_so(world: World) -> None:
    world.replace({"dns/Kptfile": followed(world.up.bare, "dns", "v2", world.second)})
    answer = world.portico("rpkg", "upgrade", "edge.dns", "--workspace", "follow", "--revision", "1")
    assert "Warning: edge.dns.v2 goes back from v2 to v1 of its upstream." in answer.err
    assert "ref: v1" in world.show("Kptfile")


def test_what_is_proposed_for_deletion_is_not_the_latest(world: World) -> None:
    git(world.up.bare, "branch", "deletionProposed/dns/v3", "dns/v3")
    world.upgrade("edge.dns")
    assert "ref: v2" in world.show("Kptfile")
    world.portico.did("rpkg", "upgrade", "edge.dns.v1", "--workspace", "named", "--revision", "v3")
    assert "ref: v3" in world.show("Kptfile", "drafts/dns/named")


def test_a_clone_of_a_draft_goes_on_with_what_is_published(world: World) -> None:
    git(world.up.bare, "branch", "drafts/dns/wild", "dns/v2")
    kptfile = followed(world.up.bare, "dns", "drafts/dns/wild", world.first)
    world.replace({"dns/Kptfile": kptfile.replace("ref: dns/wild", "ref: drafts/dns/wild")})
    world.upgrade("edge.dns")
    assert "ref: v3" in world.show("Kptfile")


def test_what_was_cloned_is_upgraded(world: World) -> None:
    world.portico.did(
        "rpkg", "clone", "blueprints.dns.v1", "copy", "--repository", "edge", "--workspace", "w"
    )
    work = world.down.work
    git(work, "pull", "-q", "origin", "drafts/copy/w")
    world.down.put({"copy/own.yaml": config("own")}, tag="copy/v1")
    world.upgrade("edge.copy")
    shown = git(world.down.bare, "show", "drafts/copy/follow:copy/Kptfile")
    assert "ref: dns/v3" in shown
    assert "name: copy" in shown
    assert "ttl: 180" in git(world.down.bare, "show", "drafts/copy/follow:copy/a.yaml")


def test_an_older_latest_is_not_taken_without_a_word(world: World) -> None:
    world.replace({"dns/Kptfile": followed(world.up.bare, "dns", "v4", world.second)})
    said = world.refused("edge.dns")
    assert "The latest revision upstream is v3, older than v4, which the package has" in said


def test_an_older_revision_of_the_package_is_warned_of(world: World) -> None:
    world.replace({"dns/a.yaml": config(ttl="60", zone="later")})
    answer = world.portico("rpkg", "upgrade", "edge.dns.v1", "--workspace", "follow")
    assert "edge.dns.v1 is not the latest revision of its package" in answer.err


def test_what_is_lost_is_told_where_history_was_rewritten(world: World) -> None:
    world.replace({"dns/Kptfile": followed(world.up.bare, "dns", "v1", "1" * 40)})
    said = world.refused("edge.dns")
    assert "its history was rewritten" in said
    assert "can no longer be told" in said


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"dns/Kptfile": KPTFILE.format(name="dns")}, "package must have an upstream reference"),
        ({"dns/Kptfile": "metadata: ["}, "Kptfile:2: This is no valid YAML"),
    ],
)
def test_packages_that_cannot_be_upgraded(world: World, files: dict[str, str | None], says: str) -> None:
    world.replace(files)
    assert says in world.refused("edge.dns")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("edge.dns.v7",), "There is no package revision 'edge.dns.v7'"),
        (("nowhere.dns",), "no repository is registered as 'nowhere'"),
        (("edge.dns.main",), "may not be the placeholder package revision 'edge.dns.main'"),
        (("edge.dns", "--revision", "9"), "has no revision v9; there: v3, v2, v1."),
        (("edge.dns", "--revision", "no-such"), "has no ref 'no-such'"),
        ((), "Name a package, or select some"),
        (("edge.dns", "--all"), "not both"),
        (("--all",), "There is nobody to ask here"),
        (("--label", "x", "--dry-run"), "must be written KEY=VALUE"),
    ],
)
def test_what_cannot_be_asked(world: World, words: tuple[str, ...], says: str) -> None:
    assert says in world.refused(*words)


def test_a_workspace_must_be_named_and_free(world: World) -> None:
    answer = world.portico("rpkg", "upgrade", "edge.dns")
    assert "--workspace is required to specify downstream workspaceName." in answer.err
    world.upgrade("edge.dns")
    assert "must be unique" in world.refused("edge.dns")
    assert "must be lower-case" in world.portico("rpkg", "upgrade", "edge.dns", "--workspace", "A_b").err


def test_a_draft_is_no_source_on_either_side(world: World) -> None:
    world.upgrade("edge.dns")
    assert f"must be published, '{NEW}' is Draft" in world.refused(NEW)
    world.portico.did("rpkg", "copy", "blueprints.dns.v3", "--workspace", "wild")
    said = world.portico(
        "rpkg", "upgrade", "edge.dns.v1", "--workspace", "x", "--revision", "drafts/dns/wild"
    ).err
    assert "must be published, 'blueprints.dns.wild' is Draft" in said


def test_an_upstream_that_is_gone(world: World) -> None:
    world.replace({"dns/Kptfile": followed(world.up.bare.with_name("gone.git"), "dns", "v1", world.first)})
    assert "cannot be reached" in world.refused("edge.dns")


def test_an_upstream_whose_package_is_gone(world: World) -> None:
    world.replace({"dns/Kptfile": followed(world.up.bare, "other", "main", world.first)})
    assert "has no directory '/other' at 'main'" in world.refused("edge.dns")


def test_a_package_that_follows_itself(world: World) -> None:
    world.replace({"dns/Kptfile": followed(f"{world.down.bare}/", "dns", "v1", world.first)})
    assert "names itself as its upstream" in world.refused("edge.dns")


def test_a_kptfile_that_is_broken_upstream_is_named(world: World) -> None:
    world.up.put({"dns/Kptfile": "metadata: ["}, tag="dns/v4")
    assert f"{world.up.bare}/dns/Kptfile@v4:2" in world.refused("edge.dns")


def test_a_subpackage_that_both_sides_added(world: World) -> None:
    world.up.put({"dns/sub/Kptfile": KPTFILE.format(name="theirs")}, tag="dns/v4")
    world.replace({"dns/sub/Kptfile": KPTFILE.format(name="mine")})
    assert 'subpackage "sub" added in both upstream and local' in world.refused("edge.dns")


def test_resources_that_are_there_twice(world: World) -> None:
    world.replace({"dns/a.yaml": f"{config(ttl='1')}---\n{config(ttl='2')}"})
    assert "duplicate" in world.refused("edge.dns")


def test_an_upstream_that_is_not_registered_is_fetched(world: World, tmp_path: Path) -> None:
    other = Origin(tmp_path / "elsewhere" / "other.git")
    first = other.put({"dns/Kptfile": KPTFILE.format(name="dns"), "dns/a.yaml": config(ttl="60")}, tag="v1")
    other.put({"dns/a.yaml": config(ttl="77")}, tag="v2")
    kptfile = followed(other.bare, "dns", "v1", first).replace("dns/v1", "v1")
    world.replace({"dns/Kptfile": kptfile, "dns/a.yaml": config(ttl="60", zone="mine")})
    world.upgrade("edge.dns")
    assert "ttl: 77" in world.show("a.yaml")
    assert "zone: mine" in world.show("a.yaml")
    (annotation,) = read_annotations(git(world.down.bare, "log", "-1", "--format=%B", "drafts/dns/follow"))
    assert annotation.task == {
        "type": "upgrade",
        "upgrade": {"localPackageRevisionRef": {"name": "edge.dns.v2"}, "strategy": "resource-merge"},
    }
    assert "creationSource: upgrade" in world.portico.did("rpkg", "get", NEW, "-o", "yaml")


def test_another_spelling_of_a_registered_address_is_the_same(world: World) -> None:
    address = f"file://localhost{world.up.bare.with_suffix('')}/"
    world.replace({"dns/Kptfile": followed(address, "dns", "v1", world.first)})
    world.upgrade("edge.dns")
    assert "ttl: 180" in world.show("a.yaml")
    assert f"repo: {address}" in world.show("Kptfile")


@pytest.mark.parametrize("start", ["", "file://", "file://localhost", "file://git.test", "file://%2f"])
def test_what_only_this_machine_has_goes_nowhere_else_unasked(
    world: World, tmp_path: Path, start: str
) -> None:
    private = Origin(tmp_path / "home" / "private.git")
    first = private.put({"dns/Kptfile": KPTFILE.format(name="dns")}, tag="dns/v1")
    private.put({"dns/own.yaml": config("own")}, tag="dns/v2")
    address = f"{start}{str(private.bare).removeprefix('/' if '%' in start else '')}"
    world.replace({"dns/Kptfile": followed(address, "dns", "v1", first)})
    with (tmp_path / "home" / ".gitconfig").open("a") as file:
        file.write(f'[url "{tmp_path}/srv/"]\n\tinsteadOf = https://git.test/\n')
    world.portico.did("repo", "unregister", "edge")
    world.portico.did("repo", "register", "https://git.test/edge.git")
    said = world.refused("edge.dns")
    assert "is a repository on this machine; register it with `portico repo register`" in said
    if start in {"", "file://", "file://localhost"}:
        world.portico.did("repo", "register", str(private.bare))
        world.upgrade("edge.dns")
        assert world.show("own.yaml")


def test_an_address_that_is_not_registered_is_fetched(world: World, tmp_path: Path) -> None:
    world.portico.did("repo", "unregister", "blueprints")
    with (tmp_path / "home" / ".gitconfig").open("a") as file:
        file.write(f'[url "{tmp_path}/srv/"]\n\tinsteadOf = https://git.test/\n')
    world.replace({"dns/Kptfile": followed("https://git.test/blueprints.git", "dns", "dns/v1", world.first)})
    world.upgrade("edge.dns")
    assert "ttl: 180" in world.show("a.yaml")
    assert "ref: dns/v3" in world.show("Kptfile")
    assert "repo: https://git.test/blueprints.git" in world.show("Kptfile")
