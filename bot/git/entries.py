"""Git's tree objects as bytes and back, so that names and modes which nobody expects survive.

pygit2 refuses names that are not UTF-8 and tidies modes; here a name is text with its odd bytes kept as
surrogates (`os.fsencode` gives the bytes back), and a mode stays the number that stood there.
"""

import re
from typing import NamedTuple

from bot.errors import InvalidName, UserError
from bot.packages.naming import quoted

TREE = 0o040000
_ENTRY = re.compile(rb"([0-7]{1,7}) ([^\0]+)\0(.{20})", re.DOTALL)
_MODE = re.compile(rb"[0-7]{5} ")
_FORBIDDEN = frozenset({"", ".", "..", ".git"})


class Entry(NamedTuple):
    """One line of a tree: Git's mode and the hex id of what it names."""

    mode: int
    oid: str


def parse_tree(data: bytes) -> dict[str, Entry]:
    """Read a raw tree object: its entries by name, in Git's order; raises UserError when it is no tree."""
    found = _ENTRY.findall(data)
    if sum(len(mode) + len(name) for mode, name, _ in found) + 22 * len(found) != len(data):
        raise UserError("A tree object of the repository is broken; `git fsck` tells which.")
    return {decoded(name): Entry(int(mode, 8), oid.hex()) for mode, name, oid in found}


def find_entry(data: bytes, mode: bytes, name: bytes) -> str:
    """Find the hex id of the entry with this very mode (octal) and name in a raw tree; '' if none.

    Ten times as fast as parsing a large tree, and as exact: where the bytes that were found could be part
    of another entry's name (whose own mode would then stand before them), the tree is parsed after all.
    """
    wanted = b"%s %s\0" % (mode, name)
    at = data.find(wanted)
    if at < 0:
        return ""
    if at == 0 or (at > 20 and data[at - 21] == 0 and not _MODE.search(data, at - 21, at)):
        end = at + len(wanted)
        return data[end : end + 20].hex()
    entry = parse_tree(data).get(decoded(name))
    return entry.oid if entry is not None and entry.mode == int(mode, 8) else ""


def format_tree(entries: dict[str, Entry]) -> bytes:
    """Write the raw tree object of `entries`, sorted as Git sorts; InvalidName for a forbidden name."""
    rows = [(encoded(_checked(name)), entry) for name, entry in entries.items()]
    rows.sort(key=lambda row: row[0] + b"/" if row[1].mode == TREE else row[0])
    return b"".join(b"%o %s\0%s" % (entry.mode, name, bytes.fromhex(entry.oid)) for name, entry in rows)


def decoded(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def encoded(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _checked(name: str) -> str:
    if name.lower() in _FORBIDDEN or "/" in name or "\0" in name:
        raise InvalidName(f"A file or directory must not be called {quoted(name)}; rename it.")
    return name
