"""The adapter in a GitHub in small: whole lives of changes, and what comes between."""

import pytest

from bot.errors import AccessDenied, Later, Moved, NotFound, Refused
from bot.forges.github import credentials
from bot.forges.github.credentials import Token
from bot.forges.github.forge import GitHub
from bot.forges.github.hear import hear
from bot.forges.github.reading import DRAFT_LABEL
from bot.forges.heard import Heard
from bot.lifecycle.change import Answered, Change, ChangeAt, Opinion, Rights, Signal, Verdict
from bot.lifecycle.person import Person
from bot.packages.problem import Problem
from tests.forges.github.cast import SECRET, Cast
from tests.forges.github.faults import base_modified, exhausted, failure, secondary
from tests.forges.github.merging import run_queue
from tests.forges.github.rules import Protection, Ruleset

BRANCH = "drafts/blue/v1"
ADA, GRACE, EVE = Person("ada", "Ada"), Person("grace", "Grace"), Person("eve", "Eve")
QUEUE = {
    "check_response_timeout_minutes": 60,
    "grouping_strategy": "ALLGREEN",
    "max_entries_to_build": 5,
    "max_entries_to_merge": 5,
    "merge_method": "MERGE",
    "min_entries_to_merge": 1,
    "min_entries_to_merge_wait_minutes": 5,
}
ALWAYS_SENT = {"installation", "installation_repositories", "ping", "merge_group"}
GOOD = Verdict(Signal.GOOD, "Ready")


def of(cast: Cast, who: Token | credentials.App, repository: str = "acme/blueprints") -> GitHub:
    forge = GitHub(repository, who, branch="main", api=cast.hub.api)
    forge._session._pause = lambda _: None
    return forge


@pytest.fixture
def app(cast: Cast) -> GitHub:
    """Portico as an App."""
    # The description of comments does not know these among the events of an App.
    cast.app.events = tuple(event for event in cast.app.events if event not in ALWAYS_SENT)
    return of(cast, credentials.App(str(cast.app.id), cast.app.pem))


@pytest.fixture
def bearer(cast: Cast) -> GitHub:
    """Portico as a person of its own, with a token."""
    cast.world.user("robot")
    cast.repo.collaborators |= {"robot": "write"}
    return of(cast, Token(cast.world.token(cast.user("robot"))))


@pytest.fixture(params=["app", "bearer"])
def forge(request: pytest.FixtureRequest) -> GitHub:
    made = request.getfixturevalue(request.param)
    assert isinstance(made, GitHub)
    return made


def drafted(cast: Cast, forge: GitHub, branch: str = BRANCH) -> int:
    cast.commit("ada", branch, {"blue/x.yaml": f"by: {branch}\n".encode()})
    return forge.open_change(branch, "blue: v1", "Words.")


def pushed(cast: Cast) -> None:
    cast.commit("ada", BRANCH, {"blue/y.yaml": b"b: 1\n"})


def writes(cast: Cast) -> int:
    return len([each for each in cast.hub.writes() if "graphql" not in each and "access_tokens" not in each])


def test_a_life(cast: Cast, forge: GitHub) -> None:
    number = drafted(cast, forge)
    assert forge.open_change(BRANCH, "blue: v1", "Words.") == number == forge.change_of(BRANCH)
    draft = forge.change(number)
    assert (draft.draft, draft.open, draft.proposed_at, draft.foreign) == (True, True, "", False)
    assert (draft.branch, draft.target, draft.author.login) == (BRANCH, "main", forge.home().me)
    assert [(one.by, one.before, one.after) for one in draft.arrivals] == [(Person("ada"), "", draft.head)]
    assert forge.changes() == [ChangeAt(number, BRANCH, draft.head, forge.changes()[0].updated)]

    forge.mark(draft, draft=False)
    cast.review("grace", cast.repo.pull(number), "APPROVE", "Good.")
    cast.comment("ada", cast.repo.pull(number), "/approve")
    forge.keep_living(draft, "Proposed.")
    forge.judge(draft, draft.head, GOOD)
    seen = forge.change(number)
    assert (seen.draft, seen.signal, seen.proposed_at > "2026") == (False, Signal.GOOD, True)
    assert seen.living is not None
    assert seen.living.text == "Proposed."
    (review,) = seen.reviews
    assert (review.by, review.opinion, review.commit, review.text) == (
        GRACE,
        Opinion.APPROVED,
        seen.head,
        "Good.",
    )
    (remark,) = seen.remarks
    assert (remark.by, remark.text, remark.answered, remark.edited) == (
        ADA,
        "/approve",
        Answered.NOT_YET,
        False,
    )
    for answered in (Answered.SEEN, Answered.DONE):
        forge.react(seen, remark, answered)
        assert forge.change(number).remarks[0].answered is answered

    merged = forge.merge(seen, seen.head, "Publish blue/v1", "Approved-by: @grace")
    assert forge.merge(seen, seen.head, "Publish blue/v1", "Approved-by: @grace") == merged
    forge.create_tag("blue/v1", merged)
    forge.create_tag("blue/v1", merged)
    after = forge.change(number)
    assert (after.open, after.merged, after.merged_by.login) == (False, merged, forge.home().me)
    assert cast.repo.bare.ref("refs/tags/blue/v1") == cast.repo.bare.ref("refs/heads/main") == merged
    assert cast.repo.bare.commit(merged).message.startswith("Publish blue/v1\n\nApproved-by: @grace")
    with pytest.raises(Moved, match="never moved"):
        forge.create_tag("blue/v1", seen.head)


