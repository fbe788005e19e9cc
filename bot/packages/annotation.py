"""The `kpt:{…}` lines by which Porch and Portico leave a revision's story in commit messages."""

import json
from typing import Any, NamedTuple

PREFIX = "kpt:"
# Only these begin a package revision's story; render, push, eval and patch continue it (facts: Porch §1.4).
FIRST_TASKS = frozenset({"init", "clone", "edit", "upgrade"})


class Annotation(NamedTuple):
    """One `kpt:` line; `package` is the full path in the Git tree, missing keys are empty."""

    package: str = ""
    workspace: str = ""
    revision: str = ""
    task: dict[str, Any] | None = None

    def __str__(self) -> str:
        pairs = {
            "package": self.package,
            "workspaceName": self.workspace,
            "revision": self.revision,
            "task": self.task,
        }
        return PREFIX + json.dumps(
            {k: v for k, v in pairs.items() if v}, separators=(",", ":"), ensure_ascii=False
        )


def read_annotations(message: str) -> list[Annotation]:
    """Every readable `kpt:` line of a commit message, in order; unreadable ones are passed over."""
    if PREFIX not in message:
        return []
    lines = (line.strip() for line in message.splitlines())
    found = (_read(line[len(PREFIX) :]) for line in lines if line.startswith(PREFIX))
    return [annotation for annotation in found if annotation is not None]


def _read(text: str) -> Annotation | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    if not isinstance(value, dict):
        return None
    texts = (value.get(key) for key in ("package", "workspaceName", "revision"))
    package, workspace, revision = (text if isinstance(text, str) else "" for text in texts)
    task = value.get("task")
    return Annotation(package, workspace, revision, task if isinstance(task, dict) else None)
