"""Situations of being told, each as it happens on a forge: twice, late, never, wrongly, or by oneself.

They are numbered as in the list of situations that every forge must come through; what is delivered goes
through the real door and queue.
"""

import hashlib
import hmac
import html
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.attendant.bureau import OLD_SECRET, Bureau, github_bureau
from tests.attendant.conftest import ZONE
from tests.attendant.github.process import Process
from tests.attendant.github.street import BRANCH, Street
from tests.forges.git_half import HEADS, ZERO, Change, Person
from tests.forges.github.apps import Caller
from tests.forges.github.cast import SECRET
from tests.forges.github.exchange import as_json
from tests.forges.github.pushing import follow, move
from tests.web.bot import until


@pytest.fixture
def bureau(street: Street, tmp_path: Path) -> Iterator[Bureau]:
    made = github_bureau(street, tmp_path / "bureau")
    yield made
    made.close()


def proposed(street: Street) -> None:
    """A proposal that was looked at, of which all events were lost."""
    street.draft()
    street.ready()
    street.look()
    street.cast.world.switchboard.waiting.clear()


def says(street: Street) -> str:
    return html.unescape(street.living())


def merges(street: Street) -> int:
    """How often the bot asked to merge."""
    return sum(each.endswith("/merge") for each in street.cast.hub.writes())


def signed(body: bytes, secret: str = SECRET, event: str = "push") -> dict[str, str]:
    given = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    kind = {"X-GitHub-Event": event, "X-GitHub-Delivery": "one", "Content-Type": "application/json"}
    return {**kind, "X-Hub-Signature-256": f"sha256={given}"}


def test_s01_a_delivery_comes_twice(street: Street, bureau: Bureau) -> None:
    """The same delivery comes twice at once, and again when it has been dealt with: then nothing is done."""
    proposed(street)
    street.cast.review("grace", street.pull)
    board = street.cast.world.switchboard
    [once] = board.select("pull_request_review")
    board.double("pull_request_review")
    assert bureau.deliver() == [202, 202]
    assert bureau.waiting() == 1
    bureau.work()
    assert street.tag
    assert merges(street) == 1
    assert "✅ Published as v1" in street.living()

    board.waiting.clear()
    requests = len(street.cast.hub.log)
    board.again(once)
    assert bureau.deliver() == [200]
    bureau.work()
    assert len(street.cast.hub.log) == requests
    assert bureau.looks("done") == 1


def test_s02_an_event_comes_by_two_hooks(street: Street, bureau: Bureau) -> None:
    """The App and a hook of the repository tell the same, under two names: one look, no word about it."""
    street.cast.world.hook(street.cast.repo, SECRET)
    proposed(street)
    street.cast.review("grace", street.pull)
    assert len({each.guid for each in street.cast.world.switchboard.waiting}) == 2
    assert bureau.deliver() == [202, 202]
    assert bureau.waiting() == 1
    bureau.rest()

    assert street.tag
    assert merges(street) == 1
    assert bureau.looks("failed") == bureau.looks("given_up") == 0
    assert [each.user.login for each in street.cast.repo.comments_on(street.pull.number)] == ["portico[bot]"]


