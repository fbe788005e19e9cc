"""Where functions put resources is inside of their package, and never the repository's own folder."""

import pytest

from bot.errors import InvalidDocument
from bot.packages.documents import parse
from bot.packages.resource import UNPLACED, Resource
from bot.render.place import place


def made(path: str, package: str = "sub") -> Resource:
    document = parse(b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n")[0]
    item = Resource(document, path, -1, UNPLACED)
    place([item], package)
    return item


@pytest.mark.parametrize(
    "path",
    [
        ".git",
        ".git/config",
        "a/.GIT/config",
        ".git ./config",
        ".gi\u200ct/config",
        "\ufeff.git/config",
        ".git\u202e/config",
        ".git::$INDEX_ALLOCATION/config",
        "git~1/config",
        "GIT~2:x",
        "a\\b",
        "a\x1b[31m",
        "a\0",
        "x" * 2000,
    ],
)
def test_paths_that_are_refused(path: str) -> None:
    with pytest.raises(InvalidDocument, match="function must give resources usable paths"):
        made(path)


@pytest.mark.parametrize("path", ["../a.yaml", "x/../../a.yaml", "/a.yaml", "//a.yaml", "..", "."])
def test_paths_that_leave_the_package(path: str) -> None:
    with pytest.raises(InvalidDocument, match="outside of package"):
        made(path)


@pytest.mark.parametrize(
    "path", [".github/a.yaml", ".gitignore", "git/a.yaml", "a.git/b.yaml", ".gitx:y", "g:i"]
)
def test_paths_that_are_taken(path: str) -> None:
    assert (made(path).path, made(path).package) == (f"sub/{path}", "sub")
