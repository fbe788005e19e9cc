"""Files that are no resources, merged: text by its lines, all else as one value."""

from bot.packages.merge.conflict import Arbiter, Place
from bot.packages.merge.lines import Chunk, merge_lines
from bot.packages.merge.trees import States
from bot.packages.package import File

_LOOKED_AT = 8000  # bytes in which a zero tells that a file is no text, as Git has it


def merge_file(path: str, states: States, arbiter: Arbiter) -> File | None:
    """The merged file, None where it is gone.

    What both sides changed differently stays as the local package has it, as with kpt, and is a conflict.
    """
    if states.settled:
        return states.result
    _, local, upstream = states
    texts = [_text(file) for file in states]
    if local is None or upstream is None or not states.are_files or None in texts:
        arbiter.whole(Place(path), texts_of(states))
        return local
    lines = [(text or "").splitlines(keepends=True) for text in texts]
    parts = [_settled(chunk, path, arbiter) for chunk in merge_lines(*lines)]
    return File("".join(line for part in parts for line in part).encode(), states.mode)


def _settled(chunk: Chunk, path: str, arbiter: Arbiter) -> list[str]:
    if chunk.lines is not None:
        return chunk.lines
    texts = ("".join(lines) for lines in (chunk.origin, chunk.local, chunk.upstream))
    arbiter.whole(Place(path), (text or None for text in texts), field=f"line {chunk.line}")
    return chunk.local


def texts_of(states: States) -> list[str | None]:
    """The three texts of a file, as a conflict tells them."""
    return [None if file is None else _text(file) or "" for file in states]


def _text(file: File | None) -> str | None:
    """The text of a file, '' where there is none; None where it is no text."""
    if file is None:
        return ""
    if b"\0" in file.content[:_LOOKED_AT]:
        return None
    try:
        return file.content.decode()
    except UnicodeDecodeError:
        return None
