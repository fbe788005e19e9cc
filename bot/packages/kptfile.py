"""The Kptfile: what a package says of itself, read so that one fault never hides the rest."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.documents import parse
from bot.packages.documents.goyaml import UNMARSHAL
from bot.packages.documents.node import Kind, Node
from bot.packages.function import Complain, Function, items_of, path_fault, read_function
from bot.packages.gostring import go_quoted
from bot.packages.naming import quoted
from bot.packages.package import EXECUTABLE, KPTFILE, REGULAR, Files
from bot.packages.problem import PACKAGE, Problem
from bot.packages.shape import KPTFILE as SHAPE
from bot.packages.shape import faults

API_VERSION = "kpt.dev/v1"
OLD_API_VERSIONS = frozenset({"kpt.dev/v1alpha1", "kpt.dev/v1alpha2"})


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

    `problems` are the faults of its pipeline, and what stands where kpt does not know it: they stop a
    rendering, not a reading. `is_fit` says that there is none of the latter.
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
    is_fit: bool = True

    @property
    def functions(self) -> tuple[Function, ...]:
        """The whole pipeline, in the order in which it runs."""
        return self.mutators + self.validators


def read_kptfile(data: bytes, *, path: str = KPTFILE) -> Kptfile:
    """Read the bytes of a Kptfile; `path` is its place, for messages.

    Raises InvalidDocument when it is no YAML, or no Kptfile v1.
    """
    return kptfile_in(data, path=path)[1]


def kptfile_in(data: bytes, *, path: str = KPTFILE) -> tuple[Node, Kptfile]:
    """The document node of a Kptfile, and what it says; raises InvalidDocument as `read_kptfile` does."""
    try:
        documents = parse(data, path=path)
    except InvalidDocument as error:
        if error.kpt:
            error.kpt = unreadable(path, error.kpt)
        raise
    if len(documents) > 1:
        raise InvalidDocument(
            f"A Kptfile must be one document, but here are {len(documents)}; keep the Kptfile only.",
            path=path,
            line=documents[1].root.line,
        )
    if not documents:
        raise InvalidDocument(f"The Kptfile is empty; {_START}", path=path, kpt=unreadable(path, "EOF"))
    return documents[0], kptfile_of(documents[0], path=path)


_START = f"it must begin with `apiVersion: {API_VERSION}` and `kind: Kptfile`."


def kptfile_of(document: Node, *, path: str = KPTFILE) -> Kptfile:
    """Read a Kptfile from its document node; raises InvalidDocument when it is no Kptfile v1."""
    root = document.root
    _check_type(root, path)
    problems = _misshapen(root, path)
    is_fit = not problems

    def complain(message: str, node: Node) -> None:
        problems.append(Problem(path, message, node.line))

    return Kptfile(
        name=root.text("metadata", "name"),
        labels=_texts(root.get("metadata", "labels")),
        annotations=_texts(root.get("metadata", "annotations")),
        upstream=_read_upstream(root.get("upstream", "git")),
        upstream_lock=_read_upstream(root.get("upstreamLock", "git")),
        info=_read_info(root),
        readiness_gates=tuple(
            filter(
                None, (gate.text("conditionType") for gate in items_of(root.get("info", "readinessGates")))
            )
        ),
        conditions=tuple(_read_conditions(root)),
        mutators=_read_functions(root, "mutators", complain),
        validators=_read_functions(root, "validators", complain),
        problems=tuple(problems),
        is_fit=is_fit,
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
        kpt = unreadable(path, "missing Resource metadata")
        raise InvalidDocument(f"The Kptfile is {what}; {_START}", path=path, line=root.line, kpt=kpt)
    version, kind = root.text("apiVersion"), root.text("kind")
    if version == API_VERSION and kind == "Kptfile":
        return
    place = root.get("apiVersion") or root
    kpt = f"Error: Kptfile at {_place(path)} has an unknown resource type ({_type_of(version, kind)})."
    if not version:
        reason = f"The Kptfile has no `apiVersion`; {_START}"
    elif version in OLD_API_VERSIONS and kind == "Kptfile":
        reason = f"The Kptfile has the old version {quoted(version)}; migrate it to '{API_VERSION}'."
        old = go_quoted(version.rpartition("/")[2])
        kpt = f"Error: Kptfile at {_place(path)} has an old version ({old}) of the Kptfile schema."
    else:
        reason = f"The Kptfile has the unknown type {quoted(f'{version}, {kind}')}; {_START}"
    if version.count("/") > 1:
        kpt = unreadable(path, f"unexpected GroupVersion string: {version}")
    raise InvalidDocument(reason, path=path, line=place.line, kpt=kpt)


def _type_of(version: str, kind: str) -> str:
    """Group, version and kind as kpt tells them."""
    group, _, number = version.rpartition("/")
    return go_quoted(f"{group}/{number}, Kind={kind}")


def _misshapen(root: Node, path: str) -> list[Problem]:
    """What stands where it must not; kpt tells of all of it at once, here with the first."""
    found = faults(root, SHAPE)
    said = [f"  {fault.kpt}" for fault in found if fault.kpt]
    kpt = unreadable(path, "\n".join([UNMARSHAL, *said])) if said else ""
    return [
        Problem(path, fault.message, fault.line, "" if index else kpt) for index, fault in enumerate(found)
    ]


def unreadable(path: str, details: str) -> str:
    """What kpt says of a Kptfile that it cannot read, for the reason `details`."""
    return f"Error: Kptfile at {_place(path)} can't be read.\n\nDetails:\n{details}"


def _place(path: str) -> str:
    """The directory of a Kptfile, in quotes as Go writes them."""
    directory = posixpath.dirname(path)
    return f'"{PACKAGE}/{go_quoted(directory)[1:]}' if directory else f'"{PACKAGE}"'


def _read_functions(root: Node, stage: str, complain: Complain) -> tuple[Function, ...]:
    entries = items_of(root.get("pipeline", stage))
    functions = [
        read_function(entry, f"pipeline.{stage}[{index}]", complain) for index, entry in enumerate(entries)
    ]
    # What is no function is not counted as one: kpt leaves empty entries out, too.
    return tuple(
        function for function, entry in zip(functions, entries, strict=True) if entry.kind is Kind.MAPPING
    )


def _read_upstream(git: Node | None) -> Upstream | None:
    if git is None or git.kind is not Kind.MAPPING:
        return None
    return Upstream(git.text("repo"), git.text("directory"), git.text("ref"), git.text("commit"))


def _read_info(root: Node) -> Info:
    keywords = tuple(
        item.value for item in items_of(root.get("info", "keywords")) if item.kind is Kind.SCALAR
    )
    return Info(root.text("info", "description"), keywords, root.text("info", "site"))


def _read_conditions(root: Node) -> Iterator[Condition]:
    for item in items_of(root.get("status", "conditions")):
        if item.text("type"):
            yield Condition(item.text("type"), item.text("status"), item.text("reason"), item.text("message"))


def _texts(node: Node | None) -> dict[str, str]:
    pairs = node.pairs() if node is not None else ()
    return {key.value: value.value for key, value in pairs if value.kind is Kind.SCALAR}
