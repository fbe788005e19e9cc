"""Failures on order, limits, pages and conditional requests."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from github import Auth, Github, GithubException, GithubRetry
from github.Repository import Repository

from tests.forges.git_half import HEADS
from tests.forges.github.cast import Cast, repository_of
from tests.forges.github.exchange import Request
from tests.forges.github.faults import base_modified, exhausted, failure, secondary

R = "/repos/acme/blueprints"


def test_a_comment_is_made_although_the_answer_is_lost(cast: Cast) -> None:
    pull = cast.pull()
    cast.world.faults.order("POST", r"/comments$", failure(502), after=True)
    assert cast.comment("ada", pull, "once").status == 502
    assert [each.body for each in cast.repo.comments.values()] == ["once"]
    cast.world.faults.order("POST", r"/comments$", failure(502))
    assert cast.comment("ada", pull, "never").status == 502
    assert cast.comment("ada", pull, "twice").status == 201
    assert [each.body for each in cast.repo.comments.values()] == ["once", "twice"]


def patient(cast: Cast) -> Github:
    """PyGithub as it is without our wishes, but that it does not wait."""
    retry = GithubRetry(total=3, secondary_rate_wait=0, backoff_factor=0)
    auth = Auth.Token(cast.world.token(cast.user("ada")))
    return Github(auth=auth, base_url=cast.hub.api, retry=retry, seconds_between_writes=0)


def test_pygithub_posts_again_what_was_done(cast: Cast) -> None:
    pull = cast.pull()
    cast.world.faults.order("POST", r"/comments$", failure(502), after=True)
    repository_of(patient(cast)).get_pull(pull.number).create_issue_comment("marked")
    assert [each.body for each in cast.repo.comments.values()] == ["marked", "marked"]


def test_pygithub_does_not_patch_again(cast: Cast) -> None:
    pull = cast.pull()
    comment = repository_of(patient(cast)).get_pull(pull.number).create_issue_comment("a")
    cast.world.faults.order("PATCH", r"/comments/", secondary(1, 429))
    with pytest.raises(GithubException) as caught:
        comment.edit("b")
    assert caught.value.status == 429
    assert [each.method for each in cast.hub.log].count("PATCH") == 1
    assert [each.body for each in cast.repo.comments.values()] == ["a"]


@pytest.mark.parametrize(
    ("response", "status", "told"),
    [
        (secondary(), 403, "secondary rate limit"),
        (secondary(None, 429), 429, "secondary rate limit"),
        (exhausted(1_900_000_000), 403, "API rate limit exceeded"),
        (base_modified(), 405, "Base branch was modified"),
    ],
)
def test_kinds_of_failure(cast: Cast, response: object, status: int, told: str) -> None:
    pull = cast.pull()
    cast.world.faults.order("PUT", r"/merge$", response, times=2)  # type: ignore[arg-type]  # of a table
    for _ in range(2):
        answer = cast.ask("PUT", f"{R}/pulls/{pull.number}/merge", {})
        assert (answer.status, told in answer.json()["message"]) == (status, True)
    assert cast.ask("PUT", f"{R}/pulls/{pull.number}/merge", {}).status == 200


def test_a_push_between_a_look_and_a_merge(cast: Cast) -> None:
    pull = cast.pull()
    seen = pull.head_sha

    def push(_: Request) -> None:
        cast.commit("ada", pull.head_ref, {"blue/x.yaml": b"late\n"})

    cast.world.faults.race("PUT", r"/merge$", push)
    answer = cast.ask("PUT", f"{R}/pulls/{pull.number}/merge", {"sha": seen})
    assert (answer.status, pull.is_open, pull.head_sha != seen) == (409, True, True)


def test_what_has_not_changed_is_not_sent(cast: Cast) -> None:
    pull = cast.pull()
    token = cast.world.token(cast.user("ada"))
    path = f"{R}/issues/{pull.number}/comments"
    first = cast.ask_as(token, "GET", path)
    again = cast.ask_as(token, "GET", path, If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["X-RateLimit-Remaining"] == first.headers["X-RateLimit-Remaining"]
    cast.comment("ada", pull, "new")
    assert cast.ask_as(token, "GET", path, If_None_Match=first.headers["ETag"]).status == 200


def test_pages_lead_to_each_other(cast: Cast) -> None:
    pull = cast.pull()
    for number in range(7):
        cast.comment("ada", pull, f"{number}")
    answer = cast.ask("GET", f"{R}/issues/{pull.number}/comments?per_page=3&page=2")
    assert [each["body"] for each in answer.json()] == ["3", "4", "5"]
    for rel, page in (("prev", 1), ("next", 3), ("last", 3), ("first", 1)):
        link = f'<{cast.hub.api}{R}/issues/{pull.number}/comments?per_page=3&page={page}>; rel="{rel}"'
        assert link in answer.headers["Link"]
    client = cast.github("ada")
    client.per_page = 2
    listed = repository_of(client).get_pull(pull.number).get_issue_comments()
    assert [each.body for each in listed] == [str(number) for number in range(7)]


def test_of_many_at_once_one_makes_the_tag(cast: Cast) -> None:
    sha = cast.repo.bare.ref(HEADS + "main")
    clients = [repository_of(cast.github("ada")) for _ in range(6)]

    def tag(held: Repository) -> int:
        try:
            held.create_git_ref("refs/tags/blue/v1", sha)
        except GithubException as error:
            return error.status
        return 201

    with ThreadPoolExecutor(len(clients)) as pool:
        statuses = sorted(pool.map(tag, clients))
    assert statuses == [201, *[422] * 5]
    assert [event for event, _, _ in cast.world.switchboard.told] == ["push", "create"]


def test_an_hour_has_so_many_requests(cast: Cast) -> None:
    cast.hub.rest.limits.most = 3
    token = cast.world.token(cast.user("ada"))
    statuses = [cast.ask_as(token, "GET", R).status for _ in range(4)]
    assert statuses == [200, 200, 200, 403]
    left = cast.ask_as(token, "GET", "/rate_limit").json()["rate"]
    assert (left["limit"], left["remaining"]) == (3, 0)
    cast.world.clock.move(3601)
    assert cast.ask_as(token, "GET", R).status == 200


def test_what_is_not_wanted_is_left_alone(cast: Cast) -> None:
    cast.world.faults.order("PUT", r"/merge$", failure())
    assert cast.ask("GET", R).status == 200
    assert cast.hub.writes() == []
    assert cast.repo.bare.ref(HEADS + "main")
