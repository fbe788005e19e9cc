"""Every sentence about orders that come from a cluster, apart from those that the lifecycle has anyway."""

from bot.lifecycle.commands import Command
from bot.packages.naming import RevisionName, quoted
from bot.packages.revision import Lifecycle


def no_step(name: RevisionName, stands: Lifecycle, wanted: str) -> str:
    """`wanted` is the lifecycle that somebody wrote, or '' for a deletion."""
    if not wanted:
        return (
            f"{name} is {stands}, and nothing is deleted by deleting its object. Set `spec.lifecycle` to "
            "'DeletionProposed' first, and have somebody approve it."
        )
    return f"{name} is {stands}, and no step leads from there to {quoted(wanted)}."


def nobody_known(name: RevisionName, command: Command) -> str:
    return (
        f"{name} waits for {command.who}, and the cluster does not tell who asked for `{command.word}`: "
        f"install Portico's admission webhook, or say it where the package is reviewed."
    )


def not_mirrored(name: str, reason: str) -> str:
    return f"{name}: {reason}"


def another_writes(name: str) -> str:
    return f"{name}: its object is written by somebody else, and is left alone."


def ask_the_server(command: Command) -> str:
    return (
        f"The Git server of this repository decides itself, by who pushes: say `portico rpkg {command.word}` "
        f"to it."
    )


def overlapping(place: str, directory: str) -> str:
    """`place` is namespace and name of the Repository that is served, `directory` what it holds."""
    return (
        f"Repository conflict with existing repository: {place} holds {quoted(directory)} of the same URL "
        "and branch; delete one of the two."
    )
