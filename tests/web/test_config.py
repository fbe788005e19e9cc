"""The settings: what they may say, and that every mistake is told at once."""

from pathlib import Path

import pytest

from bot.errors import InvalidPolicy
from bot.packages.layout import Layout
from bot.web.cluster_settings import AdmissionAt, Certificate, ClusterSettings
from bot.web.config import App, Config, GitLab, read_config
from bot.web.redis_server import RedisServer
from bot.web.registrations import Registered
from bot.web.secret import Secret

GOOD = """\
listen: 10.0.0.1:80
state: /var/lib/portico
workers: 8
tick: 60
github:
  url: https://github.example.com/
  app: {id: 1234, privateKeyFile: key.pem}
  webhookSecretFiles: [old, new]
  repositories:
    - acme/packages
    - acme/infra-*
    - "!acme/infra-secret"
    - {name: acme/catalog, branch: release/1, directory: /pkgs/, deployment: true}
"""
LEAST = """\
github:
  tokenVariable: TOKEN
  webhookSecretVariables: [HOOK]
  repositories: [acme/packages]
"""
ENVIRON = {"TOKEN": "token-1", "HOOK": "hook-1"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "key.pem": "-----BEGIN KEY-----\nabcdef\n",
        "old": "one\n",
        "new": "two",
        "none": " \n",
    }.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "binary").write_bytes(b"\xff\xff")
    return tmp_path


def read(folder: Path, text: str) -> Config:
    (folder / "serve.yaml").write_text(text)
    return read_config(folder / "serve.yaml", ENVIRON)


def mistakes(folder: Path, text: str) -> list[str]:
    with pytest.raises(InvalidPolicy) as refusal:
        read(folder, text)
    return str(refusal.value).split("\n- ")[1:]


def test_everything_can_be_said(folder: Path) -> None:
    config = read(folder, GOOD)
    assert (config.host, config.port, config.workers, config.tick) == ("10.0.0.1", 80, 8, 60)
    assert config.queue == Path("/var/lib/portico/queue.sqlite")
    assert config.github is not None
    assert config.github.url == "https://github.example.com"
    assert config.github.access == App(1234, Secret("-----BEGIN KEY-----\nabcdef"))
    assert [secret.reveal() for secret in config.github.webhook_secrets] == ["one", "two"]
    known = config.github.registrations.of("ACME/catalog")
    assert known == Registered("acme/catalog", Layout("release/1", "pkgs"), deployment=True)


def test_little_must_be_said(folder: Path) -> None:
    config = read(folder, LEAST)
    assert (config.host, config.port, config.workers, config.tick) == ("127.0.0.1", 8080, 4, 300)
    assert config.queue == folder / "state" / "queue.sqlite"
    assert config.github is not None
    assert config.github.url == "https://github.com"
    assert config.github.access == Secret("token-1")


