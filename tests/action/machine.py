"""A runner in small: it runs the steps of our `action.yml` in bash, with the environment that GitHub sets."""

import html
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.action.expressions import filled

ROOT = Path(__file__).resolve().parents[2]
# What a machine needs to reach its package index, and to find its programs.
_OF_THE_MACHINE = re.compile(r"PATH|HOME|LANG|PIP_.*|SSL_.*|REQUESTS_.*|.*_proxy|.*_PROXY")
_UNREACHABLE = re.compile(
    r"connection|timed out|temporary failure|name or service|unreachable|proxy|max retries", re.IGNORECASE
)
Json = dict[str, Any]


class NoIndexError(Exception):
    """The package index cannot be reached; the text says how that showed."""


@dataclass(frozen=True)
class Ran:
    """What a run left: its exit code, outputs, summary as people read it, what it wrote, and annotations."""

    code: int
    outputs: Mapping[str, str]
    summary: str
    log: str

    @property
    def annotations(self) -> list[str]:
        return [line for line in self.log.splitlines() if line.startswith(("::error", "::warning"))]


@dataclass(frozen=True)
class Place:
    """Where the runs of one repository happen: `api` and `web` are those of the forge."""

    repository: str
    api: str
    web: str


@dataclass
class Machine:
    """A machine on which the Action's first step, the installation, has been run already or will be."""

    folder: Path
    runs: int = 0
    action: Json = field(default_factory=lambda: yaml.safe_load((ROOT / "action.yml").read_text()))

    @property
    def temporary(self) -> Path:
        return self.folder / "temp"

    @property
    def checkout(self) -> Path:
        return self.folder / "action"

    def install(self) -> None:
        """Check our repository out as GitHub does, and run the first step; raises NoIndexError."""
        self.temporary.mkdir(parents=True)
        words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(words, cwd=ROOT, capture_output=True, check=True).stdout.decode()
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).exists():
                (self.checkout / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.checkout / name)
        done = self._step(self.action["runs"]["steps"][0], self._environment(), {})
        if done.returncode and _UNREACHABLE.search(done.stdout):
            raise NoIndexError(done.stdout.strip().splitlines()[-1][:300])
        assert done.returncode == 0, done.stdout

    def run(
        self, place: Place, token: str, event: str, payload: Mapping[str, Any], inputs: Mapping[str, str] = {}
    ) -> Ran:
        """Run all steps but the first for one event."""
        self.runs += 1
        folder = self.folder / f"run-{self.runs}"
        folder.mkdir()
        shutil.rmtree(self.temporary / "portico", ignore_errors=True)  # each job has an empty one
        (folder / "event.json").write_text(json.dumps(payload))
        environment = self._environment() | {
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(folder / "event.json"),
            "GITHUB_REPOSITORY": place.repository,
            "GITHUB_API_URL": place.api,
            "GITHUB_SERVER_URL": place.web,
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        }
        github = {
            "token": token,
            "event": payload,
            "event_name": event,
            "repository": place.repository,
            "ref_name": payload.get("ref", "refs/heads/main").removeprefix("refs/heads/"),
        }
        steps: dict[str, Json] = {}
        log, code = "", 0
        for step in self.action["runs"]["steps"][1:]:
            (folder / "output").write_text("")
            (folder / "summary").touch()
            contexts = {"github": github, "inputs": self._inputs(github, inputs), "steps": steps}
            own = {name: filled(str(text), contexts) for name, text in step.get("env", {}).items()}
            done = self._step(step, environment | own, contexts)
            steps[step.get("id", "")] = {"outputs": read_outputs((folder / "output").read_text())}
            log += done.stdout
            code = code or done.returncode
        contexts = {"github": github, "inputs": {}, "steps": steps}
        outputs = {name: filled(output["value"], contexts) for name, output in self.action["outputs"].items()}
        return Ran(code, outputs, html.unescape((folder / "summary").read_text()), log)

    def _inputs(self, github: Json, given: Mapping[str, str]) -> dict[str, str]:
        unknown = set(given) - set(self.action["inputs"])
        assert not unknown, f"action.yml has no inputs {unknown}"
        defaults = {name: str(known.get("default", "")) for name, known in self.action["inputs"].items()}
        return {name: filled(text, {"github": github}) for name, text in defaults.items()} | {**given}

    def _environment(self) -> dict[str, str]:
        """GitHub's variables, and of this machine's only those without which nothing runs on it."""
        of_the_machine = {name: text for name, text in os.environ.items() if _OF_THE_MACHINE.fullmatch(name)}
        return of_the_machine | {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(self.checkout),
            "RUNNER_TEMP": str(self.temporary),
            "GITHUB_WORKSPACE": str(self.folder / "workspace"),
        }

    def _step(
        self, step: Json, environment: Mapping[str, str], contexts: Json
    ) -> "subprocess.CompletedProcess[str]":
        assert step["shell"] == "bash"
        assert set(step) <= {"name", "id", "shell", "env", "run"}, "a step of another kind"
        (self.folder / "workspace").mkdir(exist_ok=True)
        script = self.folder / "step.sh"
        script.write_text(filled(step["run"], contexts))
        # So does GitHub where `shell: bash` stands (docs: "Workflow syntax", jobs.<job_id>.steps[*].shell).
        words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        return subprocess.run(
            words,
            cwd=self.folder / "workspace",
            env=dict(environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


def read_outputs(text: str) -> dict[str, str]:
    """The file that GITHUB_OUTPUT names, as GitHub reads it."""
    found: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        name, is_long, end = line.partition("<<")
        if not is_long:
            name, _, found[name] = line.partition("=")
            continue
        values = []
        for more in lines:
            if more == end:
                break
            values.append(more)
        found[name] = "\n".join(values)
    return found
