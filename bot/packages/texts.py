"""A package's files as a map of texts, as `PackageRevisionResources` have them (facts: Porch §2.1)."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from bot.errors import InvalidName, Refused
from bot.packages.naming import quoted
from bot.packages.package import EXECUTABLE, KPTFILE, REGULAR, File, Files
from bot.packages.placing import check_place

# Bytes as JSON; a cluster stores objects of 1.5 MiB at most, with all that it knows about them.
LARGEST = 900 * 1024
LONGEST_PATH, MOST_FOLDERS = 1024, 64
_PLAIN = (REGULAR, EXECUTABLE)


class Texts(NamedTuple):
    """What of a package is text, by path; `left_out` are the paths of all else.

    With `too_large` nothing is shown: a part of the texts would look like the whole.
    """

    texts: Mapping[str, str]
    left_out: tuple[str, ...] = ()
    too_large: bool = False


def texts_of(files: Files) -> Texts:
    """Read every file that is text: no link or submodule, and nothing that is binary."""
    found = {path: text for path, file in sorted(files.items()) if (text := _text(path, file)) is not None}
    left_out = tuple(sorted(files.keys() - found.keys()))
    return Texts({}, left_out, too_large=True) if size_of(found) > LARGEST else Texts(found, left_out)


def size_of(texts: Mapping[str, str]) -> int:
    """How large the map is as JSON, in bytes."""
    return len(json.dumps(texts, ensure_ascii=False).encode())


def with_texts(files: Files, texts: Mapping[str, str]) -> Files:
    """The package whose texts are exactly `texts`: what `texts_of` leaves out stays, and so do modes.

    Raises InvalidName for a path that leads out of the package, Refused where it has no Kptfile.
    """
    if KPTFILE not in texts:
        raise Refused(f"The package must contain a {KPTFILE} at its root; add it.")
    written = {path: _written(text, files.get(path)) for path, text in texts.items()}
    for path, file in written.items():
        check_place(path, file)
        if len(path) > LONGEST_PATH or path.count("/") > MOST_FOLDERS:
            raise InvalidName(
                f"The path {quoted(path[:40] + '…')} must have at most {LONGEST_PATH} characters, and lie in "
                f"at most {MOST_FOLDERS} folders."
            )
    kept = {path: files[path] for path in texts_of(files).left_out}
    return dict(sorted((kept | written).items()))


def _text(path: str, file: File) -> str | None:
    if file.mode not in _PLAIN or b"\0" in file.content:
        return None
    try:
        path.encode()
        return file.content.decode()
    except UnicodeError:
        return None


def _written(text: str, before: File | None) -> File:
    try:
        content = text.encode()
    except UnicodeEncodeError:
        raise InvalidName("Every file must be text in Unicode; one of them is not.") from None
    return File(content, before.mode if before is not None and before.mode in _PLAIN else REGULAR)
