"""The package's name and path where its functions can read them: what kpt calls the package's context."""

from bot.packages.documents import dump
from bot.packages.merge.piece import Piece, content_of, pieces_of
from bot.packages.package import EXECUTABLE, REGULAR, File, Files
from bot.packages.resource import LOCAL_CONFIG

FILE = "package-context.yaml"
CONTEXT = "kptfile.kpt.dev"


def with_package_context(files: Files, name: str, path: str) -> dict[str, File]:
    """`files` with a context at their root that says what the package is called, and its path.

    It takes the place of the one that is there; what else that file holds stays as it is, and so do the
    contexts of subpackages. Raises InvalidDocument when the file cannot be read.
    """
    old = files.get(FILE)
    pieces = pieces_of(FILE, dump(context(name, path)))
    if old is not None and old.mode in (REGULAR, EXECUTABLE):
        pieces += [piece for piece in pieces_of(FILE, old.content) if not _is_context(piece)]
    return {**files, FILE: File(content_of(pieces, b""))}


def with_own_context(files: Files, before: Files, path: str) -> Files:
    """`files` that say what the package at `path` is called, where something took the place of what did.

    An upstream's context says what the upstream is called; `before` is the package as it was.
    """
    if files.get(FILE) == before.get(FILE):
        return files
    return with_package_context(files, path.rpartition("/")[2], path)


def _is_context(piece: Piece) -> bool:
    return (piece.root.text("kind"), piece.root.text("metadata", "name")) == ("ConfigMap", CONTEXT)


def context(name: str, path: str = "") -> dict[str, object]:
    """The ConfigMap that says what a package is called, and where it lies when `path` is given."""
    data = {"name": name, "package-path": path}
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": CONTEXT, "annotations": {LOCAL_CONFIG: "true"}},
        "data": {key: value for key, value in data.items() if value},
    }
