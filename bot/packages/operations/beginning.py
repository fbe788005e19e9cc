"""The stories of drafts that begin with something given: nothing yet, or a revision's files."""

from collections.abc import Mapping
from typing import Any

from bot.packages.operations.content import Story

INIT_SUBJECT = "Creating new empty revision"
COPY_SUBJECT = "Creating new revision by copying previous revision"


def initial_story(fields: Mapping[str, Any]) -> Story:
    """Porch's story of a new package; `fields` are its description and the like, where they say something."""
    return Story(
        INIT_SUBJECT, {"type": "init", "init": {key: value for key, value in fields.items() if value}}
    )


def copied_story(source: str) -> Story:
    """Porch's story of a draft that has the files of the revision called `source`."""
    return Story(COPY_SUBJECT, {"type": "edit", "edit": {"sourceRef": {"name": source}}})