def test_s03_a_crash_between_seen_and_done(street: Street, tmp_path: Path) -> None:
    """The process is killed while GitHub merges for it: the next one finds the delivery and makes the tag."""
    proposed(street)
    street.cast.review("grace", street.pull)
    (tmp_path / "key.pem").write_text(street.cast.app.pem)
    (tmp_path / "secret").write_text(SECRET)
    settings = {
        "listen": "127.0.0.1:0",
        "state": "served",
        "tick": 86_400,
        "github": {
            "url": street.cast.world.place.web,
            "app": {"id": street.cast.app.id, "privateKeyFile": "key.pem"},
            "webhookSecretFiles": ["secret"],
            # By a pattern: what is named in full the first tick finds, without the queue.
            "repositories": ["acme/*"],
        },
    }
    (tmp_path / "serve.yaml").write_text(json.dumps(settings))
    first = Process(tmp_path)
    street.cast.world.faults.race("PUT", r"/merge$", lambda _: first.kill())
    [review] = street.cast.world.switchboard.select("pull_request_review")
    assert first.post(review) == 202
    first.process.wait(60)
    until(lambda: street.pull.merged, "GitHub merges for the dead")
    assert street.tag == ""

    second = Process(tmp_path)
    try:
        until(lambda: street.tag, "the tag")
        assert street.tag == street.pull.merge_commit
        until(lambda: "✅ Published as v1" in street.living(), "it is told")
    finally:
        second.kill()
        second.process.wait(60)
    assert merges(street) == 1


@pytest.mark.parametrize("lost", ["pull_request.ready_for_review", "pull_request_review", ""])
def test_s04_webhooks_are_lost(street: Street, bureau: Bureau, lost: str) -> None:
    """That it was proposed, or approved, is never told, or neither: the next tick comes to the same."""
    street.draft()
    street.cast.world.switchboard.waiting.clear()
    street.ready()
    street.cast.review("grace", street.pull)
    assert street.cast.world.switchboard.lose(lost or (lambda _: True))
    bureau.rest()
    assert bool(street.tag) == bool(lost)  # the other event is enough: it says where to look
    bureau.tick()
    bureau.rest()
    assert street.tag
    assert "✅ Published as v1" in street.living()


def test_s05_a_life_is_told_backwards(street: Street, bureau: Bureau) -> None:
    """Merged is told before approved, and that before proposed: what is there counts, not what is told."""
    street.draft()
    street.cast.world.switchboard.waiting.clear()
    street.ready()
    street.cast.review("grace", street.pull)
    path = f"/repos/acme/blueprints/pulls/{street.pull.number}/merge"
    assert street.cast.ask("PUT", path, {}, "ada").status == 200
    board = street.cast.world.switchboard
    bureau.only("pull_request_review")
    told = [each for each in board.lost if each.event == "pull_request"]
    assert [each.action for each in told] == ["ready_for_review", "closed"]
    board.waiting += told
    board.reorder(lambda held: sorted(held, key=lambda each: -each.id))
    assert [each.name for each in board.waiting] == [
        "pull_request.closed",
        "pull_request_review.submitted",
        "pull_request.ready_for_review",
    ]
    bureau.rest()
    assert street.tag == street.pull.merge_commit


@pytest.mark.parametrize("backwards", [False, True])
def test_s05_a_push_and_an_approval_change_places(street: Street, bureau: Bureau, *, backwards: bool) -> None:
    """Pushed after the approval, told before it or after: the approval was for the older commit."""
    proposed(street)
    street.cast.review("grace", street.pull)
    street.write("ada", "5")
    board = street.cast.world.switchboard
    bureau.only(lambda each: each.name in {"pull_request_review.submitted", "pull_request.synchronize"})
    assert len(board.waiting) == 2
    if backwards:
        board.reorder()
    bureau.rest()
    assert street.tag == ""
    assert "stale approval by @grace" in says(street)


def test_s06_git_is_ahead_of_the_api(street: Street, bureau: Bureau) -> None:
    """Git has a commit that the API does not show yet: nothing is decided on the older one, later it is."""
    proposed(street)
    street.cast.review("grace", street.pull)
    cast, bare = street.cast, street.cast.repo.bare
    old = street.pull.head_sha
    tree = bare.tree({"net/dns/zone.yaml": ZONE.replace("300", "5").encode()}, old)
    new = bare.make(tree, [old], "More", cast.user("ada").person, cast.world.clock.tick())
    pushed = Change(HEADS + BRANCH, old, new)
    bare.move([pushed])
    cast.hub.log.clear()
    bureau.rest()
    assert bureau.looks("failed") == 1
    asked = [each for each in cast.hub.writes() if not each.endswith(("/graphql", "/access_tokens"))]
    assert asked == []
    assert street.tag == ""

    with cast.world.lock:
        follow(cast.world, cast.repo, cast.user("ada"), [pushed])
    cast.world.switchboard.waiting.clear()
    bureau.pass_time(60)
    assert bureau.looks("done") == 1
    assert street.tag == ""
    assert f"stale approval by @grace at {old[:10]}" in says(street)


