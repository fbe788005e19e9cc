"""Bytes to node trees: each document is read quickly where it is ordinary, and in full where it is not."""

from __future__ import annotations

import re

from bot.errors import InvalidDocument
from bot.packages.documents.collector import collector_paused
from bot.packages.documents.goyaml import words_of
from bot.packages.documents.limits import LIMITS, Limits
from bot.packages.documents.node import Node
from bot.packages.documents.quick_reader import read_quickly
from bot.packages.documents.separators import Part, is_wide, split
from bot.packages.documents.tally import Tally

_BREAKS = re.compile(r"\r\n?")


def parse(data: bytes, *, path: str = "", limits: Limits = LIMITS) -> list[Node]:
    """Read every document of `data` as a node of kind DOCUMENT; a document that is empty or null is left out.

    `path` is the file as the person knows it. Raises InvalidDocument, with the line where there is one, for
    whatever is no YAML, holds a key twice, is not UTF-8, or exceeds `limits`.
    """
    if len(data) > limits.bytes:
        reason = f"The file has {len(data)} bytes; a YAML file must have at most {limits.bytes}."
        raise InvalidDocument(reason, path=path)
    tally = Tally(path, limits)
    documents: list[Node] = []
    with collector_paused():
        for part in split(_text_of(data, path), path=path):
            documents += _read(part, tally)
            if len(documents) > limits.documents:
                reason = f"The file holds more than {limits.documents} documents; split it."
                tally.refuse(reason, documents[limits.documents].line)
    return documents


def _text_of(data: bytes, path: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = "The file must be UTF-8 text; save it in that encoding."
        raise InvalidDocument(reason, path=path, line=line, kpt=words_of(error)) from error
    return _BREAKS.sub("\n", text) if "\r" in text else text


def _read(part: Part, tally: Tally) -> list[Node]:
    """The documents of one part of a file: one, or none where it is empty or null."""
    ordinary = read_quickly(part.text, part.line, tally.limits.depth)
    if ordinary is not None:
        document, nodes = ordinary
        documents = [document]
        tally.nodes += nodes
    else:
        from bot.packages.documents.full_reader import read_in_full  # noqa: PLC0415 - few packages need libyaml

        documents = read_in_full(part, tally)
    if tally.nodes > tally.limits.nodes:
        tally.refuse_nodes(part.line)
    if documents and is_wide(part.text):
        for document in documents:
            document.wide = True
    return documents
