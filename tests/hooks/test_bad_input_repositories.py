"""Repositories and servers that are not as one would wish: empty, huge, another's, with mistaken settings."""

import os
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.git.repository import open_repository
from bot.hooks.install import install
from bot.packages.validate import BOUNDS
from tests.hooks.gate import close, empty_house, refused
from tests.hooks.world import PEOPLE, Human, World, published, run

KPTFILE = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata: {name: dns}\n"


def first_draft(world: World) -> str:
    """Push and propose a draft with no main to begin from."""
    ada = world["ada"]
    ada.git("checkout", "-q", "--orphan", "work")
    ada.write("net/dns/Kptfile", KPTFILE)
    commit = ada.commit("DNS")
    ada.draft("net/dns", "ws")
    ada.ask("propose", "net/dns/ws")
    return commit


def test_an_empty_repository_is_begun_by_whoever_comes_first(tmp_path: Path) -> None:
    world = empty_house(tmp_path)
    ada = world["ada"]
    ada.git("checkout", "-q", "-b", "main")
    ada.commit("Begin")
    ada.push("HEAD:refs/heads/main")
    assert published(world, "net/dns", "ws")
    ada.commit("More")
    refused(ada, "+HEAD:refs/heads/main", says="never goes back")
    close(world)


def test_the_first_publication_makes_the_branch(tmp_path: Path) -> None:
    world = empty_house(tmp_path)
    commit = first_draft(world)
    says = "@ada wrote or pushed part of this"
    refused(world["ada"], f"{commit}:refs/portico/approve/net/dns/ws", says=says)
    answer = world["grace"].ask("approve", "net/dns/ws")
    assert "published as net/dns/v1, approved by @grace" in answer.text
    refs = world.server.refs()
    assert refs["refs/heads/main"] == refs["refs/tags/net/dns/v1"]
    assert world.server.git("ls-tree", "-r", "--name-only", "main") == "net/dns/Kptfile"
    assert "published as net/other/v1" in _publish(world, "net/other")
    close(world)


def _publish(world: World, path: str) -> str:
    ada = world["ada"]
    ada.start()
    ada.write(f"{path}/Kptfile", KPTFILE)
    ada.commit(path)
    ada.draft(path, "ws")
    ada.ask("propose", f"{path}/ws")
    return world["grace"].ask("approve", f"{path}/ws").text


def test_a_branch_that_is_missing_is_made_by_publication(tmp_path: Path) -> None:
    world = empty_house(tmp_path, people=f"branch: trunk\n{PEOPLE}")
    ada = world["ada"]
    ada.git("checkout", "-q", "-b", "main")
    ada.commit("Another branch")
    ada.push("HEAD:refs/heads/main")
    first_draft(world)
    assert "published as net/dns/v1" in world["grace"].ask("approve", "net/dns/ws").text
    assert world.server.refs()["refs/heads/trunk"] == world.server.refs()["refs/tags/net/dns/v1"]
    ada.push("+HEAD:refs/heads/main")  # not the registered branch: as free as any other
    ada.git("fetch", "-q", "origin")
    refused(ada, "+HEAD:refs/heads/trunk", says="The branch 'trunk' never goes back")
    close(world)


def test_a_registered_directory_keeps_to_itself(tmp_path: Path) -> None:
    world = empty_house(tmp_path, people=f"directory: /pkgs/\n{PEOPLE}")
    ada = world["ada"]
    ada.git("checkout", "-q", "-b", "main")
    ada.commit("Begin")
    ada.push("HEAD:refs/heads/main")
    ada.push("HEAD:refs/heads/drafts/elsewhere/Not/Ours", "HEAD:refs/tags/elsewhere/v1")
    ada.push("+HEAD:refs/heads/drafts/elsewhere/Not/Ours")
    ada.push(":refs/heads/drafts/elsewhere/Not/Ours")
    odd = os.fsdecode(b"refs/heads/drafts/elsewhere/caf\xe9/ws")
    ada.push(f"HEAD:{odd}")
    ada.push(f":{odd}")
    refused(ada, "HEAD:refs/heads/drafts/pkgs/ws", says="A package must have a path")
    refused(ada, "HEAD:refs/heads/drafts/pkgs/Dns/ws", says="'Dns' must be lower-case")
    refused(ada, "HEAD:refs/portico/propose/dns/ws", says="'refs/portico/propose/pkgs/<path>/<workspace>'")
    assert "pkgs/dns/v1" in _publish_in(world, "pkgs/dns")
    close(world)


