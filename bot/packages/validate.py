"""What must be true of a package before it is taken in: its names, links, sizes, Kptfile and YAML."""

import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.errors import InvalidDocument
from bot.packages.documents import parse
from bot.packages.ignore import KRMIGNORE, Ignore
from bot.packages.kptfile import read_kptfile
from bot.packages.naming import quoted
from bot.packages.package import EXECUTABLE, KPTFILE, LINK, REGULAR, SUBMODULE, File, Files
from bot.packages.problem import Problem

_MIB = 1024 * 1024
_ENDINGS = (".yaml", ".yml")
_CONFLICT = re.compile(rb"^(?:<{7}|>{7}) ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large a package may be; sizes in bytes."""

    yaml_file: int = 10 * _MIB
    file: int = 100 * _MIB
    package: int = 500 * _MIB
    files: int = 20_000
    problems: int = 100


BOUNDS = Bounds()


def problems(files: Files, *, bounds: Bounds = BOUNDS, admitted: Collection[str] = ()) -> list[Problem]:
    """Everything that keeps `files` from being a package; empty when it is one.

    `admitted` are paths whose content was found good before and is the same: it is not read again. A
    pipeline that cannot run is no problem here, since a draft with one can be saved; nor is YAML that is no
    resource.
    """
    found: list[Problem] = []
    for problem in _all(files, bounds, admitted):
        if len(found) == bounds.problems:
            found.append(Problem("", f"There are more than {bounds.problems} problems; mend these first."))
            break
        found.append(problem)
    return found


def _all(files: Files, bounds: Bounds, admitted: Collection[str]) -> Iterator[Problem]:
    yield from _size_faults(files, bounds)
    ignores = {}
    for path, file in sorted(files.items()):
        if posixpath.basename(path) == KRMIGNORE and file.mode in (REGULAR, EXECUTABLE):
            try:
                ignores[posixpath.dirname(path)] = Ignore(file.content, path=path)
            except InvalidDocument as error:
                yield Problem(path, error.reason, error.line)
    for path, file in sorted(files.items()):
        fault = _name_fault(path) or _entry_fault(path, file, bounds)
        if fault:
            yield Problem(path, fault)
        elif file.mode in (REGULAR, EXECUTABLE) and path not in admitted:
            yield from _content_faults(path, file.content, files, ignores)
    if KPTFILE not in files:
        yield Problem(
            KPTFILE,
            "The package has no Kptfile at its root; add one, or push to the package's own directory.",
        )


def _size_faults(files: Files, bounds: Bounds) -> Iterator[Problem]:
    if len(files) > bounds.files:
        yield Problem("", f"The package has {len(files)} files; it must have at most {bounds.files}.")
    size = sum(len(file.content) for file in files.values())
    if size > bounds.package:
        yield Problem("", f"The package has {size} bytes; it must have at most {bounds.package}.")


def _name_fault(path: str) -> str:
    """What is wrong with a path; names come from Git trees, where almost any bytes can stand."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return "The name of a file must be UTF-8; rename it."
    parts = path.split("/")
    if ".." in parts or "." in parts or "" in parts:
        return "A path must not have the parts '..', '.' or ''; move the file into the package."
    if any(part.lower() == ".git" for part in parts):
        return "A path must not have the part '.git'; remove it."
    if "\\" in path or not path.isprintable():
        return f"The name {quoted(path)} must not have control characters or backslashes; rename the file."
    return ""


def _entry_fault(path: str, file: File, bounds: Bounds) -> str:
    if file.mode == SUBMODULE:
        return "Submodules are not part of a package; copy the files here, or clone the package."
    if file.mode == LINK:
        return _link_fault(path, file.content)
    if file.mode not in (REGULAR, EXECUTABLE):
        return f"The file mode {file.mode:o} is not one that a package can hold."
    most = bounds.yaml_file if _is_yaml(path) else bounds.file
    if len(file.content) > most:
        return f"The file has {len(file.content)} bytes; it must have at most {most}."
    return ""


def leads_out(path: str, target: str) -> bool:
    """Say whether a link at `path` could leave its package; after a name, '..' could through another link."""
    names = [part for part in target.split("/") if part not in {"", "."}]
    ups = next((index for index, part in enumerate(names) if part != ".."), len(names))
    return target.startswith("/") or ups > path.count("/") or ".." in names[ups:]


def _link_fault(path: str, content: bytes) -> str:
    if posixpath.basename(path) == KPTFILE:
        return "A Kptfile must be a file, not a link; replace the link by what it points to."
    target = content.decode("utf-8", errors="replace")
    if not target or "\0" in target:
        return "The link has no target that a file could have; remove it."
    if leads_out(path, target):
        return f"The link to {quoted(target)} must not leave the package; copy what it points to."
    return ""


def _content_faults(path: str, data: bytes, files: Files, ignores: dict[str, Ignore]) -> Iterator[Problem]:
    is_kptfile = posixpath.basename(path) == KPTFILE
    if not is_kptfile and (not _is_yaml(path) or _is_ignored(path, files, ignores)):
        return
    conflict = _CONFLICT.search(data)
    if conflict:
        line = data.count(b"\n", 0, conflict.start()) + 1
        yield Problem(path, "Here stand the markers of a merge conflict; resolve it.", line)
        return
    try:
        if is_kptfile:
            read_kptfile(data, path=path)
        else:
            parse(data, path=path)
    except InvalidDocument as error:
        yield Problem(path, error.reason, error.line)


def _is_yaml(path: str) -> bool:
    return path.endswith(_ENDINGS) or posixpath.basename(path) == KPTFILE


def _is_ignored(path: str, files: Files, ignores: dict[str, Ignore]) -> bool:
    """Whether the `.krmignore` of the (sub)package that holds the file leaves it out."""
    if not ignores:
        return False
    directory = posixpath.dirname(path)
    while directory and posixpath.join(directory, KPTFILE) not in files:
        directory = posixpath.dirname(directory)
    ignore = ignores.get(directory)
    return ignore is not None and ignore.ignores(posixpath.relpath(path, directory or "."))
