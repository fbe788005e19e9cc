"""What a draft is to hold, and the story that its commit tells of it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from bot.packages.merge.conflict import Conflict
from bot.packages.package import Files

MOST_TOLD = 200  # conflicts in a commit's message; the rest is counted


class Story(NamedTuple):
    """What a commit says: its first line, Porch's task (facts: Porch §1.4), and what stands between them.

    `body` is '' or ends in a line break, and none of its lines may begin with `kpt:`.
    """

    subject: str
    task: Mapping[str, Any]
    body: str = ""


class Content(NamedTuple):
    """The files of a draft, and why they are what they are."""

    files: Files
    story: Story
    conflicts: tuple[Conflict, ...] = ()


def told(conflicts: tuple[Conflict, ...]) -> str:
    """The body of a commit's message that lists `conflicts`, one in a line, '' for none."""
    if not conflicts:
        return ""
    # A value may hold line breaks; on one line after a dash nothing of it is taken for an annotation.
    lines = [f"- {' '.join(str(conflict).split())}" for conflict in conflicts[:MOST_TOLD]]
    more = len(conflicts) - len(lines)
    return "\n".join(["Both sides had changed:", *lines, *([f"- and {more} more"] if more else [])]) + "\n"
