"""Hooks killed with SIGKILL at every boundary of their steps, and at any moment; a tick then ends it well."""

import os
import random
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.git.locks import STALE_SECONDS
from bot.git.repository import open_repository
from bot.hooks.install import install
from bot.hooks.tick import tick
from bot.lifecycle.commands import Save
from bot.lifecycle.events import Asked
from bot.packages.layout import Layout
from tests.hooks import mortal_hook
from tests.hooks.world import Answer, run
from tests.laws.realm import PEOPLE, Realm, State, make_realm
from tests.laws.steps import CROSSED, NAME, STEPS

# Steps that differ in what a hook does; the others differ only in refs, and the laws cut them everywhere.
KILLED = (
    "push a new draft",
    "push to a rejected draft",
    "propose",
    "reject",
    "approve",
    "approve as the first of two",
    "delete a proposal",
    "propose a deletion",
    "reject a deletion",
    "approve a deletion",
)
TRIES = 10
ROOT = Path(__file__).parents[2]


@dataclass
class Place:
    """A server with hooks, driven in process to where a step begins, and a clone that has all its objects."""

    realm: Realm
    server: Path
    clone: Path

    def push(self, event: Asked) -> Answer:
        return run(*self._words(event), cwd=self.clone, env=self._env(event), check=False)

    def push_and_kill(self, event: Asked, seconds: float) -> None:
        """Kill Git and all hooks that it started, at once."""
        env = os.environ | self._env(event)
        push = subprocess.Popen(
            self._words(event),
            cwd=self.clone,
            env=env,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(seconds)
        os.killpg(push.pid, signal.SIGKILL)
        push.wait()

    def _words(self, event: Asked) -> list[str]:
        command, layout = event.command, self.realm.layout
        if isinstance(command, Save):
            return ["git", "push", "origin", f"{command.at}:{layout.draft_ref(command.name)}"]
        return ["git", "push", "origin", f"{command.at}:refs/portico/{command.word}/{command.name}"]

    def _env(self, event: Asked) -> dict[str, str]:
        return {"GL_USER": event.command.by.login, "PYTHONPATH": str(ROOT)}

    def settled(self) -> State:
        """Let the server be started again, later, and tick."""
        self._age_locks()
        assert tick(self.server) == []
        return self.realm.state((NAME, CROSSED))

    def _age_locks(self) -> None:
        for lock in (self.server / "refs").rglob("*.lock"):
            then = lock.stat().st_mtime - STALE_SECONDS - 5
            os.utime(lock, (then, then))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    server, clone = tmp_path / "r.git", tmp_path / "clone"
    make_realm(server)
    install(server, resident=False)
    people = "".join(f"  {p.login}: {{name: {p.name}, email: {p.email}}}\n" for p in PEOPLE.values())
    (server / "portico" / "server.yaml").write_text(f"identity: [gitolite]\npeople:\n{people}")
    run("git", "clone", "-q", "--shared", server, clone, cwd=tmp_path)
    return Place(Realm(open_repository(server), Layout()), server, clone)


def make_mortal(place: Place) -> None:
    hook = place.server / "hooks" / "proc-receive"
    words = f"{shlex.quote(sys.executable)} {shlex.quote(mortal_hook.__file__)}"
    hook.write_text(f"#!/bin/sh\nexec {words}\n")
    (place.server / "hooks" / "pre-receive").unlink()  # it writes nothing, and each start takes its time


@pytest.mark.parametrize("step", KILLED)
def test_a_hook_killed_at_any_boundary_is_made_good_by_a_tick(step: str, place: Place) -> None:
    prepare, make_event = STEPS[step]
    prepare(place.realm)
    event = make_event(place.realm)
    start = place.realm.refs()
    before = place.settled()
    assert place.realm.refs() == start
    place.realm.handle(event)
    after = place.settled()
    make_mortal(place)
    for lives in range(8):
        place.realm.restore(start)
        (place.server / mortal_hook.ORDER).write_text(str(lives))
        answer = place.push(event)
        if answer.ok:
            assert place.settled() == after
            assert lives > 1, "it was killed at least before and after its step"
            return
        assert place.settled() in (before, after), f"killed after {lives} steps: {answer}"
    pytest.fail(f"killed again and again: {answer}")


@pytest.mark.parametrize("step", ["push a new draft", "approve"])
def test_a_push_killed_at_any_moment_is_made_good_by_a_tick(step: str, place: Place) -> None:
    chance = random.Random(step)  # noqa: S311 # no secret
    prepare, make_event = STEPS[step]
    prepare(place.realm)
    event = make_event(place.realm)
    start = place.realm.refs()
    before = place.settled()
    began = time.monotonic()
    assert place.push(event).ok
    whole = time.monotonic() - began
    after = place.settled()
    assert after != before
    for _ in range(TRIES):
        place.realm.restore(start)
        place.push_and_kill(event, whole * chance.uniform(0.1, 1))
        assert place.settled() in (before, after)
    place.realm.restore(start)
    assert place.push(event).ok, "the server works as before"
    assert place.settled() == after
