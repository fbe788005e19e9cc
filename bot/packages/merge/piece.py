"""One document of a file as it is written there, so that what nobody changes stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.errors import InvalidDocument
from bot.packages.documents import Node, emit, parse
from bot.packages.documents.separators import split
from bot.packages.merge.digest import Digests
from bot.packages.merge.formatting import respelled
from bot.packages.merge.identity import identity_of
from bot.packages.merge.line_edit import edited_text, edited_tree
from bot.packages.merge.noted import without_notes
from bot.packages.resource import Identity

_BOM = b"\xef\xbb\xbf"
_SEPARATOR = "---\n"
# A part without such a line has nothing but comments, and belongs to the document that it stands before.
_REFERENCE = re.compile(r"[&*]|<<")
_CONTENT = re.compile(r"^(?!---[ \t]*$)[ \t]*[^\s#]", re.MULTILINE)


@dataclass(slots=True, eq=False)
class Piece:
    """The text of one document, and the line that parts it from the one before.

    Its line breaks are line feeds, and it ends with one; it is read when it is asked for.
    """

    path: str
    text: str
    separator: str = _SEPARATOR
    _document: Node | None = field(default=None, repr=False)
    _identity: Identity | None = field(default=None, repr=False)
    # The numbers that the lines have in the nodes of a document that was made of another; else their own.
    _places: Sequence[int] | None = field(default=None, repr=False)

    @property
    def document(self) -> Node:
        """The document; raises InvalidDocument where the text is none, or no single one."""
        if self._document is None:
            found = parse(self.text.encode(), path=self.path)
            if len(found) != 1:
                raise InvalidDocument("This must be one document.", path=self.path)
            self._document = found[0]
        return self._document

    @property
    def root(self) -> Node:
        return self.document.root

    @property
    def identity(self) -> Identity:
        """Which resource it is; raises InvalidDocument as `document` does."""
        if self._identity is None:
            self._identity = identity_of(self.root)
        return self._identity

    @property
    def has_references(self) -> bool:
        """Whether the document has anchors, aliases or merge keys."""
        return bool(_REFERENCE.search(self.text)) and self.document.has_references

    def read_like(self, other: Piece, *, noted: bool = False) -> None:
        """Read the document, made of that of `other` where they differ in single values only.

        `noted` says that what kpt notes in resources is in the other one, and not in this.
        """
        if self._document is not None:
            return
        document, lines = other.document, other.text.splitlines(keepends=True)
        places = other._places or range(1, len(lines) + 1)
        if noted:
            unnoted = without_notes(document, other.text)
            if unnoted is None:
                return
            lines, places, document = unnoted
        self._document = edited_tree(document, lines, self.text.splitlines(keepends=True), places)
        self._places = places if self._document is not None else None

    def written_as(self, document: Node) -> Piece:
        """The piece with another content, its formatting kept wherever that says the same."""
        document.wide = self.document.wide
        return Piece(self.path, _in_format_of(self, document), self.separator, document)


def pieces_of(path: str, content: bytes) -> list[Piece]:
    """The documents of a file; raises InvalidDocument where it is no text, or wrongly parted."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InvalidDocument("The file must be UTF-8 text.", path=path) from error
    found: list[Piece] = []
    before, separator, at = "", "", 0
    for part in split(text, path=path):
        if at:
            line = text[at : text.index("\n", at) + 1]
            at += len(line)
            before, separator = (before + line, separator) if before else (before, line)
        at += len(part.text)
        before += part.text
        if _CONTENT.search(before):
            found.append(Piece(path, before if before.endswith("\n") else before + "\n", separator))
            before, separator = "", ""
    if before and found:
        found[-1].text += separator + before
    return found


def content_of(pieces: Iterable[Piece], like: bytes) -> bytes:
    """A file with these documents, with the line endings and the byte order mark of another."""
    parts: list[str] = []
    for piece in pieces:
        if parts:
            parts.append(piece.separator or _SEPARATOR)
        parts.append(piece.text)
    text = "".join(parts)
    if like and not like.endswith(b"\n") and len(parts) == 1:
        text = text.removesuffix("\n")
    if b"\r\n" in like[: like.find(b"\n") + 1]:
        text = text.replace("\n", "\r\n")
    return (_BOM if like.startswith(_BOM) else b"") + text.encode()


def _in_format_of(piece: Piece, document: Node) -> str:
    """The text of `document`, with the lines of `piece` wherever these say the same."""
    edited = edited_text(piece.text, piece.document, document)
    if edited is not None:
        return edited
    plain, wanted = emit([piece.document], wide=None).decode(), emit([document], wide=None).decode()
    if plain == piece.text:
        return wanted
    found = respelled(piece.text, plain, wanted)
    return found if _says(found, document) else wanted


def _says(text: str, document: Node) -> bool:
    """Whether the text is read as this document."""
    try:
        found = parse(text.encode())
    except InvalidDocument:
        return False
    digests = Digests()
    return len(found) == 1 and digests.meaning(found[0]) == digests.meaning(document)
