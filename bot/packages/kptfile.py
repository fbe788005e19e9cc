"""The Kptfile: what a package says of itself, read so that one fault never hides the rest."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.documents import parse
from bot.packages.documents.node import Kind, Node
from bot.packages.function import Complain, Function, known_pairs, path_fault, read_entries, read_function
from bot.packages.naming import quoted
from bot.packages.package import EXECUTABLE, KPTFILE, REGULAR, Files
from bot.packages.problem import Problem

API_VERSION = "kpt.dev/v1"
OLD_API_VERSIONS = frozenset({"kpt.dev/v1alpha1", "kpt.dev/v1alpha2"})
# Struct order of Kptfile v1, which is also the order in which kpt writes it.
FIELDS = (
    "apiVersion",
    "kind",
    "metadata",
    "upstream",
    "upstreamLock",
    "info",
    "pipeline",
    "inventory",
    "status",
)


class Upstream(NamedTuple):
    """The package that this one was cloned from; `commit` only in a lock."""

    repo: str = ""
    directory: str = ""
    ref: str = ""
    commit: str = ""


class Info(NamedTuple):
    """What people are told of a package."""

    description: str = ""
    keywords: tuple[str, ...] = ()
    site: str = ""


class Condition(NamedTuple):
    """One entry of `status.conditions`."""

    type: str
    status: str = ""
    reason: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Kptfile:
    """A Kptfile v1; what is missing is empty.

    `problems` are the faults of its pipeline, and fields that kpt does not know: they stop a rendering,
    not a reading.
    """

    name: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    upstream: Upstream | None = None
    upstream_lock: Upstream | None = None
    info: Info = Info()
    readiness_gates: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    mutators: tuple[Function, ...] = ()
    validators: tuple[Function, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def functions(self) -> tuple[Function, ...]:
        """The whole pipeline, in the order in which it runs."""
        return self.mutators + self.validators


def read_kptfile(data: bytes, *, path: str = KPTFILE) -> Kptfile:
    """Read the bytes of a Kptfile; `path` is its place, for messages.

    Raises InvalidDocument when it is no YAML, or no Kptfile v1.
    """
    documents = parse(data, path=path)
    if len(documents) > 1:
        raise InvalidDocument(
            f"A Kptfile must be one document, but here are {len(documents)}; keep the Kptfile only.",
            path=path,
            line=documents[1].root.line,
        )
    if not documents:
        raise InvalidDocument(f"The Kptfile is empty; {_START}", path=path)
    return kptfile_of(documents[0], path=path)


_START = f"it must begin with `apiVersion: {API_VERSION}` and `kind: Kptfile`."


def kptfile_of(document: Node, *, path: str = KPTFILE) -> Kptfile:
    """Read a Kptfile from its document node; raises InvalidDocument when it is no Kptfile v1."""
    root = document.root
    _check_type(root, path)
    problems: list[Problem] = []

    def complain(message: str, node: Node) -> None:
        problems.append(Problem(path, message, node.line))

    known_pairs(root, "Kptfile", frozenset(FIELDS), complain)
    mutators, validators = _read_pipeline(root, complain=complain)
    return Kptfile(
        name=root.text("metadata", "name"),
        labels=_texts(root.get("metadata", "labels")),
        annotations=_texts(root.get("metadata", "annotations")),
        upstream=_read_upstream(root.get("upstream", "git")),
        upstream_lock=_read_upstream(root.get("upstreamLock", "git")),
        info=_read_info(root),
        readiness_gates=tuple(
            filter(None, (gate.text("conditionType") for gate in _items(root, "info", "readinessGates")))
        ),
        conditions=tuple(_read_conditions(root)),
        mutators=mutators,
        validators=validators,
        problems=tuple(problems),
    )


def validate_kptfile(kptfile: Kptfile, files: Files, *, directory: str = "") -> list[Problem]:
    """Everything that would stop this Kptfile's pipeline from being run: its faults, and missing configs.

    `files` is the whole package, `directory` the Kptfile's place in it, '' for the root.
    """
    here = posixpath.join(directory, KPTFILE)
    return [*kptfile.problems, *_missing_configs(kptfile, files, directory, here)]


def _missing_configs(kptfile: Kptfile, files: Files, directory: str, here: str) -> Iterator[Problem]:
    for function in kptfile.functions:
        if not function.config_path or path_fault(function.config_path):
            continue
        path = posixpath.normpath(posixpath.join(directory, function.config_path))
        file = files.get(path)
        if file is None or file.mode not in (REGULAR, EXECUTABLE):
            yield Problem(
                here,
                f"The config {quoted(function.config_path)} of the function {quoted(function.title)} is "
                "not a file of the package; add it, or correct `configPath`.",
                function.line,
            )


def _check_type(root: Node, path: str) -> None:
    if root.kind is not Kind.MAPPING:
        what = "empty" if root.kind is not Kind.SEQUENCE and not root.value else "not a mapping"
        raise InvalidDocument(f"The Kptfile is {what}; {_START}", path=path, line=root.line)
    version, kind = root.text("apiVersion"), root.text("kind")
    place = root.get("apiVersion") or root
    if not version:
        raise InvalidDocument(f"The Kptfile has no `apiVersion`; {_START}", path=path, line=root.line)
    if version in OLD_API_VERSIONS:
        raise InvalidDocument(
            f"The Kptfile has the old version {quoted(version)}; migrate it to '{API_VERSION}'.",
            path=path,
            line=place.line,
        )
    if version != API_VERSION or kind != "Kptfile":
        raise InvalidDocument(
            f"The Kptfile has the unknown type {quoted(f'{version}, {kind}')}; {_START}",
            path=path,
            line=place.line,
        )


def _read_pipeline(root: Node, *, complain: Complain) -> tuple[tuple[Function, ...], tuple[Function, ...]]:
    pipeline = root.get("pipeline")
    if pipeline is None:
        return (), ()
    lists: dict[str, tuple[Function, ...]] = {}
    for key, value in known_pairs(pipeline, "pipeline", frozenset({"mutators", "validators"}), complain):
        name = f"pipeline.{key.value}"
        entries = read_entries(value, name, complain)
        lists[key.value] = tuple(
            read_function(entry, f"{name}[{index}]", complain) for index, entry in enumerate(entries)
        )
    return lists.get("mutators", ()), lists.get("validators", ())


def _read_upstream(git: Node | None) -> Upstream | None:
    if git is None or git.kind is not Kind.MAPPING:
        return None
    return Upstream(git.text("repo"), git.text("directory"), git.text("ref"), git.text("commit"))


def _read_info(root: Node) -> Info:
    keywords = tuple(item.value for item in _items(root, "info", "keywords") if item.kind is Kind.SCALAR)
    return Info(root.text("info", "description"), keywords, root.text("info", "site"))


def _read_conditions(root: Node) -> Iterator[Condition]:
    for item in _items(root, "status", "conditions"):
        if item.text("type"):
            yield Condition(item.text("type"), item.text("status"), item.text("reason"), item.text("message"))


def _items(root: Node, *names: str) -> list[Node]:
    found = root.get(*names)
    return found.content if found is not None and found.kind is Kind.SEQUENCE else []


def _texts(node: Node | None) -> dict[str, str]:
    pairs = node.pairs() if node is not None else ()
    return {key.value: value.value for key, value in pairs if value.kind is Kind.SCALAR}
