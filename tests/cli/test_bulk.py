"""Many packages at once: selected, planned, agreed to, done; and one that fails stops no other."""

import io
import sys
from pathlib import Path

import pytest

from bot.hooks.install import install
from tests.cli.following import KPTFILE, Origin, config, followed
from tests.cli.person import PEOPLE, Person, git

HEADER = "PACKAGE REVISION   FROM   TO   STRATEGY         CONFLICTS"


class World:
    """Packages `a` to `e` of a registered repository, four of which follow `dns` and `web` of another."""

    def __init__(self, portico: Person, tmp_path: Path) -> None:
        self.portico = portico
        self.up = Origin(tmp_path / "srv" / "up.git")
        files: dict[str, str | None] = {}
        for name in ("dns", "web"):
            files |= {f"{name}/Kptfile": KPTFILE.format(name=name), f"{name}/a.yaml": config(ttl="60")}
        first = self.up.put(files)
        for name in ("dns", "web"):
            self.up.tag(f"{name}/v1")
            self.up.put({f"{name}/a.yaml": config(ttl="120")}, tag=f"{name}/v2")
        self.down = Origin(tmp_path / "srv" / "down.git")
        files = {"e/Kptfile": KPTFILE.format(name="e")}
        for name, path, ttl in (
            ("a", "dns", "60"),
            ("b", "dns", "7"),
            ("c", "dns", "60"),
            ("d", "web", "60"),
        ):
            text = followed(self.up.bare, path, "v1", first, name)
            labelled = text.replace("metadata:\n", "metadata:\n  labels:\n    tier: gold\n")
            files |= {
                f"{name}/Kptfile": labelled if name in "ad" else text,
                f"{name}/a.yaml": config(ttl=ttl),
            }
        self.down.put(files)
        for name in "abcde":
            self.down.tag(f"{name}/v1")
        portico.did("repo", "register", str(self.up.bare))
        portico.did("repo", "register", str(self.down.bare))

    def plan(self, *words: str) -> list[str]:
        """The names of what would be upgraded."""
        answer = self.portico("rpkg", "upgrade", *words, "--workspace", "w", "--dry-run")
        assert answer.code == 0, answer
        assert not self.drafts()
        return [line.split()[0] for line in answer.out.splitlines()[1:]]

    def drafts(self) -> list[str]:
        return git(self.down.bare, "for-each-ref", "--format=%(refname:short)", "refs/heads/drafts").split()


@pytest.fixture
def world(portico: Person, tmp_path: Path) -> World:
    return World(portico, tmp_path)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("--all",), "abcd"),
        (("--repository", "down"), "abcd"),
        (("--upstream", "up.dns"), "abc"),
        (("--upstream", "up.dns.v1"), "abc"),
        (("--label", "tier=gold"), "ad"),
        (("--upstream", "up.dns", "--label", "tier=gold"), "a"),
        (("down.a", "down.d.v1"), "ad"),
    ],
)
def test_packages_are_selected_by_what_they_are(world: World, words: tuple[str, ...], names: str) -> None:
    assert world.plan(*words) == [f"down.{name}.v1" for name in names]


def test_a_plan_says_what_would_be_done(world: World) -> None:
    answer = world.portico("rpkg", "upgrade", "--upstream", "up.dns", "--workspace", "w", "--dry-run")
    assert answer.out.splitlines() == [
        HEADER,
        "down.a.v1          v1     v2   resource-merge   0",
        "down.b.v1          v1     v2   resource-merge   1",
        "down.c.v1          v1     v2   resource-merge   0",
    ]
    assert "down.b.v1: conflict: 'a.yaml', ConfigMap 'dns', `data.ttl`" in answer.err


def test_what_was_agreed_to_is_done(world: World) -> None:
    answer = world.portico("rpkg", "upgrade", "--upstream", "up.dns", "--workspace", "w", "--yes")
    assert answer.code == 0
    assert answer.out.splitlines() == [
        "PACKAGE REVISION   OUTCOME    DETAIL",
        "down.a.v1          upgraded   down.a.w",
        "down.b.v1          upgraded   down.b.w, 1 conflict",
        "down.c.v1          upgraded   down.c.w",
    ]
    assert HEADER in answer.err
    assert world.drafts() == ["drafts/a/w", "drafts/b/w", "drafts/c/w"]
    assert "ttl: 120" in git(world.down.bare, "show", "drafts/c/w:c/a.yaml")