def test_s06_the_api_does_not_know_who_pushed(street: Street, bureau: Bureau) -> None:
    """Who pushed the newest commit is not shown yet, and it was the approver: that is waited for."""
    proposed(street)
    cast, bare = street.cast, street.cast.repo.bare
    old = street.pull.head_sha
    ada = Person("Ada", "ada@example.com")
    tree = bare.tree({"net/dns/zone.yaml": ZONE.replace("300", "5").encode()}, old)
    with cast.world.lock:
        new = bare.make(tree, [old], "In the name of another", ada, cast.world.clock.tick())
        move(cast.world, cast.repo, Caller(cast.user("grace")), [Change(HEADS + BRANCH, old, new)])
    late = cast.repo.activities.pop()
    assert late.after == new
    cast.review("grace", street.pull)
    bureau.rest()
    assert street.tag == ""

    cast.repo.activities.append(late)
    bureau.pass_time(60)
    assert street.tag == ""
    assert "approved by @grace, which does not count" in says(street)


def test_s06_the_api_does_not_know_the_branch(street: Street, bureau: Bureau) -> None:
    """A draft is pushed, and the API has no such branch yet: asked again later."""
    street.cast.world.switchboard.waiting.clear()
    street.write("ada", "60")
    invalid = {"resource": "PullRequest", "field": "head", "code": "invalid"}
    answer = as_json(422, {"message": "Validation Failed", "errors": [invalid]})
    # The event of the push, and that of the branch, are one look.
    street.cast.world.faults.order("POST", r"/pulls$", answer)
    bureau.deliver()
    bureau.work()
    assert street.cast.repo.pulls == {}
    assert bureau.looks("failed") == 1
    bureau.pass_time(60)
    assert street.pull.head_ref == BRANCH
    assert "📝 Draft" in street.living()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"X-Hub-Signature-256": f"sha256={'0' * 64}"}, 401),
        (signed(b"{", "another secret"), 401),
        (signed(b"["), 401),
        (signed(b"{", ""), 401),
        ({"X-Hub-Signature": f"sha1={hmac.new(SECRET.encode(), b'{', hashlib.sha1).hexdigest()}"}, 401),
        (signed(b"{"), 200),
        (signed(b"{", OLD_SECRET), 200),
    ],
    ids=["none", "mismatch", "wrong", "another body", "empty", "sha1 only", "right", "the one before"],
)
def test_s07_signatures(bureau: Bureau, headers: dict[str, str], status: int) -> None:
    """A signature is missing, wrong, weak, or of the secret before this one; nothing is read before it."""
    kind = {"X-GitHub-Event": "push", "X-GitHub-Delivery": "one", "Content-Type": "application/json"}
    answer = bureau.post(b"{", {**kind, **headers})
    # The body is no JSON: only who is believed is told that there is nothing in it.
    assert answer.status == status
    assert bureau.waiting() == 0
    counted = f'portico_webhooks_total{{answer="{status}",event="push",forge="github"}}'
    assert float(bureau.metric(counted)) == 1
    assert SECRET not in bureau.log.getvalue() + answer.text


def test_s09_a_payload_is_too_large_to_be_sent(street: Street, bureau: Bureau) -> None:
    """GitHub sends no event that is too large: the next tick finds the draft."""
    street.cast.world.switchboard.waiting.clear()
    street.cast.world.switchboard.largest = 100
    street.write("ada", "60")
    assert street.cast.world.switchboard.waiting == []
    bureau.tick()
    assert street.pull.head_ref == BRANCH
    assert "📝 Draft" in street.living()


