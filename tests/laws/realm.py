"""A real bare repository driven in process: people who write commits, the house over it, ticks, crashes."""

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pygit2

from bot import compose
from bot.errors import PorticoError
from bot.gather import Gatherer
from bot.git.commits import signature
from bot.git.trees import package_tree, write_files, write_tree_at
from bot.hooks.desk import Desk
from bot.hooks.server import Server
from bot.hooks.tick import unsettled
from bot.lifecycle.commands import Save
from bot.lifecycle.events import Asked, Event, Pushed
from bot.lifecycle.person import Person
from bot.lifecycle.state import Facts
from bot.packages.layout import Layout
from bot.packages.naming import RevisionName
from bot.packages.package import File
from bot.packages.revision import Lifecycle
from bot.render.renderer import PackageRenderer
from bot.render.runners import functions
from bot.steward import Steward
from tests.laws.death import Death, MortalStore, ref_id

PEOPLE = {
    login: Person(login, login.title(), f"{login}@example.com") for login in ("ada", "bob", "grace", "linus")
}
APPROVERS = ("ada", "grace", "linus")
POLICY = "approvals: {approvals}\napprovers: [{approvers}]\n"
KPTFILE = b"""apiVersion: kpt.dev/v1
kind: Kptfile
metadata:
  name: package
pipeline:
  mutators:
  - image: ghcr.io/kptdev/krm-functions-catalog/set-namespace:v0.4.1
    configMap:
      namespace: team
"""
RESOURCE = """apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: {namespace}
data:
  value: "{value}"
"""
# Content with an even number is as the pipeline leaves it, so that rendering adds no commit.
NAMESPACES = ("team", "somewhere")
RENDERED = 2


class Said(NamedTuple):
    """What the house answered to one event."""

    said: tuple[str, ...]
    refused: tuple[str, ...]


class Shown(NamedTuple):
    """One revision as a person could describe it, without ids that depend on the clock."""

    lifecycle: Lifecycle
    revision: int
    tree: str
    outcome: str
    approved_by: tuple[str, ...]
    rejections: tuple[str, ...]


State = dict[str, object]


@dataclass
class Interrupted:
    """Reads the facts, and lets others act before anything is done about them."""

    reader: Gatherer
    meanwhile: list[Callable[[], object]] = field(default_factory=list)

    def facts(self, name: RevisionName) -> Facts:
        facts = self.reader.facts(name)
        while self.meanwhile:
            self.meanwhile.pop()()
        return facts


