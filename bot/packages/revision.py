"""A package revision as it is read from a repository."""

from enum import StrEnum
from typing import NamedTuple

from bot.packages.naming import RevisionName


class Lifecycle(StrEnum):
    """Where a package revision stands; ABSENT is one that does not exist (yet, or any more)."""

    ABSENT = "Absent"
    DRAFT = "Draft"
    PROPOSED = "Proposed"
    PUBLISHED = "Published"
    DELETION_PROPOSED = "DeletionProposed"


class PackageRevision(NamedTuple):
    """One row of `rpkg get`.

    `revision` is 0 for drafts and proposals, N for tag `v<N>`, -1 for placeholders and other tags.
    `commit` is the hex id of the commit it is read at; `ref` the ref it was found by.
    """

    path: str
    workspace: str
    revision: int
    lifecycle: Lifecycle
    commit: str
    ref: str
    latest: bool = False

    @property
    def name(self) -> RevisionName:
        return RevisionName(self.path, self.workspace)


class Tagged(NamedTuple):
    """A published revision by its tag; `suffix` is what follows the last '/' of that.

    `latest` says that no other tag of the package has a higher number.
    """

    suffix: str
    commit: str
    workspace: str
    revision: int
    latest: bool = False


class Removal(NamedTuple):
    """What one commit on top of the registered branch at `base` deletes: the revision tagged at `commit`.

    `removed` is the tree of the package that it takes off the branch, '' where it leaves everything.
    """

    base: str
    commit: str
    removed: str

    @property
    def meaning(self) -> str:
        """The same for commits that delete the same, wherever they stand."""
        return f"{self.commit}-{self.removed}"
