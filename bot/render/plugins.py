"""Functions that other distributions add, by Python's entry points.

An entry point of the group `portico.functions` is named for its image, registry and path without a tag, and
its object is a function as `bot/render/function.py` says: https://packaging.python.org/specifications/entry-points/
"""

from __future__ import annotations

import traceback
from collections.abc import Collection
from contextlib import redirect_stdout
from io import StringIO
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from bot.errors import InvalidDocument, NotFound
from bot.packages.documents.node import Node
from bot.packages.naming import quoted
from bot.packages.rendering import Result
from bot.packages.resource import Resource, copy_of
from bot.render.function import Outcome, Run, failed
from bot.render.image import Image
from bot.render.versions import catalog_name

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "portico.functions"


class Plugin(NamedTuple):
    """A function of a stranger; `distribution` is the name and version of where it came from."""

    run: Run
    distribution: str


class Plugins:
    """Looks for plug-ins when an image is asked for, and not before; each is loaded once.

    The names in `taken`, which are built in, are never a plug-in's, in none of the catalog's homes.
    """

    def __init__(self, taken: Collection[str] = ()) -> None:
        self._taken = taken
        self._entries: list[EntryPoint] | None = None
        self._loaded: dict[str, Plugin] = {}

    def find(self, image: Image) -> Plugin | None:
        """The plug-in for an image, whatever its tag; None when there is none, and for a digest.

        Raises NotFound when it is broken, or when two distributions have one.
        """
        repository = image.repository
        if image.digest or repository in self._taken or catalog_name(repository) in self._taken:
            return None
        if repository not in self._loaded:
            entry = self._entry(repository)
            if entry is None:
                return None
            self._loaded[repository] = Plugin(_load(entry), _home(entry))
        return self._loaded[repository]

    def names(self) -> list[str]:
        """The images that plug-ins answer for."""
        if self._entries is None:
            self._entries = _entries()
        return sorted({entry.name for entry in self._entries})

    def _entry(self, repository: str) -> EntryPoint | None:
        if self._entries is None:
            self._entries = _entries()
        found = [entry for entry in self._entries if entry.name == repository]
        if len(found) > 1:
            homes = ", ".join(sorted(_home(entry) for entry in found))
            raise NotFound(
                f"Several plug-ins answer for {quoted(repository)}: {homes}. Uninstall all but one of them."
            )
        return found[0] if found else None


def _entries() -> list[EntryPoint]:
    from importlib.metadata import entry_points  # noqa: PLC0415 it takes 40 ms, and few packages need plug-ins

    try:
        return list(entry_points(group=GROUP))
    except Exception as error:  # any distribution may have broken metadata
        raise NotFound(f"The plug-ins cannot be listed: {_said(error)}. Reinstall what is broken.") from error


def _load(entry: EntryPoint) -> Run:
    fault = f"The plug-in for {quoted(entry.name)}, `{entry.value}` of {_home(entry)}, "
    try:
        run = entry.load()
    except (Exception, SystemExit) as error:  # a stranger's module may raise anything
        raise NotFound(f"{fault}cannot be loaded: {_said(error)}. Mend or uninstall it.") from error
    if not callable(run):
        raise NotFound(
            f"{fault}must be a function, but is {quoted(type(run).__name__)}. Mend or uninstall it."
        )
    return _guarded(run, entry.name)


def _guarded(run: Run, name: str) -> Run:
    """The function, with whatever goes wrong in it as its result."""

    def guarded(items: list[Resource], config: Node | None) -> Outcome:
        try:
            with redirect_stdout(StringIO()) as said:
                outcome = run(items, copy_of(config) if config is not None else None)
        except InvalidDocument as error:
            return Outcome(items, (Result(error.reason, "error", error.path, line=error.line),), 1)
        except (Exception, SystemExit) as error:  # noqa: BLE001 a stranger's function may raise anything
            return failed(items, f"the plug-in {quoted(name)} broke: {_said(error)}")
        if _is_whole(outcome):
            # Standard output is for resources.
            return outcome._replace(stderr=outcome.stderr + said.getvalue())
        return failed(items, f"the plug-in {quoted(name)} must return an `Outcome` of resources and results")

    return guarded


def _is_whole(outcome: object) -> bool:
    if not isinstance(outcome, Outcome):
        return False
    items, results, exit_code, *texts = outcome
    return (
        isinstance(items, list)
        and all(isinstance(item, Resource) for item in items)
        and isinstance(results, tuple)
        and all(isinstance(result, Result) for result in results)
        and isinstance(exit_code, int)
        and all(isinstance(text, str) for text in texts)
    )


def _home(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else "an unknown distribution"


def _said(error: BaseException) -> str:
    """What was raised, and where: enough for its author, without a traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({PurePath(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {str(error)[:500]}{place}"
