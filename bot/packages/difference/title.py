"""How a difference's files and resources are called where people read of them."""

from __future__ import annotations

from bot.packages.difference.change import Content, Difference, FileChange, Place, ResourceChange
from bot.packages.difference.printable import cut, printable

_LONGEST = 200


def shown_name(text: str) -> str:
    """A name or a path from outside, on one line and not too long."""
    return printable(cut(text, _LONGEST))


def resource_name(place: Place) -> str:
    """'Deployment prod/web'; what has no kind is called by its place in the file, counted from 1."""
    _, kind, namespace, name = place.identity
    if not kind:
        return f"document {place.number + 1}"
    return shown_name(f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}".rstrip())


def resource_words(change: ResourceChange) -> str:
    """What happened to it: 'renamed and changed'."""
    words = [str(word) for word in change.words] or ["rewritten"]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def resource_notes(change: ResourceChange) -> list[str]:
    """What it was called and where it stood, and what else is worth a word."""
    notes = []
    old, new = change.before, change.after
    if old and new and old.identity[1:] != new.identity[1:]:
        notes.append(f"was {resource_name(old)}")
    if old and new and change.is_moved:
        notes.append(f"was in {shown_name(old.path)}")
    if change.comments:
        notes.append("comments changed" if change.fields else "only comments changed")
    if change.formatting:
        notes.append("only formatting changed")
    return notes


def file_notes(change: FileChange) -> list[str]:
    """What a file was called, its modes and sizes where they tell something, and why it is told as it is."""
    notes = []
    old, new = change.before, change.after
    if old and new and old.path != new.path:
        notes.append(f"was {shown_name(old.path)}")
    if old and new and old.mode != new.mode:
        notes.append(f"mode {old.mode:06o} → {new.mode:06o}")
    if change.content is Content.BYTES:
        sizes = " → ".join(str(entry.size) for entry in (old, new) if entry)
        notes.append(f"no text, {sizes} bytes")
    if change.formatting:
        notes.append("only formatting changed")
    if change.note:
        notes.append(printable(change.note))
    return notes


def files_told(difference: Difference) -> list[FileChange]:
    """The files that have something to tell which their resources do not."""
    paths = {place.path for one in difference.resources for place in (one.before, one.after) if place}
    return [change for change in difference.files if not _is_told_by_resources(change, paths)]


def _is_told_by_resources(change: FileChange, paths: set[str]) -> bool:
    old, new = change.before, change.after
    if change.content is not Content.RESOURCES or change.entry.path not in paths:
        return False
    return not (old and new and (old.path != new.path or old.mode != new.mode))


def summary(difference: Difference) -> str:
    """'2 resources added, 1 changed, 1 file renamed'; 'no difference' for none."""
    parts = []
    for noun, changes in (("resource", difference.resources), ("file", files_told(difference))):
        counts: dict[str, int] = {}
        for change in changes:
            word = resource_words(change) if isinstance(change, ResourceChange) else str(change.word)
            counts[word] = counts.get(word, 0) + 1
        for index, (word, count) in enumerate(counts.items()):
            plural = f" {noun}{'s' if count > 1 else ''}" if index == 0 else ""
            parts.append(f"{count}{plural} {word}")
    return ", ".join(parts) or "no difference"