def test_s09_too_many_tags_at_once(street: Street, bureau: Bureau) -> None:
    """Of more than three tags at once GitHub tells nothing: numbers are read from what is there."""
    bare, cast = street.cast.repo.bare, street.cast
    proposed(street)
    main = bare.ref("refs/heads/main")
    with cast.world.lock:
        tags = [Change(f"refs/tags/net/dns/v{number}", ZERO, main) for number in range(1, 5)]
        move(cast.world, cast.repo, Caller(cast.user("root")), tags)
    assert cast.world.switchboard.waiting == []
    cast.review("grace", street.pull)
    bureau.rest()
    assert bare.ref("refs/tags/net/dns/v5") == bare.ref("refs/heads/main") != main
    assert bare.ref("refs/tags/net/dns/v1") == main


@pytest.mark.parametrize("name", ["X-Gitea-Event", "X-Forgejo-Event", "X-Gogs-Event"])
def test_s10_gitea_speaks_as_github(street: Street, bureau: Bureau, name: str) -> None:
    """Gitea and its kin send GitHub's headers beside their own, signed alike: they are not heard."""
    proposed(street)
    street.cast.review("grace", street.pull)
    [held] = street.cast.world.switchboard.waiting
    answer = bureau.post(held.body, {**held.headers, name: "pull_request_review"})
    assert (answer.status, bureau.waiting()) == (200, 0)
    assert bureau.post(held.body, held.headers).status == 202
    assert bureau.waiting() == 1


def test_s11_what_the_bot_does_is_told_to_it(street: Street, bureau: Bureau) -> None:
    """The bot's comments, pushes, merges and tags come back as events: it comes to rest, and stays there."""
    street.write("ada", "60")
    bureau.rest()
    street.ready()
    bureau.rest()
    street.cast.review("grace", street.pull)
    bureau.rest()
    assert street.tag
    board = street.cast.world.switchboard
    ours = [each for each in board.tried if each.payload["sender"]["login"] == "portico[bot]"]
    assert {"issue_comment.created", "pull_request.closed", "push", "create"} <= {each.name for each in ours}

    wrote = len(told(street))
    board.waiting += [replace(each, guid=f"again-{each.guid}") for each in ours]
    bureau.rest()
    bureau.tick()
    assert len(told(street)) == wrote


def told(street: Street) -> list[str]:
    """Everything that happened to the repository, and what was written about commits."""
    checks = [f"{run.id} {run.status}" for run in street.cast.repo.runs.values()]
    return [event for event, _, _ in street.cast.world.switchboard.told] + checks


def test_s11_the_bot_says_words_and_approves(street: Street, bureau: Bureau) -> None:
    """A comment of the bot's own is no command, and a review of its own no approval."""
    street.cast.commit("root", "main", {".portico.yaml": b"approvals: 1\n"})
    street.cast.repo.collaborators["portico[bot]"] = "write"
    street.write("ada", "60")
    body = {"title": "DNS", "head": BRANCH, "base": "main", "body": "", "draft": False}
    assert street.cast.ask("POST", "/repos/acme/blueprints/pulls", body, "ada").status == 201
    token = street.cast.world.installation_token(street.cast.installation).token
    at = f"/repos/acme/blueprints/issues/{street.pull.number}/comments"
    word = street.cast.ask_as(token, "POST", at, {"body": "/approve"}).json()["id"]
    at = f"/repos/acme/blueprints/pulls/{street.pull.number}/reviews"
    assert street.cast.ask_as(token, "POST", at, {"event": "APPROVE", "body": ""}).status == 200
    bureau.rest()

    assert street.tag == ""
    assert street.cast.repo.comment(word).reactions == []
    assert "Waiting for approvals: 0 of 1" in says(street)
