"""`portico rpkg propose`, `approve`, `reject`, `propose-delete` and `del`: words said to the Git server."""

from collections.abc import Callable
from typing import Any

import click

from bot.cli.desk import Desk, Found, open_desk, tell
from bot.cli.in_use import InUse
from bot.cli.names import complete_names
from bot.cli.namespace import namespace_option
from bot.cli.outcome import each
from bot.cli.progress import progress
from bot.cli.seen import check_seen
from bot.errors import Refused
from bot.lifecycle.commands import Approve, Command, Delete, Propose, ProposeDeletion, Reject
from bot.packages.naming import quoted
from bot.packages.revision import Lifecycle


def _examples(*lines: str) -> str:
    return "\b\nExamples:\n" + "\n".join(f"  portico rpkg {line}" for line in lines)


def _names(function: Callable[..., Any]) -> Callable[..., Any]:
    argument = click.argument(
        "names", nargs=-1, required=True, metavar="NAME...", shell_complete=complete_names
    )
    return argument(namespace_option()(function))


def _at(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--at", default="", metavar="COMMIT", help="Only if this is still its commit.")(
        function
    )


@click.command(epilog=_examples("propose blueprints.networking.dns.add-mx"))
@_names
def propose(*, names: tuple[str, ...], namespace: str) -> int:
    """Ask for the drafts called NAME to be published."""
    desk = open_desk(namespace)

    def one(name: str) -> str:
        found = desk.find(name)
        if found.revision.lifecycle is Lifecycle.PROPOSED:
            click.echo(f"{name} is already proposed", err=True)
            return ""
        say(found, Propose)
        return f"{name} proposed"

    return each(names, one)


@click.command(epilog=_examples("approve blueprints.networking.dns.add-mx", "approve NAME --at 3f2a9c1"))
@_at
@_names
def approve(*, names: tuple[str, ...], at: str, namespace: str) -> int:
    """Agree to what is proposed, a publication or a deletion.

    An approval is given to one commit: that of `--at`, else the one that you looked at last by `pull` or
    `diff`, else the one that NAME has now. If NAME is not at that commit any more, nothing is approved.
    """
    desk = open_desk(namespace)

    def one(name: str) -> str:
        found = _at_commit(desk, name, at)
        if not at:
            check_seen(desk, found)
        say(found, Approve)
        return f"{name} approved"

    return each(names, one)


@click.command(epilog=_examples('reject blueprints.networking.dns.add-mx --reason "the TTL is too short"'))
@click.option("--reason", default="", help="Why; its author will read it.")
@_names
def reject(*, names: tuple[str, ...], reason: str, namespace: str) -> int:
    """Send what is proposed back: a proposal becomes a draft again, a deletion is called off."""
    desk = open_desk(namespace)

    def one(name: str) -> str:
        found = desk.find(name)
        say(found, Reject, *((f"reason={reason}",) if reason else ()))
        what = "deletion" if found.revision.lifecycle is Lifecycle.DELETION_PROPOSED else "approval"
        return f"{name} no longer proposed for {what}"

    return each(names, one)


@click.command(epilog=_examples("propose-delete blueprints.networking.dns.v1"))
@_names
def propose_delete(*, names: tuple[str, ...], namespace: str) -> int:
    """Ask for the published revisions called NAME to be deleted.

    What is the upstream of a latest revision, a draft or a proposal in any registered repository stays.
    """
    desk = open_desk(namespace)
    in_use = InUse(desk)

    def one(name: str) -> str:
        found = desk.find(name)
        if found.revision.lifecycle is Lifecycle.DELETION_PROPOSED:
            click.echo(f"{name} is already proposed for deletion", err=True)
            return ""
        in_use.check(found)
        say(found, ProposeDeletion)
        return f"{name} proposed for deletion"

    return each(names, one)


@click.command("del", epilog=_examples("del blueprints.networking.dns.add-mx"))
@_at
@_names
def delete(*, names: tuple[str, ...], at: str, namespace: str) -> int:
    """Delete drafts and proposals, and agree to the deletion of what is proposed for it.

    What is proposed for it stays while it is the upstream of a latest revision, a draft or a proposal in any
    registered repository.
    """
    desk = open_desk(namespace)
    in_use = InUse(desk)

    def one(name: str) -> str:
        found = _at_commit(desk, name, at)
        if found.revision.lifecycle is not Lifecycle.DELETION_PROPOSED:
            say(found, Delete)
            return f"{name} deleted"
        in_use.check(found)
        say(found, Approve)
        return f"{name} deleted"

    return each(names, one)


def say(found: Found, command: type[Command], *options: str) -> None:
    """Push the revision's commit to the command's magic ref; raises Refused with the server's reason."""
    client = found.shelf.client
    with progress(f"{command.word} {found.name}"):
        tell(client.say(command.word, found.revision.name, found.revision.commit, options))


def _at_commit(desk: Desk, name: str, at: str) -> Found:
    found = desk.find(name)
    if not found.revision.commit.startswith(at.lower()):
        raise Refused(
            f"{quoted(name)} is not at {quoted(at)} any more but at {found.revision.commit[:12]}; look at "
            "it again first."
        )
    return found
