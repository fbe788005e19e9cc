"""`portico rpkg rebase`: drafts brought up to date with what was published of their packages since."""

from dataclasses import dataclass

import click

from bot.cli.bulk import Bulk, Words, bulk_options, run
from bot.cli.desk import Found, open_desk
from bot.cli.merging import on_conflict_option
from bot.cli.namespace import namespace_option
from bot.cli.plan import Step, Work
from bot.cli.stock import Stock
from bot.errors import Refused, UserError
from bot.git.client import Client, Fork, Move
from bot.lifecycle.person import Person
from bot.packages.merge.conflict import OnConflict
from bot.packages.merge.trees import Trees
from bot.packages.naming import quoted
from bot.packages.operations.content import Content
from bot.packages.operations.rebase import rebase as rebased
from bot.packages.provenance import Strategy
from bot.packages.revision import Lifecycle, PackageRevision

WORDS = Words("Rebasing", "Rebase", "rebased", "{name} rebased")
EPILOG = """\b
Examples:
  portico rpkg rebase blueprints.dns.add-mx
  portico rpkg rebase blueprints.dns.add-mx --on-conflict local
  portico rpkg rebase --repository blueprints --all --dry-run
"""


@click.command(epilog=EPILOG)
@bulk_options
@on_conflict_option(OnConflict.STOP, ": `upstream` is what is published, `local` is the draft")
@namespace_option()
def rebase(*, bulk: Bulk, on_conflict: str, namespace: str) -> int:
    """Merge into drafts what was published of their packages since they began.

    A draft that is out of date cannot be published. Its commits stay; one more joins them with the branch.
    """
    stock = Stock(open_desk(namespace))
    return run(bulk, stock, WORDS, _is_draft, _Rebasing(stock, OnConflict(on_conflict)).step)


def _is_draft(item: Found) -> bool:
    return item.revision.lifecycle is Lifecycle.DRAFT


@dataclass(frozen=True, slots=True)
class _Rebasing:
    """Plans the rebase of each draft."""

    stock: Stock
    on_conflict: OnConflict

    def step(self, name: str) -> Step:
        """Merge the draft called `name`, and write nothing yet; raises UserError where it cannot be done."""
        found = self.stock.find(name)
        revision, client = found.revision, found.shelf.client
        _check_draft(found)
        fork = client.fork(revision)
        latest = [one for one in found.shelf.catalog.revisions if one.path == revision.path and one.latest]
        onto = f"v{latest[0].revision}" if latest else found.shelf.registration.branch
        step = Step(found.name, "draft", onto, Strategy.RESOURCE_MERGE.value)
        if fork.before == fork.now:
            return step
        if strays := client.strays(revision):
            raise Refused(
                f"The draft {quoted(name)} changes files outside its package, such as {quoted(strays[0])}, "
                "which would be lost; take them out of it first."
            )
        trees = Trees(client.files_of(fork.before), client.files(revision), client.files_of(fork.now))
        try:
            content = rebased(trees, self.on_conflict)
        except UserError as error:
            return step.failed(error)
        work = Work(found.shelf, f"onto {onto}", _Writing(client, revision, fork, content))
        return step._replace(conflicts=content.conflicts, work=work)


@dataclass(frozen=True, slots=True)
class _Writing:
    """Writes the commit that joins the draft and the branch."""

    client: Client
    draft: PackageRevision
    fork: Fork
    content: Content

    def __call__(self, author: Person) -> Move:
        tree = self.client.write(self.content.files)
        return self.client.rebasing(self.draft, self.fork, tree, self.content.story, author)


def _check_draft(found: Found) -> None:
    if found.revision.lifecycle is Lifecycle.PROPOSED:
        raise Refused(
            f"Only drafts can be rebased, and {quoted(found.name)} is Proposed; `portico rpkg reject "
            f"{found.name}` makes it a draft again."
        )
    if found.revision.lifecycle is not Lifecycle.DRAFT:
        raise Refused(
            f"Only drafts can be rebased, and {quoted(found.name)} is {found.revision.lifecycle}; begin a "
            f"new one with `portico rpkg copy {found.name} --workspace WORKSPACE`."
        )
