"""Where a story is played: one folder with a server, people's homes and clones, and nothing outside it."""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.demo.step import Answer, Edit, Run, Write

SERVER = "blueprints.git"
# Where the server's owner works is the folder itself; the people have clones in it.
OWNER = "owner"
PEOPLE = {"ada": "Ada Lovelace", "grace": "Grace Hopper"}
PACKAGES = Path(__file__).with_name("packages")
PATIENCE_SECONDS = 120
# What a person has set for themselves must not change the story.
FOREIGN = ("GIT_", "XDG_", "PORTICO_", "GL_", "PYTHON", "SSH_ASKPASS", "LC_", "LANG")


@dataclass(frozen=True, slots=True)
class Stage:
    """`environ` is that of the person who watches; what they have set for Git and Portico is left out."""

    folder: Path
    environ: Mapping[str, str]

    def set_up(self) -> None:
        """Make the folder's homes, the packages to begin with, and the programs that the story runs."""
        for who, name in {OWNER: "The owner", **PEOPLE}.items():
            home = self.folder / "home" / who
            home.mkdir(parents=True)
            (home / ".gitconfig").write_text(
                f"[user]\n\tname = {name}\n\temail = {who}@example.com\n"
                "[init]\n\tdefaultBranch = main\n[pull]\n\tff = only\n[core]\n\tpager = cat\n"
            )
        # Not copytree: where the program is installed read-only, the copies must be writable all the same.
        for source in filter(Path.is_file, PACKAGES.rglob("*")):
            copy = self.folder / "packages" / source.relative_to(PACKAGES)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(source.read_bytes())
        (self.folder / "bin").mkdir()
        root = Path(__file__).parents[2]
        start = f"exec env PYTHONPATH={shlex.quote(str(root))} {shlex.quote(sys.executable)} -P -m bot"
        _program(self.folder / "bin" / "portico", f'{start} "$@"\n')
        _program(self.folder / "as", self._as())

    def run(self, step: Run) -> Answer:
        """Run the step's command in its person's folder; a program that is not there ends with 127."""
        try:
            done = subprocess.run(  # noqa: S603 the story's own commands, without a shell
                shlex.split(step.command),
                cwd=self.place(step.who),
                env=self._environment(step.who),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=PATIENCE_SECONDS,
                check=False,
            )
        except OSError as error:
            return Answer(127, f"{error.strerror}: {error.filename}")
        except subprocess.TimeoutExpired:
            return Answer(124, f"still not done after {PATIENCE_SECONDS} seconds")
        text = done.stdout.decode(errors="replace")
        # Git pads what a server says, in case a progress line was there before.
        lines = (line.rstrip() for line in text.splitlines())
        return Answer(done.returncode, "\n".join(lines).strip("\n"), self._refs(step))

    def write(self, step: Write | Edit) -> str:
        """Write or edit a file; returns '' or, as a sentence, why it cannot be edited."""
        path = self.place(step.who) / step.path
        if isinstance(step, Write):
            path.write_text(step.text)
            return ""
        before = path.read_text() if path.exists() else ""
        if before.count(step.old) != 1:
            return f"The file '{path}' must hold once what is to be edited."
        path.write_text(before.replace(step.old, step.new))
        return ""

    def place(self, who: str) -> Path:
        """The folder that a person works in."""
        return self.folder if who == OWNER else self.folder / who

    def _refs(self, step: Run) -> frozenset[str]:
        if not (step.there or step.gone):
            return frozenset()
        done = subprocess.run(  # noqa: S603 our own words
            ["git", "--git-dir", str(self.folder / SERVER), "for-each-ref", "--format=%(refname)"],  # noqa: S607 the person's own git
            env=self._environment(OWNER),
            capture_output=True,
            text=True,
            check=False,
        )
        return frozenset(done.stdout.splitlines())

    def _environment(self, who: str) -> dict[str, str]:
        kept = {name: value for name, value in self.environ.items() if not name.startswith(FOREIGN)}
        return (
            kept
            | self._own(who)
            | {"PATH": f"{self.folder / 'bin'}{os.pathsep}{kept.get('PATH', os.defpath)}"}
        )

    def _own(self, who: str) -> dict[str, str]:
        home = self.folder / "home" / who
        return {
            "HOME": str(home),
            "PORTICO_HOME": str(home / "portico"),
            "GL_USER": who,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        }

    def _as(self) -> str:
        """A program that runs something as one of the people, by what the story ran with."""
        own = "".join(f"export {name}={_quoted(value)}\n" for name, value in self._own("$who").items())
        return (
            "# Runs a command, or a shell, as one of the people of the demo: ./as grace portico rpkg get\n"
            f'case "$1" in {"|".join(PEOPLE)}) who=$1; shift;;'
            f' *) echo "Usage: ./as {"|".join(PEOPLE)} [COMMAND]..." >&2; exit 1;; esac\n'
            'for name in $(env | grep -oE "^(GIT|XDG)_[A-Z0-9_]*"); do unset "$name"; done\n'
            f"{own}export PATH={_quoted(str(self.folder / 'bin'))}:$PATH\n"
            f"cd {_quoted(str(self.folder))}/$who || exit 1\n"
            '[ $# -gt 0 ] || set -- "${SHELL:-sh}"\n'
            'exec "$@"\n'
        )


def _program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}")
    path.chmod(0o755)


def _quoted(text: str) -> str:
    """For the shell, so that `$who` alone means something in it."""
    safe = "".join(f"\\{c}" if c in '\\"`' else c for c in text.replace("$who", "\0").replace("$", "\\$"))
    return '"' + safe.replace("\0", "$who") + '"'
