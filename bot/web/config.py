"""The settings of `portico serve` and `portico reconcile --config`: one YAML file, without secrets in it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import InvalidDocument, InvalidPolicy, UserError
from bot.packages.documents import Kind, Node, parse
from bot.packages.layout import Layout
from bot.packages.naming import quoted
from bot.web import secret
from bot.web.cluster_form import read_cluster
from bot.web.cluster_settings import ClusterSettings
from bot.web.form import Form, sentences
from bot.web.queue_form import read_queue
from bot.web.redis_server import RedisServer
from bot.web.registrations import PATTERN, Entry, Registrations
from bot.web.secret import Secret

LARGEST = 1024 * 1024
GITHUB = "https://github.com"
_API = "api.github.com"
GITLAB = "https://gitlab.com"
_LISTEN = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[\w.-]*):(?P<port>[0-9]{1,5})")
# What Git allows in a branch's name (git-check-ref-format), less what nobody uses.
_BRANCH = re.compile(r"[\w+@=,%-][\w.+@=,%-]*(?:/[\w+@=,%-][\w.+@=,%-]*)*")


@dataclass(frozen=True, slots=True)
class App:
    """A GitHub App: its number, and the private key in PEM."""

    id: int
    key: Secret


@dataclass(frozen=True, slots=True)
class GitHub:
    """`url` is where people see it; `access` is an App or a token; `webhook_secrets` may all sign."""

    url: str
    access: App | Secret
    webhook_secrets: tuple[Secret, ...]
    registrations: Registrations

    def secrets(self) -> tuple[Secret, ...]:
        key = self.access.key if isinstance(self.access, App) else self.access
        return (key, *self.webhook_secrets)


@dataclass(frozen=True, slots=True)
class GitLab:
    """`url` is where people see it; `webhook_secrets` are secret or signing tokens, and any may be used."""

    url: str
    token: Secret
    webhook_secrets: tuple[Secret, ...]
    registrations: Registrations

    def secrets(self) -> tuple[Secret, ...]:
        return (self.token, *self.webhook_secrets)


@dataclass(frozen=True, slots=True)
class Config:
    """`tick` and `drain` are seconds; `queue` is a SQLite file, or a server that machines share."""

    host: str
    port: int
    state: Path
    queue: Path | RedisServer
    workers: int
    tick: int
    drain: int
    github: GitHub | None = None
    gitlab: GitLab | None = None
    kubernetes: ClusterSettings | None = None

    def secrets(self) -> tuple[Secret, ...]:
        """Everything that no log may show."""
        forges = (self.github, self.gitlab)
        password = self.queue.password if isinstance(self.queue, RedisServer) else None
        stamp = self.kubernetes.stamp_key if self.kubernetes else None
        return (
            *(secret for forge in forges if forge for secret in forge.secrets()),
            *filter(None, [password, stamp]),
        )


def read_config(path: Path, environ: Mapping[str, str]) -> Config:
    """Read the file and the secrets that it names; raises InvalidPolicy naming every mistake with its line.

    Paths in it are relative to its folder.
    """
    mistakes: list[tuple[int, str]] = []
    config = _config(Form(_root(path), "", mistakes), _Reader(path.parent, environ))
    if config is None or mistakes:
        raise InvalidPolicy(
            f"The settings in {path} must be mended first:"
            + "".join(f"\n- {sentence}" for sentence in sentences(mistakes))
        )
    return config


def _root(path: Path) -> Node:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        documents = parse(data, path=str(path)) if len(data) <= LARGEST else ()
    except OSError as error:
        raise InvalidPolicy(f"The settings {quoted(str(path))} cannot be read: {error.strerror}.") from None
    except InvalidDocument as error:
        raise InvalidPolicy(str(error)) from None
    if len(documents) != 1 or documents[0].root.kind is not Kind.MAPPING:
        raise InvalidPolicy(f"The settings in {path} must be one mapping, with `github` or `gitlab` in it.")
    return documents[0].root


@dataclass(frozen=True, slots=True)
class _Reader:
    """Where the file lies, and what the environment says."""

    folder: Path
    environ: Mapping[str, str]

    def path(self, text: str) -> Path:
        return self.folder / Path(text).expanduser()

    def file(self, form: Form, key: str, text: str, line: int) -> Secret | None:
        return _read(form, key, line, lambda: secret.from_file(self.path(text)))

    def variable(self, form: Form, key: str, name: str, line: int) -> Secret | None:
        return _read(form, key, line, lambda: secret.from_variable(name, self.environ))


def _read(form: Form, key: str, line: int, get: Callable[[], Secret]) -> Secret | None:
    try:
        return get()
    except UserError as error:
        form.object(line, f"{form.called(key)}: {error}")
        return None


def _config(form: Form, reader: _Reader) -> Config | None:
    host, port = _listen(form)
    state = reader.path(form.text("state", "state"))
    reads = {"passwordFile": reader.file, "passwordVariable": reader.variable}
    queue = read_queue(form, state, reader.path, reads)
    workers = form.number("workers", 4, 1, 64)
    tick = form.number("tick", 300, 10, 86_400)
    drain = form.number("drain", 25, 0, 3_600)
    on_github, on_gitlab = form.form("github"), form.form("gitlab")
    github = _github(on_github, reader) if on_github else None
    gitlab = _gitlab(on_gitlab, reader) if on_gitlab else None
    cluster = form.form("kubernetes")
    kubernetes = read_cluster(cluster, state, reader.path, reader.file) if cluster else None
    if "github" not in form and "gitlab" not in form:
        form.object(
            form.node.line,
            "`github` or `gitlab` must say whose webhooks are taken, and for which repositories.",
        )
    form.close()
    return Config(host, port, state, queue, workers, tick, drain, github, gitlab, kubernetes)


def _listen(form: Form) -> tuple[str, int]:
    text = form.text("listen", "127.0.0.1:8080")
    found = _LISTEN.fullmatch(text)
    if found is None or int(found["port"]) > 65_535:
        what = "an address and a port, such as 127.0.0.1:8080 or [::]:8080"
        form.object(form.line("listen"), f"`listen` must be {what}, not {quoted(text)}.")
        return "", 0
    return found["host"].strip("[]") or "0.0.0.0", int(found["port"])  # noqa: S104 who writes ':8080' asks for it


def _github(form: Form, reader: _Reader) -> GitHub | None:
    url = _url(form, GITHUB, is_host=True)
    access = _access(form, reader, ("app", "tokenFile", "tokenVariable"))
    secrets = _webhook_secrets(form, reader)
    registrations = _registrations(form)
    form.close()
    return GitHub(url, access, secrets, registrations) if access else None


def _gitlab(form: Form, reader: _Reader) -> GitLab | None:
    url = _url(form, GITLAB)
    token = _access(form, reader, ("tokenFile", "tokenVariable"))
    secrets = _webhook_secrets(form, reader)
    registrations = _registrations(form)
    form.close()
    return GitLab(url, token, secrets, registrations) if isinstance(token, Secret) else None


def _url(form: Form, usual: str, *, is_host: bool = False) -> str:
    """Where people see the forge; with `is_host` nothing may come after its name, as where its API is."""
    url = form.text("url", usual).rstrip("/")
    if not _is_address(url) or (is_host and (urlsplit(url).path or urlsplit(url).hostname == _API)):
        example = usual.replace(".com", ".example.com")
        form.object(form.line("url"), f"{form.called('url')} must be such as '{example}'.")
    return url


def _webhook_secrets(form: Form, reader: _Reader) -> tuple[Secret, ...]:
    secrets = [
        reader.file(form, "webhookSecretFiles", text, line) for text, line in form.texts("webhookSecretFiles")
    ]
    secrets += [
        reader.variable(form, "webhookSecretVariables", text, line)
        for text, line in form.texts("webhookSecretVariables")
    ]
    if not secrets:
        form.object(
            form.line("webhookSecretFiles"),
            f"{form.called('webhookSecretFiles')} must name at least one file: without a secret anybody "
            "could pose as the forge.",
        )
    return tuple(found for found in secrets if found)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc and not (
        parts.query or parts.fragment
    )  # fmt: skip


def _access(form: Form, reader: _Reader, ways: Sequence[str]) -> App | Secret | None:
    app = form.form("app") if "app" in ways else None
    file, variable = form.text("tokenFile"), form.text("tokenVariable")
    if sum(way in form for way in ways) != 1:
        form.object(
            form.node.line, f"`{form.name}` must have one of {', '.join(f'`{way}`' for way in ways)}."
        )
    if app:
        return _app(app, reader)
    if file:
        return reader.file(form, "tokenFile", file, form.line("tokenFile"))
    return reader.variable(form, "tokenVariable", variable, form.line("tokenVariable")) if variable else None


def _app(form: Form, reader: _Reader) -> App | None:
    number = form.number("id", 0, 1, 999_999_999)
    file = form.text("privateKeyFile")
    for missing in ("id", "privateKeyFile"):
        if missing not in form:
            form.object(form.node.line, f"{form.called(missing)} must be given.")
    form.close()
    key = reader.file(form, "privateKeyFile", file, form.line("privateKeyFile")) if file else None
    return App(number, key) if key else None


def _registrations(form: Form) -> Registrations:
    entries = []
    for item in form.items("repositories"):
        if item.kind is Kind.MAPPING:
            entries.append(_entry(Form(item, f"{form.name}.repositories", form.mistakes)))
        else:
            name = item.value if item.kind is Kind.SCALAR else ""
            entries.append(Entry(name.removeprefix("!"), refused=name.startswith("!")))
        if not PATTERN.fullmatch(entries[-1].pattern):
            form.object(
                item.line,
                f"{form.called('repositories')} must hold names such as 'acme/packages', 'acme/*' or "
                f"'!acme/secret', or mappings with such a `name`, not {quoted(entries[-1].pattern)}.",
            )
    if not any(not entry.refused for entry in entries):
        form.object(
            form.line("repositories"),
            f"{form.called('repositories')} must name at least one repository: none is served by default.",
        )
    return Registrations(tuple(entries))


def _entry(form: Form) -> Entry:
    name = form.text("name")
    branch, directory = form.text("branch", "main"), form.text("directory").strip("/")
    if not _BRANCH.fullmatch(branch) or ".." in branch or branch.endswith((".lock", ".")):
        form.object(form.line("branch"), f"{form.called('branch')} must be the name of a branch.")
    if directory and {"", ".", "..", ".git"} & set(directory.split("/")):
        form.object(form.line("directory"), f"{form.called('directory')} must be a path in the repository.")
    deployment = form.truth("deployment")
    form.close()
    return Entry(name.removeprefix("!"), Layout(branch, directory), deployment, name.startswith("!"))
