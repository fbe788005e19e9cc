"""Commands whose libraries come with an extra, where it is not installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GITHUB = "github:\n  tokenFile: token\n  webhookSecretFiles: [token]\n  repositories: [acme/packages]\n"
GITLAB = GITHUB.replace("github", "gitlab").replace(
    "gitlab:\n", "gitlab:\n  url: http://127.0.0.1:9\n"
)  # where nobody listens
# A name that is None in `sys.modules` cannot be imported, as if its library were not installed.
WITHOUT = (
    "import sys; names, words = sys.argv[1], sys.argv[2:]; sys.modules |= dict.fromkeys(names.split(','));"
    "from bot.cli.app import run; sys.exit(run(words))"
)


def portico(folder: Path, lacking: str, *words: str) -> tuple[int, str]:
    """The exit code of a command without some libraries, and all that it said."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PORTICO_TOKEN": "a token",
        "PORTICO_HOME": str(folder),
    }
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, lacking, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def settle(folder: Path, settings: str) -> None:
    (folder / "token").write_text("a token\n")
    (folder / "token").chmod(0o600)
    (folder / "serve.yaml").write_text(settings)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (1, "serve --config serve.yaml"),
        (1, "reconcile --config serve.yaml"),
        (2, "forge check --config serve.yaml"),
        (2, "forge check --forge github --repository acme/packages"),
    ],
)
def test_what_to_install_is_said(tmp_path: Path, code: int, words: str) -> None:
    settle(tmp_path, GITHUB)
    ended, said = portico(tmp_path, "github", *words.split())
    assert (ended, said) == (
        code,
        "Error: This needs the library `github`; install it with `pip install 'portico[github]'`.\n",
    )


def test_the_server_needs_an_extra_of_its_own(tmp_path: Path) -> None:
    settle(tmp_path, GITHUB)
    ended, said = portico(tmp_path, "flask", "serve", "--config", "serve.yaml")
    assert (ended, "`pip install 'portico[serve]'`" in said) == (1, True), said


@pytest.mark.parametrize(
    "words",
    [
        "forge check --config serve.yaml",
        "forge check --forge gitlab --repository a/b --server http://127.0.0.1:9",
    ],
)
def test_gitlab_needs_nothing_of_github(tmp_path: Path, words: str) -> None:
    settle(tmp_path, GITLAB)
    _, said = portico(tmp_path, "github", *words.split())
    assert "GitLab could not be reached" in said


def test_a_round_on_gitlab_needs_nothing_of_github(tmp_path: Path) -> None:
    settle(tmp_path, GITLAB)
    ended, said = portico(tmp_path, "github", "reconcile", "--config", "serve.yaml")
    assert (ended, "http://127.0.0.1:9" in said) == (1, True), said


def test_a_fault_of_portico_stays_one(tmp_path: Path) -> None:
    ended, said = portico(tmp_path, "bot.hooks.tick", "reconcile")
    assert (ended, "Portico itself failed (ModuleNotFoundError)" in said) == (3, True), said
