"""Every sentence about orders that come from a cluster, apart from those that the lifecycle has anyway."""

from collections.abc import Sequence

from bot.lifecycle.commands import Command
from bot.packages.naming import RevisionName, quoted
from bot.packages.revision import Lifecycle

MOST_NAMED = 20  # files that are named


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


def no_branch(branch: str) -> str:
    return (
        f"The repository has no branch {quoted(branch)}. Push one, or delete this `Repository` and name "
        "another branch in a new one."
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


def faulty() -> str:
    return "Portico failed here, and has logged why; tell its owner."


def on_this_machine(url: str) -> str:
    """`url` is a path, or one that Git takes for a path."""
    return (
        f"The repository {quoted(url)} is on the machine where Portico runs, and those are not served: name "
        "one that is elsewhere in `spec.git.repo`, or start Portico with `--allow-local`."
    )


def begins_as_draft(lifecycle: str) -> str:
    return (
        f"A package revision begins as a draft, not as {quoted(lifecycle)}: set `spec.lifecycle` to 'Draft'."
    )


def in_the_kptfile() -> str:
    return (
        "What `spec.packageMetadata` and `spec.readinessGates` say stands in the package's Kptfile: begin "
        "the draft without them, and write them there."
    )


def misnamed(wanted: str) -> str:
    return (
        "The object of a package revision is called by its repository, package and workspace: give it the "
        f"name {quoted(wanted)}, or change these in its `spec`."
    )


def workspace_taken(name: RevisionName) -> str:
    return (
        f"The package {quoted(name.path)} has a workspace {quoted(name.workspace)} already; choose another "
        "`spec.workspaceName`."
    )


def not_new(path: str, other: str) -> str:
    """`other` is the package in the way: itself, or one that it would lie in or around."""
    if other == path:
        return (
            f"The package {quoted(path)} is there already; begin its next revision with "
            "`spec.source.copyFrom`, or `upgrade`."
        )
    return (
        f"The package {quoted(path)} would lie in the package {quoted(other)}, or around it, and packages "
        "cannot be nested; choose another `spec.packageName`."
    )


def no_package(path: str) -> str:
    return (
        f"There is no package {quoted(path)} in this repository yet; begin it with `spec.source.init`, or "
        "`cloneFrom`."
    )


def of_another_package(source: str, path: str) -> str:
    return (
        f"{quoted(source)} is no revision of the package {quoted(path)} of this repository; name one of its "
        "own, or begin a new package with `spec.source.cloneFrom`."
    )


def source_unpublished(source: str, stands: Lifecycle) -> str:
    return (
        f"A source must be published and have a revision number, and {quoted(source)} is {stands} and has "
        "none; name a numbered one."
    )


def follows_another(current: str, new: str) -> str:
    return (
        f"{quoted(current)} does not follow the package of {quoted(new)}; name in `newUpstream` a revision "
        "of what its Kptfile has under `upstream`."
    )


def comes_from_another(current: str, old: str) -> str:
    return (
        f"{quoted(current)} was not brought to {quoted(old)} last; name in `oldUpstream` the revision that "
        "its Kptfile has under `upstreamLock`."
    )


def no_source(name: str) -> str:
    return (
        f"There is no package revision {quoted(name)} in this namespace; name one that "
        "`kubectl get packagerevisions` lists, of a Repository that is registered here."
    )


def source_unread(repository: str) -> str:
    return f"The Repository {quoted(repository)} cannot be read now; what comes from it waits for that."


def kept_elsewhere(url: str) -> str:
    """`url` is where the repository is, without secrets."""
    return (
        f"This repository is only shown here, and nothing is ordered: go to {url}, where its changes are "
        "reviewed, or have the annotation `portico.dev/orders` taken from its Repository."
    )


def not_a_draft(name: RevisionName, stands: Lifecycle) -> str:
    return (
        f"{name} is {stands}, and only drafts can be written: send it back where it is proposed, or begin a "
        "next revision with `spec.source.copyFrom` in a new PackageRevision."
    )


def moved_since(name: RevisionName, seen: str, stands: str) -> str:
    """`seen` is the commit that the object named when it was changed."""
    before = f" from {quoted(seen[:12])}" if seen else ""
    return (
        f"The draft {name} has moved{before} to {stands[:12]} since these contents were read: read the "
        "object again, and bring your changes there."
    )


def too_large(name: str) -> str:
    return (
        f"The package has more than an object of the cluster can hold: `portico rpkg pull {name} DIR` and "
        f"`portico rpkg push {name} DIR` read and write all of it."
    )


def left_out(name: str, paths: Sequence[str]) -> str:
    """`paths` are those of files that are no text."""
    shown = ", ".join(quoted(path) for path in paths[:MOST_NAMED])
    more = f" and {len(paths) - MOST_NAMED} more" if len(paths) > MOST_NAMED else ""
    return (
        f"Not text, and therefore not here: {shown}{more}. They stay as they are when the object is changed; "
        f"`portico rpkg pull {name} DIR` has them."
    )


def not_let_in(url: str, secret: str) -> str:
    """`url` is without secrets, `secret` the name of one, '' where none is named."""
    if not secret:
        return (
            f"The repository {quoted(url)} denies access: name a Secret in `spec.git.secretRef` that lets "
            "Portico in."
        )
    return (
        f"The repository {quoted(url)} denies access: the Secret {quoted(secret)} must hold what lets "
        "Portico in, and lets it push."
    )
