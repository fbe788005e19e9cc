"""Installing hooks: again and again, after hooks of others, and away again."""

from pathlib import Path

import pytest

from bot.errors import NotFound, UserError
from bot.hooks.install import BEFORE, MARK, OURS, install, uninstall
from tests.hooks.gate import empty_house, refused
from tests.hooks.world import PEOPLE, Server, World, run

OTHER = """#!/bin/sh
cat >>"$PWD/heard"
grep -q forbidden "$PWD/heard" && exit 3
exit 0
"""


@pytest.fixture
def server(tmp_path: Path) -> Server:
    path = tmp_path / "packages.git"
    run("git", "init", "-q", "--bare", "-b", "main", path, cwd=tmp_path)
    return Server(path)


def write_hook(server: Server, hook: str, text: str = OTHER, mode: int = 0o755) -> Path:
    path = server.path / "hooks" / hook
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def state(server: Server) -> dict[str, bytes]:
    files = (path for path in server.path.rglob("*") if path.is_file() and "objects" not in path.parts)
    return {str(path.relative_to(server.path)): path.read_bytes() for path in files}


def pushing(server: Server, home: Path) -> World:
    (server.path / "portico" / "server.yaml").write_text(PEOPLE)
    (server.path / "portico" / "no-resident").touch()
    world = World(server, home)
    ada = world["ada"]
    ada.git("checkout", "-q", "-b", "main")
    ada.commit("Begin")
    return world


def test_installing_twice_is_installing_once(server: Server) -> None:
    first = install(server.path, identity=("gitolite", "http"))
    once = state(server)
    second = install(server.path, identity=("system",))
    assert state(server) == once
    assert first[:2] == second[:2] == ["pre-receive: installed", "proc-receive: installed"]
    assert "settings" in first[2]
    assert second[2].endswith("stays as it is; to change who is believed, edit `identity` there")
    assert b"- gitolite\n  - http\n" in once["portico/server.yaml"]
    assert server.git("config", "--get-all", "receive.procReceiveRefs").splitlines() == list(OURS)
    assert server.git("rev-parse", "--verify", MARK)


def test_an_earlier_hook_is_asked_first_and_either_may_refuse(server: Server, tmp_path: Path) -> None:
    write_hook(server, "pre-receive")
    assert "pre-receive: installed, after the hook that was there" in install(server.path)
    install(server.path)  # again: our own script must not be taken for theirs
    assert (server.path / "hooks" / f"pre-receive{BEFORE}").read_text() == OTHER
    ada = pushing(server, tmp_path)["ada"]
    ada.push("HEAD:refs/heads/main")
    assert f"{ada.head()} refs/heads/main" in (server.path / "heard").read_text()
    refused(ada, "HEAD:refs/heads/drafts/x", says="must name a package and a workspace")
    refused(ada, "HEAD:refs/heads/forbidden", says="pre-receive hook declined")
    refused(ada, "HEAD:refs/heads/drafts/x", says="pre-receive hook declined")


def test_a_hook_that_git_passes_over_is_passed_over_still(server: Server, tmp_path: Path) -> None:
    write_hook(server, "pre-receive", "#!/bin/sh\nexit 1\n", 0o644)
    install(server.path)
    pushing(server, tmp_path)["ada"].push("HEAD:refs/heads/main")


def test_uninstalling_puts_back_what_was_there(server: Server, tmp_path: Path) -> None:
    hook = write_hook(server, "pre-receive")
    hook.with_name("other").write_text("target of a link")
    write_hook(server, "update", "#!/bin/sh\n")
    install(server.path)
    assert uninstall(server.path) == [
        "pre-receive: removed, the earlier hook is back",
        "proc-receive: removed",
    ]
    assert hook.read_text() == OTHER
    assert hook.stat().st_mode & 0o111
    assert not (server.path / "hooks" / "proc-receive").exists()
    assert not server.git("config", "--get-all", "receive.procReceiveRefs", check=False)
    assert MARK not in server.git("for-each-ref")
    assert uninstall(server.path) == ["no hook of Portico was installed"]
    assert hook.read_text() == OTHER
    assert (server.path / "portico" / "server.yaml").exists()
    ada = pushing(server, tmp_path)["ada"]
    ada.push("HEAD:refs/heads/drafts/plain")  # an ordinary branch again


def test_settings_of_git_that_were_there_stay(server: Server) -> None:
    server.git("config", "receive.procReceiveRefs", "refs/for")
    install(server.path)
    uninstall(server.path)
    assert server.git("config", "--get-all", "receive.procReceiveRefs") == "refs/for"


def test_a_hook_that_is_a_link_is_put_aside_as_a_link(server: Server) -> None:
    target = write_hook(server, "theirs")
    (server.path / "hooks" / "pre-receive").symlink_to("theirs")
    install(server.path)
    assert target.read_text() == OTHER
    uninstall(server.path)
    assert (server.path / "hooks" / "pre-receive").readlink() == Path("theirs")


def test_another_proc_receive_is_refused_before_anything_is_done(server: Server) -> None:
    write_hook(server, "proc-receive")
    write_hook(server, "pre-receive")
    before = state(server)
    with pytest.raises(UserError, match=r"Another program answers '.*/proc-receive' already"):
        install(server.path)
    assert state(server) == before


def test_an_earlier_hook_is_never_written_over(server: Server) -> None:
    write_hook(server, "pre-receive", "#!/bin/sh\n# first\n")
    install(server.path)
    write_hook(server, "pre-receive", "#!/bin/sh\n# second\n")
    before = state(server)
    with pytest.raises(UserError, match="keep one of the two, and install again"):
        install(server.path)
    assert state(server) == before


def test_a_repository_with_a_working_tree_is_refused(tmp_path: Path) -> None:
    run("git", "init", "-q", tmp_path / "clone", cwd=tmp_path)
    for place in ("clone", "clone/.git"):
        with pytest.raises(UserError, match=r"has a working tree; .* `git clone --bare` makes"):
            install(tmp_path / place)
    assert not list((tmp_path / "clone" / ".git").glob("portico*"))


def test_an_identity_that_is_none_is_refused_before_anything_is_done(server: Server) -> None:
    before = state(server)
    with pytest.raises(UserError, match=r"'ldap' is no way to learn who pushed; .*variable:NAME"):
        install(server.path, identity=("system", "ldap"))
    assert state(server) == before


def test_what_is_no_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="name the path of a Git repository"):
        install(tmp_path / "nowhere")
    with pytest.raises(NotFound, match="is not a Git repository; make one with `git init --bare`"):
        install(tmp_path)


def test_hooks_that_git_would_not_look_at_are_refused(server: Server) -> None:
    server.git("config", "core.hooksPath", "/etc/hooks")
    with pytest.raises(UserError, match=r"Git looks for hooks in '/etc/hooks'.*unset that"):
        install(server.path)


def test_the_settings_that_are_written_can_be_read(tmp_path: Path) -> None:
    world = empty_house(tmp_path)
    (world.server.path / "portico" / "server.yaml").unlink()
    install(world.server.path, resident=False)
    ada = world["ada"]
    ada.git("checkout", "-q", "-b", "main")
    ada.write("net/dns/Kptfile", "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata: {name: dns}\n")
    ada.commit("DNS")
    assert "rendered" in ada.draft("net/dns", "ws").text
