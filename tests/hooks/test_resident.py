"""The process that stays beside a repository: it saves time, and nothing depends on it."""

import os
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.hooks import client
from tests.hooks.world import Answer, World, make_world

PATIENCE = 90  # seconds, on a machine that does other things too
DRAFT = "drafts/dns/add-mx"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = make_world(tmp_path, policy=None, resident=True)
    yield world
    if (pid := resident(world)) is not None:
        os.kill(pid, signal.SIGTERM)


def door(world: World) -> Path:
    return world.server.path / client.address(client.__file__)


def processes(world: World) -> list[int]:
    """Residents of this repository, their children included."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            here = entry.name.isdigit() and (entry / "cwd").readlink() == world.server.path
            if here and b"bot.hooks.resident" in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return sorted(found)


def resident(world: World) -> int | None:
    return next(iter(processes(world)), None)


def until(what: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


def awake(world: World) -> int:
    """Wait until the resident listens; the first push of `make_world` has started it."""
    until(lambda: answers(door(world)))
    until(lambda: len(processes(world)) == 1)
    pid = resident(world)
    assert pid
    return pid


def answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as caller:
        try:
            caller.connect(f"/proc/self/fd/{os.open(path.parent, os.O_PATH)}/{path.name}")
        except OSError:
            return False
        return True


def draft(world: World, *, check: bool = True) -> Answer:
    ada = world["ada"]
    ada.package("dns")
    ada.write("dns/notes.txt", str(time.monotonic()))
    ada.commit()
    ada.git("fetch", "-q", "origin")
    return ada.push(f"+HEAD:refs/heads/drafts/dns/ws-{time.monotonic_ns()}", check=check)


def test_it_starts_on_demand_and_serves_the_next_push(world: World) -> None:
    pid = awake(world)
    assert "rendered: 1 function changed item-0.yaml" in draft(world).text
    assert "rendered: 1 function changed item-0.yaml" in draft(world).text
    assert resident(world) == pid


def test_nobody_else_may_hand_it_work(world: World) -> None:
    awake(world)
    assert stat.S_IMODE(door(world).stat().st_mode) == 0o600


def test_a_killed_resident_is_replaced(world: World) -> None:
    pid = awake(world)
    os.kill(pid, signal.SIGKILL)
    until(lambda: not processes(world))
    assert door(world).exists(), "it could not tidy up"
    assert "rendered" in draft(world).text
    assert awake(world) != pid
    assert "rendered" in draft(world).text


def test_a_push_that_waits_for_a_resident_that_dies_is_served_all_the_same(world: World) -> None:
    """Stopped, it takes calls but does not answer them; killed then, it has read nothing of them."""
    pid = awake(world)
    os.kill(pid, signal.SIGSTOP)
    ada = world["ada"]
    ada.package("dns")
    ada.commit()
    push = subprocess.Popen(
        ["git", "push", "origin", f"HEAD:refs/heads/{DRAFT}"],
        cwd=ada.clone,
        env={**os.environ, "GL_USER": "ada"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    until(lambda: waiting(world))
    os.kill(pid, signal.SIGKILL)
    said, _ = push.communicate(timeout=PATIENCE)
    assert push.returncode == 0, said
    assert "rendered: 1 function changed" in said


def waiting(world: World) -> bool:
    """Say whether a client stands at the door and has said what it wants."""
    for entry in Path("/proc").iterdir():
        try:
            here = entry.name.isdigit() and (entry / "cwd").readlink() == world.server.path
            asleep = here and b"client.py" in (entry / "cmdline").read_bytes()
            if asleep and "\nState:\tS" in (entry / "status").read_text():
                time.sleep(0.1)
                return True
        except OSError:
            continue
    return False


def test_the_death_of_its_child_leaves_a_clear_message(world: World) -> None:
    pid = awake(world)
    hook = world.server.path / "hooks" / "reference-transaction"
    # Whoever moves refs of drafts waits, so that there is time to kill it.
    hook.write_text('#!/bin/sh\n[ "$1" = prepared ] && grep -q drafts/ && sleep 5\nexit 0\n')
    hook.chmod(0o755)
    ada = world["ada"]
    ada.package("dns")
    ada.commit()
    push = subprocess.Popen(
        ["git", "push", "origin", f"HEAD:refs/heads/{DRAFT}"],
        cwd=ada.clone,
        env={**os.environ, "GL_USER": "ada", "LC_ALL": "C"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    until((world.server.path / "refs/heads" / f"{DRAFT}.lock").exists)
    (child,) = [process for process in processes(world) if process != pid]
    os.kill(child, signal.SIGKILL)
    said, _ = push.communicate(timeout=PATIENCE)
    hook.unlink()
    assert push.returncode
    assert "portico: the resident process died while it served this push; push again" in said
    assert resident(world) == pid
    assert "rendered" in draft(world).text


def test_a_stale_socket_is_healed(world: World) -> None:
    os.kill(awake(world), signal.SIGTERM)
    until(lambda: not processes(world))
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(f"/proc/self/fd/{os.open(door(world).parent, os.O_PATH)}/{door(world).name}")
    assert "rendered" in draft(world).text
    awake(world)


def test_it_ends_with_its_repository(world: World) -> None:
    awake(world)
    subprocess.run(["rm", "-rf", str(world.server.path)], check=True)
    until(lambda: not residents_of_the_dead(world))


def residents_of_the_dead(world: World) -> bool:
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and str((entry / "cwd").readlink()) == f"{world.server.path} (deleted)":
                return True
        except OSError:
            continue
    return False


def test_it_is_asked_for_nothing_where_it_is_not_wanted(tmp_path: Path) -> None:
    world = make_world(tmp_path, policy=None, resident=False)
    assert "rendered" in draft(world).text
    assert not processes(world)
    assert not door(world).exists()


def test_a_path_longer_than_a_socket_may_have(tmp_path: Path) -> None:
    home = tmp_path / ("long-" * 20) / ("longer-" * 20)
    home.mkdir(parents=True)
    world = make_world(home, policy=None, resident=True)
    pid = awake(world)
    assert len(str(door(world))) > 200
    assert "rendered" in draft(world).text
    assert resident(world) == pid
    os.kill(pid, signal.SIGTERM)


def test_an_environment_of_any_bytes_reaches_the_hook(world: World) -> None:
    awake(world)
    ada = world["ada"]
    ada.env["PORTICO_ODD"] = b"caf\xe9 =\n".decode(errors="surrogateescape")
    ada.env["LC_ALL"] = "C.UTF-8"
    assert "rendered" in draft(world).text


def test_it_behaves_as_the_hook_itself(world: World, tmp_path: Path) -> None:
    """The same pushes, good and bad, with it and without, get the same words."""
    (tmp_path / "alone").mkdir()
    alone = make_world(tmp_path / "alone", policy=None)
    awake(world)
    assert story(world) == story(alone)


def story(world: World) -> list[tuple[bool, list[str]]]:
    ada = world["ada"]
    ada.package("dns")
    env = {"GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z", "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z"}
    ada.env |= env
    head = ada.commit()
    answers = [
        ada.push(f"HEAD:refs/heads/{DRAFT}", check=False),
        ada.push("HEAD:refs/heads/drafts/nothing", check=False),
        ada.push("HEAD:refs/heads/main", check=False),
        ada.push(f"{head}:refs/portico/approve/dns/add-mx", check=False),
        ada.push(f"{head}:refs/portico/explain/dns/other", check=False),
    ]
    assert [answer.ok for answer in answers] == [True, False, False, False, True]
    return [(answer.ok, worded(answer.text)) for answer in answers]


def worded(text: str) -> list[str]:
    """What was said, without ids and paths that differ."""
    return [
        " ".join(word for word in line.split() if not any(c.isdigit() for c in word) and "/r" not in word)
        for line in text.splitlines()
        if line.startswith(("remote: portico", " !"))
    ]
