"""What the commits say that publish and delete: as Porch writes it, with a trailer for each approver."""

import re
from collections.abc import Sequence

from bot.lifecycle.effects import Companion
from bot.lifecycle.person import Person, written
from bot.packages.annotation import Annotation
from bot.packages.layout import Layout
from bot.packages.naming import RevisionName
from bot.packages.revision import Tagged

_DELETES = re.compile(r"^Deletes: ([0-9a-f]{40,64})$", re.MULTILINE)


def approval_message(layout: Layout, name: RevisionName, revision: int, approvers: Sequence[Person]) -> str:
    """One blank line and no task, unlike in a draft (facts: Porch §12)."""
    full_path = layout.full_path(name.path)
    return (
        f"Approving package revision {full_path}/{revision}\n\n"
        f"{_annotation(layout, name, revision)}\n\n{_trailers(approvers)}"
    )


def set_message(layout: Layout, packages: Sequence[Companion]) -> str:
    """The same for several packages that are published together; each has its line, as Porch reads it."""
    names = ", ".join(f"{layout.full_path(one.name.path)}/{one.revision}" for one in packages)
    told = "\n".join(str(_annotation(layout, one.name, one.revision)) for one in packages)
    people = dict.fromkeys(person for one in packages for person in one.approvers)
    return f"Approving package revisions {names}\n\n{told}\n\n{_trailers(tuple(people))}"


def deletion_message(layout: Layout, name: RevisionName, revision: int, approvers: Sequence[Person]) -> str:
    """Porch's subject; the annotation says which revision went, so that its number stays used."""
    return (
        f"Delete {layout.full_path(name.path)}\n\n"
        f"{_annotation(layout, name, revision)}\n\n{_trailers(approvers)}"
    )


def removal_message(
    layout: Layout, name: RevisionName, revision: Tagged, approvers: Sequence[Person] = ()
) -> str:
    """A deletion on a forge, whose commit stands there even where nothing is removed from the branch.

    A trailer names the commit that was tagged: what was merged there is then known to be deleted, and not
    to be a publication whose tag is still missing.
    """
    message = deletion_message(layout, name, revision.revision, approvers)
    if not revision.latest:
        _, _, rest = message.partition("\n")
        message = f"Delete {layout.full_path(name.path)}/{revision.suffix}\n{rest}"
    return f"{message}Deletes: {revision.commit}\n"


def deleted_commits(message: str) -> list[str]:
    """The commits of revisions that a commit on the registered branch says it deletes."""
    return _DELETES.findall(message)


def _annotation(layout: Layout, name: RevisionName, revision: int) -> Annotation:
    return Annotation(layout.full_path(name.path), name.workspace, str(revision))


def _trailers(approvers: Sequence[Person]) -> str:
    return "".join(f"Approved-by: {_signed(person)}\n" for person in approvers)


def _signed(person: Person) -> str:
    """`Name <email>`; a forge that keeps the address to itself leaves the login, which tells who it was."""
    name, login, email = map(written, (person.name or person.login, person.login, person.email))
    return f"{name} <{email}>" if email or not login else f"{name} (@{login})"
