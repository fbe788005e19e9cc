"""A server with hooks that is driven in process to where a test begins, and then by real pushes."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.git.locks import STALE_SECONDS
from bot.git.repository import open_repository
from bot.hooks.install import install
from bot.hooks.tick import tick
from bot.lifecycle.commands import Save
from bot.lifecycle.events import Asked
from bot.packages.layout import Layout
from tests.hooks.world import Answer, run
from tests.laws.realm import PEOPLE, Realm, State, make_realm
from tests.laws.steps import CROSSED, NAME

ROOT = Path(__file__).parents[2]
SECONDS = 120


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

    def push_at_once(self, events: Iterable[Asked]) -> list[Answer]:
        """Start all pushes before waiting for any."""
        pushes = [
            subprocess.Popen(
                self._words(event),
                cwd=self.clone,
                env=os.environ | self._env(event) | {"LC_ALL": "C"},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for event in events
        ]
        said = [push.communicate(timeout=SECONDS)[0] for push in pushes]
        return [Answer(push.returncode == 0, text) for push, text in zip(pushes, said, strict=True)]

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


def make_place(home: Path, *, resident: bool = False) -> Place:
    server, clone = home / "r.git", home / "clone"
    make_realm(server)
    install(server, resident=resident)
    people = "".join(f"  {p.login}: {{name: {p.name}, email: {p.email}}}\n" for p in PEOPLE.values())
    (server / "portico" / "server.yaml").write_text(f"identity: [gitolite]\npeople:\n{people}")
    run("git", "clone", "-q", "--shared", server, clone, cwd=home)
    return Place(Realm(open_repository(server), Layout()), server, clone)