def _publish_in(world: World, path: str) -> str:
    _publish(world, path)
    return " ".join(world.server.refs("refs/tags"))


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a repository to somebody else")
def test_a_repository_of_somebody_else_is_refused(tmp_path: Path) -> None:
    world = empty_house(tmp_path)
    ada = world["ada"]
    ada.git("checkout", "-q", "-b", "main")
    ada.commit("Begin")
    os.chown(world.server.path, 65534, 65534)
    says = r"belongs to another user .*`git config --global --add safe.directory"
    with pytest.raises(UserError, match=says):
        open_repository(world.server.path)
    with pytest.raises(UserError, match="belongs to another user"):
        install(world.server.path)
    before = sorted(world.server.path.rglob("*"))
    answer = ada.push("HEAD:refs/heads/main", check=False)  # Git itself does not even begin
    assert not answer.ok
    assert "dubious ownership" in answer.text
    assert sorted(world.server.path.rglob("*")) == before
    # Somebody trusts it by a way that only Git knows: our hooks still say what is the matter.
    ada.env.update({"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"})
    (world.server.path / "portico" / "no-resident").touch()
    answer = ada.push("HEAD:refs/heads/main", check=False)
    assert not answer.ok
    assert "belongs to another user" in answer.text or "dubious ownership" in answer.text


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (
            "branches: main\nidentity: system\npeople: [ada]\nadmins: root\npolicy: strict\nbranch: [main]\n",
            (
                "line 1: 'branches' is unknown; the keys are branch, directory",
                "line 2: `identity` must be a sequence",
                "line 3: `people` must be a mapping",
                "line 4: `admins` must be a sequence",
                "line 5: `policy` must be a mapping",
                "line 6: `branch` must be a scalar",
            ),
        ),
        (
            (
                "identity: [certificate, gitlab, [http], 'variable:']\nadmins: [{a: b}, 1, '']\n"
                "people:\n  ada: [ada@example.com]\n  bob: {mail: bob@example.com}\n  eve: {email: [x]}\n"
            ),
            (
                "'gitlab'",
                "not 'variable:'",
                "variable:NAME",
                "line 1",
                "`admins` must",
                "line 4: 'ada' must be an e-mail address, or a mapping of `name` and `email`",
                "line 5: 'bob' must be an e-mail address",
                "line 6: 'eve' must be an e-mail address",
            ),
        ),
        ("- a\n", ("must be one mapping with the keys branch, directory",)),
        ("branch: main\n---\nbranch: other\n", ("must be one mapping",)),
        ("branch: a..b\ndirectory: ../x\n", ("`branch` must", "'a..b'", "`directory` must", "'../x'")),
        ("branch: [\n", ("server.yaml:",)),
        ("branch: main\nbranch: other\n", ("server.yaml:2", "'branch'")),
    ],
)
def test_a_server_with_mistaken_settings_lets_nothing_pass(
    tmp_path: Path, settings: str, says: tuple[str, ...]
) -> None:
    world = empty_house(tmp_path, people=settings)
    ada = world["ada"]
    ada.git("checkout", "-q", "-b", "main")
    ada.write("net/dns/Kptfile", KPTFILE)
    ada.commit("Begin")
    for ref in ("main", "drafts/net/dns/ws"):
        refused(ada, f"HEAD:refs/heads/{ref}", says=says)
    close(world)


def test_mistakes_of_the_servers_policy_are_told_and_nothing_is_published(tmp_path: Path) -> None:
    policy = "policy:\n  approvals: none\n  approvers: [ada]\n  typo: 1\n"
    world = empty_house(tmp_path, people=PEOPLE + policy)
    first_draft(world)
    says = (
        "Nothing can be published",
        "server.yaml:9: `approvals` must be a whole number",
        "server.yaml:11: Unknown key 'typo'",
        "`approvers` are named by the repository's policy, not by the server's",
    )
    commit = world["grace"].standing("net/dns/ws")
    refused(world["grace"], f"{commit}:refs/portico/approve/net/dns/ws", says=says)
    close(world)


def test_the_servers_policy_narrows_the_repositorys(tmp_path: Path) -> None:
    world = empty_house(tmp_path, people=f"{PEOPLE}policy: {{approvals: 2, directPushes: [ada, eve]}}\n")
    root = world["root"]
    root.git("checkout", "-q", "-b", "main")
    root.write(".portico.yaml", "approvals: 1\nselfApproval: true\ndirectPushes: [ada, linus]\n")
    root.commit("Begin")
    root.push("HEAD:refs/heads/main")
    for login in ("linus", "eve"):
        human = world[login]
        human.start()
        human.commit(login)
        refused(human, "HEAD:refs/heads/main", says="changes by publication only")
    world["ada"].start()
    world["ada"].commit("ada")
    world["ada"].push("HEAD:refs/heads/main")
    assert "Waiting for approvals: 1 of 2" in _publish(world, "net/dns")
    close(world)


def test_a_package_of_twenty_thousand_files(tmp_path: Path) -> None:
    world = empty_house(tmp_path)
    ada = world["ada"]
    import_files(ada, "net/huge", BOUNDS.files)
    ada.push("FETCHED:refs/heads/drafts/net/huge/ws")
    ada.ask("propose", "net/huge/ws")
    assert "published as net/huge/v1" in world["grace"].ask("approve", "net/huge/ws").text
    import_files(ada, "net/huger", BOUNDS.files + 1)
    says = "The package has 20001 files; it must have at most 20000"
    refused(ada, "FETCHED:refs/heads/drafts/net/huger/ws", says=says)
    close(world)


def import_files(human: Human, path: str, count: int) -> None:
    lines = ["commit refs/heads/FETCHED", "committer Ada <ada@example.com> 1700000000 +0000", "data 1", "x"]
    lines += [f"M 100644 inline {path}/Kptfile", f"data {len(KPTFILE)}", KPTFILE]
    for number in range(count - 1):
        content = str(number)
        lines += [f"M 100644 inline {path}/{number % 100}/{number}.txt", f"data {len(content)}", content]
    (human.clone / "stream").write_text("\n".join(lines) + "\n")
    run("sh", "-c", "git fast-import --quiet --force <stream", cwd=human.clone)
