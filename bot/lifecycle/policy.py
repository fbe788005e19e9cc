"""What a repository demands before it publishes: `.portico.yaml` on the registered branch (design §6)."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple, TypeVar

from bot.errors import InvalidDocument, InvalidName
from bot.packages.documents import Kind, Node, parse
from bot.packages.function import is_image
from bot.packages.naming import quoted
from bot.packages.problem import Problem
from bot.packages.registration import check_url

POLICY_FILE = ".portico.yaml"
CODEOWNERS = "CODEOWNERS"
# Nobody's login: until the file has been read, nobody may approve.
_OWNERS = "the file CODEOWNERS"
EVERYWHERE = "**"
EVERYBODY = "*"
MOST_APPROVALS = 20

_S = TypeVar("_S")
_T = TypeVar("_T")


class RenderPolicy(NamedTuple):
    """What a rendering on the server writes beside what functions change (`kpt fn render` does both).

    `reformat`: every file with resources, in kpt's format; `status`: how it went, into the Kptfile.
    """

    reformat: bool = False
    status: bool = False


AS_IT_IS = RenderPolicy()
NO_IMAGES: tuple[tuple[str, ...], ...] = ((),)


@dataclass(frozen=True, slots=True)
class Policy:
    """The demands; with `problems` nothing is published, and no image runs, until they are mended.

    `approvers` pairs path patterns with logins or e-mail addresses: the last pattern that matches a
    package decides, no match means that everybody may approve. `direct_pushes` names who may push to
    the registered branch and its tags, `('*',)` for everybody. `functions` are lists of images that may
    run in containers (registries and folders that end in '/', names, tags, digests): an image must be in
    each of them. What is built in may always run. `upstreams` are lists of addresses from which the bot may
    fetch upstreams, which must be in each; without any, only the repository itself. With `sets` a change on a
    forge may hold several packages, which are published together or not at all.
    """

    approvals: int = 1
    approvers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    self_approval: bool = False
    direct_pushes: tuple[str, ...] = ()
    functions: tuple[tuple[str, ...], ...] = NO_IMAGES
    upstreams: tuple[tuple[str, ...], ...] = ()
    rendering: RenderPolicy = AS_IT_IS
    sets: bool = False
    problems: tuple[Problem, ...] = ()

    def approvers_of(self, path: str) -> tuple[str, ...] | None:
        """Who may approve the package at `path`; None for everybody."""
        found: tuple[str, ...] | None = None
        for pattern, people in self.approvers:
            if _expression(pattern).fullmatch(path):
                found = people
        return found

    @property
    def asks_owners(self) -> bool:
        """Whether the approvers are those whom the file CODEOWNERS names."""
        return self.approvers == ((EVERYWHERE, (_OWNERS,)),)

    def with_owners(self, owners: Sequence[str]) -> "Policy":
        """Put the owners of a package in the place of the word CODEOWNERS."""
        return replace(self, approvers=((EVERYWHERE, tuple(owners)),))

    def with_teams(self, path: str, members: Callable[[str], Sequence[str]]) -> "Policy":
        """Put its people in the place of each team that may approve `path`: `@organization/team`.

        `members` is asked for these alone; a team that nobody knows stands for nobody.
        """
        listed = self.approvers_of(path)
        if listed is None or not any(map(is_team, listed)):
            return self
        people = [
            who
            for entry in listed
            for who in (members(entry.removeprefix("@")) if is_team(entry) else (entry,))
        ]
        return replace(self, approvers=((EVERYWHERE, tuple(dict.fromkeys(people))),))

    def narrowed_by(self, server: "Policy") -> "Policy":
        """Apply the server's own policy, which can only narrow what a repository says."""
        return replace(
            self,
            approvals=max(self.approvals, server.approvals),
            self_approval=self.self_approval and server.self_approval,
            direct_pushes=_both(self.direct_pushes, server.direct_pushes),
            functions=(*self.functions, *server.functions),
            upstreams=(*self.upstreams, *server.upstreams) if self.upstreams else (),
            sets=self.sets and server.sets,
            problems=(*self.problems, *server.problems),
        )


