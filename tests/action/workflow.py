"""A workflow as it stands in the README: whether an event starts it, and with what rights."""

import fnmatch
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.action.expressions import filled, value

README = (Path(__file__).resolve().parents[2] / "README.md").read_text()
Json = dict[str, Any]


@dataclass(frozen=True)
class Workflow:
    """One file of `.github/workflows`."""

    content: Json

    @classmethod
    def of_the_readme(cls, name: str) -> "Workflow":
        """The block that begins with a comment that names the file."""
        found = re.search(rf"```yaml\n(# \.github/workflows/{re.escape(name)}\b.*?)```", README, re.DOTALL)
        assert found is not None, f"the README has no workflow {name}"
        # YAML 1.1 takes the word `on` for a truth.
        return cls({{True: "on"}.get(key, key): held for key, held in yaml.safe_load(found[1]).items()})

    @property
    def job(self) -> Json:
        [job] = self.content["jobs"].values()
        found: Json = job
        return found

    @property
    def permissions(self) -> dict[str, str]:
        """As an App's token has them."""
        return {name.replace("-", "_"): level for name, level in self.content["permissions"].items()}

    @property
    def inputs(self) -> dict[str, str]:
        [step] = self.job["steps"]
        return {name: str(given) for name, given in step.get("with", {}).items()}

    def hears(self, event: str, payload: Mapping[str, Any]) -> bool:
        """Whether an event starts the workflow, and then its job."""
        listed = self.content["on"]
        if event not in ([listed] if isinstance(listed, str) else listed):
            return False
        wanted = {} if isinstance(listed, str) else listed[event] or {}
        if event == "schedule":
            return True
        if "types" in wanted and payload.get("action") not in wanted["types"]:
            return False
        branch = payload.get("ref", "").removeprefix("refs/heads/")
        if "branches" in wanted and not any(fnmatch.fnmatchcase(branch, each) for each in wanted["branches"]):
            return False
        if event == "push" and payload.get("deleted"):
            return False
        condition = self.job.get("if", "true")
        return bool(value(condition, {"github": {"event": payload, "event_name": event}}))

    def group(self, event: str, payload: Mapping[str, Any]) -> str:
        """Which runs wait for one another."""
        github = {"event": payload, "event_name": event, "ref": payload.get("ref", "refs/heads/main")}
        return filled(self.content["concurrency"]["group"], {"github": github})
