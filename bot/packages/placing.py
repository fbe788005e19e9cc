"""Where the files of a package may lie: inside it, and nowhere that Git keeps for itself."""

import os

from bot.errors import InvalidName
from bot.packages.naming import quoted
from bot.packages.package import LINK, SUBMODULE, File
from bot.packages.validate import leads_out

_GIT = ".git"


def check_place(path: str, file: File) -> None:
    """Raise InvalidName when the file would lie, or the link point, outside its package."""
    parts = path.split("/")
    if any(part in {"", ".", ".."} or part.lower() == _GIT or "\0" in part for part in parts):
        raise InvalidName(f"The package holds the path {quoted(path)}, which must not be written; rename it.")
    if file.mode == SUBMODULE:
        raise InvalidName(f"The package holds the submodule {quoted(path)}; packages must hold files only.")
    if file.mode == LINK:
        target = os.fsdecode(file.content)
        if leads_out(path, target):
            raise InvalidName(
                f"The link {quoted(path)} leads out of the package, to {quoted(target)}; remove it."
            )
