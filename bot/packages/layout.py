"""Where things lie in a Git repository: the refs of design §2, written and read both ways."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.errors import InvalidName
from bot.packages.naming import RevisionName, quoted

HEADS = "refs/heads/"
TAGS = "refs/tags/"
NO_REVISION = -1


class RefKind(StrEnum):
    """What a ref says of a package revision."""

    DRAFT = "drafts"
    PROPOSED = "proposed"
    DELETION = "deletionProposed"
    TAG = "tags"


class Place(NamedTuple):
    """A ref, understood: `suffix` is the workspace, or for tags and deletions what follows the last '/'."""

    kind: RefKind
    path: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Branch and directory of a registered repository; the directory has no slash at its ends."""

    branch: str = "main"
    directory: str = ""

    @property
    def branch_ref(self) -> str:
        return HEADS + self.branch

    def full_path(self, path: str) -> str:
        """The package's path from the root of the Git tree; '' is the registered directory itself."""
        return f"{self.directory}/{path}" if self.directory and path else self.directory or path

    def draft_ref(self, name: RevisionName) -> str:
        return f"{HEADS}{RefKind.DRAFT}/{self.full_path(name.path)}/{name.workspace}"

    def proposed_ref(self, name: RevisionName) -> str:
        return f"{HEADS}{RefKind.PROPOSED}/{self.full_path(name.path)}/{name.workspace}"

    def tag_ref(self, path: str, suffix: str) -> str:
        return f"{TAGS}{self.full_path(path)}/{suffix}"

    def deletion_ref(self, path: str, suffix: str) -> str:
        return f"{HEADS}{RefKind.DELETION}/{self.full_path(path)}/{suffix}"

    def read(self, ref: str) -> Place | None:
        """Say what `ref` means here; None when it is none of ours or outside the registered directory.

        Raises InvalidName for a draft, proposal or deletion that names no package, such as `drafts/x`.
        """
        kind, rest = _split_kind(ref)
        if kind is None:
            return None
        full, _, suffix = rest.rpartition("/")
        if not full or not suffix:
            if kind is RefKind.TAG:
                return None  # a release tag of the whole repository, as Porch sees it
            raise InvalidName(
                f"The branch {quoted(ref.removeprefix(HEADS))} must name a package and a workspace: "
                f"'{kind}/<path>/<workspace>'."
            )
        path = self.inside(full)
        return None if path is None else Place(kind, path, suffix)

    def inside(self, full_path: str) -> str | None:
        """The path relative to the registered directory; None outside it, '' for the directory itself."""
        if not self.directory:
            return full_path
        if full_path == self.directory:
            return ""
        return (
            full_path.removeprefix(self.directory + "/")
            if full_path.startswith(self.directory + "/")
            else None
        )


def revision_number(suffix: str) -> int:
    """`v3` and `3` are 3, anything that is not an integer is -1 (facts: Porch §1.3, Revision2Int)."""
    digits = suffix.removeprefix("v")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else NO_REVISION


def _split_kind(ref: str) -> tuple[RefKind | None, str]:
    if ref.startswith(TAGS):
        return RefKind.TAG, ref[len(TAGS) :]
    if ref.startswith(HEADS):
        first, slash, rest = ref[len(HEADS) :].partition("/")
        for kind in (RefKind.DRAFT, RefKind.PROPOSED, RefKind.DELETION):
            if slash and first == kind:
                return kind, rest
    return None, ""
