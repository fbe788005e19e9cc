"""What the owner of a plain Git server has set for one repository: `portico/server.yaml` beside its refs."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import InvalidDocument, InvalidPolicy
from bot.hooks.engine_settings import EngineSettings, engine_mistakes, read_engine
from bot.lifecycle.person import Person
from bot.lifecycle.policy import NARROWS_NOTHING, Policy, read_server_policy
from bot.packages.documents import Kind, Node, parse
from bot.packages.layout import Layout
from bot.packages.naming import quoted

ROOM = "portico"
FILE = f"{ROOM}/server.yaml"
# Safe by default: a variable such as GL_USER says who pushed only where nobody else can set it.
IDENTITIES = ("certificate", "gitolite", "http", "system")
DEFAULT_IDENTITY = ("certificate", "system")
KINDS = {
    "branch": Kind.SCALAR,
    "directory": Kind.SCALAR,
    "identity": Kind.SEQUENCE,
    "people": Kind.MAPPING,
    "admins": Kind.SEQUENCE,
    "policy": Kind.MAPPING,
    "containers": Kind.MAPPING,
}
KEYS = tuple(KINDS)


@dataclass(frozen=True, slots=True)
class Server:
    """`identity` lists the ways to learn who pushed, in order; `people` are known by their logins.

    Without `containers` no function runs in one.
    """

    layout: Layout = field(default_factory=Layout)
    identity: tuple[str, ...] = DEFAULT_IDENTITY
    people: dict[str, Person] = field(default_factory=dict)
    admins: tuple[str, ...] = ()
    policy: Policy = NARROWS_NOTHING
    containers: EngineSettings | None = None


def read_server(git_dir: Path) -> Server:
    """Read the file; raises InvalidPolicy naming every mistake with its line, for nothing may pass then."""
    path = git_dir / FILE
    try:
        documents = parse(path.read_bytes(), path=str(path))
    except FileNotFoundError:
        return Server()
    except InvalidDocument as error:
        raise InvalidPolicy(str(error)) from None
    if not documents:
        return Server()
    mistakes = list(_mistakes(documents, path))
    if mistakes:
        raise InvalidPolicy(
            f"The server's settings in {path} must be mended first:"
            + "".join(f"\n- {mistake}" for mistake in mistakes)
        )
    return _server(documents[0].root, str(path))


def _server(root: Node, path: str) -> Server:
    policy = root.get("policy")
    return Server(
        Layout(root.text("branch") or "main", root.text("directory").strip("/")),
        _texts(root.get("identity")) or DEFAULT_IDENTITY,
        {
            key.value: _person(key.value, value)
            for key, value in (root.get("people") or Node(Kind.MAPPING)).pairs()
        },
        _texts(root.get("admins")),
        read_server_policy(policy, path) if policy else NARROWS_NOTHING,
        read_engine(root.get("containers")),
    )


def _mistakes(documents: Sequence[Node], path: Path) -> Iterator[str]:
    root = documents[0].root
    if len(documents) > 1 or root.kind is not Kind.MAPPING:
        yield f"{path} must be one mapping with the keys {', '.join(KEYS)}."
        return
    for key, value in root.pairs():
        wanted = KINDS.get(key.value)
        if wanted is None:
            yield f"line {key.line}: {quoted(key.value)} is unknown; the keys are {', '.join(KEYS)}."
        elif value.kind is not wanted:
            yield f"line {key.line}: `{key.value}` must be a {wanted.name.lower()}."
        elif key.value in _INSIDE:
            yield from _INSIDE[key.value](value)


def _branch_mistakes(node: Node) -> Iterator[str]:
    if not _REF.fullmatch(node.value) or ".." in node.value or node.value.endswith((".lock", ".")):
        yield f"line {node.line}: `branch` must be the name of a branch, not {quoted(node.value)}."


def _directory_mistakes(node: Node) -> Iterator[str]:
    parts = node.value.strip("/").split("/")
    if node.value.strip("/") and {"", ".", "..", ".git"} & set(parts):
        yield f"line {node.line}: `directory` must be a path in the repository, not {quoted(node.value)}."


def is_way(text: str) -> bool:
    """Say whether `text` is a way to learn who pushed, such as 'gitolite' or 'variable:WHO'."""
    way, _, variable = text.partition(":")
    return text in IDENTITIES or (way == "variable" and bool(variable))


def _identity_mistakes(node: Node) -> Iterator[str]:
    for item in node.content:
        if not is_way(item.value):
            ways = ", ".join((*IDENTITIES, "variable:NAME"))
            yield f"line {item.line}: `identity` must hold some of {ways}, not {quoted(item.value)}."


def _admins_mistakes(node: Node) -> Iterator[str]:
    for item in node.content:
        if item.kind is not Kind.SCALAR or not item.value:
            yield f"line {item.line}: `admins` must hold logins or e-mail addresses."


def _people_mistakes(node: Node) -> Iterator[str]:
    for key, value in node.pairs():
        one = value.kind is Kind.SCALAR and "@" in value.value
        mapping = {key.value for key, inner in value.pairs() if inner.kind is Kind.SCALAR}
        both = value.kind is Kind.MAPPING and mapping <= {"name", "email"} and "@" in value.text("email")
        if not (one or both):
            yield (
                f"line {key.line}: {quoted(key.value)} must be an e-mail address, or a mapping of `name` "
                f"and `email`."
            )


# What Git allows in a branch's name (git-check-ref-format), less what nobody uses.
_REF = re.compile(r"[\w+@=,%-][\w.+@=,%-]*(?:/[\w+@=,%-][\w.+@=,%-]*)*")
_INSIDE: dict[str, Callable[[Node], Iterator[str]]] = {
    "branch": _branch_mistakes,
    "directory": _directory_mistakes,
    "identity": _identity_mistakes,
    "people": _people_mistakes,
    "admins": _admins_mistakes,
    "containers": engine_mistakes,
}


def _texts(node: Node | None) -> tuple[str, ...]:
    return tuple(item.value for item in node.content) if node and node.kind is Kind.SEQUENCE else ()


def _person(login: str, node: Node) -> Person:
    """Either an e-mail address, or a mapping with `name` and `email`."""
    if node.kind is Kind.SCALAR:
        return Person(login, login, node.value)
    return Person(login, node.text("name") or login, node.text("email"))
