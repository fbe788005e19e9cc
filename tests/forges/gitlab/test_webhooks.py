"""What hooks hear: by whom they know it, in which order, and what never comes."""

import base64
import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.forges.gitlab.cast import BRANCH, TOKEN, Cast
from tests.forges.gitlab.webhooks import FAILURES

KEY = b"thirty-two bytes are a good key."


def names(cast: Cast) -> list[str]:
    return [each.name for each in cast.world.switchboard.waiting]


def test_headers(cast: Cast) -> None:
    cast.world.hook(cast.project.group.line()[-1], key=KEY)
    cast.propose()
    plain, signed = cast.world.switchboard.select("merge_request.open")
    assert plain.headers["X-Gitlab-Event"] == "Merge Request Hook"
    assert plain.headers["X-Gitlab-Token"] == TOKEN
    assert plain.headers["X-Gitlab-Instance"] == cast.world.place.web
    assert "webhook-signature" not in plain.headers
    assert "X-Gitlab-Token" not in signed.headers
    assert plain.event_uuid == signed.event_uuid, "all hooks read the same of one event"
    assert plain.key != signed.key
    stamped = signed.headers["webhook-timestamp"]
    assert signed.headers["webhook-id"] == signed.headers["Idempotency-Key"]
    text = f"{signed.key}.{stamped}.".encode() + signed.body
    expected = base64.b64encode(hmac.new(KEY, text, hashlib.sha256).digest()).decode()
    assert signed.headers["webhook-signature"] == f"v1,{expected}"


def test_a_second_try_has_the_same_keys(cast: Cast) -> None:
    cast.propose()
    board = cast.world.switchboard
    board.double("merge_request")
    first, second = board.select("merge_request")
    assert (first.key, first.event_uuid) == (second.key, second.event_uuid)
    assert first.id != second.id


def test_losing_delaying_and_reordering(cast: Cast) -> None:
    held = cast.propose()
    cast.note("grace", held, "Well")
    board = cast.world.switchboard
    assert names(cast) == ["push", "merge_request.open", "note.create"]
    board.reorder()
    assert names(cast) == ["note.create", "merge_request.open", "push"]
    assert board.lose("push") == 1
    board.delay("note", 60)
    heard: list[str] = []

    def hear(each: object) -> int:
        heard.append(getattr(each, "name", ""))
        return 202

    board.deliver(hear)
    assert heard == ["merge_request.open"]
    cast.world.clock.move(60)
    board.deliver(hear)
    assert heard == ["merge_request.open", "note.create"]


def test_a_draft_begins_and_ends_by_an_update(cast: Cast) -> None:
    cast.propose(draft=True)
    cast.ask("PUT", "/merge_requests/1", {"title": "Blue"})
    told = cast.world.switchboard.select("merge_request.update")[0].payload
    assert told["changes"]["draft"] == {"previous": True, "current": False}
    assert told["changes"]["title"] == {"previous": f"Draft: Propose {BRANCH}", "current": "Blue"}
    assert "oldrev" not in told["object_attributes"]
    assert told["object_attributes"]["draft"] is False


@pytest.mark.parametrize(
    ("title", "draft"),
    [
        ("Draft: x", True),
        ("draft:x", True),
        ("[Draft] x", True),
        ("(draft) x", True),
        ("WIP: x", False),
        ("Drafts: x", False),
        ("x Draft: y", False),
    ],
)
def test_titles_of_drafts(cast: Cast, title: str, *, draft: bool) -> None:
    cast.propose()
    shown = cast.ask("PUT", "/merge_requests/1", {"title": title}).json()
    assert (shown["draft"], shown["work_in_progress"]) == (draft, draft)


def test_states(cast: Cast) -> None:
    cast.propose()
    for event in ("close", "reopen"):
        cast.ask("PUT", "/merge_requests/1", {"state_event": event})
        told = cast.world.switchboard.told[-1]
        assert told[1] == event
        assert told[2]["object_attributes"]["state"] == {"close": "closed", "reopen": "opened"}[event]


def test_only_those_who_want_it(cast: Cast) -> None:
    other = cast.world.project("acme/other")
    cast.hook.events = frozenset({"note_events"})
    cast.commit("root", "x", {"x": b""}, project=other)
    held = cast.propose()
    cast.note("ada", held, "Well")
    assert names(cast) == ["note.create"]
    assert [event for event, _, _ in cast.world.switchboard.told][:1] == ["Push Hook"]


def test_a_hook_that_fails_rests(cast: Cast) -> None:
    held = cast.propose()
    for _ in range(FAILURES):
        cast.note("ada", held, "Well")
    cast.world.switchboard.deliver(lambda _: 500)
    cast.note("ada", held, "Well")
    assert names(cast) == []
    assert cast.ask("GET", "/hooks", username="mia").json()[0]["alert_status"] == "disabled"


@contextmanager
def receiving(codes: list[int]) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
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
    with receiving([202, 503]) as (url, heard):
        cast.hook.url = url
        cast.propose()
        done = cast.world.switchboard.deliver()
    assert [each.code for each in done] == [202, 503]
    assert [headers["X-Gitlab-Event"] for headers, _ in heard] == ["Push Hook", "Merge Request Hook"]
    cast.commit("ada", BRANCH, {"y": b""})
    assert {each.code for each in cast.world.switchboard.deliver()} == {0}, "nobody is there any more"
