"""One package's life in one process: create, propose, publish, delete, on repositories of several sizes."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pygit2

from benchmarks import tables
from benchmarks.estate import build
from benchmarks.tables import milliseconds
from bot import compose
from bot.errors import Refused
from bot.git.commits import draft_message, write_commit
from bot.git.standing import tip
from bot.git.trees import write_files, write_tree_at
from bot.lifecycle.commands import Approve, Command, Delete, Propose, ProposeDeletion, Save
from bot.lifecycle.events import Asked
from bot.lifecycle.person import Person
from bot.packages.layout import Layout
from bot.packages.naming import RevisionName
from bot.packages.operations.content import Story
from bot.packages.package import File

ADA, GRACE = Person("ada", "Ada", "ada@example.com"), Person("grace", "Grace", "grace@example.com")
# Packages, revisions.
SIZES = ((0, 0), (100, 1_000), (1_000, 10_000))
TRIES = 20
STEPS = ("create and render", "propose", "publish", "propose deletion", "delete revision", "delete draft")


class Silent:
    """A voice that nobody hears; a refusal would make the measurement worthless."""

    def say(self, name: RevisionName, text: str) -> None:
        pass

    def refuse(self, name: RevisionName, text: str) -> None:
        raise Refused(f"{name}: {text}")


def table() -> str:
    medians: dict[int, dict[str, float]] = {}
    for packages, revisions in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            repository = _repository(Path(folder), packages, revisions)
            medians[revisions] = _lives(repository, Path(folder) / "cache")
    header = ("step", *(f"{revisions} revisions" for _, revisions in SIZES), "largest : empty")
    empty, largest = SIZES[0][1], SIZES[-1][1]
    rows = [
        (
            step,
            *(milliseconds(medians[revisions][step]) for _, revisions in SIZES),
            f"{medians[largest][step] / medians[empty][step]:.2f}",
        )
        for step in STEPS
    ]
    return tables.table("One package's life, in one process", header, rows)


def _repository(folder: Path, packages: int, revisions: int) -> pygit2.Repository:
    path = folder / "packages.git"
    if revisions:
        build(path, packages=packages, revisions=revisions)
    else:
        pygit2.init_repository(str(path), bare=True, initial_head="main")
    return pygit2.Repository(str(path))


def _lives(repository: pygit2.Repository, cache: Path) -> dict[str, float]:
    layout = Layout()
    steward = compose.steward(repository, layout, compose.gatherer(repository, layout, cache=cache), Silent())
    times: dict[str, list[float]] = {step: [] for step in STEPS}

    def timed(step: str, work: Callable[[], object]) -> None:
        began = time.perf_counter()
        work()
        times[step].append(time.perf_counter() - began)

    def ask(command: Command) -> None:
        steward.handle(Asked(command))

    for number in range(TRIES + 1):
        name = RevisionName(f"bench/package-{number}", "first")
        timed(STEPS[0], lambda name=name: _create(repository, layout, name, ask))  # type: ignore[misc] # a closure over the loop's name
        ask_at = _asker(repository, layout, name, ask)
        timed(STEPS[1], lambda ask_at=ask_at: ask_at(Propose, ADA))  # type: ignore[misc] # see above
        timed(STEPS[2], lambda ask_at=ask_at: ask_at(Approve, GRACE))  # type: ignore[misc] # see above
        timed(STEPS[3], lambda ask_at=ask_at: ask_at(ProposeDeletion, ADA))  # type: ignore[misc] # see above
        timed(STEPS[4], lambda ask_at=ask_at: ask_at(Approve, GRACE))  # type: ignore[misc] # see above
        _create(repository, layout, name._replace(workspace="second"), ask)
        ask_at = _asker(repository, layout, name._replace(workspace="second"), ask)
        timed(STEPS[5], lambda ask_at=ask_at: ask_at(Delete, ADA))  # type: ignore[misc] # see above
    # The first life reads what the others find in memory and in the cache.
    return {step: statistics.median(seconds[1:]) for step, seconds in times.items()}


def _asker(
    repository: pygit2.Repository, layout: Layout, name: RevisionName, ask: Callable[[Command], None]
) -> Callable[[type[Command], Person], None]:
    refs = (layout.proposed_ref(name), layout.draft_ref(name), layout.tag_ref(name.path, "v1"))

    def asked(kind: type[Command], by: Person) -> None:
        head = next(filter(None, (tip(repository, ref) for ref in refs)))
        ask(kind(name=name, by=by, at=head))

    return asked


def _create(
    repository: pygit2.Repository, layout: Layout, name: RevisionName, ask: Callable[[Command], None]
) -> None:
    base = tip(repository, layout.branch_ref)
    subtree = write_files(repository, CONTENT)
    tree = write_tree_at(repository, base or None, layout.full_path(name.path), subtree)
    message = draft_message(layout, name, Story("Creating new empty revision", {"type": "init"}))
    head = write_commit(repository, tree, [base] if base else [], message, ADA)
    ask(Save(name=name, by=ADA, at=head))


KPTFILE = b"""apiVersion: kpt.dev/v1
kind: Kptfile
metadata:
  name: bench
pipeline:
  mutators:
  - image: set-namespace:v0.4.1
    configMap:
      namespace: team
"""
CONFIG_MAP = b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  a: b\n"
CONTENT = {"Kptfile": File(KPTFILE), "settings.yaml": File(CONFIG_MAP)}
