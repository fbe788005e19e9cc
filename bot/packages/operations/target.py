"""To which ref of its upstream a package is to be brought: the newest revision, or the one that was named."""

from collections.abc import Collection

from bot.errors import NotFound, Refused
from bot.packages.kptfile import Upstream
from bot.packages.layout import HEADS, NO_REVISION, TAGS, RefKind, revision_number
from bot.packages.naming import quoted
from bot.packages.source import directory_path

LATEST = "latest"
_MOST_NAMED = 10
_DRAFTS = (f"{RefKind.DRAFT}/", f"{RefKind.PROPOSED}/")


def target_ref(upstream: Upstream, lock: Upstream | None, refs: Collection[str], wanted: str = "") -> str:
    """The ref to upgrade to, in the spelling of the package's Kptfile.

    `refs` are all refs of the upstream. `wanted` is a revision's number with or without 'v', 'latest', a ref,
    or '', which is 'latest' for a package that follows tags, and for one that follows a branch that branch.
    What is proposed for deletion is never the latest. Raises NotFound where there is no such revision, and
    Refused where the latest is older than what the package has.
    """
    path = directory_path(upstream.directory)
    revisions = _revisions(path, refs)
    number = revision_number(wanted)
    if number != NO_REVISION and (number in revisions or HEADS + wanted not in refs):
        return _spelled(_numbered(number, revisions, path), path, upstream.ref)
    if wanted not in {"", LATEST}:
        return wanted
    staying = [each for each in revisions if _deletion(path, each) not in refs]
    if not staying or (not wanted and _is_branch(upstream.ref, refs)):
        return upstream.ref
    newest = max(staying)
    if lock is not None and newest < (now := number_of(lock)):
        raise Refused(
            f"The latest revision upstream is v{newest}, older than v{now}, which the package has; say "
            f"`--revision {newest}` to go back to it."
        )
    return _spelled(revisions[newest], path, upstream.ref)


def number_of(upstream: Upstream) -> int:
    """The number of the revision that an upstream's ref names, -1 where it names none."""
    own = f"{directory_path(upstream.directory)}/"
    return revision_number(upstream.ref.removeprefix(TAGS).removeprefix(own))


def _revisions(path: str, refs: Collection[str]) -> dict[int, str]:
    """Tags by the numbers of the revisions that they are of; a package's own before those of all."""
    own = f"{TAGS}{path}/" if path else TAGS
    return _numbers(own, refs) or _numbers(TAGS, refs)


def _numbers(prefix: str, refs: Collection[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for ref in sorted(refs):
        number = revision_number(ref[len(prefix) :]) if ref.startswith(prefix) else NO_REVISION
        if number > 0:
            found[number] = ref.removeprefix(TAGS)
    return found


def _numbered(number: int, revisions: dict[int, str], path: str) -> str:
    if number in revisions:
        return revisions[number]
    newest = sorted(revisions, reverse=True)[:_MOST_NAMED]
    known = ", ".join(f"v{each}" for each in newest) if newest else "no revisions"
    raise NotFound(f"The upstream package {quoted(path)} has no revision v{number}; there: {known}.")


def _is_branch(ref: str, refs: Collection[str]) -> bool:
    """Whether it is one that goes on; that of a draft ends when the draft is published."""
    branch = ref.removeprefix(HEADS)
    return HEADS + branch in refs and not branch.startswith(_DRAFTS)


def _deletion(path: str, number: int) -> str:
    """The branch by which a revision is proposed for deletion."""
    return f"{HEADS}{RefKind.DELETION}/{path}/v{number}"


def _spelled(tag: str, path: str, before: str) -> str:
    """With the package's path, as Porch notes it, where that is how it was noted; else as kpt does."""
    own = f"{path}/"
    return tag if before.removeprefix(TAGS).startswith(own) else tag.removeprefix(own)