def test_one_failure_stops_no_other(world: World) -> None:
    world.portico.did("rpkg", "copy", "down.c.v1", "--workspace", "w")
    answer = world.portico(
        "rpkg", "upgrade", "down.a", "down.c", "down.e", "nowhere.x", "down.d", "--workspace", "w"
    )
    assert answer.code == 1
    lines = answer.out.splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [
        ["down.a.v1", "upgraded"],
        ["down.c", "failed"],
        ["down.e", "failed"],
        ["nowhere.x", "failed"],
        ["down.d.v1", "upgraded"],
    ]
    assert "Error: errors:\n  down.c: Package revision workspace names must be unique" in answer.err
    assert world.drafts() == ["drafts/a/w", "drafts/c/w", "drafts/d/w"]


def test_one_package_is_upgraded_once(world: World) -> None:
    answer = world.portico("rpkg", "upgrade", "down.a", "down.a.v1", "--workspace", "w")
    assert [line.split()[1] for line in answer.out.splitlines()[1:]] == ["upgraded", "failed"]
    assert world.drafts() == ["drafts/a/w"]


class Terminal(io.StringIO):
    """Standard input, of a person who types."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "code", "drafts"), [("y\n", 0, 4), ("n\n", 1, 0), ("\n", 1, 0)])
def test_at_a_terminal_a_selection_is_asked_about(
    world: World, monkeypatch: pytest.MonkeyPatch, typed: str, code: int, drafts: int
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    answer = world.portico("rpkg", "upgrade", "--all", "--workspace", "w")
    assert answer.code == code
    assert "Upgrade 4? [y/N]" in answer.err
    assert len(world.drafts()) == drafts


def test_before_it_is_asked_why_some_cannot_be_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.portico.did("rpkg", "copy", "down.c.v1", "--workspace", "w")
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    answer = world.portico("rpkg", "upgrade", "--all", "--workspace", "w")
    plan, _, rest = answer.err.partition("Error: errors:\n")
    assert "down.c.v1          -      -    -                failed\n" in plan
    assert rest.startswith("  down.c.v1: Package revision workspace names must be unique")
    assert rest.endswith("Upgrade 3? [y/N]: ")


def test_where_nothing_can_be_done_each_reason_is_told_once(world: World) -> None:
    for name in "abcd":
        world.portico.did("rpkg", "copy", f"down.{name}.v1", "--workspace", "w")
    answer = world.portico("rpkg", "upgrade", "--all", "--workspace", "w", "--yes")
    assert answer.code == 1
    assert answer.err.count("package 'b' in repository") == 1
    assert HEADER not in answer.err
    assert answer.out.splitlines()[2] == "down.b.v1          failed    -"


def test_in_a_pipe_nothing_is_done_without_a_word(world: World) -> None:
    answer = world.portico("rpkg", "upgrade", "--all", "--workspace", "w")
    assert (answer.code, answer.out) == (1, "")
    assert "say --yes" in answer.err
    assert not world.drafts()


def test_what_a_server_refuses_is_kept_apart(world: World) -> None:
    hook = world.down.bare / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nif grep -q drafts/b/; then echo 'b is closed' >&2; exit 1; fi\n")
    hook.chmod(0o755)
    answer = world.portico("rpkg", "upgrade", "--all", "--workspace", "w", "--yes")
    assert answer.code == 1
    assert "down.b.v1          failed     -\n" in answer.out
    assert answer.err.count("b is closed") == 1
    assert world.drafts() == ["drafts/a/w", "drafts/c/w", "drafts/d/w"]


def test_a_server_that_knows_packages_takes_them_all(world: World) -> None:
    install(world.down.bare, identity=("gitolite",), resident=False)
    (world.down.bare / "portico" / "server.yaml").write_text(PEOPLE)
    world.portico.become("ada")
    answer = world.portico("rpkg", "upgrade", "--all", "--workspace", "w", "--yes")
    assert answer.code == 0, answer
    assert answer.err.count("rendered: no functions to run") == 1
    assert len(world.drafts()) == 4


def test_a_repository_that_cannot_be_read_is_told_and_left_out(world: World, tmp_path: Path) -> None:
    other = Origin(tmp_path / "srv" / "other.git")
    other.put({"x/Kptfile": KPTFILE.format(name="x")}, tag="x/v1")
    world.portico.did("repo", "register", str(other.bare))
    other.bare.rename(tmp_path / "moved")
    answer = world.portico("rpkg", "upgrade", "--all", "--workspace", "w", "--yes")
    assert answer.code == 1
    assert "The repository 'other' is left out: The repository 'other' is registered at" in answer.err
    assert "bring it back, or forget it by `portico repo unregister other`" in answer.err
    assert len(world.drafts()) == 4
