"""What discovery knew the last time, so that the next time only what changed is read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, NamedTuple

from bot.git.cache import Cache
from bot.git.placeholders import Remembered
from bot.packages.problem import Problem
from bot.packages.revision import Lifecycle, PackageRevision

_LIFECYCLES = {str(lifecycle): lifecycle for lifecycle in Lifecycle}
_COLUMNS = len(PackageRevision._fields)


class Noted(NamedTuple):
    """A ref that gave no revision: `path` is its package's, None when the ref names none."""

    ref: str
    path: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Memory:
    """One state of the refs, understood: `revisions` sorted, `trees` what the branch's directories hold."""

    refs: dict[str, str] = field(default_factory=dict)
    revisions: tuple[PackageRevision, ...] = ()
    noted: tuple[Noted, ...] = ()
    trees: Remembered = field(default_factory=dict)


class Answer(NamedTuple):
    """What a catalog says, under the `fingerprint` of the refs that it was made of."""

    fingerprint: str
    revisions: tuple[PackageRevision, ...]
    problems: tuple[Problem, ...]


def recall_answer(cache: Cache, name: str) -> Answer | None:
    """Read the last answer; None when there is none that can be read."""
    value = cache.read(f"{name}-answer")
    try:
        fingerprint, columns, problems = value
        return Answer(fingerprint, _revisions(columns), tuple(Problem(*problem) for problem in problems))
    except (TypeError, ValueError, KeyError):
        return None


def recall_memory(cache: Cache, name: str, answer: Answer) -> Memory:
    """Read what the last answer was made of; an empty memory when it is lost or belongs to another answer."""
    value = cache.read(f"{name}-memory")
    try:
        fingerprint, refs, noted, trees = value
        if fingerprint != answer.fingerprint:
            return Memory()
        return Memory(refs, answer.revisions, tuple(Noted(*note) for note in noted), trees)
    except (TypeError, ValueError, AttributeError):
        return Memory()


def remember(cache: Cache, name: str, answer: Answer, memory: Memory) -> None:
    """Write both for the next time; a crash between the two files costs only time."""
    cache.write(f"{name}-memory", [answer.fingerprint, memory.refs, memory.noted, memory.trees])
    columns = list(zip(*answer.revisions, strict=True)) or [()] * _COLUMNS
    cache.write(f"{name}-answer", [answer.fingerprint, columns, answer.problems])


def _revisions(columns: Sequence[Sequence[Any]]) -> tuple[PackageRevision, ...]:
    path, workspace, revision, lifecycle, commit, ref, latest = columns
    states = [_LIFECYCLES[text] for text in lifecycle]
    rows = zip(path, workspace, revision, states, commit, ref, latest, strict=True)
    # PackageRevision(*row) for each would take three times as long, a third of all that a warm reading needs.
    return tuple(map(tuple.__new__, repeat(PackageRevision), rows))
