"""Statuses and check runs as GitHub writes them."""

from typing import Any

from tests.forges.clock import stamp
from tests.forges.git_half import HEADS
from tests.forges.github.check import CheckRun, Status, combined, newest
from tests.forges.github.place import Place
from tests.forges.github.repository import Repository
from tests.forges.github.shapes import repository as shape
from tests.forges.github.shapes.people import app, user

Json = dict[str, Any]


def status(place: Place, held: Repository, each: Status) -> Json:
    account = user(place, each.creator)
    return {
        "url": f"{shape.url(place, held)}/statuses/{each.sha}",
        "avatar_url": account["avatar_url"],
        "id": each.id,
        "node_id": place.node("SC", each.id),
        "state": each.state,
        "description": each.description,
        "target_url": each.target,
        "context": each.context,
        "created_at": stamp(each.created),
        "updated_at": stamp(each.created),
        "creator": account,
    }


def combined_status(place: Place, held: Repository, sha: str) -> Json:
    """The newest status of each context, and one word for all."""
    found = newest(held.statuses_of(sha))
    address = f"{shape.url(place, held)}/commits/{sha}"
    listed = [status(place, held, each) for each in found]
    for each in listed:
        del each["creator"]
    return {
        "state": combined(each.verdict for each in found),
        "statuses": listed,
        "sha": sha,
        "total_count": len(found),
        "repository": shape.minimal(place, held),
        "commit_url": address,
        "url": f"{address}/status",
    }


def check_run(place: Place, held: Repository, each: CheckRun) -> Json:
    url = f"{shape.url(place, held)}/check-runs/{each.id}"
    page = f"{place.web}/{held.full_name}/runs/{each.id}"
    return {
        "id": each.id,
        "name": each.name,
        "node_id": place.node("CR", each.id),
        "head_sha": each.sha,
        "external_id": each.external,
        "url": url,
        "html_url": page,
        "details_url": each.details or page,
        "status": each.status,
        "conclusion": each.conclusion,
        "started_at": stamp(each.started) if each.started else None,
        "completed_at": stamp(each.completed) if each.completed else None,
        "output": {
            "title": each.output.get("title"),
            "summary": each.output.get("summary"),
            "text": each.output.get("text"),
            "annotations_count": len(each.annotations),
            "annotations_url": f"{url}/annotations",
        },
        "check_suite": {"id": each.suite},
        "app": app(place, each.app),
        "pull_requests": _pulls(place, held, each.sha),
    }


def _pulls(place: Place, held: Repository, sha: str) -> list[Json]:
    """The open pull requests of this repository at a commit; those of forks are not seen."""
    listed = (p for p in held.pulls.values() if p.is_open and not p.is_fork and p.head_sha == sha)
    brief = {"id": held.id, "url": shape.url(place, held), "name": held.name}
    return [
        {
            "url": f"{shape.url(place, held)}/pulls/{each.number}",
            "id": each.id,
            "number": each.number,
            "head": {"ref": each.head_ref, "sha": each.head_sha, "repo": brief},
            "base": {"ref": each.base_ref, "sha": each.base_sha, "repo": brief},
        }
        for each in listed
    ]


def check_run_event(place: Place, held: Repository, each: CheckRun) -> Json:
    """A check run as its webhook has it, with the suite that it belongs to."""
    branch = next((n for n, sha in held.bare.refs(HEADS).items() if sha == each.sha), None)
    found = check_run(place, held, each)
    found["check_suite"] = {
        "id": each.suite,
        "node_id": place.node("CS", each.suite),
        "head_branch": branch.removeprefix(HEADS) if branch else None,
        "head_sha": each.sha,
        "status": each.status,
        "conclusion": each.conclusion,
        "url": f"{shape.url(place, held)}/check-suites/{each.suite}",
        "before": None,
        "after": None,
        "pull_requests": found["pull_requests"],
        "app": app(place, each.app),
        "created_at": stamp(each.started or held.made),
        "updated_at": stamp(each.completed or each.started or held.made),
    }
    return found


def annotation(place: Place, held: Repository, run: CheckRun, each: Json) -> Json:
    """A remark about a file."""
    absent = dict.fromkeys(("start_column", "end_column", "title", "raw_details"))
    page = f"{place.web}/{held.full_name}/blob/{run.sha}/{each['path']}"
    return {**absent, **each, "blob_href": page}
