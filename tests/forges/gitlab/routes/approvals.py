"""Questions about approvals; what Premium knows besides is not there where it is not paid for."""

from tests.forges.gitlab import approving
from tests.forges.gitlab.ask import Answer, Ask, Route
from tests.forges.gitlab.people import MAINTAINER
from tests.forges.gitlab.refusal import absent
from tests.forges.gitlab.shapes import merge_request as shape

ONE = "/projects/:id/merge_requests/:iid"


def _shown(ask: Ask) -> dict[str, object]:
    return shape.approvals(ask.place, ask.merge_request, ask.user, ask.level)


def get(ask: Ask) -> Answer:
    return 200, _shown(ask)


def approve(ask: Ask) -> Answer:
    approving.approve(ask.world, ask.merge_request, ask.user, ask.body.get("sha"))
    return 201, _shown(ask)


def unapprove(ask: Ask) -> Answer:
    approving.unapprove(ask.world, ask.merge_request, ask.user)
    return 201, _shown(ask)


def reset(ask: Ask) -> Answer:
    approving.reset(ask.world, ask.merge_request, ask.user)
    return 202, 202  # there is a body: python-gitlab cannot read an answer without one


def settings(ask: Ask) -> Answer:
    """What a project wants of approvals, which is Premium."""
    held = ask.project.settings
    if not held.is_paid:
        raise absent()
    return 200, {
        "approvers": [],
        "approver_groups": [],
        "approvals_before_merge": held.approvals,
        "reset_approvals_on_push": held.resets_on_push,
        "selective_code_owner_removals": False,
        "disable_overriding_approvers_per_merge_request": None,
        "merge_requests_author_approval": held.author_may_approve,
        "merge_requests_disable_committers_approval": not held.committers_may_approve,
        "require_password_to_approve": False,
    }


ROUTES = (
    Route("GET", f"{ONE}/approvals", get, needs_user=True),
    Route("POST", f"{ONE}/approve", approve),
    Route("POST", f"{ONE}/unapprove", unapprove),
    Route("PUT", f"{ONE}/reset_approvals", reset),
    Route("GET", "/projects/:id/approvals", settings, MAINTAINER),
)