@dataclass
class Realm:
    """One repository; a Voice that keeps what was said."""

    repository: pygit2.Repository
    layout: Layout
    death: Death = field(default_factory=Death)
    heard: list[tuple[bool, str]] = field(default_factory=list)
    counter: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def say(self, name: RevisionName, text: str) -> None:  # noqa: ARG002 # a Voice is told it
        self.heard.append((True, text))

    def refuse(self, name: RevisionName, text: str) -> None:  # noqa: ARG002 # a Voice is told it
        self.heard.append((False, text))

    @property
    def gatherer(self) -> Gatherer:
        return compose.gatherer(self.repository, self.layout)

    def handle(self, event: Event, meanwhile: Iterable[Callable[[], object]] = ()) -> Said:
        """Let the house handle an event; `meanwhile` happens after the facts were read for the first time."""
        before = len(self.heard)
        store = MortalStore(self.repository, self.layout, self.death)
        steward = Steward(
            store, PackageRenderer(functions), Interrupted(self.gatherer, list(meanwhile)), self
        )
        try:
            steward.handle(event)
        except PorticoError as error:
            self.heard.append((False, str(error)))
        new = self.heard[before:]
        return Said(tuple(text for good, text in new if good), tuple(text for good, text in new if not good))

    def tick(self) -> None:
        for name in unsettled(self._desk()):
            self.handle(Pushed(name))

    def _desk(self) -> Desk:
        return Desk(self.repository, Server(self.layout), PEOPLE["ada"])

    def refs(self) -> dict[str, str]:
        return {name: ref_id(self.repository, name) for name in self.repository.references}

    def restore(self, refs: dict[str, str]) -> None:
        for name in set(self.repository.references) - refs.keys():
            self.repository.references.delete(name)
        for name, oid in refs.items():
            if ref_id(self.repository, name) != oid:
                self.repository.references.create(name, oid, force=True)

    def main(self) -> str:
        return ref_id(self.repository, self.layout.branch_ref)

    def facts(self, name: RevisionName) -> Facts:
        return self.gatherer.facts(name)

    def head(self, name: RevisionName) -> str:
        return self.facts(name).head

    def tree(self, commit: str, path: str) -> str:
        return package_tree(self.repository, commit, self.layout.full_path(path))

    def write(self, name: RevisionName, author: Person, parent: str, content: int = 0) -> str:
        """Commit a package's content on `parent`; a content of 0 is like no other."""
        value = content or next(self.counter) + 1000
        files = {
            "Kptfile": File(KPTFILE),
            "settings.yaml": File(RESOURCE.format(namespace=NAMESPACES[value % 2], value=value).encode()),
        }
        subtree = write_files(self.repository, files)
        root = write_tree_at(self.repository, parent or None, self.layout.full_path(name.path), subtree)
        return self._commit(root, [parent] if parent else [], author, f"{name}")

    def write_main(self, path: str, content: str, author: Person) -> str:
        """Commit one file on the branch, as a direct push does."""
        base = self.main()
        onto = str(self.repository[base].peel(pygit2.Tree).id) if base else None
        root = write_files(self.repository, {path: File(content.encode())}, onto=onto)
        commit = self._commit(root, [base] if base else [], author, f"direct push of {path}")
        self.repository.references.create(self.layout.branch_ref, commit, force=True)
        return commit

    def set_policy(self, approvals: int) -> str:
        text = POLICY.format(approvals=approvals, approvers=", ".join(APPROVERS))
        return self.write_main(".portico.yaml", text, PEOPLE["grace"])

    def _commit(self, tree: str, parents: list[str], author: Person, message: str) -> str:
        ids = [pygit2.Oid(hex=parent) for parent in parents]
        who = signature(author)
        return str(self.repository.create_commit(None, who, who, message, pygit2.Oid(hex=tree), ids))

    def save(self, name: RevisionName, by: Person, content: int = 0) -> Said:
        """Write on the draft's head, or on the branch when there is none, and push."""
        head = self.head(name)
        new = self.write(name, by, head or self.main(), content)
        return self.handle(Asked(Save(name=name, by=by, at=new, old=head)))

    def state(self, names: Iterable[RevisionName]) -> State:
        """Everything that a person could tell apart."""
        seen: State = {str(name): self._shown(name) for name in names}
        base = self.main()
        seen["main"] = str(self.repository[base].peel(pygit2.Tree).id) if base else ""
        for ref, oid in self.refs().items():
            if ref.startswith("refs/tags/"):
                seen[ref] = str(self.repository[oid].peel(pygit2.Tree).id)
            elif ref.startswith("refs/portico/ledger/"):
                seen[ref] = "a ledger"
            elif ref != self.layout.branch_ref:
                seen[ref] = "a branch"
        return seen

    def _shown(self, name: RevisionName) -> Shown:
        facts = self.facts(name)
        approved = tuple(a.by.login for a in facts.approvals if a.tree == facts.tree)
        reasons = tuple(rejection.reason for rejection in facts.rejections)
        return Shown(facts.lifecycle, facts.revision, facts.tree, facts.outcome, approved, reasons)


def make_realm(home: Path, *, directory: str = "", approvals: int = 1) -> Realm:
    """Make a repository whose branch holds a file and the policy."""
    repository = pygit2.init_repository(str(home), bare=True, initial_head="main")
    realm = Realm(repository, Layout("main", directory))
    realm.write_main("README.md", "# Packages\n", PEOPLE["grace"])
    realm.set_policy(approvals)
    return realm
