"""Commits as Portico writes them: the author is the person who asked, the committer is Portico."""

from collections.abc import Sequence
from typing import Any

import pygit2

from bot.lifecycle.person import PORTICO, Person, written
from bot.packages.annotation import Annotation
from bot.packages.layout import Layout
from bot.packages.naming import RevisionName
from bot.packages.operations.content import Story


def write_commit(
    repository: pygit2.Repository, tree: str, parents: Sequence[str], message: str, author: Person
) -> str:
    """Write a commit object, move no ref, return its hex id."""
    ids = [pygit2.Oid(hex=parent) for parent in parents]
    committer = signature(PORTICO)
    return str(
        repository.create_commit(None, signature(author), committer, message, pygit2.Oid(hex=tree), ids)
    )


def signature(person: Person) -> pygit2.Signature:
    """Git refuses empty names and takes angle brackets and line breaks apart, so they are left out."""
    name = written(person.name or person.login or person.email) or "unknown"
    return pygit2.Signature(name, written(person.email) or f"{written(person.login) or 'unknown'}@localhost")


def draft_message(layout: Layout, name: RevisionName, story: Story) -> str:
    """As Porch writes it: subject, two blank lines, the annotation with its task (facts: Porch §1.4).

    A body stands between the blank lines.
    """
    return f"{story.subject}\n\n{story.body}\n{_annotation(layout, name, 0, dict(story.task))}\n"


def _annotation(layout: Layout, name: RevisionName, revision: int, task: dict[str, Any] | None) -> Annotation:
    return Annotation(layout.full_path(name.path), name.workspace, str(revision), task)
