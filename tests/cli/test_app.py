"""The command line as a whole: help, start-up, and the ways in which it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from bot import __version__
from bot.cli import app
from bot.cli.ending import ended
from bot.cli.lazy_group import LazyGroup
from bot.errors import InternalError, UserError
from tests.cli.person import Person

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("pygit2", "yaml", "rich", "bot.git", "bot.render", "bot.hooks")
PORTICO = (sys.executable, "-m", "bot")


def commands(group: click.Command, prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command, with the groups that it is in."""
    context = click.Context(group)
    found = [prefix]
    if isinstance(group, click.Group):
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            found += commands(command, (*prefix, name))
    return found


@pytest.mark.parametrize("argv", commands(app.portico), ids=" ".join)
def test_every_command_has_help_with_an_example(argv: tuple[str, ...], portico: Person) -> None:
    out = portico.did(*argv, "--help")
    assert out.startswith(f"Usage: {' '.join(('portico', *argv))} ")
    assert f"  portico {' '.join(argv)}".rstrip() in out.partition("Example")[2]


def test_aliases_are_the_same_commands() -> None:
    context = click.Context(app.portico)
    for name in app.GROUPS:
        group = app.portico.get_command(context, name)
        if isinstance(group, LazyGroup):
            for canonical, entry in group.entries.items():
                for alias in entry.aliases:
                    assert group.get_command(context, alias) is group.get_command(context, canonical)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from bot.cli.app import run;"
        "run(['--help']); run(['rpkg', '--help']); run(['--version']);"
        f"print([name for name in sys.modules if name.startswith({HEAVY!r})], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert f"portico {__version__}" in done.stdout


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("rpgk",), "No such command 'rpgk'; did you mean `rpkg`?"),
        (("rpkg", "juggle"), "No such command 'juggle'; there are `get`, `init`, "),
        (("rpkg", "get", "--nonsense"), "--nonsense"),
        (("rpkg", "get", "-o", "xml"), "'xml'"),
        (("rpkg", "get", "--revision", "v1"), "'v1'"),
        (("rpkg", "approve"), "NAME"),
        (("completion", "tcsh"), "'tcsh'"),
    ],
)
def test_a_wrong_command_line_is_the_persons_to_mend(
    portico: Person, argv: tuple[str, ...], says: str
) -> None:
    answer = portico(*argv)
    assert (answer.code, answer.out) == (1, "")
    assert says in answer.err
    assert "Usage: portico" in answer.err


def fail_with(error: BaseException) -> int:
    def fail() -> None:
        raise error

    return ended(fail)


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (UserError("Mend it."), 1, "Error: Mend it.\n"),
        (click.ClickException("Mend it."), 1, "Error: Mend it.\n"),
        (KeyboardInterrupt(), 130, ""),
        (click.Abort(), 130, ""),
    ],
)
def test_endings(
    error: BaseException, code: int, says: str, portico: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    assert portico is not None
    assert fail_with(error) == code
    assert capsys.readouterr().err == says


@pytest.mark.parametrize("error", [InternalError("a bug"), RuntimeError("a bug")])
def test_our_own_faults_are_logged_with_an_id(
    error: Exception, portico: Person, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert portico is not None
    assert fail_with(error) == 3
    said = capsys.readouterr().err
    (log,) = (tmp_path / "home" / "portico" / "log").iterdir()
    assert log.stem.rpartition("-")[2] in said
    assert str(log) in said
    assert "a bug" in log.read_text()
    assert "Traceback" not in said


def test_a_log_that_cannot_be_written_does_not_hide_the_fault(
    portico: Person, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert portico is not None
    (tmp_path / "home" / "portico").touch()
    assert fail_with(RuntimeError()) == 3
    assert "could not be kept" in capsys.readouterr().err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_and_what_they_offer(registered: Person, shell: str) -> None:
    assert "_PORTICO_COMPLETE" in registered.did("completion", shell)
    registered.did("rpkg", "get")
    offered = subprocess.run(
        PORTICO,
        cwd=ROOT,
        env={
            **os.environ,
            "_PORTICO_COMPLETE": f"{shell}_complete",
            "COMP_WORDS": "portico rpkg approve blueprints.dns",
            "COMP_CWORD": "3" if shell != "fish" else "blueprints.dns",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert "blueprints.dns.v1" in offered.stdout, offered
    assert "apps" not in offered.stdout


def test_a_closed_pipe_ends_quietly(registered: Person) -> None:
    assert registered is not None
    command = [*PORTICO, "rpkg", "get"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as it:
        assert it.stdout is not None
        assert it.stderr is not None
        it.stdout.close()
        assert (it.stderr.read(), it.wait()) == (b"", 1)


def test_watch_shows_changes_until_it_is_interrupted(registered: Person, tmp_path: Path) -> None:
    said = tmp_path / "said"
    command = [*PORTICO, "rpkg", "get", "--watch"]
    with said.open("wb") as out, subprocess.Popen(command, cwd=ROOT, stdout=out) as it:
        wait_for(said, "blueprints.dns.v1 ")
        registered.did("rpkg", "copy", "blueprints.dns.v1", "--workspace", "new")
        wait_for(said, "blueprints.dns.new ")
        it.send_signal(signal.SIGINT)
        assert it.wait(10) == 130
    assert said.read_text().count("blueprints.dns.v1 ") == 1
    assert said.read_text().count("WORKSPACENAME") == 1
    columns = {line.index(" blueprints") for line in said.read_text().splitlines() if " blueprints" in line}
    assert len(columns) == 1


def wait_for(place: Path, text: str) -> None:
    end = time.monotonic() + 20
    while text not in place.read_text():
        assert time.monotonic() < end, place.read_text()
        time.sleep(0.05)


def test_odd_names_do_not_stop_a_narrow_terminal(registered: Person, bare: Path) -> None:
    subprocess.run([b"git", b"branch", b"drafts/dns/odd-\xff\xc3\xa9", b"main"], cwd=bare, check=True)
    done = subprocess.run(
        [*PORTICO, "rpkg", "get"],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert registered is not None
    assert b"blueprints.apps.web.v1" in done.stdout
