"""What is answered over HTTP, by a real process."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.web.app import LARGEST_BODY
from tests.web.bot import Bot, Place
from tests.web.forge import SECRET, signature


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    place = Place(Path(tmp_path_factory.mktemp("bot")))
    place.settle("acme/packages", "acme/infra-*", "!acme/infra-secret")
    with place.bot() as bot:
        yield bot


@pytest.mark.parametrize(
    ("method", "path", "status", "sentence"),
    [
        ("GET", "/healthz", 200, "Alive.\n"),
        ("GET", "/readyz", 200, "Ready.\n"),
        ("GET", "/", 404, "There is nothing here; webhooks go to /webhooks/<forge>.\n"),
        ("GET", "/webhooks/", 404, "There is nothing here; webhooks go to /webhooks/<forge>.\n"),
        ("POST", "/webhooks/gitlab", 404, "No webhooks of 'gitlab' are taken here.\n"),
        ("POST", "/webhooks/test/more", 404, "There is nothing here; webhooks go to /webhooks/<forge>.\n"),
        ("GET", "/webhooks/test", 405, "This is not how this address is called.\n"),
        ("PUT", "/webhooks/test", 405, "This is not how this address is called.\n"),
        ("OPTIONS", "/webhooks/test", 405, "This is not how this address is called.\n"),
        ("POST", "/metrics", 405, "This is not how this address is called.\n"),
        ("POST", "/webhooks/test", 401, "The signature must be that of a secret in the settings.\n"),
    ],
)
def test_what_is_asked_is_answered(bot: Bot, method: str, path: str, status: int, sentence: str) -> None:
    answer = bot.line.ask(method, path, b"{}" if method in {"POST", "PUT"} else b"")
    assert (answer.status, answer.text) == (status, sentence)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in answer.headers


def test_a_wrong_method_is_told_the_right_one(bot: Bot) -> None:
    assert bot.line.get("/webhooks/test").headers["Allow"] == "POST"


@pytest.mark.parametrize("secret", [b"another", b""])
def test_what_another_secret_signed_is_not_heard(bot: Bot, secret: bytes) -> None:
    assert bot.line.deliver("acme/packages", 1, secret=secret).status == 401


def test_a_signature_is_that_of_this_body(bot: Bot) -> None:
    headers = {"X-Signature": signature(SECRET, b"{}"), "X-Delivery": "x"}
    assert bot.line.ask("POST", "/webhooks/test", b'{"repository": "acme/packages"}', headers).status == 401


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"{}", b"[1"])
def test_a_body_that_cannot_be_read_is_said(bot: Bot, body: bytes) -> None:
    answer = bot.line.deliver(body=body)
    assert (answer.status, answer.text) == (400, "The body must be JSON with `repository`.\n")


def test_what_is_not_ours_is_no_fault(bot: Bot) -> None:
    answer = bot.line.deliver(body=b'{"ping": true}', event="ping")
    assert (answer.status, answer.text) == (200, "This is nothing that Portico looks at.\n")


@pytest.mark.parametrize("repository", ["evil/packages", "acme/infra-secret", "acme/infra-x/y", "acme", ""])
def test_a_repository_that_is_not_in_the_settings_is_not_looked_at(bot: Bot, repository: str) -> None:
    answer = bot.line.deliver(repository, 1)
    assert answer.status == 200
    assert "is not among the repositories of the settings" in answer.text


@pytest.mark.parametrize("repository", ["acme/packages", "ACME/Packages", "acme/infra-network"])
def test_one_that_is_will_be_looked_at(bot: Bot, repository: str) -> None:
    assert bot.line.deliver(repository, 1).status == 202


def test_a_body_above_the_bound_is_refused_before_it_is_sent(bot: Bot) -> None:
    head = f"POST /webhooks/test HTTP/1.1\r\nHost: x\r\nContent-Length: {LARGEST_BODY + 1}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", bot.line.port), timeout=60) as caller:
        caller.sendall(head.encode())
        assert caller.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_body_without_end_is_refused_at_the_bound(bot: Bot) -> None:
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    head = b"POST /webhooks/test HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", bot.line.port), timeout=60) as caller:
        caller.sendall(head)
        try:
            for _ in range(40):
                caller.sendall(chunk)
            answer = caller.recv(100)
        except (BrokenPipeError, ConnectionResetError):
            answer = b""  # it hung up while we were still talking
    assert answer[:13] in {b"HTTP/1.1 413 ", b""}
    assert bot.line.get("/healthz").status == 200


def test_the_metrics_hold_no_names_from_outside(bot: Bot) -> None:
    bot.line.deliver("acme/infra-network", 1, event="something new")
    text = bot.line.get("/metrics").text
    assert 'portico_webhooks_total{answer="202",event="other",forge="test"}' in text
    assert 'portico_queue_looks{state="given_up"} 0.0' in text
    assert "portico_queue_oldest_seconds " in text
    assert 'portico_forge_rate_limit_remaining{forge="test"} 4999.0' in text
    assert 'portico_forge_requests_total{forge="test",status="200"} 1.0' in text
    assert "something new" not in text
    assert "acme" not in text
