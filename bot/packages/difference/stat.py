"""A difference as one line for each resource and file, with counts."""

from __future__ import annotations

from collections import Counter

from bot.packages.difference.change import Content, Difference, FileChange, ResourceChange, Word
from bot.packages.difference.title import (
    file_notes,
    files_told,
    resource_name,
    resource_notes,
    resource_words,
    shown_name,
    summary,
)


def format_stat(difference: Difference) -> str:
    """The lines, with a summary below; '' for no difference.

    Counted are a resource's fields that were added, removed and changed, and a file's lines.
    """
    if not difference:
        return ""
    rows = [(resource_words(one), _resource(one), _fields(one)) for one in difference.resources]
    rows += [(str(one.word), _file(one), _lines(one)) for one in files_told(difference)]
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    lines = [f"{words:{first}}  {name:{second}}  {counts}".rstrip(" ") for words, name, counts in rows]
    return "\n".join([*lines, summary(difference), ""])


def _resource(change: ResourceChange) -> str:
    return f"{resource_name(change.place)} in {shown_name(change.place.path)}"


def _file(change: FileChange) -> str:
    return f"file {shown_name(change.entry.path)}"


def _fields(change: ResourceChange) -> str:
    counts = Counter(field.word for field in change.fields)
    changed = counts[Word.CHANGED] + counts[Word.REORDERED]
    pairs = (("+", counts[Word.ADDED]), ("-", counts[Word.REMOVED]), ("~", changed))
    return " ".join(
        [*(f"{sign}{count}" for sign, count in pairs if count), *_bracketed(resource_notes(change))]
    )


def _lines(change: FileChange) -> str:
    signs = Counter(line.sign for hunk in change.hunks for line in hunk.lines)
    is_told = change.content is Content.LINES
    counts = [f"{sign}{signs[sign]}" for sign in "+-" if is_told and signs[sign]]
    return " ".join([*counts, *_bracketed(file_notes(change))])


def _bracketed(notes: list[str]) -> list[str]:
    return [f"({'; '.join(notes)})"] if notes else []
