"""Which ref of a repository a person means by a ref and a directory, as kpt finds it."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.git.remote import default_branch, list_refs
from bot.packages.layout import HEADS, TAGS
from bot.packages.source import check_ref, is_commit

_REFS = "refs/"
_PEELED = "^{}"
# Beyond so many, asking for all is as quick; and an argument list has an end.
_MOST_PATTERNS = 40


class Wanted(NamedTuple):
    """What is to be fetched: `name` is the server's ref, '' for a commit that is only known by its id.

    `ref` is what kpt records; `commit` is the hex id as the server tells it, or as the person gave it.
    """

    name: str
    ref: str
    commit: str


def names_of(path: str, ref: str) -> Iterator[str]:
    """Yield the refs that can be meant, the first that is there wins (facts: kpt §3.2).

    A package's own tags come before all: of `a/b/c` with `v1` they are `a/b/c/v1`, `a/b/v1` and `a/v1`.
    """
    if ref.startswith(_REFS):
        yield ref
        return
    segments = path.split("/") if path else []
    for depth in range(len(segments), 0, -1):
        yield f"{TAGS}{'/'.join(segments[:depth])}/{ref}"
    yield HEADS + ref
    yield TAGS + ref


def find_wanted(url: str, path: str, ref: str) -> Wanted | None:
    """Ask the server what `ref` is for the package at `path`, '' for the default branch; None if nothing.

    Raises TransportFailed, and InvalidName for what is no ref.
    """
    if not ref:
        ref = default_branch(url)
        if not ref:
            return None
    names = list(names_of(path, check_ref(ref)))
    patterns = [*names, *(name + _PEELED for name in names)] if len(names) <= _MOST_PATTERNS else []
    found = list_refs(url, *patterns)
    for name in names:
        if name in found:
            short = name.removeprefix(TAGS).removeprefix(HEADS)
            recorded = ref if ref.startswith(_REFS) else short
            return Wanted(name, recorded, found.get(name + _PEELED, found[name]))
    commit = ref.lower()
    return Wanted("", ref, commit) if is_commit(commit) else None
