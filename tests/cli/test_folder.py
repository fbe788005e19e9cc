"""Folders hold a package's files and never let anything out of them."""

import os
from pathlib import Path

import pytest

from bot.cli.folder import METADATA, read_folder, update_folder, write_folder
from bot.errors import InvalidName, Refused, UserError
from bot.packages.package import EXECUTABLE, LINK, SUBMODULE, File

FILES = {
    "Kptfile": File(b"x\r\n"),
    "a/b/run": File(b"#!", EXECUTABLE),
    "a/logo": File(b"\0\xff"),
    "a/link": File(b"../Kptfile", LINK),
    os.fsdecode(b"odd-\xff"): File(b""),
}


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write_folder(tmp_path / "deep" / "p", FILES)
    (tmp_path / "deep" / "p" / ".git").mkdir()
    (tmp_path / "deep" / "p" / ".git" / "config").touch()
    (tmp_path / "deep" / "p" / METADATA).touch()
    assert read_folder(tmp_path / "deep" / "p") == FILES
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["p"]


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch, lambda path: path.symlink_to("gone")])
def test_what_exists_is_not_touched(tmp_path: Path, make: object) -> None:
    make(tmp_path / "p")  # type: ignore[operator]  # each makes something there
    with pytest.raises(Refused, match="must not exist"):
        write_folder(tmp_path / "p", FILES)


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("../out", File(b"")),
        ("a/../../out", File(b"")),
        ("/etc/out", File(b"")),
        ("a//b", File(b"")),
        (".git/hooks/x", File(b"")),
        ("a/.GIT/config", File(b"")),
        ("link", File(b"/etc/passwd", LINK)),
        ("link", File(b"..", LINK)),
        ("a/link", File(b"../../out", LINK)),
        ("a/link", File(b"x/../../../out", LINK)),
        ("a/link", File(b"x/..", LINK)),  # where `x` may be a link to '..'
        ("module", File(b"c" * 40, SUBMODULE)),
    ],
)
def test_what_leads_outside_is_refused_and_nothing_is_written(tmp_path: Path, path: str, file: File) -> None:
    with pytest.raises(InvalidName):
        write_folder(tmp_path / "p", {"Kptfile": File(b""), path: file})
    assert list(tmp_path.iterdir()) == []


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").touch()
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "link").symlink_to("../secret")
    with pytest.raises(InvalidName, match="leads out"):
        read_folder(tmp_path / "p")


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    os.mkfifo(tmp_path / "p" / "pipe")
    with pytest.raises(UserError, match="pipe"):
        read_folder(tmp_path / "p")
    with pytest.raises(UserError, match="is not a folder"):
        read_folder(tmp_path / "gone")


def test_a_folder_follows_what_the_server_made_of_it(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    write_folder(folder, FILES)
    (folder / METADATA).write_text("token")
    new = {path: file for path, file in FILES.items() if path != "a/logo"} | {
        "Kptfile": File(b"y"),
        "c/d": File(b"new", EXECUTABLE),
    }
    assert update_folder(folder, FILES, new) == ["Kptfile", "a/logo", "c/d"]
    assert read_folder(folder) == new
    assert (folder / METADATA).read_text() == "token"


def test_a_folder_that_was_edited_meanwhile_is_not_touched(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    write_folder(folder, FILES)
    (folder / "Kptfile").write_bytes(b"mine")
    with pytest.raises(Refused, match="edited meanwhile"):
        update_folder(folder, FILES, FILES | {"Kptfile": File(b"theirs"), "new": File(b"")})
    assert (folder / "Kptfile").read_bytes() == b"mine"
    assert not (folder / "new").exists()


def test_a_folder_is_not_followed_out_of_itself(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    folder = tmp_path / "p"
    write_folder(folder, {"Kptfile": File(b"x"), "b": File(b"a", LINK), "a/c": File(b"")})
    old = read_folder(folder)
    with pytest.raises(InvalidName):
        update_folder(folder, old, {**old, "../outside/x": File(b"")})
    with pytest.raises(Refused, match="behind a link"):
        update_folder(folder, old, {**old, "b/x": File(b"")})
    assert not list((tmp_path / "outside").iterdir())
