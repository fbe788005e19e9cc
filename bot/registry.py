"""The registrations of one person: a YAML file of Porch's `Repository` objects, edited gently."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple

from bot.errors import InvalidDocument, InvalidName, NotFound, UserError
from bot.packages.documents import emit, parse
from bot.packages.documents.node import Node
from bot.packages.naming import quoted
from bot.packages.problem import Problem
from bot.packages.registration import Registration, check_conflicts, check_registration, from_node, to_node

_HEADER = (
    "# Repositories registered with Portico, as Porch's own objects: edit them, or apply them with kubectl.\n"
)
# At the start of a line this always begins a document, even inside a block scalar (YAML 1.2 §9.1.2).
_MARKER = re.compile(r"^---(?=\s|$)", re.MULTILINE)


class Registrations(NamedTuple):
    """What the file says, and what of it cannot be used; `where` of a problem is the file."""

    found: tuple[Registration, ...]
    problems: tuple[Problem, ...]


class _Chunk(NamedTuple):
    """One document of the file as text, with the line that it begins on, counted from 1."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Registry:
    """Reads and writes the file at `path`; `namespace` is written into new objects."""

    path: Path
    namespace: str = "default"

    def read(self) -> Registrations:
        """Every usable registration, in the file's order; raises UserError when the file cannot be read."""
        found: dict[str, Registration] = {}
        problems: list[Problem] = []
        for chunk in _chunks(self._text()):
            try:
                nodes = _objects(self._parse(chunk))
            except InvalidDocument as error:
                problems.append(Problem(str(self.path), error.reason, error.line or chunk.line))
                continue
            for node in nodes:
                self._take(node, found, problems)
        return Registrations(tuple(found.values()), tuple(problems))

    def add(self, registration: Registration) -> None:
        """Append `registration`; raises InvalidName, or Refused when it conflicts with another."""
        check_registration(registration)
        with self._locked():
            check_conflicts(registration, self.read().found, self.namespace)
            text = self._text() or _HEADER
            end = "" if text.endswith("\n") else "\n"
            self._write(f"{text}{end}---\n{emit([to_node(registration, self.namespace)]).decode()}")

    def remove(self, name: str) -> None:
        """Drop the registration called `name` and nothing else; raises NotFound when there is none."""
        with self._locked():
            chunks = _chunks(self._text())
            kept = [chunk if (text := self._without(chunk, name)) is None else text for chunk in chunks]
            if kept == chunks:
                raise NotFound(
                    f"No repository is registered as {quoted(name)}; `portico repo get` lists those that are."
                )
            self._write("".join(chunk if isinstance(chunk, str) else chunk.text for chunk in kept))

    def _take(self, node: Node, found: dict[str, Registration], problems: list[Problem]) -> None:
        name = node.root.text("metadata", "name")
        try:
            registration = from_node(node)
            if registration.name in found:
                raise InvalidName(f"The repository {quoted(name)} is registered twice; the first one counts.")  # noqa: TRY301 both kinds of refusal end in one list
        except InvalidName as error:
            shown = (
                f"The registration {quoted(name)} is passed over. " if name else "A document is passed over. "
            )
            problems.append(Problem(str(self.path), shown + str(error), node.root.line))
        else:
            found[registration.name] = registration

    def _without(self, chunk: _Chunk, name: str) -> str | None:
        """The chunk's text without the object called `name`; None when it does not hold it."""
        try:
            documents = self._parse(chunk)
        except InvalidDocument:
            return None
        if name not in {item.root.text("metadata", "name") for item in _objects(documents)}:
            return None
        items = documents[0].root.get("items")
        if items is None:
            return ""
        items.content = [item for item in items.content if item.text("metadata", "name") != name]
        marker = "---\n" if _MARKER.match(chunk.text) else ""
        return marker + emit(documents, wide=None).decode()

    def _parse(self, chunk: _Chunk) -> list[Node]:
        # Empty lines in front make the line numbers of messages those of the file.
        return parse(b"\n" * (chunk.line - 1) + chunk.text.encode(), path=str(self.path))

    def _text(self) -> str:
        try:
            return self.path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(
                f"The registrations in {quoted(str(self.path))} cannot be read: {error}."
            ) from None

    def _write(self, text: str) -> None:
        """Replace the file at once, so that nobody ever reads half of it; a link stays a link."""
        target = self.path.resolve()
        with NamedTemporaryFile("w", encoding="utf-8", dir=target.parent, delete=False) as new:
            new.write(text)
        Path(new.name).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o600)
        Path(new.name).replace(target)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise UserError(
                f"The registrations in {quoted(str(self.path))} cannot be written: {error.strerror}."
            ) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _chunks(text: str) -> list[_Chunk]:
    starts = sorted({0, *(match.start() for match in _MARKER.finditer(text))})
    ends = [*starts[1:], len(text)]
    return [
        _Chunk(text[start:end], text.count("\n", 0, start) + 1)
        for start, end in zip(starts, ends, strict=True)
    ]


def _objects(documents: list[Node]) -> list[Node]:
    """The objects of documents: each itself, or the items of a list as kubectl prints it."""
    objects: list[Node] = []
    for document in documents:
        items = document.root.get("items")
        objects += (
            items.content if items is not None and document.root.text("kind").endswith("List") else [document]
        )
    return objects
