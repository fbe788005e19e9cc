"""What happened to a pull request, as GraphQL tells it: out of what the world told its hooks."""

from typing import Any

from tests.forges.github.apps import Caller
from tests.forges.github.connection import Node
from tests.forges.github.pull_request import PullRequest
from tests.forges.github.world import World

KINDS = {
    "ready_for_review": ("READY_FOR_REVIEW_EVENT", "ReadyForReviewEvent"),
    "converted_to_draft": ("CONVERT_TO_DRAFT_EVENT", "ConvertToDraftEvent"),
    "labeled": ("LABELED_EVENT", "LabeledEvent"),
    "unlabeled": ("UNLABELED_EVENT", "UnlabeledEvent"),
    "dequeued": ("REMOVED_FROM_MERGE_QUEUE_EVENT", "RemovedFromMergeQueueEvent"),
    "edited": ("BASE_REF_CHANGED_EVENT", "BaseRefChangedEvent"),
}


class EventNode(Node):
    """One event."""

    def __init__(self, world: World, caller: Caller, kind: str, payload: dict[str, Any]) -> None:
        super().__init__(world, caller)
        self.kind = kind  # type: ignore[misc]  # one class for all of them
        self.created_at = payload["pull_request"]["updated_at"]
        self.label = payload.get("label")
        self.reason = payload.get("reason")


def events(world: World, caller: Caller, pull: PullRequest, wanted: list[str] | None) -> list[EventNode]:
    """The events of a pull request in order, of the wanted types."""
    told = [
        (action, payload)
        for event, action, payload in world.switchboard.told
        if event == "pull_request"
        and payload["pull_request"]["id"] == pull.id
        and action in KINDS
        and (action != "edited" or "base" in payload["changes"])
    ]
    return [
        EventNode(world, caller, KINDS[action][1], payload)
        for action, payload in told
        if not wanted or KINDS[action][0] in wanted
    ]
