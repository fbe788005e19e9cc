"""`portico rpkg`: package revisions."""

import click

from bot.cli.lazy_group import Entry, LazyGroup

COMMANDS = {
    "get": Entry("rpkg_get:get", "List package revisions.", ("list", "ls")),
    "init": Entry("rpkg_new:init", "Begin a new package, as a draft."),
    "clone": Entry("rpkg_clone:clone", "Begin a new package that follows another one, as a draft."),
    "copy": Entry("rpkg_new:copy", "Begin a new draft from a published revision.", ("edit",)),
    "rollback": Entry("rpkg_rollback:rollback", "Begin a new draft that brings an old revision back."),
    "upgrade": Entry("rpkg_upgrade:upgrade", "Begin drafts with newer revisions of what packages follow."),
    "rebase": Entry("rpkg_rebase:rebase", "Bring drafts up to date with what was published since."),
    "diff": Entry("rpkg_diff:diff", "Show what differs between two revisions."),
    "downstream": Entry("rpkg_downstream:downstream", "List what comes from a package."),
    "pull": Entry("rpkg_pull:pull", "Print a package's resources, or write its files.", ("source", "read")),
    "push": Entry("rpkg_push:push", "Write a draft's files.", ("sink", "write")),
    "eval": Entry("rpkg_eval:evaluation", "Run one function over a draft."),
    "propose": Entry("rpkg_words:propose", "Ask for drafts to be published."),
    "approve": Entry("rpkg_words:approve", "Agree to what is proposed, at the commit you reviewed."),
    "reject": Entry("rpkg_words:reject", "Send what is proposed back, with a reason."),
    "propose-delete": Entry(
        "rpkg_words:propose_delete", "Ask for published revisions to be deleted.", ("propose-del",)
    ),
    "del": Entry(
        "rpkg_words:delete", "Delete drafts, proposals, and what is proposed for deletion.", ("delete",)
    ),
}
EPILOG = """\b
Examples:
  portico rpkg get --repository blueprints
  portico rpkg copy blueprints.networking.dns.v1 --workspace add-mx
  portico rpkg pull blueprints.networking.dns.add-mx dns
  portico rpkg push blueprints.networking.dns.add-mx dns
  portico rpkg propose blueprints.networking.dns.add-mx
"""


@click.group(cls=LazyGroup, entries=COMMANDS, epilog=EPILOG)
def rpkg() -> None:
    """List and change package revisions.

    A package revision is called <repository>.<path, with dots>.<workspace>.
    """
