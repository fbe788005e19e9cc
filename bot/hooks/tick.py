"""Does what hooks would have done, from what is there: when they were off, or a server died midway."""

from pathlib import Path

from bot.errors import InvalidName, PorticoError
from bot.git.ledgers import PREFIX as LEDGER
from bot.git.refs import refs_below
from bot.git.repository import open_repository
from bot.git.standing import tagged
from bot.hooks import faults
from bot.hooks.desk import Desk
from bot.hooks.server import read_server
from bot.lifecycle.events import Pushed
from bot.lifecycle.person import PORTICO
from bot.packages.layout import HEADS, RefKind
from bot.packages.naming import RevisionName

BRANCHES = (RefKind.DRAFT, RefKind.PROPOSED, RefKind.DELETION)


def tick(git_dir: Path) -> list[str]:
    """Bring every unpublished revision to rest; returns the failures, none when all went well."""
    desk = Desk(open_repository(git_dir), read_server(git_dir), PORTICO, named=True)
    failures = []
    try:
        for name in unsettled(desk):
            try:
                desk.steward.handle(Pushed(name))
            except (PorticoError, OSError) as error:
                failures.append(f"{name}: {faults.sentence(error, git_dir)}")
    finally:
        desk.close()
    return failures + desk.refusals


def unsettled(desk: Desk) -> list[RevisionName]:
    """Every name of a draft, proposal, deletion or ledger, sorted; names that are none are passed over."""
    directories = [f"{HEADS}{kind}" for kind in BRANCHES]
    ledgers = [f"{LEDGER}{kind}" for kind in BRANCHES]
    found = set()
    for ref in refs_below(desk.repository, (*directories, *ledgers)).targets:
        branch = HEADS + ref.removeprefix(LEDGER) if ref.startswith(LEDGER) else ref
        try:
            place = desk.layout.read(branch)
        except InvalidName:
            continue  # `portico rpkg get` names it
        if place is None:
            continue
        name = RevisionName(place.path, place.suffix)
        # A deletion is named by its tag, and a workspace may be called like another revision's tag.
        doomed = place.kind is RefKind.DELETION
        found.add(tagged(desk.repository, desk.layout, name) if doomed else name)
    return sorted(found)