def test_a_secret_is_never_shown(folder: Path) -> None:
    config = read(folder, GOOD)
    assert "abcdef" not in f"{config} {config!r}"
    assert next(secret.lines() for secret in config.secrets())[1:] == ["abcdef"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("listen: 10.0.0.1:80", "listen: 80", "line 1: `listen` must be an address and a port"),
        ("listen: 10.0.0.1:80", "listen: a:70000", "line 1: `listen` must be an address and a port"),
        ("workers: 8", "workers: 0", "line 3: `workers` must be a whole number from 1 to 64."),
        ("workers: 8", "workers: many", "line 3: `workers` must be a whole number from 1 to 64."),
        ("tick: 60", "tick: 1", "line 4: `tick` must be a whole number from 10 to 86400."),
        ("tick: 60", "tock: 60", "line 4: Unknown key 'tock'; the keys are `listen`, `state`, `queue`, "),
        (
            "tick: 60",
            "queue: amqp://localhost",
            "line 4: `queue` must be the path of a SQLite file, or such as",
        ),
        ("tick: 60", "queue: redis://", "line 4: `queue` must be the path of a SQLite file, or such as"),
        (
            "tick: 60",
            "queue: 'redis://[::1'",
            "line 4: `queue` must be the path of a SQLite file, or such as",
        ),
        ("tick: 60", "queue: redis://a:b/0", "line 4: `queue` must be the path of a SQLite file, or such as"),
        ("tick: 60", "queue: redis://a/x", "line 4: `queue` must be the path of a SQLite file, or such as"),
        (
            "tick: 60",
            "queue: redis://a?db=1",
            "line 4: `queue` must be the path of a SQLite file, or such as",
        ),
        ("tick: 60", "queue: redis://:hush@a", "line 4: `queue` must not hold a password: no secret stands"),
        ("tick: 60", "queue: {url: 'redis://:hush@a'}", "line 4: `queue.url` must not hold a password"),
        ("tick: 60", "queue: {passwordFile: old}", "line 4: `queue.url` must be the path"),
        ("tick: 60", "queue: {url: 'redis://a', passwordFile: gone}", "`queue.passwordFile`: The file "),
        (
            "tick: 60",
            "queue: {url: 'redis://a', password: hush}",
            "Unknown key 'password' in `queue`; the keys",
        ),
        (
            "tick: 60",
            "queue: {url: 'redis://a', passwordFile: old, passwordVariable: HOOK}",
            "line 4: `queue` must have one of `passwordFile` and `passwordVariable`, not both.",
        ),
        ("https://github.example.com/", "github.example.com", "line 6: `github.url` must be such as"),
        ("https://github.example.com/", "https://u:p@example.com", "line 6: `github.url` must be such as"),
        ("example.com/", "example.com/api/v3", "line 6: `github.url` must be such as"),
        ("https://github.example.com/", "https://api.github.com", "line 6: `github.url` must be such as"),
        ("  app: {id: 1234, ", "  app: {", "line 7: `github.app.id` must be given."),
        ("id: 1234", "id: x", "line 7: `github.app.id` must be a whole number"),
        ("id: 1234", "id: 1, key: x", "line 7: Unknown key 'key' in `github.app`; the keys are `id`, "),
        ("key.pem", "gone.pem", "line 7: `github.app.privateKeyFile`: The file "),
        ("[old, new]", "[old, none]", "line 8: `github.webhookSecretFiles`: The file "),
        ("[old, new]", "[binary]", "must be a text."),
        ("[old, new]", "[]", "line 8: `github.webhookSecretFiles` must name at least one file"),
        ("[old, new]", "old", "line 8: `github.webhookSecretFiles` must be a list."),
        ("[old, new]", "[{a: b}]", "line 8: `github.webhookSecretFiles` must be a list of texts."),
        ("- acme/packages", "- packages", "line 10: `github.repositories` must hold names such as"),
        ("- acme/packages", "- [a]", "line 10: `github.repositories` must hold names such as"),
        ("- acme/packages", "- 'acme/pack ages'", "line 10: `github.repositories` must hold names such as"),
        ("release/1", "a..b", "line 13: `github.repositories.branch` must be the name of a branch."),
        ("/pkgs/", "../pkgs", "line 13: `github.repositories.directory` must be a path in the repository."),
        ("deployment: true", "deployment: 1", "line 13: `github.repositories.deployment` must be true"),
        ("deployment: true", "approvals: 1", "line 13: Unknown key 'approvals' in `github.repositories`"),
    ],
)
def test_a_mistake_is_told_with_its_line(folder: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    found = mistakes(folder, GOOD.replace(old, new))
    assert any(said in mistake for mistake in found), found
    assert "hush" not in "".join(found)


@pytest.mark.parametrize(
    ("said", "server"),
    [
        ("redis://queue", RedisServer("queue")),
        ("rediss://bot@10.0.0.1:7000/3", RedisServer("10.0.0.1", 7000, 3, is_encrypted=True, user="bot")),
        ("'redis://[::1]:7000'", RedisServer("::1", 7000)),
        (
            "{url: 'rediss://queue', passwordFile: new}",
            RedisServer("queue", is_encrypted=True, password=Secret("two")),
        ),
        ("{url: 'redis://queue/', passwordVariable: HOOK}", RedisServer("queue", password=Secret("hook-1"))),
    ],
)
def test_a_queue_may_be_on_a_server(folder: Path, said: str, server: RedisServer) -> None:
    config = read(folder, f"queue: {said}\n{LEAST}")
    assert config.queue == server
    if server.password:
        assert server.password in config.secrets()
        assert server.password.reveal() not in f"{config} {config!r} {server}"


def test_gitlab_stands_beside_github_or_alone(folder: Path) -> None:
    text = LEAST.replace("github:", "gitlab:").replace("acme/packages", "acme/infra/packages")
    config = read(folder, text)
    assert config.github is None
    assert config.gitlab is not None
    assert config.gitlab == GitLab(
        "https://gitlab.com", Secret("token-1"), (Secret("hook-1"),), config.gitlab.registrations
    )
    assert config.gitlab.registrations.of("Acme/infra/packages") == Registered(
        "acme/infra/packages", Layout(), deployment=False
    )
    assert [secret.reveal() for secret in config.secrets()] == ["token-1", "hook-1"]
    assert len(read(folder, LEAST + text).secrets()) == 4
    assert mistakes(folder, text + "  app: {id: 1}\n") == [
        (
            "line 5: Unknown key 'app' in `gitlab`; the keys are `url`, `tokenFile`, `tokenVariable`, "
            "`webhookSecretFiles`, `webhookSecretVariables`, `repositories`."
        )
    ]


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    text = "listen: x\nsecret: y\ngithub:\n  tokenVariable: A\n  tokenFile: b\n  repositories: ['!a/b']\n"
    found = mistakes(folder, text)
    assert [mistake.partition(":")[0] for mistake in found] == [
        "line 1", "line 2", "line 4", "line 4", "line 5", "line 6",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must be one mapping"),
        ("- a\n", "must be one mapping"),
        ("a: 1\n---\nb: 2\n", "must be one mapping"),
        ("a: [\n", "serve.yaml:"),
        ("listen: x:1\n", "`github` or `gitlab` must say whose webhooks are taken"),
        ("github: x\n", "`github` must be a mapping."),
    ],
)
def test_what_is_no_settings_is_refused(folder: Path, text: str, said: str) -> None:
    with pytest.raises(InvalidPolicy) as refusal:
        read(folder, text)
    assert said in str(refusal.value)


