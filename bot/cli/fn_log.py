"""What functions do, told on standard error in kpt's form while they do it."""

import time
from collections.abc import Iterable

import click

from bot.cli.printable import printable
from bot.packages.rendering import Result, Step

MOST_LINES = 50
_INDENT = "    "


class Log:
    """Tells of packages, functions and their results; `name` is what the root package is called.

    Without a name nothing is said of packages: `fn eval` knows none. `truncate` cuts long lists.
    """

    def __init__(self, name: str = "", *, truncate: bool = True) -> None:
        self._name = name
        self._most = MOST_LINES if truncate else None
        self._started: float | None = None

    def package(self, directory: str) -> None:
        """Head the lines of one package."""
        if self._name:
            _say(f'Package "{self._display(directory)}": ')

    def running(self, title: str, directory: str, selected: int | None) -> None:
        """Say what starts."""
        self._started = time.monotonic()
        over = "" if selected is None else f" on {selected} resource(s)"
        where = f' on package "{self._display(directory)}"' if self._name else ""
        _say(f'[RUNNING] "{title}"{over}{where}')

    def ended(self, step: Step) -> None:
        """Say how it went; nothing for what never started."""
        if self._started is None:
            return
        verdict = "FAIL" if step.exit_code or step.error else "PASS"
        _say(f'[{verdict}] "{step.function}" in {_duration(time.monotonic() - self._started)}')
        self._started = None
        if step.results:
            self._lines("[Results]", map(result_line, step.results))
        if step.stderr:
            self._lines("Stderr", step.stderr.rstrip("\n").split("\n"))
        if step.exit_code and not step.error:
            _say(f"  Exit code: {step.exit_code}")

    def package_done(self) -> None:
        """Leave a line between packages."""
        if self._name:
            _say("")

    def _display(self, directory: str) -> str:
        return f"{self._name}/{directory}" if directory else self._name

    def _lines(self, title: str, lines: Iterable[str]) -> None:
        found = [line.replace("\n", " ") for line in lines]
        _say(f"  {title}:")
        for line in found[: self._most]:
            _say(_INDENT + line)
        left = len(found) - len(found[: self._most])
        if left:
            _say(f"{_INDENT}...({left} line(s) truncated, use '--truncate-output=false' to disable)")


def result_line(result: Result) -> str:
    """A result as kpt prints it: severity, resource, field and message, as far as they are known."""
    resource = result.resource
    parts = (resource.api_version, resource.kind, resource.namespace, resource.name) if resource else ()
    about = "/".join(filter(None, parts))
    head = " ".join(filter(None, (f"[{result.severity or 'info'}]", about, result.field)))
    return f"{head}: {result.message}"


def _duration(seconds: float) -> str:
    """As Go writes a duration that was cut to tenths of a second."""
    tenths = int(seconds * 10)
    if tenths < 10:
        return f"{tenths * 100}ms" if tenths else "0s"
    return f"{tenths / 10:g}s" if tenths < 600 else f"{tenths // 600}m{tenths % 600 / 10:g}s"


def _say(line: str) -> None:
    click.echo(printable(line.replace("\n", " ")), err=True)
