"""Shows the demo's story: coloured and with time to read on a terminal, plain in a pipe."""

import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.demo.stage import OWNER
from bot.demo.step import Answer, Edit, Run, Write

WIDEST = 100
# How long somebody reads a word, and looks at one line of an answer.
WORD_SECONDS, LINE_SECONDS, MOST_SECONDS = 0.08, 0.15, 2.5
COLOURS = {OWNER: "magenta", "ada": "green", "grace": "cyan"}


class Screen:
    """Tells a story on standard output; `pause` sleeps for some seconds, None never does."""

    def __init__(self, pause: Callable[[float], None] | None) -> None:
        self._console = Console(highlight=False, soft_wrap=True)
        self._pause = pause

    def open(self, number: int, title: str) -> None:
        """Begin a chapter."""
        self._print(f"\n== {number}. {title} ==", "bold")

    def say(self, text: str) -> None:
        """Speak to the reader."""
        self._print("\n" + textwrap.fill(text, min(self._console.width, WIDEST)), "italic")
        self._wait(len(text.split()) * WORD_SECONDS)

    def write(self, step: Write | Edit) -> None:
        """Show what somebody writes, as the lines that go and come."""
        self._print(
            f"\n{step.who} {'writes' if isinstance(step, Write) else 'edits'} {step.path}", COLOURS[step.who]
        )
        new = step.text if isinstance(step, Write) else step.new
        if isinstance(step, Edit):
            kept = set(step.new.splitlines())
            for line in step.old.splitlines():
                if line not in kept:
                    self._print(f"- {line}", "red")
            new = "".join(line for line in new.splitlines(keepends=True) if line not in step.old)
        for line in new.splitlines():
            self._print(f"+ {line}", "green")
        self._wait(len(new.splitlines()) * LINE_SECONDS)

    def ask(self, step: Run) -> None:
        """Show a command before it runs."""
        prompt = (f"{step.who}$ ", f"bold {COLOURS[step.who]}")
        self._console.print(Text.assemble(prompt, (step.command, "bold")))

    def answer(self, answer: Answer) -> None:
        """Show what came of a command."""
        for line in answer.text.splitlines():
            self._print(line, "yellow" if line.startswith("remote:") else "")
        self._wait(len(answer.text.splitlines()) * LINE_SECONDS)

    def stop(self, differences: Sequence[str], folder: Path) -> None:
        """Say how the story differs, and where everything is as it was then."""
        self._print("\nThe demo stops, because its last step differs from the story:", "bold red")
        for difference in differences:
            self._print(f"- {difference}", "red")
        self._print(f"Everything is as it was then, in {folder}")

    def end(self, seconds: float) -> None:
        """Say that all went as it must."""
        self._print(f"\nThe end: every step went as the story says, in {seconds:.0f} seconds.", "bold")

    def leave(self, folder: Path) -> None:
        """Say where the folder is, and what to try in it."""
        for line in (
            f"\nEverything is in {folder}. Go on there:",
            f"  cd {folder}",
            "  ./as ada portico rpkg get",
            "  ./as ada portico rpkg copy blueprints.apps.web.v1 --workspace more-replicas",
            "  ./as grace portico explain blueprints.networking.dns.rollback",
            "  ./as ada        # a shell as ada, in her clone",
            "  git -C blueprints.git log --graph --oneline main",
            "With a repository of your own: portico hook install /path/to/bare.git",
        ):
            self._print(line)

    def _print(self, text: str, style: str = "") -> None:
        self._console.print(Text(text, style))

    def _wait(self, seconds: float) -> None:
        if self._pause:
            self._pause(min(seconds, MOST_SECONDS))
