"""What is told of a name that is not there: which of the same package are."""

from collections.abc import Mapping

from bot.packages.naming import quoted
from bot.packages.revision import PackageRevision

# The newest, as these are what people mean.
_MOST_NAMED = 5


def kindred(name: str, known: Mapping[str, PackageRevision]) -> str:
    """A part of a sentence with the names of the package that `name` is, or names a revision of; '' for none.

    `known` has what there is by name. The last part of a name is its workspace, where people write a number.
    """
    packages = {name, name.rpartition(".")[0]}
    there = [
        (revision.revision, full)
        for full, revision in known.items()
        if revision.revision >= 0 and full.rpartition(".")[0] in packages
    ]
    if not there:
        return ""
    # Published ones first, by their numbers; drafts have none.
    newest = sorted(there, key=lambda pair: (-pair[0], pair[1]))
    named = [f"{quoted(full)} ({_state(number, known[full])})" for number, full in newest[:_MOST_NAMED]]
    others = f", and {len(newest) - _MOST_NAMED} more" if len(newest) > _MOST_NAMED else ""
    verb = "is" if len(newest) == 1 else "are"
    return f" of that package there {verb} {', '.join(named)}{others};"


def _state(number: int, revision: PackageRevision) -> str:
    return f"v{number}" if number else str(revision.lifecycle)