def test_what_is_written_twice_is_written_once(cast: Cast, forge: GitHub) -> None:
    seen = forge.change(drafted(cast, forge))
    cast.comment("ada", cast.repo.pull(seen.number), "/propose")
    verdict = Verdict(Signal.BAD, "Wrong", "Words.", (Problem("blue/x.yaml", "Wrong.", 1),))

    def everything() -> None:
        change = forge.change(seen.number)
        forge.keep_living(change, "Draft.")
        forge.react(change, change.remarks[0], Answered.SEEN)
        forge.judge(change, change.head, verdict)
        forge.mark(change, draft=False)

    everything()
    written = writes(cast)
    everything()
    assert writes(cast) == written
    assert forge.change(seen.number).signal is Signal.BAD


def test_a_look_is_two_requests(cast: Cast, forge: GitHub) -> None:
    number = drafted(cast, forge)
    for each in range(5):
        cast.comment("ada", cast.repo.pull(number), f"A remark {each}.")
    before = forge.requests
    forge.change(number)
    assert forge.requests - before == 2


def test_more_remarks_than_a_page_holds(cast: Cast, forge: GitHub) -> None:
    number = drafted(cast, forge)
    forge.keep_living(forge.change(number), "Draft.")
    for each in range(120):
        cast.comment("ada", cast.repo.pull(number), f"{each}")
    seen = forge.change(number)
    assert [remark.text for remark in seen.remarks] == [str(each) for each in range(120)]
    assert seen.living is not None


def test_a_push_between_reading_and_merging_is_moved(cast: Cast, forge: GitHub) -> None:
    number = drafted(cast, forge)
    forge.mark(forge.change(number), draft=False)
    seen = forge.change(number)
    cast.world.faults.race("PUT", r"/merge$", lambda _: pushed(cast))
    with pytest.raises(Moved):
        forge.merge(seen, seen.head, "t", "x")
    assert forge.change(number).open


def test_a_merge_whose_answer_was_lost_is_found(cast: Cast, forge: GitHub) -> None:
    number = drafted(cast, forge)
    forge.mark(forge.change(number), draft=False)
    seen = forge.change(number)
    cast.world.faults.order("PUT", r"/merge$", failure(), after=True)
    merged = forge.merge(seen, seen.head, "t", "x")
    assert merged == cast.repo.bare.ref("refs/heads/main")
    assert len([one for one in cast.hub.writes() if one.startswith("PUT")]) == 1


def test_writes_whose_answers_were_lost_do_not_double(cast: Cast, forge: GitHub) -> None:
    cast.commit("ada", BRANCH, {"blue/x.yaml": b"a: 1\n"})
    cast.world.faults.order("POST", r"/pulls$", failure(), after=True)
    number = forge.open_change(BRANCH, "blue: v1", "Words.")
    assert list(cast.repo.pulls) == [number]
    cast.world.faults.order("POST", r"/git/refs$", failure(), after=True)
    main = cast.repo.bare.ref("refs/heads/main")
    forge.create_tag("blue/v1", main)
    cast.world.faults.order("POST", r"/comments$", failure(), after=True)
    with pytest.raises(Later):
        forge.keep_living(forge.change(number), "Draft.")
    forge.keep_living(forge.change(number), "Draft.")
    assert forge.change(number).remarks == ()


