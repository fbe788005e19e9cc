"""Repositories and pull requests as GraphQL sees them; an attribute or method is a field, in snake case."""

import functools
from typing import Any

from tests.forges.clock import stamp
from tests.forges.git_half import HEADS, TAGS
from tests.forges.github import mergeability
from tests.forges.github.apps import Caller
from tests.forges.github.commit_nodes import CommitNode, Rollup
from tests.forges.github.connection import Actor, Connection, Node
from tests.forges.github.pull_request import PullRequest, Review
from tests.forges.github.refusal import Refused
from tests.forges.github.repository import Repository
from tests.forges.github.talk_nodes import CommentNode, IssueNode, ReviewNode, label
from tests.forges.github.timeline import events
from tests.forges.github.world import World


class Query(Node):
    """Where every query begins."""

    kind = "Query"

    @property
    def viewer(self) -> Actor:
        assert self._caller.user is not None
        return Actor(self._world, self._caller, self._caller.user)

    def repository(self, owner: str, name: str, follow_renames: bool = True) -> "RepositoryNode | None":  # noqa: FBT001, FBT002 GitHub's own
        del follow_renames
        try:
            found = self._world.find(owner, name, self._caller)
        except Refused as error:
            said = f"Could not resolve to a Repository with the name '{owner}/{name}'."
            raise Refused(404, said) from error
        return RepositoryNode(self._world, self._caller, found)

    def node(self, id: str) -> Node | None:  # noqa: A002 GitHub's own
        return find(self._world, self._caller, id)

    @property
    def rate_limit(self) -> dict[str, Any]:
        reset = stamp(self._world.clock.now)
        return {"limit": 5000, "cost": 1, "remaining": 4999, "used": 1, "resetAt": reset, "nodeCount": 0}


class RepositoryNode(Node):
    """A repository."""

    kind = "Repository"

    def __init__(self, world: World, caller: Caller, held: Repository) -> None:
        super().__init__(world, caller)
        self._held = held
        self.id = world.place.node("R", held.id)
        self.database_id = held.id
        self.name, self.name_with_owner = held.name, held.full_name
        self.owner = Actor(world, caller, held.owner)
        self.is_private, self.is_archived = held.private, held.archived
        self.is_fork = held.parent is not None
        self.url = f"{world.place.web}/{held.full_name}"
        self.merge_commit_allowed = held.settings.allow_merge_commit
        self.squash_merge_allowed = held.settings.allow_squash_merge
        self.rebase_merge_allowed = held.settings.allow_rebase_merge
        self.auto_merge_allowed = held.settings.allow_auto_merge
        self.delete_branch_on_merge = held.settings.delete_branch_on_merge
        self.viewer_permission = held.role(caller.user).upper() if caller.user else None

    def merge_queue(self, branch: str | None = None) -> dict[str, Any] | None:
        wants = self._held.demands(branch or self._held.default_branch)
        return {"id": self._world.place.node("MQ", self._held.id)} if wants.needs_queue else None

    @property
    def default_branch_ref(self) -> "Ref | None":
        return self.ref(HEADS + self._held.default_branch)

    def ref(self, qualified_name: str) -> "Ref | None":
        name = qualified_name if qualified_name.startswith("refs/") else HEADS + qualified_name
        return Ref(self._world, self._caller, self._held, name) if self._held.bare.ref(name) else None

    def refs(self, ref_prefix: str, query: str | None = None, **paging: Any) -> Connection:
        names = [name for name in self._held.bare.refs(ref_prefix) if not query or query in name]
        paging.pop("order_by", None)
        return Connection([Ref(self._world, self._caller, self._held, name) for name in names], **paging)

    def pull_request(self, number: int) -> "PullNode":
        if number not in self._held.pulls:
            raise Refused(404, f"Could not resolve to a PullRequest with the number of {number}.")
        return PullNode(self._world, self._caller, self._held.pulls[number])

    def issue(self, number: int) -> "IssueNode":
        if number not in self._held.issues:
            raise Refused(404, f"Could not resolve to an Issue with the number of {number}.")
        return IssueNode(self._world, self._caller, self._held, self._held.issues[number])

    def pull_requests(
        self,
        states: list[str] | None = None,
        head_ref_name: str | None = None,
        base_ref_name: str | None = None,
        labels: list[str] | None = None,
        order_by: dict[str, str] | None = None,
        **paging: Any,
    ) -> Connection:
        found = [PullNode(self._world, self._caller, each) for each in self._held.pulls.values()]
        found = [each for each in found if not states or each.state in states]
        found = [each for each in found if head_ref_name in {None, each.head_ref_name}]
        found = [each for each in found if base_ref_name in {None, each.base_ref_name}]
        found = [each for each in found if not labels or {*labels} & {held.name for held in each.held.labels}]
        if order_by:
            by = "updated" if order_by["field"] == "UPDATED_AT" else "created"
            found.sort(key=lambda each: getattr(each.held, by), reverse=order_by["direction"] == "DESC")
        return Connection(found, **paging)


