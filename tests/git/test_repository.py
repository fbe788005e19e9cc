"""Opening repositories: every refusal says what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pygit2
import pytest

from bot.errors import NotFound, UserError
from bot.git.repository import open_repository


def test_bare_and_ordinary_repositories_open(tmp_path: Path) -> None:
    pygit2.init_repository(str(tmp_path / "bare"), bare=True)
    pygit2.init_repository(str(tmp_path / "work"))
    assert open_repository(tmp_path / "bare").is_bare
    assert not open_repository(str(tmp_path / "work")).is_bare


def test_what_is_missing_or_no_repository_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"There is no '.*nowhere'"):
        open_repository(tmp_path / "nowhere")
    with pytest.raises(NotFound, match="is not a Git repository"):
        open_repository(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(NotFound, match="is not a Git repository"):
        open_repository(tmp_path / "file")


def test_a_directory_inside_a_repository_is_not_taken_for_it(tmp_path: Path) -> None:
    pygit2.init_repository(str(tmp_path))
    (tmp_path / "below").mkdir()
    with pytest.raises(NotFound):
        open_repository(tmp_path / "below")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_another_persons_repository_says_how_to_trust_it(tmp_path: Path) -> None:
    pygit2.init_repository(str(tmp_path / "theirs"), bare=True)
    os.chown(tmp_path / "theirs", 65534, 65534)
    with pytest.raises(UserError, match=r"git config --global --add safe\.directory /.*theirs"):
        open_repository(tmp_path / "theirs")


HOOK = """#!{python}
import sys
sys.path.insert(0, {root!r})
from bot.git.repository import open_repository
from bot.git.trees import read_files
new = sys.stdin.readline().split()[1]
print(sorted(read_files(open_repository(".", quarantine=True), new)))
try:
    read_files(open_repository("."), new)
except Exception as error:
    print(error)
"""


def test_a_hook_sees_the_objects_in_quarantine(tmp_path: Path) -> None:
    pygit2.init_repository(str(tmp_path / "server"), bare=True)
    root = str(Path(__file__).parents[2])
    hook = tmp_path / "server" / "hooks" / "pre-receive"
    hook.write_text(HOOK.format(python=sys.executable, root=root))
    hook.chmod(0o755)
    work = tmp_path / "work"
    subprocess.run(["git", "init", "-q", work], check=True)
    (work / "Kptfile").write_text("kind: Kptfile\n")
    git = ["git", "-C", str(work), "-c", "user.name=A", "-c", "user.email=a@b.c"]
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "x"], check=True)
    done = subprocess.run(
        [*git, "push", tmp_path / "server", "HEAD:refs/heads/main"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "remote: ['Kptfile']" in done.stderr
    assert "is missing" in done.stderr
