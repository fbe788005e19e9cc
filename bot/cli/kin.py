"""What was found, with who comes from whom among it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cli.desk import Desk, Found, Shelf, warn
from bot.errors import NotFound
from bot.packages.layout import NO_REVISION
from bot.packages.naming import quoted
from bot.packages.relations.family import Member
from bot.packages.relations.lineage import Lineage
from bot.packages.relations.relations import Link, Relations
from bot.packages.revision import Lifecycle

# A name, and the ref: two revisions of a package may bear one name by mistake.
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Kin:
    """Revisions `found` in all registered repositories, and their `relations`.

    `failed` when a repository could not be read, so that what is there is not known.
    """

    found: dict[_Key, Found]
    members: dict[_Key, Member]
    relations: Relations
    failed: bool = False

    def link(self, item: Found) -> Link | None:
        """Where a revision comes from; None for a package that was not cloned."""
        return self.relations.link(self._member(item))

    def downstream(self, name: str, *, live: bool = False) -> list[Found]:
        """What comes from a revision or a package; with `live`, only what somebody may still build on.

        Raises NotFound when nothing is called `name`.
        """
        members = self.relations.downstream(name)
        if members is None:
            raise NotFound(
                f"There is no package and no package revision {quoted(name)}; `portico rpkg get` lists those "
                f"that there are, and <repository>.<path, with dots> is a package with all its revisions."
            )
        if live:
            members = self.relations.live(members)
        return [self.found[_key(member)] for member in members]

    def is_upgradable(self, item: Found) -> bool:
        """Whether it is its package's latest revision, or is being written, and its upstream has gone on."""
        if item.revision.revision == NO_REVISION or item.revision.lifecycle is Lifecycle.DELETION_PROPOSED:
            return False
        link = self.link(item)
        return link is not None and bool(link.newer) and self.is_live(item)

    def is_live(self, item: Found) -> bool:
        """Whether somebody may still build on it."""
        return self.relations.is_live(self._member(item))

    def _member(self, item: Found) -> Member:
        return self.members[_key(item)]


def look_at_kin(desk: Desk) -> Kin:
    """Read every registered repository anew; warns of what cannot be read."""
    look = desk.look(desk.registrations())
    return kin_of(look.found, failed=look.failed)


def kin_of(found: Sequence[Found], *, failed: bool = False) -> Kin:
    """Relate all revisions of the shelves that they were found on; warns of upstreams that cannot be read."""
    said = {key: _lineages(shelf) for key, shelf in {id(one.shelf): one.shelf for one in found}.items()}
    members: dict[_Key, Member] = {}
    for item in found:
        lineage = said[id(item.shelf)][item.revision.ref, item.revision.path]
        members[_key(item)] = Member(item.name, item.shelf.registration, item.revision, lineage)
    kin = Kin({_key(item): item for item in found}, members, Relations(members.values()), failed)
    for member in members.values():
        if member.lineage.problem and kin.relations.is_live(member):
            warn(f"Where {quoted(member.name)} comes from is not known: {member.lineage.problem}")
    return kin


def _key(one: Found | Member) -> _Key:
    return one.name, one.revision.ref


def _lineages(shelf: Shelf) -> dict[tuple[str, str], Lineage]:
    rows = shelf.catalog.revisions
    lineages = shelf.client.lineages(shelf.catalog)
    return {(row.ref, row.path): lineage for row, lineage in zip(rows, lineages, strict=True)}