class Ref(Node):
    """A branch or tag."""

    kind = "Ref"

    def __init__(self, world: World, caller: Caller, held: Repository, name: str) -> None:
        super().__init__(world, caller)
        self._held = held
        self._full = name
        opening = HEADS if name.startswith(HEADS) else TAGS
        self.id = world.place.node("REF", f"{held.id}:{name}")
        self.name, self.prefix = name.removeprefix(opening), opening

    @property
    def target(self) -> "CommitNode":
        sha = self._held.bare.peel(self._held.bare.ref(self._full))
        return CommitNode(self._world, self._caller, self._held, sha)

    @property
    def repository(self) -> RepositoryNode:
        return RepositoryNode(self._world, self._caller, self._held)


class PullNode(Node):
    """A pull request."""

    kind = "PullRequest"

    def __init__(self, world: World, caller: Caller, held: PullRequest) -> None:
        super().__init__(world, caller)
        self.held = held
        self.id = world.place.node("PR", held.id)
        self.database_id = self.full_database_id = held.id
        self.number, self.title, self.body = held.number, held.title, held.body or ""
        self.state = "MERGED" if held.merged else held.state.upper()
        self.is_draft, self.merged, self.closed = held.draft, held.merged is not None, not held.is_open
        self.url = f"{world.place.web}/{held.base.full_name}/pull/{held.number}"
        self.created_at, self.updated_at = stamp(held.created), stamp(held.updated)
        self.merged_at = stamp(held.merged) if held.merged else None
        self.closed_at = stamp(held.closed) if held.closed else None
        self.author = Actor(world, caller, held.user)
        self.author_association = held.base.association(held.user)
        self.merged_by = Actor(world, caller, held.merged_by) if held.merged_by else None
        self.head_ref_name, self.head_ref_oid = held.head_ref, held.head_sha
        self.base_ref_name, self.base_ref_oid = held.base_ref, held.base_sha
        self.is_cross_repository = held.is_fork
        self.maintainer_can_modify = held.maintainer_can_modify
        self.viewer_did_author = held.user is caller.user
        self.is_in_merge_queue = held.queued is not None
        self.review_decision = mergeability.decision(held)

    @property
    def repository(self) -> RepositoryNode:
        return self.base_repository

    @property
    def base_repository(self) -> RepositoryNode:
        return RepositoryNode(self._world, self._caller, self.held.base)

    @property
    def head_repository(self) -> RepositoryNode | None:
        return RepositoryNode(self._world, self._caller, self.held.head) if self.held.head else None

    @property
    def head_repository_owner(self) -> Actor | None:
        return Actor(self._world, self._caller, self.held.head_owner) if self.held.head else None

    @property
    def head_ref(self) -> Ref | None:
        head = self.held.head
        if not head or not head.bare.ref(HEADS + self.held.head_ref):
            return None
        return Ref(self._world, self._caller, head, HEADS + self.held.head_ref)

    @property
    def base_ref(self) -> Ref | None:
        return self.base_repository.ref(HEADS + self.held.base_ref)

    @functools.cached_property
    def _able(self) -> mergeability.Mergeability:
        return mergeability.ask(self.held)  # however many fields want to know, it is asked once

    @property
    def mergeable(self) -> str:
        return {None: "UNKNOWN", True: "MERGEABLE", False: "CONFLICTING"}[self._able.mergeable]

    @property
    def merge_state_status(self) -> str:
        return self._able.state.upper()

    @property
    def merge_commit(self) -> CommitNode | None:
        held = self.held
        if not held.merged or not held.merge_commit:
            return None
        return CommitNode(self._world, self._caller, held.base, held.merge_commit)

    @property
    def status_check_rollup(self) -> Rollup | None:
        return CommitNode(self._world, self._caller, self.held.base, self.held.head_sha).status_check_rollup

    @property
    def merge_queue_entry(self) -> dict[str, Any] | None:
        if not self.held.queued:
            return None
        return {"id": self._world.place.node("MQE", self.held.id), "state": "QUEUED", "position": 1}

    def commits(self, **paging: Any) -> Connection:
        names = self.held.base.bare.missing(self.held.base_sha, self.held.head_sha)
        return Connection([{"commit": self._commit(sha)} for sha in names], **paging)

    def _commit(self, sha: str) -> CommitNode:
        return CommitNode(self._world, self._caller, self.held.base, sha)

    def labels(self, order_by: Any = None, **paging: Any) -> Connection:
        del order_by
        return Connection([label(self._world, each) for each in self.held.labels], **paging)

    def comments(self, order_by: Any = None, **paging: Any) -> Connection:
        found = self.held.base.comments_on(self.held.number)
        if order_by and order_by["direction"] == "DESC":
            found.reverse()
        return Connection([CommentNode(self._world, self._caller, each) for each in found], **paging)

    def reviews(
        self, states: list[str] | None = None, author: str | None = None, **paging: Any
    ) -> Connection:
        return self._reviews(self.held.reviews, states, author, paging)

    def timeline_items(self, item_types: list[str] | None = None, **paging: Any) -> Connection:
        return Connection(events(self._world, self._caller, self.held, item_types), **paging)

    def latest_reviews(self, writers_only: bool | None = None, **paging: Any) -> Connection:  # noqa: FBT001 GitHub's own
        del writers_only
        last = {each.user.login: each for each in self.held.reviews if each.state != "PENDING"}
        return self._reviews(list(last.values()), None, None, paging)

    def latest_opinionated_reviews(self, writers_only: bool | None = None, **paging: Any) -> Connection:  # noqa: FBT001 GitHub's own
        del writers_only
        return self._reviews(list(self.held.latest().values()), None, None, paging)

    def _reviews(
        self, held: list[Review], states: list[str] | None, author: str | None, paging: dict[str, Any]
    ) -> Connection:
        seen = [r for r in held if r.state != "PENDING" or r.user is self._caller.user]
        seen = [r for r in seen if (not states or r.state in states) and author in {None, r.user.login}]
        return Connection([ReviewNode(self._world, self._caller, self.held, r) for r in seen], **paging)


def find(world: World, caller: Caller, name: str) -> Node:
    """The thing of a global name that the caller sees; `Refused`."""
    kind, number = world.place.read(name)
    for held in world.repositories.values():
        if not world.sees(caller, held):
            continue
        if kind == "R" and str(held.id) == number:
            return RepositoryNode(world, caller, held)
        if kind == "PR" and (pull := next((p for p in held.pulls.values() if str(p.id) == number), None)):
            return PullNode(world, caller, pull)
        if kind == "IC" and number.isdecimal() and int(number) in held.comments:
            return CommentNode(world, caller, held.comments[int(number)])
    raise Refused(404, f"Could not resolve to a node with the global id of '{name}'")