@pytest.mark.parametrize("kind", ["primary", "secondary"])
def test_limits_are_waited_for(cast: Cast, forge: GitHub, kind: str) -> None:
    number = drafted(cast, forge)
    limit = secondary(17) if kind == "secondary" else exhausted(int(cast.world.clock.now.timestamp()) + 17)
    cast.world.faults.order("POST", r"graphql", limit)
    with pytest.raises(Later) as caught:
        forge.change(number)
    assert caught.value.seconds >= 1
    assert forge.change(number).number == number


def test_a_base_that_was_modified_is_decided_anew(cast: Cast, forge: GitHub) -> None:
    number = drafted(cast, forge)
    forge.mark(forge.change(number), draft=False)
    seen = forge.change(number)
    cast.world.faults.order("PUT", r"/merge$", base_modified())
    with pytest.raises(Moved):
        forge.merge(seen, seen.head, "t", "x")
    assert forge.merge(seen, seen.head, "t", "x")


def test_a_rule_that_is_not_met_is_named(cast: Cast, forge: GitHub) -> None:
    cast.repo.protections["main"] = Protection(reviews=2, holds_admins=True)
    number = drafted(cast, forge)
    forge.mark(forge.change(number), draft=False)
    seen = forge.change(number)
    with pytest.raises(Refused, match="approving review"):
        forge.merge(seen, seen.head, "t", "x")


def test_rules_are_told(cast: Cast, forge: GitHub) -> None:
    reviews = {"required_approving_review_count": 2, "dismiss_stale_reviews_on_push": True}
    reviews |= {"require_code_owner_review": False, "require_last_push_approval": False}
    reviews["required_review_thread_resolution"] = False
    bypass = frozenset({("RepositoryRole", 5)})
    cast.repo.rulesets |= {
        1: Ruleset(1, "main", "branch", ("~DEFAULT_BRANCH",), {"pull_request": reviews}, bypass),
        2: Ruleset(2, "tags", "tag", ("refs/tags/*/v*",), {"deletion": {}}),
    }
    told = [rule.text for rule in forge.home().rules]
    assert any(text.startswith("The branch 'main' demands 2 approving reviews") for text in told)
    assert any(text.startswith("A tag like '*/v*' may not be deleted") for text in told)
    assert not forge.home().queued


def test_a_merge_queue(cast: Cast, forge: GitHub) -> None:
    cast.repo.rulesets[1] = Ruleset(1, "queue", "branch", ("main",), {"merge_queue": QUEUE})
    number = drafted(cast, forge)
    forge.mark(forge.change(number), draft=False)
    seen = forge.change(number)
    assert forge.home().queued
    assert forge.merge(seen, seen.head, "t", "x") == ""
    assert forge.merge(seen, seen.head, "t", "x") == ""
    run_queue(cast.world, cast.repo.pull(number), passes=True)
    assert forge.change(number).merged == cast.repo.bare.ref("refs/heads/main")


def merged_in_the_end(forge: GitHub, seen: Change) -> str:
    """Merge as who waits while GitHub works out whether that can be."""
    for _ in range(5):
        try:
            return forge.merge(seen, seen.head, "t", "x")
        except Later:
            continue
    return ""


def test_a_conflict_is_said(cast: Cast, forge: GitHub) -> None:
    number = drafted(cast, forge)
    forge.mark(forge.change(number), draft=False)
    cast.commit("grace", "main", {"blue/x.yaml": b"by: somebody else\n"})
    seen = forge.change(number)
    with pytest.raises(Refused, match="conflicts with the branch"):
        merged_in_the_end(forge, seen)


def test_a_repository_without_drafts(cast: Cast) -> None:
    held = cast.world.repository("ada/small", private=True)
    held.collaborators["robot"] = "write"
    cast.world.user("robot")
    cast.commit("ada", BRANCH, {"x.yaml": b"a: 1\n"}, repo=held)
    forge = of(cast, Token(cast.world.token(cast.user("robot"))), "ada/small")
    number = forge.open_change(BRANCH, "x", "y")
    assert not forge.home().has_drafts
    assert forge.change(number).draft
    assert forge.change(number).labels == (DRAFT_LABEL,)
    forge.mark(forge.change(number), draft=False)
    seen = forge.change(number)
    assert (seen.draft, seen.labels, seen.proposed_at > "2026") == (False, (), True)
    forge.mark(seen, draft=True)
    assert forge.change(number).draft


