"""Files as a map of texts and back: what is no text stays as it is, and all else is what the map says."""

import pytest

from bot.errors import InvalidName, Refused
from bot.packages.package import EXECUTABLE, KPTFILE, LINK, SUBMODULE, File
from bot.packages.texts import LARGEST, texts_of, with_texts

FILES = {
    KPTFILE: File(b"kind: Kptfile\n"),
    "a.yaml": File("a: ü\r\n".encode()),
    "run.sh": File(b"#!/bin/sh\n", EXECUTABLE),
    "logo.png": File(b"\x89PNG"),
    "nul.txt": File(b"a\0b"),
    "link": File(b"a.yaml", LINK),
    "module": File(b"0" * 40, SUBMODULE),
    "n\udcff.txt": File(b"of a name that is no text"),
}
TEXTS = {KPTFILE: "kind: Kptfile\n", "a.yaml": "a: ü\r\n", "run.sh": "#!/bin/sh\n"}


def test_only_texts_are_shown_and_all_else_is_named() -> None:
    found = texts_of(FILES)
    assert found.texts == TEXTS
    assert set(found.left_out) == FILES.keys() - TEXTS.keys()
    assert not found.too_large


def test_what_is_not_changed_stays_byte_for_byte() -> None:
    assert with_texts(FILES, TEXTS) == FILES


def test_what_the_map_lacks_goes_and_what_it_cannot_show_stays() -> None:
    changed = with_texts(FILES, {KPTFILE: "kind: Kptfile\n", "run.sh": "#!/bin/dash\n", "new.yaml": "a: b"})
    assert changed == {
        **{path: file for path, file in FILES.items() if path != "a.yaml"},
        "run.sh": File(b"#!/bin/dash\n", EXECUTABLE),
        "new.yaml": File(b"a: b"),
    }


def test_what_was_no_text_can_be_made_one() -> None:
    changed = with_texts(FILES, {**TEXTS, "logo.png": "none\n", "link": "a: b\n"})
    assert (changed["logo.png"], changed["link"]) == (File(b"none\n"), File(b"a: b\n"))


@pytest.mark.parametrize(
    "path", ["../a", "/a", "a/../b", ".git/a", "a/.Git/b", "a//b", "", "a/", "./a", "a\0b"]
)
def test_nothing_is_written_outside_the_package(path: str) -> None:
    with pytest.raises(InvalidName):
        with_texts(FILES, {**TEXTS, path: "a: b"})


def test_what_is_no_unicode_is_refused_unseen() -> None:
    with pytest.raises(InvalidName, match=r"^Every file must be text in Unicode; one of them is not\.$"):
        with_texts(FILES, {**TEXTS, "a.yaml": "\ud800 secret"})


def test_a_package_keeps_its_kptfile() -> None:
    with pytest.raises(Refused, match="must contain a Kptfile"):
        with_texts(FILES, {"a.yaml": "a: b"})


@pytest.mark.parametrize(("more", "is_large"), [(0, False), (1, True)])
def test_of_what_is_too_large_nothing_is_shown(*, more: int, is_large: bool) -> None:
    rest = len('{"a": ""}')
    found = texts_of({"a": File(b"x" * (LARGEST - rest + more)), "b.png": File(b"\xff")})
    assert (found.too_large, not found.texts, found.left_out) == (is_large, is_large, ("b.png",))


@pytest.mark.parametrize("path", ["a/" * 65 + "b", "a" * 1025])
def test_a_path_that_no_disk_would_hold_is_refused(path: str) -> None:
    with pytest.raises(InvalidName, match="must have at most 1024 characters, and lie in at most 64 folders"):
        with_texts({}, {"Kptfile": "", path: ""})
