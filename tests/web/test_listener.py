"""The server that a cluster asks."""

import socket
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from bot.web.cluster_settings import Certificate
from bot.web.listener import LARGEST_HEAD, THREADS, Listener


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    made = Certificate(tmp_path / "tls.crt", tmp_path / "tls.key")
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost "
    words += "-addext subjectAltName=IP:127.0.0.1"
    files = ["-keyout", str(made.key), "-out", str(made.chain)]
    subprocess.run(["openssl", *words.split(), *files], check=True, capture_output=True)
    return made


@pytest.fixture
def listener(certificate: Certificate) -> Iterator[Listener]:
    app = Flask("listener", static_folder=None)
    app.add_url_rule("/", view_func=lambda: "here\n")
    made = Listener("127.0.0.1", 0, app, certificate)
    made.start()
    yield made
    made.stop()


def test_who_connects_and_says_nothing_keeps_nobody_waiting(
    listener: Listener, certificate: Certificate
) -> None:
    """An API server gives up after seconds, and then nobody is told of who asked."""
    silent = [socket.create_connection(("127.0.0.1", listener.port)) for _ in range(THREADS // 2)]
    context = ssl.create_default_context(cafile=str(certificate.chain))
    address = f"https://127.0.0.1:{listener.port}/"
    with urllib.request.urlopen(address, context=context, timeout=10) as answer:
        assert answer.read() == b"here\n"
    for one in silent:
        one.close()


def test_who_speaks_something_else_is_not_answered(listener: Listener, certificate: Certificate) -> None:
    with socket.create_connection(("127.0.0.1", listener.port), timeout=10) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        assert b"here" not in plain.recv(1000)
    context = ssl.create_default_context(cafile=str(certificate.chain))
    with urllib.request.urlopen(f"https://127.0.0.1:{listener.port}/", context=context, timeout=10) as answer:
        assert answer.status == 200


def test_a_request_without_end_is_not_kept(listener: Listener, certificate: Certificate) -> None:
    context = ssl.create_default_context(cafile=str(certificate.chain))
    plain = socket.create_connection(("127.0.0.1", listener.port), timeout=10)
    with context.wrap_socket(plain, server_hostname="127.0.0.1") as wrapped:
        wrapped.sendall(b"GET / HTTP/1.1\r\nHost: here\r\nLong: " + b"x" * LARGEST_HEAD + b"\r\n\r\n")
        assert wrapped.recv(12) == b"HTTP/1.1 413"
