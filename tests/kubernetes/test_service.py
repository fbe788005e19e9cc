"""Portico goes on whatever happens to the cluster, and one of several processes works."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from subprocess import PIPE

import pytest

from bot.errors import NotFound
from bot.kubernetes.connection import connect
from bot.kubernetes.kinds import REPOSITORY
from tests.cli.person import make_repository
from tests.kubernetes.cluster import Cluster
from tests.kubernetes.serving import served, until
from tests.kubernetes.street import LEASE_RIGHTS, Street, with_policy

DRAFT = "shop.dns.add-mx"


def test_what_people_change_is_seen_at_once(street: Street) -> None:
    street.draft()
    with served(street, admission=False):
        until(lambda: DRAFT in street.revisions())
        street.ask(DRAFT, "Proposed")
        until(lambda: street.told(DRAFT) == ("True", ""))


def test_what_is_pushed_is_seen_with_the_next_look(street: Street) -> None:
    with served(street, interval=1, admission=False):
        until(lambda: "shop.dns.v1" in street.revisions())
        street.draft()
        until(lambda: DRAFT in street.revisions())


def test_a_repository_that_is_registered_is_served_at_once(street: Street, tmp_path: Path) -> None:
    other = with_policy(make_repository(tmp_path / "other" / "blue.git"))
    with served(street, admission=False):
        until(lambda: "shop.dns.v1" in street.revisions())
        street.register("blue", repo=str(other))
        until(lambda: "blue.dns.v1" in street.revisions())
        street.kubectl("delete", "repositories.config.porch.kpt.dev", "blue")
        until(lambda: "blue.dns.v1" not in street.revisions())


def test_our_own_writes_wake_nobody(street: Street) -> None:
    """Else every write would be followed by another look into Git, which asks for the Secret anew."""
    street.secret("key", bearerToken="of-nobody")
    street.register("lost", repo="https://127.0.0.1:1/lost.git", secretRef={"name": "key"})
    with served(street, admission=False):
        until(lambda: street.repository("lost").get("status") and street.repository().get("status"))
        time.sleep(1)  # an echo comes within milliseconds
        before = street.asked("secrets")
        street.draft()
        time.sleep(2)
        assert street.asked("secrets") == before
        street.kubectl("annotate", "repositories.config.porch.kpt.dev", "lost", "note=1")
        until(lambda: street.asked("secrets") > before)


def test_a_server_that_comes_back_is_served_on(own: Cluster, alone: Street) -> None:
    with served(alone, interval=1, admission=False):
        until(lambda: "shop.dns.v1" in alone.revisions())
        own.kill()
        alone.draft()
        own.start()
        until(lambda: DRAFT in alone.revisions())
        alone.ask(DRAFT, "Proposed")
        until(lambda: alone.told(DRAFT) == ("True", ""))


def test_a_watch_that_expires_is_begun_anew(own: Cluster, alone: Street) -> None:
    with served(alone, interval=1, admission=False) as service:
        until(lambda: "shop.dns.v1" in alone.revisions())
        own.kill()
        own.start()
        own.compact()
        alone.draft()
        until(lambda: DRAFT in alone.revisions())
        alone.ask(DRAFT, "Proposed")
        until(lambda: alone.told(DRAFT) == ("True", ""))
        assert service.alive() == service.ready() == ""


def running(street: Street, *words: str) -> AbstractContextManager[subprocess.Popen[str]]:
    """Portico as a program for a cluster."""
    return program(street, "kubernetes", "run", "--allow-local", "--interval", "1", *words)


@contextmanager
def program(street: Street, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Portico as a program, killed at the end if it has not ended by itself."""
    environ = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PORTICO_HOME": str(street.bare.parent / "portico"),
        "KUBECONFIG": str(street.kubeconfig),
    }
    command = [sys.executable, "-m", "bot", *words]
    with subprocess.Popen(command, env=environ, stderr=PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


def test_of_two_one_works_and_the_other_takes_over(street: Street) -> None:
    street.cluster.grant("portico", street.namespace, *LEASE_RIGHTS)
    with running(street, "--leader-elect") as first, running(street, "--leader-elect") as second:
        until(lambda: "shop.dns.v1" in street.revisions())
        holder = street.lease()["spec"]["holderIdentity"]
        leader, other = (first, second) if f"-{first.pid}-" in holder else (second, first)
        leader.send_signal(signal.SIGTERM)
        assert leader.wait(60) == 0
        street.draft()
        until(lambda: DRAFT in street.revisions())
        assert f"-{other.pid}-" in street.lease()["spec"]["holderIdentity"]


def test_it_runs_as_a_program_until_it_is_ended(street: Street) -> None:
    with running(street, "--listen", "127.0.0.1:0") as alone:
        until(lambda: "shop.dns.v1" in street.revisions())
        assert alone.stderr is not None
        said = iter(alone.stderr.readline, "")
        (port,) = next(found for line in said if (found := re.findall(r'"port": (\d+)', line)))
        for question, answer in {"healthz": "Alive.", "readyz": "Ready."}.items():
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/{question}") as reply:
                assert (reply.status, reply.read().decode().strip()) == (200, answer)
        alone.send_signal(signal.SIGTERM)
        assert alone.wait(60) == 0


SETTINGS = """\
listen: 127.0.0.1:0
github:
  url: http://127.0.0.1:1
  tokenVariable: TOKEN
  webhookSecretVariables: [TOKEN]
  repositories: [a/b]
kubernetes: {interval: 1, allowLocal: true}
"""


def test_the_bot_of_a_forge_serves_a_cluster_too(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "a token of nobody")
    settings = street.bare.parent / "serve.yaml"
    settings.write_text(SETTINGS)
    with program(street, "serve", "--config", str(settings)) as both:
        until(lambda: "shop.dns.v1" in street.revisions())
        both.send_signal(signal.SIGTERM)
        assert both.wait(60) == 0


def test_who_may_not_hold_the_lease_is_told(street: Street) -> None:
    done = street.program("kubernetes", "run", "--leader-elect")
    assert done.returncode == 1
    assert "does not let Portico do that" in done.stderr


def test_one_pass_ends_with_what_could_not_be_done(street: Street) -> None:
    assert street.program("kubernetes", "run", "--allow-local", "--once").returncode == 0
    assert "shop.dns.v1" in street.revisions()
    street.register("lost", repo=str(street.bare.parent / "nowhere.git"))
    done = street.program("kubernetes", "run", "--allow-local", "--once")
    assert (done.returncode, "lost: " in done.stderr) == (1, True)


@pytest.mark.parametrize("text", ["a: [", "- a", "just words", "contexts: {}\ncurrent-context: a\n"])
def test_a_file_that_is_no_kubeconfig_is_told(street: Street, tmp_path: Path, text: str) -> None:
    (tmp_path / "config").write_text(text)
    done = street.program("kubernetes", "run", "--once", "--kubeconfig", str(tmp_path / "config"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: The kubeconfig cannot be used: ")


def test_of_kinds_that_are_not_there_it_is_said_how_to_install_them(own: Cluster) -> None:
    asked = connect(str(own.kubeconfig())).cluster
    with pytest.raises(NotFound, match=r"no kind 'Repository'.*`kubectl apply -k deploy/crds`"):
        asked.list(REPOSITORY, "")
    with pytest.raises(NotFound, match="no kind 'Repository'"):
        next(asked.watch(REPOSITORY, "", "0", 1))


def test_a_branch_that_is_not_there_is_told(street: Street) -> None:
    street.register("lost", branch="trunk")
    done = street.program("kubernetes", "run", "--allow-local", "--once")
    assert (done.returncode, "lost: The repository has no branch 'trunk'" in done.stderr) == (1, True)
    assert street.repository("lost")["status"]["conditions"][0]["status"] == "False"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--admission", ":8443"), "`--admission` needs `--certificate`, `--key` and"),
        (("--listen", "here"), "`--listen` must be like ':8080'"),
        (("--stamp-key", "nowhere"), "'nowhere' cannot be read"),
        (("--kubeconfig", "nowhere"), "The kubeconfig cannot be used"),
        (("--context", "nowhere"), "The kubeconfig cannot be used"),
    ],
)
def test_what_is_wrong_is_said_before_anything_begins(
    street: Street, words: Sequence[str], sentence: str
) -> None:
    done = street.program("kubernetes", "run", *words)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
