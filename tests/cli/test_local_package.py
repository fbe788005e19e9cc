"""What is written into a person's folder is written whole, and over nothing that was edited meanwhile."""

import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.cli.folder_changes import write_changes, write_new
from bot.cli.local_package import read_package
from bot.errors import Refused, UserError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.yaml", "b.yaml", "c.yaml", "sub/d.yaml", "text"):
        (tmp_path / "p" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "p" / name).write_text(f"{name}\n")
    return tmp_path / "p"


def state(folder: Path) -> dict[str, bytes]:
    return {
        place.relative_to(folder).as_posix(): place.read_bytes() if place.is_file() else b""
        for place in sorted(folder.rglob("*"))
    }


CHANGES: dict[str, bytes | None] = {"a.yaml": b"new\n", "new/er/z.yaml": b"z\n", "c.yaml": None}


def test_all_is_written(folder: Path) -> None:
    write_changes(folder, CHANGES, read_package(folder))
    assert state(folder) == {
        "a.yaml": b"new\n",
        "b.yaml": b"b.yaml\n",
        "new": b"",
        "new/er": b"",
        "new/er/z.yaml": b"z\n",
        "sub": b"",
        "sub/d.yaml": b"sub/d.yaml\n",
        "text": b"text\n",
    }


@pytest.mark.parametrize("path", ["sub", "pipe", "text/x.yaml", "n" * 300, "sub/" + "n" * 300])
def test_where_one_file_cannot_be_none_is(folder: Path, path: str) -> None:
    os.mkfifo(folder / "pipe")
    files, before = read_package(folder), state(folder)
    with pytest.raises(UserError, match="nothing was"):
        write_changes(folder, {**CHANGES, path: b"x\n"}, files)
    assert state(folder) == before


@pytest.mark.parametrize("path", ["a.yaml", "c.yaml", "new/er/z.yaml"])
def test_what_was_edited_meanwhile_is_left_alone(folder: Path, path: str) -> None:
    files = read_package(folder)
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text("by hand\n")
    before = state(folder)
    with pytest.raises(Refused, match=f"'{path}' was edited meanwhile, so nothing was written"):
        write_changes(folder, CHANGES, files)
    assert state(folder) == before


def test_what_was_removed_meanwhile_does_not_come_back(folder: Path) -> None:
    files = read_package(folder)
    (folder / "a.yaml").unlink()
    with pytest.raises(Refused, match="was edited meanwhile"):
        write_changes(folder, CHANGES, files)
    assert not (folder / "a.yaml").exists()


class Interrupted(Mapping[str, bytes | None]):
    """Changes during which Ctrl-C is pressed, whenever they are looked through for this time."""

    def __init__(self, when: int) -> None:
        self.when = when

    def __getitem__(self, path: str) -> bytes | None:
        return CHANGES[path]

    def __len__(self) -> int:
        return len(CHANGES)

    def __iter__(self) -> Iterator[str]:
        for number, path in enumerate(CHANGES):
            if number == 1:
                self.when -= 1
                if not self.when:
                    signal.raise_signal(signal.SIGINT)
            yield path


@pytest.mark.parametrize("when", [1, 2, 3, 4])
def test_ctrl_c_leaves_all_or_nothing(folder: Path, when: int) -> None:
    """They are looked through to be checked, to be made ready, to be checked again, and to be deleted."""
    files, before = read_package(folder), state(folder)
    with pytest.raises(KeyboardInterrupt):
        write_changes(folder, Interrupted(when), files)
    now = state(folder)
    if when < 3:
        assert now == before
    else:
        assert now.keys() == {*before, "new", "new/er", "new/er/z.yaml"} - {"c.yaml"}
        assert now["a.yaml"] == b"new\n"


def test_a_new_folder_is_there_when_all_of_it_is(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        write_new(tmp_path / "new", {"a.yaml": b"a\n", "n" * 300: b"b\n"})
    assert list(tmp_path.iterdir()) == []
    write_new(tmp_path / "new", {"a/b.yaml": b"a\n"})
    assert state(tmp_path / "new") == {"a": b"", "a/b.yaml": b"a\n"}
