"""Names of packages, workspaces and their revisions, written and read both ways."""

import re
from typing import NamedTuple

from bot.errors import InvalidName

# RFC 1123 label, as Kubernetes checks it (facts: Porch §1.7).
LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?")
LONGEST_OBJECT_NAME = 253
LABEL_RULE = "lower-case letters, digits and '-', at most 63, beginning and ending with a letter or digit"


class RevisionName(NamedTuple):
    """One line of work on one package: `networking/dns` in workspace `add-mx`.

    `path` is relative to the registered directory.
    """

    path: str
    workspace: str

    def __str__(self) -> str:
        return f"{self.path}/{self.workspace}"


def check_label(what: str, text: str) -> str:
    """Return `text` when it is an RFC 1123 label; raise InvalidName, naming `what`, when not."""
    if LABEL.fullmatch(text):
        return text
    raise InvalidName(f"The {what} {quoted(text)} must be {LABEL_RULE}.")


def check_path(path: str) -> str:
    """Return `path` when every segment is a legal name; raise InvalidName when not."""
    if not path:
        raise InvalidName("A package must have a path, such as 'networking/dns'.")
    for segment in path.split("/"):
        if not LABEL.fullmatch(segment):
            what = f"part {quoted(segment)} of the package" if segment != path else "package"
            raise InvalidName(f"The {what} {quoted(path)} must be {LABEL_RULE}.")
    return path


def check_name(name: RevisionName) -> RevisionName:
    """Return `name` when its path and workspace are legal for new work; raise InvalidName when not."""
    check_path(name.path)
    check_label("workspace", name.workspace)
    return name


def object_name(repository: str, path: str, workspace: str) -> str:
    """`<repository>.<path with dots>.<workspace>`, as Porch names a PackageRevision object."""
    return ".".join((repository, *path.split("/"), workspace)) if path else f"{repository}.{workspace}"


def check_object_name(name: str) -> str:
    """Return `name` when Kubernetes would accept it as an object's name; raise InvalidName when not."""
    if len(name) > LONGEST_OBJECT_NAME:
        raise InvalidName(
            f"The name {quoted(name[:40] + '…')} has {len(name)} characters; repository, path and workspace "
            f"together must have at most {LONGEST_OBJECT_NAME}."
        )
    return name


def quoted(text: str) -> str:
    """Show text from outside in single quotes, so that it cannot break out of its place."""
    shown = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
    return f"'{shown[:200]}…'" if len(shown) > 200 else f"'{shown}'"