def test_a_fork(cast: Cast, forge: GitHub) -> None:
    fork = cast.world.fork(cast.repo, "eve")
    cast.commit("eve", BRANCH, {"blue/x.yaml": b"by: eve\n"}, repo=fork)
    body = {"title": "Mine", "head": f"eve:{BRANCH}", "base": "main"}
    number = cast.ask("POST", "/repos/acme/blueprints/pulls", body, "eve").json()["number"]
    seen = forge.change(number)
    assert (seen.foreign, seen.author, seen.arrivals) == (True, EVE, ())
    assert [one.foreign for one in forge.changes()] == [True]
    assert forge.change_of(BRANCH) == 0
    cast.world.delete(fork)
    assert forge.change(number).foreign
    assert [one.foreign for one in forge.changes()] == [True]


def test_what_people_may_do(cast: Cast, forge: GitHub) -> None:
    cast.world.team(cast.acme, "reviewers", "grace")
    people = [Person("root"), ADA, EVE, Person("nobody"), Person("")]
    assert [forge.rights(each) for each in people] == [
        Rights.ADMIN,
        Rights.WRITE,
        Rights.READ,
        Rights.NONE,
        Rights.NONE,
    ]
    cast.acme.members["robot"] = "member"
    assert forge.members("acme/reviewers") == ["grace"]
    with pytest.raises(NotFound):
        forge.members("acme/unknown")


def test_reviews_dismissed_and_changes_closed(cast: Cast, forge: GitHub) -> None:
    number = drafted(cast, forge)
    pull = cast.repo.pull(number)
    review = cast.review("grace", pull, "REQUEST_CHANGES", "No.").json()
    path = f"/repos/acme/blueprints/pulls/{number}/reviews/{review['id']}/dismissals"
    assert [one.opinion for one in forge.change(number).reviews] == [Opinion.REJECTED]
    cast.ask("PUT", path, {"message": "Over.", "event": "DISMISS"}, "root")
    seen = forge.change(number)
    assert [one.opinion for one in seen.reviews] == [Opinion.DISMISSED]
    forge.close(seen)
    forge.close(seen)
    closed = forge.change(number)
    assert (closed.open, closed.merged) == (False, "")
    with pytest.raises(Moved):
        forge.merge(closed, closed.head, "t", "x")


def test_a_status_that_somebody_else_set_is_not_ours(cast: Cast, bearer: GitHub) -> None:
    seen = bearer.change(drafted(cast, bearer))
    path = f"/repos/acme/blueprints/statuses/{seen.head}"
    cast.ask("POST", path, {"state": "success", "context": "portico", "description": "Ready"}, "ada")
    assert bearer.change(seen.number).signal is None
    bearer.judge(seen, seen.head, GOOD)
    assert bearer.change(seen.number).signal is Signal.GOOD


def test_an_app_that_is_removed_and_a_token_that_ends(cast: Cast, app: GitHub) -> None:
    number = drafted(cast, app)
    cast.world.tokens.pop(app.git_credentials().password)
    assert app.change(number).number == number
    cast.app.installations.clear()
    cast.world.tokens.pop(app.git_credentials().password)
    with pytest.raises(AccessDenied, match="not installed"):
        app.change(number)


def test_git_fetches_and_pushes_with_the_credentials(cast: Cast, forge: GitHub) -> None:
    user, password = forge.git_credentials()
    url = forge.home().url.replace("://", f"://{user}:{password}@")
    folder = cast.root / "copy"
    assert cast.git(cast.root, "clone", "-q", url, str(folder)).ok
    assert cast.git(folder, "push", "-q", "origin", "HEAD:refs/heads/drafts/blue/v2").ok


def test_its_webhooks_are_heard(cast: Cast, forge: GitHub) -> None:
    number = drafted(cast, forge)
    cast.comment("ada", cast.repo.pull(number), "/propose")
    waiting = cast.world.switchboard.waiting
    heard = [hear(delivery.headers, delivery.body, [SECRET.encode()]) for delivery in waiting]
    assert {(one.number, one.branch) for one in heard if isinstance(one, Heard)} >= {
        (number, ""),
        (0, BRANCH),
    }
