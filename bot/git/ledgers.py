"""The ledger of an unpublished revision, kept as a chain of commits under `refs/portico/ledger/`.

Each entry is a commit without files whose first parent is the entry before it, so that the record is
fetched, backed up and moved together with the refs that it speaks of.
"""

import pygit2

from bot.git.commits import write_commit
from bot.lifecycle.ledger import Entry, read_entry
from bot.packages.layout import Layout, RefKind
from bot.packages.naming import RevisionName

PREFIX = "refs/portico/ledger/"


def ledger_ref(layout: Layout, name: RevisionName, kind: RefKind = RefKind.DRAFT) -> str:
    """Where the ledger of a draft or proposal lies, or that of a deletion (its name ends in `v<N>`)."""
    return f"{PREFIX}{kind}/{layout.full_path(name.path)}/{name.workspace}"


def read_ledger(repository: pygit2.Repository, head: str) -> list[Entry]:
    """Every entry up to the commit `head`, oldest first; none for ''.

    All of them, however many: who pushed first must not be forgotten because much was pushed since.
    """
    entries: list[Entry] = []
    here = head
    while here:
        commit = repository[here].peel(pygit2.Commit)
        entry = read_entry(commit.message)
        if entry is not None:
            entries.append(entry)
        here = str(commit.parent_ids[0]) if commit.parent_ids else ""
    entries.reverse()
    return entries


def append(repository: pygit2.Repository, head: str, entry: Entry) -> str:
    """Write an entry after `head` ('' for the first); moves no ref, returns the new head."""
    tree = str(repository.TreeBuilder().write())
    return write_commit(repository, tree, [head] if head else [], entry.message, entry.by)
