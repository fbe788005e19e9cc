"""The switchboard delivers, loses, doubles, delays and reorders what real hooks would have sent."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.forges.git_half import TAGS
from tests.forges.github.cast import SECRET, Cast
from tests.forges.github.replay import Shape
from tests.forges.github.tour import tour
from tests.forges.github.webhooks import Delivery
from tests.forges.published import Unreachable, npm

Json = Any
# Keys that examples had and events of this world have not, each with its reason.
LEFT_OUT = (
    (".installation", "a hook of a repository has none; an App's has"),
    (".organization", "examples of users' repositories have none"),
    (".changes", "what was edited differs"),
    (".repository.owner.", "a user's own page has more"),
    (".check_run.check_suite.app.", "an App's permissions are its own"),
    (".check_run.app.permissions", "the same"),
    (".commit.commit.author.email", "never left out"),
)


def take(into: list[Delivery], code: int = 202) -> Any:
    def receive(held: Delivery) -> int:
        into.append(held)
        return code

    return receive


def test_events_come_in_order_signed_and_named(cast: Cast) -> None:
    pull = cast.pull(draft=True)
    cast.comment("grace", pull, "/approve")
    heard: list[Delivery] = []
    cast.world.switchboard.deliver(take(heard))
    assert [each.name for each in heard] == ["push", "create", "pull_request.opened", "issue_comment.created"]
    last = heard[-1]
    expected = hmac.new(SECRET.encode(), last.body, hashlib.sha256).hexdigest()
    assert last.headers["X-Hub-Signature-256"] == f"sha256={expected}"
    assert last.headers["X-GitHub-Event"] == "issue_comment"
    assert last.headers["User-Agent"].startswith("GitHub-Hookshot/")
    assert last.headers["X-GitHub-Hook-Installation-Target-ID"] == str(cast.app.id)
    assert last.payload["installation"]["id"] == cast.installation.id
    assert last.payload["sender"]["login"] == "grace"
    assert "sha" not in json.dumps(last.payload["comment"])
    assert len({each.guid for each in heard}) == len(heard)


def test_a_review_is_in_small_letters(cast: Cast) -> None:
    pull = cast.pull()
    cast.review("grace", pull)
    [held] = cast.world.switchboard.select("pull_request_review")
    assert (held.payload["review"]["state"], pull.reviews[0].state) == ("approved", "APPROVED")
    assert held.payload["review"]["commit_id"] == pull.head_sha


def test_an_edited_comment_says_what_it_was_and_who_did_it(cast: Cast) -> None:
    pull = cast.pull()
    made = cast.comment("eve", pull, "hello").json()
    path = f"/repos/acme/blueprints/issues/comments/{made['id']}"
    assert cast.ask("PATCH", path, {"body": "/approve"}, "grace").status == 200
    [held] = cast.world.switchboard.select("issue_comment.edited")
    assert held.payload["changes"] == {"body": {"from": "hello"}}
    assert (held.payload["comment"]["user"]["login"], held.payload["sender"]["login"]) == ("eve", "grace")


def test_what_is_lost_can_be_asked_for_again(cast: Cast) -> None:
    cast.pull()
    board = cast.world.switchboard
    assert board.lose("pull_request") == 1
    heard: list[Delivery] = []
    board.deliver(take(heard))
    assert [each.name for each in heard] == ["push", "create"]
    jwt = cast.jwt()
    listed = cast.ask_as(jwt, "GET", "/app/hook/deliveries", Authorization=f"Bearer {jwt}").json()
    [lost] = [each for each in listed if each["status"] != "OK"]
    assert (lost["event"], lost["action"], lost["status_code"]) == ("pull_request", "opened", 0)
    path = f"/app/hook/deliveries/{lost['id']}/attempts"
    assert cast.ask_as(jwt, "POST", path, {}, Authorization=f"Bearer {jwt}").status == 202
    board.deliver(take(heard))
    assert (heard[-1].guid, heard[-1].redelivery) == (lost["guid"], True)
    assert heard[-1].id != lost["id"]


def test_doubled_delayed_and_reordered(cast: Cast) -> None:
    cast.pull()
    board = cast.world.switchboard
    assert board.double("create") == 1
    assert board.delay("push", 60) == 1
    board.reorder()
    heard: list[Delivery] = []
    board.deliver(take(heard))
    assert [each.name for each in heard] == ["create", "pull_request.opened", "create"]
    assert heard[0].guid == heard[2].guid
    cast.world.clock.move(61)
    board.deliver(take(heard))
    assert heard[-1].name == "push"
    assert board.waiting == []


def test_two_hooks_of_one_event_have_guids_of_their_own(cast: Cast) -> None:
    cast.world.hook(cast.repo, "another secret")
    cast.pull()
    opened = cast.world.switchboard.select("pull_request.opened")
    assert len({each.guid for each in opened}) == len(opened) == 2
    assert {"installation" in each.payload for each in opened} == {True, False}


def test_only_where_the_app_is_installed(cast: Cast) -> None:
    other = cast.world.repository("acme/other")
    cast.commit("root", "b", {"x": b""}, repo=other)
    assert cast.world.switchboard.waiting == []
    assert [event for event, _, _ in cast.world.switchboard.told] == ["push", "create"]


def test_what_the_bot_does_names_the_bot(cast: Cast) -> None:
    pull = cast.pull()
    token = cast.world.installation_token(cast.installation).token
    path = f"/repos/acme/blueprints/issues/{pull.number}/comments"
    assert cast.ask_as(token, "POST", path, {"body": "status"}).status == 201
    [held] = cast.world.switchboard.select("issue_comment")
    assert (held.payload["sender"]["login"], held.payload["sender"]["type"]) == ("portico[bot]", "Bot")
    assert held.payload["comment"]["performed_via_github_app"]["id"] == cast.app.id


def test_a_payload_that_is_too_large_is_not_sent(cast: Cast) -> None:
    assert cast.world.switchboard.largest == 25 * 1024 * 1024
    cast.world.switchboard.largest = 100_000  # what is really too large takes seconds to write
    cast.commit("ada", "big", {"x": b""}, "x" * 60_000)
    assert [each.name for each in cast.world.switchboard.waiting] == ["create"]


@contextmanager
def listening(codes: list[int]) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """A receiver that answers with `codes`, and what it heard."""
    heard: list[tuple[dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(codes.pop(0))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name is the library's
            del format, args

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/hook", heard
        finally:
            server.shutdown()
            thread.join()


def test_hooks_are_called_by_http(cast: Cast) -> None:
    board = cast.world.switchboard
    with listening([202, 503, 202]) as (url, heard):
        board.hooks[0].url = url
        cast.pull()
        done = board.deliver()
    assert [each.code for each in done] == [202, 503, 202]
    signed = {headers["X-Hub-Signature-256"].partition("=")[2] for headers, _ in heard}
    assert signed == {hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest() for _, body in heard}
    cast.commit("ada", "later", {"x": b""})
    assert {each.code for each in board.deliver()} == {0}, "nobody is there any more"


def test_payloads_have_the_keys_that_published_examples_have(cast: Cast) -> None:
    try:
        source = npm("@octokit/webhooks-examples", "api.github.com/index.json")
    except Unreachable as error:
        pytest.skip(f"the examples of webhooks cannot be fetched: {error}")
    tour(cast)
    always: dict[tuple[str, str], Shape] = {}
    for each in json.loads(source.read_text()):
        for example in each["examples"]:
            key, shape = (each["name"], example.get("action", "")), Shape.of(example)
            always[key] = always[key].common(shape) if key in always else shape
    compared: set[tuple[str, str]] = set()
    missing: dict[tuple[str, str], list[str]] = {}
    for event, action, payload in cast.world.switchboard.told:
        if (event, action) not in always or TAGS in str(payload.get("ref")):
            continue
        ours, compared = Shape.of(payload), compared | {(event, action)}
        lacking = [key for key in always[event, action].keys if not ours.may(key) and not is_left_out(key)]
        if lacking:
            missing[event, action] = sorted(lacking)
    assert len(compared) > 15
    assert not missing, "\n".join(f"{key}: {lacking}" for key, lacking in missing.items())


def is_left_out(key: str) -> bool:
    return any(key.startswith(place) for place, _ in LEFT_OUT)