def is_team(entry: str) -> bool:
    """Whether an approver is a team of a forge, `organization/team`, and no login or e-mail address."""
    return "/" in entry and "@" not in entry.removeprefix("@")


DEFAULT = Policy()
NARROWS_NOTHING = Policy(self_approval=True, direct_pushes=(EVERYBODY,), functions=(), sets=True)


def _both(mine: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    if EVERYBODY in other:
        return mine
    return other if EVERYBODY in mine else tuple(entry for entry in mine if entry in other)


def read_policy(data: bytes | None, *, path: str = POLICY_FILE) -> Policy:
    """Read a policy file; None, when there is no file, gives the defaults.

    Never raises: every unknown key and every value of a wrong kind is in `problems`, with its line.
    """
    if data is None:
        return DEFAULT
    try:
        documents = parse(data, path=path)
    except InvalidDocument as error:
        return Policy(problems=(Problem(path, error.reason, error.line),))
    if not documents:
        return DEFAULT
    root = documents[0].root
    if len(documents) > 1 or root.kind is not Kind.MAPPING:
        return Policy(problems=(Problem(path, "The policy must be one mapping, such as `approvals: 1`.", 1),))
    return read_policy_node(root, path)


def read_server_policy(root: Node, path: str) -> Policy:
    """Read a server's own policy; what it does not say narrows nothing."""
    policy = read_policy_node(root, path, NARROWS_NOTHING)
    if not policy.approvers:
        return policy
    problem = Problem(
        path, "`approvers` are named by the repository's policy, not by the server's.", root.line
    )
    return replace(policy, problems=(*policy.problems, problem))


def read_policy_node(root: Node, path: str, default: Policy = DEFAULT) -> Policy:
    """Read the policy from a mapping node; `path` names the file in problems."""
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for key, value in root.pairs():
        reader = READERS.get(key.value)
        if reader is None:
            known = ", ".join(f"`{name}`" for name in READERS)
            problems.append(
                Problem(path, f"Unknown key {quoted(key.value)}; the keys are {known}.", key.line)
            )
            continue
        try:
            values[reader[0]] = reader[1](value)
        except _WrongKindError as error:
            for must_be, line in error.faults:
                problems.append(Problem(path, f"`{key.value}` must be {must_be}.", line or value.line))
    if problems:
        # What was meant to narrow may be what could not be read: until it is mended, no image may run.
        values["functions"] = NO_IMAGES
    return replace(default, **values, problems=tuple(problems))  # type: ignore[arg-type] # READERS name the fields


class _WrongKindError(Exception):
    def __init__(self, must_be: str, line: int = 0, *more: tuple[str, int]) -> None:
        super().__init__(must_be)
        self.faults = ((must_be, line), *more)


def _every(read: Callable[[_S], _T], nodes: Iterable[_S]) -> tuple[_T, ...]:
    """Read every node before objecting to any, so that all mistakes are told at once."""
    values: list[_T] = []
    faults: list[tuple[str, int]] = []
    for node in nodes:
        try:
            values.append(read(node))
        except _WrongKindError as error:
            faults.extend(error.faults)
    if faults:
        (must_be, line), *more = faults
        raise _WrongKindError(must_be, line, *more)
    return tuple(values)


def _number(node: Node) -> int:
    if node.tag == "!!int" and node.value.isdigit() and 1 <= int(node.value) <= MOST_APPROVALS:
        return int(node.value)
    raise _WrongKindError(f"a whole number from 1 to {MOST_APPROVALS}")


def _truth(node: Node) -> bool:
    if node.tag == "!!bool":
        return node.value.lower() == "true"
    raise _WrongKindError("true or false")


def _people(node: Node) -> tuple[str, ...]:
    if node.kind is Kind.SEQUENCE:
        return _every(_text, node.content)
    raise _WrongKindError("a list of logins or e-mail addresses", node.line)


def _text(node: Node) -> str:
    if node.kind is Kind.SCALAR and node.tag == "!!str" and node.value:
        return node.value
    raise _WrongKindError("a list of logins or e-mail addresses", node.line)


def _approvers(node: Node) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if node.kind is Kind.SCALAR and node.value == CODEOWNERS:
        return ((EVERYWHERE, (_OWNERS,)),)
    if node.kind is Kind.SEQUENCE:
        return ((EVERYWHERE, _people(node)),)
    if node.kind is Kind.MAPPING:
        return _every(_rule, node.pairs())
    raise _WrongKindError(
        f"a list of people, a mapping from path patterns to such lists, or the word {CODEOWNERS}"
    )


def _rule(pair: tuple[Node, Node]) -> tuple[str, tuple[str, ...]]:
    key, people = pair
    return _pattern(key), _people(people)


def _pattern(node: Node) -> str:
    pattern = _text(node).strip("/")
    if not pattern:
        raise _WrongKindError("a mapping whose keys are path patterns such as 'networking/**'", node.line)
    return pattern


def _direct_pushes(node: Node) -> tuple[str, ...]:
    if node.tag == "!!bool":
        return (EVERYBODY,) if _truth(node) else ()
    if node.kind is Kind.SEQUENCE:
        return _people(node)
    raise _WrongKindError("true, false, or a list of logins or e-mail addresses")


def _functions(node: Node) -> tuple[tuple[str, ...], ...]:
    if node.kind is Kind.SEQUENCE:
        return (_every(_image, node.content),)
    raise _WrongKindError(_IMAGES, node.line)


def _upstreams(node: Node) -> tuple[tuple[str, ...], ...]:
    if node.kind is Kind.SEQUENCE:
        return (_every(_upstream, node.content),)
    raise _WrongKindError(_ADDRESSES, node.line)


def _upstream(node: Node) -> str:
    try:
        return check_url(node.value if node.kind is Kind.SCALAR else "")
    except InvalidName:
        raise _WrongKindError(_ADDRESSES, node.line) from None


_ADDRESSES = (
    "a list of addresses of repositories without credentials, such as 'https://github.com/team/blueprints', "
    "or 'https://github.com/team/' for all below it"
)


def _image(node: Node) -> str:
    if node.kind is Kind.SCALAR and (is_image(node.value.removesuffix("/")) or _DIGEST.fullmatch(node.value)):
        return node.value
    raise _WrongKindError(_IMAGES, node.line)


_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_IMAGES = (
    "a list of images, such as 'registry.example.com/team/' for all below it, or "
    "'registry.example.com/team/fn:v1' for one"
)


def _rendering(node: Node) -> RenderPolicy:
    if node.kind is not Kind.MAPPING or not {key.value for key, _ in node.pairs()} <= {*RenderPolicy._fields}:
        raise _WrongKindError("a mapping with `reformat` and `status`, each true or false", node.line)
    names = (key.value for key, _ in node.pairs())
    values = _every(_truth, (value for _, value in node.pairs()))
    return RenderPolicy(**dict(zip(names, values, strict=True)))


READERS = {
    "approvals": ("approvals", _number),
    "approvers": ("approvers", _approvers),
    "selfApproval": ("self_approval", _truth),
    "directPushes": ("direct_pushes", _direct_pushes),
    "functions": ("functions", _functions),
    "upstreams": ("upstreams", _upstreams),
    "rendering": ("rendering", _rendering),
    "sets": ("sets", _truth),
}


@lru_cache(maxsize=512)
def _expression(pattern: str) -> re.Pattern[str]:
    """`*` and `?` stay inside one segment, `**` crosses them; `a/**` includes `a` itself."""
    return re.compile("".join(_translated(pattern)))


def _translated(pattern: str) -> Iterator[str]:
    for part in re.split(r"(/\*\*$|\*\*/|\*\*|\*|\?)", pattern):
        known = {"/**": "(?:/.*)?", "**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
        yield known.get(part, re.escape(part))