def test_a_file_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(InvalidPolicy, match=r"gone\.yaml' cannot be read: No such file"):
        read_config(folder / "gone.yaml", {})


def test_the_example_of_the_readme_is_read(folder: Path) -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text().partition("### Running the bot")[2]
    for name in ("app.pem", "hook", "hook.old", "token"):
        (folder / name).write_text("a secret")
    config = read(folder, text.partition("```yaml\n")[2].partition("```")[0])
    least = read(folder, LEAST)
    assert (config.host, config.port, config.state) == (least.host, least.port, least.state)
    assert (config.queue, config.workers) == (least.queue, least.workers)
    assert (config.tick, config.drain) == (least.tick, least.drain)


@pytest.mark.parametrize("environ", [{}, {"TOKEN": " ", "HOOK": "x"}])
def test_a_variable_must_be_set(folder: Path, environ: dict[str, str]) -> None:
    (folder / "serve.yaml").write_text(LEAST)
    with pytest.raises(
        InvalidPolicy, match=r"`github\.tokenVariable`: The environment variable 'TOKEN' must"
    ):
        read_config(folder / "serve.yaml", environ)


CLUSTER = """\
kubernetes:
  kubeconfig: kube/config
  context: prod
  namespaces: [team-a, team-b]
  interval: 5
  leaderElect: true
  allowLocal: true
  stampKeyFile: old
  admission: {listen: ':8443', certificateFile: tls.crt, keyFile: tls.key}
"""


def test_a_cluster_is_served_beside_a_forge(folder: Path) -> None:
    assert read(folder, LEAST).kubernetes is None
    found = read(folder, LEAST + CLUSTER).kubernetes
    assert found == ClusterSettings(
        place=folder / "state" / "cluster",
        kubeconfig=str(folder / "kube/config"),
        context="prod",
        namespaces=("team-a", "team-b"),
        interval=5,
        elects=True,
        allows_local=True,
        stamp_key=Secret("one"),
        admission=AdmissionAt("", 8443, Certificate(folder / "tls.crt", folder / "tls.key")),
    )
    least = read(folder, LEAST + "kubernetes: {allNamespaces: true}\n").kubernetes
    assert least == ClusterSettings(place=folder / "state" / "cluster", namespaces=None)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("interval: 5", "interval: 0", "`kubernetes.interval` must be a whole number from 1"),
        ("interval: 5", "often: 5", "Unknown key 'often' in `kubernetes`"),
        ("interval: 5", "allNamespaces: true", "`namespaces` and `allNamespaces` cannot both be said."),
        ("stampKeyFile: old", "stampKeyFile: gone", "`kubernetes.stampKeyFile`: The file "),
        ("  stampKeyFile: old\n", "", "`kubernetes.admission` needs `kubernetes.stampKeyFile` to"),
        ("':8443'", "here", "`kubernetes.admission.listen` must be like ':8080'"),
        (", keyFile: tls.key", "", "`kubernetes.admission.keyFile` must be given."),
    ],
)
def test_a_mistake_about_a_cluster_is_told(folder: Path, old: str, new: str, said: str) -> None:
    assert old in CLUSTER
    found = mistakes(folder, LEAST + CLUSTER.replace(old, new))
    assert any(said in mistake for mistake in found), found
