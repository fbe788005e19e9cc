"""What the commits say that publish and delete: as Porch writes it, with a trailer for each approver."""

from collections.abc import Sequence

from bot.lifecycle.person import Person
from bot.packages.annotation import Annotation
from bot.packages.layout import Layout
from bot.packages.naming import RevisionName


def approval_message(layout: Layout, name: RevisionName, revision: int, approvers: Sequence[Person]) -> str:
    """One blank line and no task, unlike in a draft (facts: Porch §12)."""
    full_path = layout.full_path(name.path)
    return (
        f"Approving package revision {full_path}/{revision}\n\n"
        f"{_annotation(layout, name, revision)}\n\n{_trailers(approvers)}"
    )


def deletion_message(layout: Layout, name: RevisionName, revision: int, approvers: Sequence[Person]) -> str:
    """Porch's subject; the annotation says which revision went, so that its number stays used."""
    return (
        f"Delete {layout.full_path(name.path)}\n\n"
        f"{_annotation(layout, name, revision)}\n\n{_trailers(approvers)}"
    )


def _annotation(layout: Layout, name: RevisionName, revision: int) -> Annotation:
    return Annotation(layout.full_path(name.path), name.workspace, str(revision))


def _trailers(approvers: Sequence[Person]) -> str:
    return "".join(
        f"Approved-by: {_clean(person.name or person.login)} <{_clean(person.email)}>\n"
        for person in approvers
    )


def _clean(text: str) -> str:
    return "".join(c for c in text if c.isprintable() and c not in "<>").strip()
