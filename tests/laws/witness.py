"""Watches a realm from outside, remembers what it saw, and objects when an invariant breaks (design §12)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pygit2

from bot.git.trees import write_tree_at
from bot.lifecycle.commands import Approve, ProposeDeletion, Save
from bot.lifecycle.events import Asked, Event
from bot.lifecycle.policy import read_policy
from bot.packages.annotation import Annotation, read_annotations
from bot.packages.layout import TAGS, revision_number
from bot.packages.naming import RevisionName
from tests.laws.realm import PEOPLE, Realm

MARKS = "refs/heads/deletionProposed/"
APPROVED_BY = re.compile(r"^Approved-by: .* <(.*)>$", re.MULTILINE)


@dataclass
class Witness:
    """`asked` holds who agreed to which content, by name; `wrote` who pushed to a draft since it began."""

    realm: Realm
    main: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    published: dict[str, set[int]] = field(default_factory=dict)
    asked: set[tuple[RevisionName, str, str]] = field(default_factory=set)
    wrote: dict[RevisionName, set[str]] = field(default_factory=dict)
    doomed: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.main = self.realm.main()

    def hears(self, event: Event) -> None:
        """Remember what a person asks for, before the house acts."""
        match event:
            case Asked(Approve(name=name, by=by, at=at)) if at:
                self.asked.add((name, by.email, self.realm.tree(at, name.path)))

    def wrote_it(self, event: Event, refs_before: dict[str, str]) -> None:
        """Remember who pushed to a draft, until it is gone, and who asked for which deletion."""
        layout = self.realm.layout
        refs = self.realm.refs()
        match event:
            case Asked(Save(name=name, by=by)):
                draft = layout.draft_ref(name)
                if refs.get(draft, "") != refs_before.get(draft, ""):
                    self.wrote.setdefault(name, set()).add(by.email)
            case Asked(ProposeDeletion(by=by)):
                marks = [ref for ref in refs.keys() - refs_before.keys() if ref.startswith(MARKS)]
                self.doomed |= {TAGS + mark.removeprefix(MARKS): by.email for mark in marks}
        for name in list(self.wrote):
            if not {layout.draft_ref(name), layout.proposed_ref(name)} & refs.keys():
                del self.wrote[name]

    def look(self) -> None:
        """Check everything that changed since the last look."""
        contributors = {name: set(people) for name, people in self.wrote.items()}
        for commit in self._new_on_main():
            self._check_commit(commit, contributors)
        self._check_tags()
        self.main = self.realm.main()

    def _new_on_main(self) -> Iterator[pygit2.Commit]:
        repository = self.realm.repository
        here = self.realm.main()
        new = []
        while here != self.main:
            commit = repository[here].peel(pygit2.Commit)
            new.append(commit)
            assert commit.parent_ids, "the branch was rewritten: its old head is not behind the new one"
            here = str(commit.parent_ids[0])
        yield from reversed(new)

    def _check_commit(self, commit: pygit2.Commit, contributors: dict[RevisionName, set[str]]) -> None:
        for annotation in read_annotations(commit.message):
            if commit.message.startswith("Approving package revision"):
                self._check_publication(commit, annotation, contributors)
            elif commit.message.startswith("Delete "):
                self._check_deletion(commit, annotation)

    def _check_publication(
        self, commit: pygit2.Commit, said: Annotation, contributors: dict[RevisionName, set[str]]
    ) -> None:
        realm = self.realm
        base, head = (str(parent) for parent in commit.parent_ids)
        path = realm.layout.inside(said.package)
        assert path
        name = RevisionName(path, said.workspace)
        tree = realm.tree(str(commit.id), path)
        assert tree == realm.tree(head, path), "what is published is what the draft held"
        began = realm.repository.merge_base(pygit2.Oid(hex=head), pygit2.Oid(hex=base))
        assert realm.tree(str(began), path) == realm.tree(base, path), "nothing newer is overwritten"
        self._check_rest(commit, base, said.package)
        approvers = set(APPROVED_BY.findall(commit.message))
        policy = read_policy(_file(realm, base, ".portico.yaml"))
        assert len(approvers) >= policy.approvals
        assert approvers <= {PEOPLE[login].email for login in policy.approvers_of(path) or ()}
        assert not approvers & (contributors.get(name, set()) | self._authors(head, base))
        for approver in approvers:
            assert (name, approver, tree) in self.asked, "an approval is for exactly this content"
        number = revision_number(said.revision)
        numbers = self.published.setdefault(path, set())
        assert number > max(numbers, default=0), "a number is never used twice"
        numbers.add(number)

    def _check_deletion(self, commit: pygit2.Commit, said: Annotation) -> None:
        assert not self.realm.tree(str(commit.id), self.realm.layout.inside(said.package) or "")
        self._check_rest(commit, str(commit.parent_ids[0]), said.package)
        approvers = APPROVED_BY.findall(commit.message)
        assert approvers
        assert self.doomed.get(f"{TAGS}{said.package}/v{said.revision}") not in approvers

    def _check_rest(self, commit: pygit2.Commit, base: str, full_path: str) -> None:
        """Nothing but the package's own directory differs from the branch as it was."""
        before = write_tree_at(self.realm.repository, base, full_path, None)
        after = write_tree_at(self.realm.repository, str(commit.id), full_path, None)
        assert before == after, "a publication touches no other package"

    def _authors(self, head: str, base: str) -> set[str]:
        walk = self.realm.repository.walk(pygit2.Oid(hex=head))
        walk.hide(pygit2.Oid(hex=base))
        return {commit.author.email for commit in walk} - {"portico@localhost"}

    def _check_tags(self) -> None:
        now = {ref: oid for ref, oid in self.realm.refs().items() if ref.startswith(TAGS)}
        assert self.tags.keys() - now.keys() <= self.doomed.keys(), "a tag goes only after it was proposed"
        on_main = self._on_main()
        self.gone |= self.tags.keys() - now.keys()
        assert not self.gone & now.keys(), "a deleted revision never comes back"
        for ref, oid in now.items():
            assert self.tags.setdefault(ref, oid) == oid, "a tag never moves, nor comes back elsewhere"
            assert oid in on_main, "no tag without its commit on the branch"
            full_path, _, suffix = ref.removeprefix(TAGS).rpartition("/")
            said = read_annotations(self.realm.repository[oid].peel(pygit2.Commit).message)
            assert [a.package for a in said] == [full_path]
            assert f"v{said[0].revision}" == suffix

    def _on_main(self) -> set[str]:
        here, found = self.realm.main(), set()
        while here:
            found.add(here)
            parents = self.realm.repository[here].peel(pygit2.Commit).parent_ids
            here = str(parents[0]) if parents else ""
        return found


def _file(realm: Realm, commit: str, path: str) -> bytes | None:
    tree = realm.repository[commit].peel(pygit2.Tree)
    return tree[path].data if path in tree else None  # type: ignore[union-attr] # the policy is a file here
