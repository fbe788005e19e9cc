"""All registered revisions of one package, found by what a Kptfile can say of one of them."""

from collections.abc import Iterable
from typing import NamedTuple

from bot.packages.kptfile import Upstream
from bot.packages.layout import HEADS, NO_REVISION, TAGS, RefKind, revision_number
from bot.packages.registration import Registration
from bot.packages.relations.lineage import Lineage
from bot.packages.revision import Lifecycle, PackageRevision

_DRAFTS = (RefKind.DRAFT, RefKind.PROPOSED)


class Member(NamedTuple):
    """A registered package revision: its object's name, its place, what its Kptfile says of its upstream."""

    name: str
    registration: Registration
    revision: PackageRevision
    lineage: Lineage


class Sighting(NamedTuple):
    """What of a package an origin means.

    `member` is the revision that is there now, None when it is gone. `number` is its revision number, also
    where it is gone: 0 for a draft, -1 where it cannot be told. `draft` is the workspace of the draft that
    was cloned, '' for none.
    """

    member: Member | None
    number: int
    draft: str = ""


class Family:
    """`members` are the revisions of one package of one repository, registered once or more often."""

    def __init__(self, full_path: str, members: Iterable[Member]) -> None:
        self.members = tuple(members)
        self._full_path = full_path
        self._by_ref: dict[str, Member] = {}
        self._by_commit: dict[str, Member] = {}
        for member in self.members:
            self._by_ref.setdefault(member.revision.ref, member)
        for member in sorted(self._by_ref.values(), key=_rank):
            self._by_commit.setdefault(member.revision.commit, member)
        self._published = sorted(
            (
                member
                for member in self._by_ref.values()
                if member.revision.revision > 0 and member.revision.lifecycle is Lifecycle.PUBLISHED
            ),
            key=lambda member: member.revision.revision,
        )

    def sight(self, origin: Upstream) -> Sighting:
        """What `origin` means: a tag, with the package's path or without, a branch, else its commit."""
        ref = origin.ref.removeprefix(TAGS).removeprefix(HEADS).strip("/")
        same = self._by_commit.get(origin.commit) or self._by_commit.get(ref)
        if tagged := self._by_ref.get(TAGS + ref):
            return _sighted(tagged)
        if tagged := self._by_ref.get(f"{TAGS}{self._full_path}/{ref}"):
            # `v1` may have been a tag of the whole repository then: its commit says which is meant.
            return _sighted(same if same is not None and same.revision.revision > 0 else tagged)
        if draft := self._draft(ref):
            return self._sight_draft(draft, same)
        if branch := self._by_ref.get(HEADS + ref):
            return Sighting(branch, same.revision.revision if same else NO_REVISION)
        return _sighted(same) if same else Sighting(None, self._gone(ref))

    def newer(self, sighting: Sighting) -> tuple[Member, ...]:
        """The published revisions after what was sighted, oldest first; none where that cannot be told.

        After a draft come the revision that it became, and those after that.
        """
        if sighting.draft:
            if sighting.member is not None and sighting.number == 0:
                return ()
            became = self._became(sighting.draft)
            return tuple(member for member in self._published if member.revision.revision >= became)
        if sighting.number < 1:
            return ()
        return tuple(member for member in self._published if member.revision.revision > sighting.number)

    def _draft(self, ref: str) -> str:
        """The workspace, where `ref` is a branch of one of the package's drafts."""
        for kind in _DRAFTS:
            if ref.startswith(f"{kind}/{self._full_path}/"):
                workspace = ref.removeprefix(f"{kind}/{self._full_path}/")
                return "" if "/" in workspace else workspace
        return ""

    def _sight_draft(self, workspace: str, same: Member | None) -> Sighting:
        for kind in _DRAFTS:
            if member := self._by_ref.get(f"{HEADS}{kind}/{self._full_path}/{workspace}"):
                return Sighting(member, 0, workspace)
        # What it became may have been changed before it was published: it is another revision's content.
        if same is not None and same.revision.revision > 0:
            return _sighted(same)
        return Sighting(None, 0, workspace)

    def _became(self, workspace: str) -> int:
        """The number under which a draft was published; 1 where that is not known: then all come after it."""
        numbers = (one.revision.revision for one in self._published if one.revision.workspace == workspace)
        return min(numbers, default=1)

    def _gone(self, ref: str) -> int:
        """The number of a revision that is not there any more, by the name of its tag."""
        suffix = ref.removeprefix(f"{self._full_path}/")
        return revision_number(suffix) if suffix.startswith("v") else NO_REVISION


def _sighted(member: Member) -> Sighting:
    revision = member.revision
    return Sighting(member, revision.revision, "" if revision.revision else revision.workspace)


def _rank(member: Member) -> int:
    """Of several revisions at one commit the highest number is meant, not the branch."""
    return -member.revision.revision
