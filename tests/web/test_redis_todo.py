"""The list on a real Redis: what outlives what, whose clock counts, and what is said when it is away."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from bot.web import redis_scripts
from bot.web.look import Look
from bot.web.redis_server import RedisServer
from bot.web.redis_todo import EVICTING, MORTAL, PREFIX, RedisTodo
from bot.web.secret import Secret
from bot.web.todo import Depth, NotKept, Taken
from tests.web.bot import ROOT, until
from tests.web.redis_machine import RedisMachine, free_port, machine

ONE, TWO = Look("test", "a/b", 1), Look("test", "a/c", 2)


@pytest.fixture
def todo(redis_server: RedisMachine) -> Iterator[RedisTodo]:
    with closing(RedisTodo(redis_server.server, clock=None)) as todo:
        yield todo


def take(todo: RedisTodo, now: float = 0) -> Taken:
    taken = todo.take(now)
    assert taken is not None
    return taken


def settle(machine: RedisMachine, **settings: str) -> None:
    with machine.client() as client:
        for key, value in settings.items():
            client.config_set(key.replace("_", "-"), value)


def test_what_was_answered_outlives_the_servers_death(own_redis: RedisMachine) -> None:
    with closing(RedisTodo(own_redis.server, clock=None)) as todo:
        assert todo.ask(ONE, "x", 5)
        todo.done(take(todo, 5), 5)
        assert todo.ask(TWO, "y", 6)
        taken = take(todo, 7)
        own_redis.kill()
        with pytest.raises(NotKept):
            todo.depth(7)
        own_redis.start()
        # The same connection's list: what was done, what is held, and which deliveries were dealt with.
        assert todo.depth(7) == Depth(0, 1, 0, 6)
        assert not todo.ask(ONE, "x", 7)
        assert todo.take(7) is None
        todo.done(taken, 7)
        assert sum(todo.depth(7)) == 0


def test_a_server_that_is_away_is_said_and_comes_back_by_itself(own_redis: RedisMachine) -> None:
    with closing(RedisTodo(own_redis.server, clock=None)) as todo:
        own_redis.stop()
        for use in (
            lambda: todo.ask(ONE, "x", 0),
            lambda: todo.remind([ONE], 0),
            lambda: todo.take(0),
            lambda: todo.renew(0),
            lambda: todo.done(Taken(1, ONE, 1, 0), 0),
            lambda: todo.again(Taken(1, ONE, 1, 0), 0, tries=1, rest=True),
            lambda: todo.give_up(Taken(1, ONE, 1, 0), "It is broken.", 0),
            todo.let_go,
            lambda: todo.depth(0),
            todo.given_up,
            lambda: todo.sweep(0),
            todo.warning,
        ):
            with pytest.raises(NotKept) as refusal:
                use()
            assert str(refusal.value) == (
                f"The queue '{own_redis.url}' cannot be used: "
                f"Error 111 connecting to 127.0.0.1:{own_redis.port}. Connection refused."
            )
        own_redis.start()
        assert todo.ask(ONE, "x", 0)
        assert take(todo).look == ONE


def test_a_server_that_hangs_is_not_waited_for_long(own_redis: RedisMachine) -> None:
    with closing(RedisTodo(own_redis.server, clock=None)) as todo:
        assert todo.ask(ONE, "x", 0)
        with own_redis.client() as other:
            other.client_pause(60_000, all=True)
            with pytest.raises(NotKept, match="cannot be used: Timeout"):
                todo.take(0)


@pytest.mark.parametrize("password", ["a wrong password", ""])
def test_a_password_that_is_wrong_is_said_and_not_shown(own_redis: RedisMachine, password: str) -> None:
    server = replace(own_redis.server, password=Secret(password) if password else None)
    with closing(RedisTodo(server)) as todo, pytest.raises(NotKept) as refusal:
        todo.ask(ONE, "x", 0)
    assert str(refusal.value).startswith(f"The queue '{own_redis.url}' cannot be used: ")
    assert "password of the queue" not in str(refusal.value)
    assert "a wrong password" not in str(refusal.value)


def test_a_full_memory_keeps_nothing_new_but_lets_what_was_begun_end(
    redis_server: RedisMachine, todo: RedisTodo
) -> None:
    todo.ask(ONE, "x", 0)
    todo.ask(TWO, "y", 0)
    one, two = take(todo), take(todo)
    todo.ask(ONE, "z", 0)
    try:
        settle(redis_server, maxmemory="1")
        with pytest.raises(NotKept, match="used memory"):
            todo.ask(Look("test", "a/d"), "w", 0)
        with pytest.raises(NotKept):
            todo.depth(0)
        todo.done(two, 0)
        todo.again(one, 0, tries=1, rest=False)
        with pytest.raises(NotKept):
            todo.take(0)
    finally:
        settle(redis_server, maxmemory="0")
    assert todo.depth(0) == Depth(1, 0, 0, 0)
    assert take(todo).look == ONE


def test_what_a_server_does_not_keep_is_warned_of(redis_server: RedisMachine, todo: RedisTodo) -> None:
    assert todo.warning() == ""
    try:
        settle(redis_server, appendonly="no", maxmemory="1gb", maxmemory_policy="allkeys-lru")
        assert todo.warning() == f"{MORTAL} {EVICTING}"
    finally:
        settle(redis_server, appendonly="yes", maxmemory="0", maxmemory_policy="noeviction")
    assert todo.warning() == ""


def test_one_that_may_not_ask_says_so(redis_server: RedisMachine) -> None:
    with redis_server.client() as client:
        client.execute_command("ACL", "SETUSER", "bot", "on", ">a secret", "~{portico}:*", "+@all", "-info")
        try:
            server = replace(redis_server.server, user="bot", password=Secret("a secret"))
            with closing(RedisTodo(server, clock=None)) as todo:
                assert todo.ask(ONE, "x", 0)
                assert take(todo).look == ONE
                assert "let its user run `INFO`" in todo.warning()
        finally:
            client.execute_command("ACL", "DELUSER", "bot")


def test_a_queue_of_another_version_is_refused(redis_server: RedisMachine, todo: RedisTodo) -> None:
    todo.ask(ONE, "x", 0)
    with redis_server.client() as client:
        client.hset(f"{PREFIX}counts", "version", "2")
    with pytest.raises(NotKept, match="another version of Portico"):
        todo.take(0)


def test_scripts_that_the_server_forgot_are_sent_again(redis_server: RedisMachine, todo: RedisTodo) -> None:
    todo.ask(ONE, "x", 0)
    with redis_server.client() as client:
        client.script_flush()
    assert not todo.depth(0).running
    assert take(todo).look == ONE


def test_an_answer_that_got_lost_costs_a_lease(todo: RedisTodo) -> None:
    todo.ask(ONE, "x", 0)
    take(todo)
    todo._held.clear()  # as if the answer had not come
    todo.renew(30)
    assert todo.take(59) is None
    assert take(todo, 60).look == ONE


def test_machines_need_not_agree_what_time_it_is(redis_server: RedisMachine) -> None:
    def an_hour_ahead() -> float:
        return time.time() + 3_600

    with (
        closing(RedisTodo(redis_server.server)) as right,
        closing(RedisTodo(redis_server.server, clock=an_hour_ahead)) as wrong,
    ):
        right.ask(ONE, "x", time.time())
        assert take(right, time.time()).look == ONE
        wrong.ask(TWO, "y", an_hour_ahead())
        assert abs(right.depth(time.time()).oldest - time.time()) < 600
        assert abs(wrong.depth(an_hour_ahead()).oldest - an_hour_ahead()) < 600
        two = take(wrong, an_hour_ahead())
        assert two.look == TWO
        assert wrong.take(an_hour_ahead()) is None
        wrong.again(two, an_hour_ahead() + 1_000, tries=1, rest=True)
        assert right.take(time.time()) is None
        assert right.take(time.time() + 1_001) is None  # whoever says so: it is not that late
        wrong.ask(Look("test", "a/d"), "z", an_hour_ahead())
        assert take(right, time.time()).look == Look("test", "a/d")


def test_all_keys_stay_together_and_none_is_left_over(redis_server: RedisMachine, todo: RedisTodo) -> None:
    todo.ask(ONE, "x", 0)
    todo.again(take(todo), 5, tries=1, rest=True)
    todo.give_up(take(todo, 5), "It is broken.", 5)
    todo.remind([ONE], 6)
    todo.done(take(todo, 6), 6)
    todo.sweep(10**9)
    with redis_server.client() as client:
        assert client.keys() == [f"{PREFIX}counts".encode()]
    assert len(set(redis_scripts.KEYS)) == len(redis_scripts.KEYS)


def test_a_process_that_is_killed_keeps_others_away_for_a_lease(redis_server: RedisMachine) -> None:
    code = (
        "import os, signal, sys, time; from bot.web.redis_server import RedisServer\n"
        "from bot.web.redis_todo import RedisTodo\n"
        "assert RedisTodo(RedisServer('127.0.0.1', int(sys.argv[1])), lease=2).take(time.time())\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    with closing(RedisTodo(redis_server.server)) as todo:
        todo.ask(ONE, "x", time.time())
        subprocess.run([sys.executable, "-c", code, str(redis_server.port)], check=False, cwd=ROOT)
        until(lambda: (found := todo.take(time.time())) and found.look == ONE, "its lease ends")


def test_over_tls_a_server_must_prove_who_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, certificate, port = tmp_path / "key.pem", tmp_path / "certificate.pem", free_port()
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=queue",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    tls = (f"tls-port {port}", f"tls-cert-file {certificate}", f"tls-key-file {key}", "tls-auth-clients no")
    with machine(tmp_path / "redis", *tls):
        server = RedisServer("127.0.0.1", port, is_encrypted=True)
        with closing(RedisTodo(server)) as todo, pytest.raises(NotKept, match="certificate verify failed"):
            todo.ask(ONE, "x", 0)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with closing(RedisTodo(server)) as todo:
            assert todo.ask(ONE, "x", time.time())
            assert take(todo, time.time()).look == ONE


def test_nothing_is_sent_before_it_is_asked() -> None:
    with closing(RedisTodo(RedisServer("queue.invalid"))) as todo:
        with pytest.raises(NotKept, match=r"The queue 'redis://queue\.invalid:6379/0' cannot be used: "):
            todo.depth(0)
        assert isinstance(todo._client, redis.Redis)
