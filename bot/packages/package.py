"""A package's content: files by path, each with its bytes and mode."""

from collections.abc import Mapping
from typing import NamedTuple

KPTFILE = "Kptfile"
REGULAR = 0o100644
EXECUTABLE = 0o100755
LINK = 0o120000
SUBMODULE = 0o160000


class File(NamedTuple):
    """One file: `mode` is Git's, `content` of a link is its target, of a submodule its commit id in hex."""

    content: bytes
    mode: int = REGULAR


# Path relative to the package, with '/', to its file.
Files = Mapping[str, File]


def package_directories(files: Files) -> list[str]:
    """The directories that hold a Kptfile, the package itself ('') and its subpackages, sorted."""
    ends = (path.rpartition("/") for path, file in files.items() if file.mode in (REGULAR, EXECUTABLE))
    return sorted(directory for directory, _, name in ends if name == KPTFILE)
