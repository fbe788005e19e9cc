"""A package brought to another revision of its upstream, told as Porch tells it."""

from typing import Any, NamedTuple

from bot.packages.kptfile import kptfile_in
from bot.packages.merge import upgrade as walk
from bot.packages.merge.conflict import OnConflict
from bot.packages.operations.content import Content, Story, told
from bot.packages.operations.discretion import without_secrets
from bot.packages.operations.stopped import Stopped
from bot.packages.package import KPTFILE, Files
from bot.packages.provenance import Strategy

SUBJECT = "Upgrading revision"


class Parties(NamedTuple):
    """The names of an upgrade's three package revisions, '' for one that no registered repository has."""

    local: str
    old: str = ""
    new: str = ""


class Wish(NamedTuple):
    """What is wanted: '' for the ref, and None for the strategy, is what the Kptfile says."""

    ref: str = ""
    strategy: Strategy | None = None
    on_conflict: OnConflict = OnConflict.UPSTREAM


def upgrade(local: Files, fetch: walk.Fetch, parties: Parties, wish: Wish) -> Content:
    """Bring a package to what its upstream has at the ref that is wanted.

    Raises Stopped where that was asked for and both sides had changed something, what `fetch` raises, and
    UserError as the merge does (see bot/packages/merge/upgrade.py).
    """
    ref, strategy, on_conflict = wish
    merged = walk.upgrade(local, fetch, ref=ref, strategy=strategy, on_conflict=on_conflict)
    conflicts = without_secrets(merged.conflicts)
    if merged.stopped:
        raise Stopped(conflicts)
    task = _task(parties, strategy or strategy_of(local))
    return Content(merged.files, Story(SUBJECT, task, told(conflicts)), conflicts)


def strategy_of(files: Files) -> str:
    """The strategy that a package's Kptfile asks for, or the one that holds where it asks for none."""
    file = files.get(KPTFILE)
    named = kptfile_in(file.content)[0].root.text("upstream", "updateStrategy") if file is not None else ""
    return named or Strategy.RESOURCE_MERGE.value


def _task(parties: Parties, strategy: str) -> dict[str, Any]:
    """Porch's task (facts: Porch §5.4); a revision that has no name there is left out, as Go does it."""
    names = {
        "oldUpstreamRef": parties.old,
        "newUpstreamRef": parties.new,
        "localPackageRevisionRef": parties.local,
    }
    refs = {field: {"name": name} for field, name in names.items() if name}
    return {"type": "upgrade", "upgrade": {**refs, "strategy": str(strategy)}}
