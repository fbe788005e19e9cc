"""The `kpt:{…}` lines by which Porch and Portico leave a revision's story in commit messages."""

import json
import re
from typing import Any, NamedTuple

PREFIX = "kpt:"
# Only these begin a package revision's story; render, push, eval and patch continue it (facts: Porch §1.4).
FIRST_TASKS = frozenset({"init", "clone", "edit", "upgrade"})
# What a reader may take for the end of a line, and what UTF-8 cannot say: JSON writes both in ASCII, too.
_UNSAFE = re.compile(r"[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


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
        text = json.dumps({k: v for k, v in pairs.items() if v}, separators=(",", ":"), ensure_ascii=False)
        return PREFIX + _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def read_annotations(message: str) -> list[Annotation]:
    """Every readable `kpt:` line of a commit message, in order; unreadable ones are passed over."""
    if PREFIX not in message:
        return []
    found = []
    # Lines are Git's: a value may hold other characters that end a line elsewhere.
    for line in message.split("\n"):
        text = line.strip()
        if text.startswith(PREFIX) and (annotation := _read(text[len(PREFIX) :])) is not None:
            found.append(annotation)
    return found


def _read(text: str) -> Annotation | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    if not isinstance(value, dict):
        return None
    task = value.get("task")
    return Annotation(
        _text(value.get("package")),
        _text(value.get("workspaceName")),
        _text(value.get("revision")),
        task if isinstance(task, dict) else None,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
