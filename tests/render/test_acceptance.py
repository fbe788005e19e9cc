"""Functions write over nothing that they were not given, and make nothing that cannot be read again."""

import pytest

from bot.packages.documents import LIMITS, parse
from bot.packages.documents.node import Node
from bot.packages.package import LINK, SUBMODULE, File
from bot.packages.resource import Resource
from bot.render.function import Outcome, Run
from tests.render.test_pipeline import MAP, kptfile, package, render, said, texts

FILES = {
    **package(Kptfile=kptfile("image: made"), a_yaml=MAP.format("a"), _krmignore="ignored.yaml\n"),
    "README.md": File(b"# Read me\n"),
    "folder/text": File(b"text\n"),
    "link.yaml": File(b"a.yaml", LINK),
    "linked": File(b"folder", LINK),
    "module": File(b"1" * 40, SUBMODULE),
    "ignored.yaml": File(MAP.format("ignored").encode()),
}


def made(*paths: str, text: str = MAP.format("new")) -> Run:
    """A function that puts a resource at each of these paths."""

    def run(items: list[Resource], config: Node | None) -> Outcome:
        assert config is None
        return Outcome([*items, *(Resource(parse(text.encode())[0], path, -1) for path in paths)])

    return run


@pytest.mark.parametrize("path", ["new.yaml", "deep/er/new.yaml", "folder/new.yaml", "text", "ignored.yaml"])
def test_a_place_that_is_free(path: str) -> None:
    assert texts(render(FILES, made=made(path))) == {path: MAP.format("new")}


@pytest.mark.parametrize(
    "paths",
    [
        ["README.md"],
        ["README.md/new.yaml"],
        ["folder"],
        ["link.yaml"],
        ["linked"],
        ["linked/new.yaml"],
        ["module"],
        ["module/new.yaml"],
        ["a.yaml/new.yaml"],
        ["new", "new/er.yaml"],
        [".krmignore"],
    ],
)
def test_a_place_that_is_taken(paths: list[str]) -> None:
    (problem,) = said(render(FILES, made=made(*paths)))
    assert "Functions must not " in problem


def test_a_file_that_is_too_large_to_be_read_again() -> None:
    text = MAP.format("new") + "data:\n" + f"  a: {'x' * 1_000_000}\n".replace("a", "{}") * 11
    large = text.format(*range(11))
    assert len(large) > LIMITS.bytes
    run = made("a.yaml", text=MAP.format("new"))

    def grown(items: list[Resource], config: Node | None) -> Outcome:
        for item in items:
            if item.path == "a.yaml":
                item.edit()
                item.document.content[0] = parse(large.encode(), limits=type(LIMITS)(bytes=2 * LIMITS.bytes))[
                    0
                ].root
        return run(items, config)

    (problem,) = said(render(FILES, made=grown))
    assert "could not be read again; it must have at most" in problem


@pytest.mark.parametrize("path", ["Kptfile", "sub/Kptfile"])
def test_a_kptfile_that_is_none(path: str) -> None:
    (problem,) = said(render(FILES, made=made(path)))
    assert "Functions made a Kptfile that could not be read again" in problem


def test_a_file_of_too_many_resources() -> None:
    (problem,) = said(render(FILES, made=made(*["new.yaml"] * (LIMITS.documents + 1))))
    assert "put 10001 resources into this file" in problem
    assert not render(FILES, made=made(*["new.yaml"] * LIMITS.documents)).problems
