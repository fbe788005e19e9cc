"""What the owner of a plain Git server has set for one repository: `portico/server.yaml` beside its refs."""

from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import InvalidDocument, InvalidPolicy
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
KEYS = ("branch", "directory", "identity", "people", "admins", "policy")


@dataclass(frozen=True, slots=True)
class Server:
    """`identity` lists the ways to learn who pushed, in order; `people` are known by their logins."""

    layout: Layout = field(default_factory=Layout)
    identity: tuple[str, ...] = DEFAULT_IDENTITY
    people: dict[str, Person] = field(default_factory=dict)
    admins: tuple[str, ...] = ()
    policy: Policy = NARROWS_NOTHING


def read_server(git_dir: Path) -> Server:
    """Read the file; raises InvalidPolicy naming every mistake with its line, for nothing may pass then."""
    path = git_dir / FILE
    try:
        documents = parse(path.read_bytes(), path=str(path))
    except FileNotFoundError:
        return Server()
    except InvalidDocument as error:
        raise InvalidPolicy(str(error)) from None
    root = documents[0].root if documents else Node(Kind.MAPPING)
    mistakes = list(_mistakes(root, path))
    if mistakes:
        raise InvalidPolicy("The server's settings must be mended first: " + " ".join(mistakes))
    return _server(root, str(path))


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
    )


def _mistakes(root: Node, path: Path) -> "list[str]":
    if root.kind is not Kind.MAPPING:
        return [f"{path} must be one mapping with the keys {', '.join(KEYS)}."]
    found = []
    for key, value in root.pairs():
        wanted = {
            "identity": Kind.SEQUENCE,
            "admins": Kind.SEQUENCE,
            "people": Kind.MAPPING,
            "policy": Kind.MAPPING,
        }
        if key.value not in KEYS:
            found.append(f"line {key.line}: {quoted(key.value)} is unknown; the keys are {', '.join(KEYS)}.")
        elif value.kind is not wanted.get(key.value, Kind.SCALAR):
            found.append(
                f"line {key.line}: `{key.value}` must be a {wanted.get(key.value, Kind.SCALAR).name.lower()}."
            )
    for word in _texts(root.get("identity")):
        if word not in IDENTITIES and not word.startswith("variable:"):
            ways = ", ".join((*IDENTITIES, "variable:NAME"))
            found.append(f"`identity` must hold some of {ways}, not {quoted(word)}.")
    return found


def _texts(node: Node | None) -> tuple[str, ...]:
    return tuple(item.value for item in node.content) if node and node.kind is Kind.SEQUENCE else ()


def _person(login: str, node: Node) -> Person:
    """Either an e-mail address, or a mapping with `name` and `email`."""
    if node.kind is Kind.SCALAR:
        return Person(login, login, node.value)
    return Person(login, node.text("name") or login, node.text("email"))
