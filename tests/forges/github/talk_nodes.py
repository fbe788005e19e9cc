"""Reviews, comments, reactions and labels as GraphQL sees them."""

from typing import Any

from tests.forges.clock import stamp
from tests.forges.github.apps import Caller
from tests.forges.github.comment import Comment, Reaction
from tests.forges.github.commit_nodes import CommitNode
from tests.forges.github.connection import Actor, Connection, Node
from tests.forges.github.issue import Issue
from tests.forges.github.pull_request import Label, PullRequest, Review
from tests.forges.github.repository import Repository
from tests.forges.github.world import World

CONTENTS = {
    "+1": "THUMBS_UP",
    "-1": "THUMBS_DOWN",
    "laugh": "LAUGH",
    "hooray": "HOORAY",
    "confused": "CONFUSED",
    "heart": "HEART",
    "rocket": "ROCKET",
    "eyes": "EYES",
}


class ReviewNode(Node):
    """A review."""

    kind = "PullRequestReview"

    def __init__(self, world: World, caller: Caller, pull: PullRequest, held: Review) -> None:
        super().__init__(world, caller)
        self._pull, self._sha = pull, held.commit
        self.id, self.database_id = world.place.node("PRR", held.id), held.id
        self.full_database_id = held.id
        self.state, self.body = held.state, held.body
        self.author = Actor(world, caller, held.user)
        self.author_association = pull.base.association(held.user)
        self.submitted_at = stamp(held.submitted) if held.submitted else None
        self.viewer_did_author = held.user is caller.user

    @property
    def commit(self) -> CommitNode:
        return CommitNode(self._world, self._caller, self._pull.base, self._sha)


class ReactableNode(Node):
    """What people react to."""

    def __init__(self, world: World, caller: Caller, held: Comment | Issue) -> None:
        super().__init__(world, caller)
        self.held = held

    def reactions(self, content: str | None = None, order_by: Any = None, **paging: Any) -> Connection:
        del order_by
        found = [_reaction(self._world, self._caller, each) for each in self.held.reactions]
        return Connection([each for each in found if content in {None, each["content"]}], **paging)

    @property
    def reaction_groups(self) -> list[dict[str, Any]]:
        def group(content: str, name: str) -> dict[str, Any]:
            held = [each for each in self.held.reactions if each.content == content]
            mine = any(each.user is self._caller.user for each in held)
            users = [Actor(self._world, self._caller, each.user) for each in held]

            def counted(**paging: Any) -> Connection:
                return Connection(users, **paging)

            return {"content": name, "viewerHasReacted": mine, "reactors": counted, "users": counted}

        return [group(content, name) for content, name in CONTENTS.items()]


class IssueNode(ReactableNode):
    """An issue."""

    kind = "Issue"

    def __init__(self, world: World, caller: Caller, base: Repository, held: Issue) -> None:
        super().__init__(world, caller, held)
        self._base = base
        self.id, self.number, self.title = world.place.node("I", held.id), held.number, held.title
        self.url = f"{world.place.web}/{base.full_name}/issues/{held.number}"
        self.author, self.body = Actor(world, caller, held.user), held.body
        self.created_at, self.updated_at = stamp(held.created), stamp(held.updated)
        self.last_edited_at = stamp(held.updated) if held.updated != held.created else None
        self.viewer_did_author = held.user is caller.user

    def comments(self, order_by: Any = None, **paging: Any) -> Connection:
        del order_by
        found = self._base.comments_on(self.number)
        return Connection([CommentNode(self._world, self._caller, each) for each in found], **paging)


class CommentNode(ReactableNode):
    """A comment."""

    kind = "IssueComment"

    def __init__(self, world: World, caller: Caller, held: Comment) -> None:
        super().__init__(world, caller, held)
        self.comment = held
        self.id, self.database_id = world.place.node("IC", held.id), held.id
        self.full_database_id = held.id
        self.author, self.body = Actor(world, caller, held.user), held.body
        self.created_at, self.updated_at = stamp(held.created), stamp(held.updated)
        self.last_edited_at = stamp(held.updated) if held.updated != held.created else None
        self.viewer_did_author = held.user is caller.user
        self.is_minimized, self.minimized_reason = bool(held.minimized), held.minimized.lower() or None


def _reaction(world: World, caller: Caller, held: Reaction) -> dict[str, Any]:
    made = {"id": world.place.node("REA", held.id), "databaseId": held.id, "content": CONTENTS[held.content]}
    return {**made, "user": Actor(world, caller, held.user), "createdAt": stamp(held.created)}


def label(world: World, held: Label) -> dict[str, Any]:
    made = {"id": world.place.node("LA", held.id), "name": held.name, "color": held.color}
    return {**made, "description": held.description}
