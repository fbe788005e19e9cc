"""Words that begin a draft, read: what is to be in it, and what it is to be called."""

from typing import NamedTuple

from bot.errors import InvalidName, Refused
from bot.lifecycle.remark import Said
from bot.lifecycle.words import CLONE, COPY, INIT
from bot.packages.layout import revision_number
from bot.packages.naming import RevisionName, check_label, check_name, check_path, quoted

FIRST_WORKSPACE = "v1"
_AS = "as"
_LATEST = "latest"


class Init(NamedTuple):
    """A new package, with nothing in it yet."""

    name: RevisionName


class Clone(NamedTuple):
    """A new package that follows the one that `source` names."""

    name: RevisionName
    source: str


class Copy(NamedTuple):
    """A next revision, with the files of `revision` of a package, 0 for the latest.

    `path` is '' for the package of the change on which it is said, as it stands there.
    """

    path: str
    revision: int
    workspace: str


Wish = Init | Clone | Copy


def read_wish(said: Said) -> Wish:
    """What a word that begins a draft asks for; raises Refused and InvalidName."""
    match said.word.word, said.arguments:
        case word, (path,) if word == INIT:
            return Init(check_name(RevisionName(path, FIRST_WORKSPACE)))
        case word, (path, as_, workspace) if word == INIT and as_ == _AS:
            return Init(check_name(RevisionName(path, workspace)))
        case word, (source, as_, path) if word == CLONE and as_ == _AS:
            return Clone(check_name(RevisionName(path, FIRST_WORKSPACE)), source)
        case word, (as_, workspace) if word == COPY and as_ == _AS:
            return Copy("", 0, check_label("workspace", workspace))
        case word, (package, as_, workspace) if word == COPY and as_ == _AS:
            path, number = read_package(package)
            return Copy(path, number, check_label("workspace", workspace))
    raise Refused(f"`/{said.word.word}` was not understood; write it as `{said.word.usage}`.")


def read_package(text: str) -> tuple[str, int]:
    """Read `<path>[@v<N>]`: the path, and the number, 0 for the latest; raises InvalidName."""
    path, at, version = text.partition("@")
    check_path(path)
    if not at or version == _LATEST:
        return path, 0
    number = revision_number(version)
    if number < 1:
        raise InvalidName(f"The version {quoted(version)} must be 'latest', or a revision such as 'v2'.")
    return path, number
