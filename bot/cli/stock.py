"""The repositories of one command, each read once however many packages of it are asked for."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from bot.cli.desk import Desk, Found, Shelf, listed, warn
from bot.cli.missing import kindred
from bot.cli.progress import progress
from bot.errors import NotFound, UserError
from bot.git.catalog import Catalog
from bot.packages.address import canonical_address
from bot.packages.naming import object_name, quoted
from bot.packages.registration import Registration

_AT_ONCE = 10


class _Section(NamedTuple):
    """One repository, its revisions by name, and the latest of each package by the package's name."""

    shelf: Shelf
    revisions: dict[str, Found]
    latest: dict[str, Found]


class Stock:
    """What a command has read; a repository that cannot be read is asked once, too."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._registrations = {one.name: one for one in desk.registrations()}
        self._sections: dict[str, _Section | UserError] = {}

    def registrations(self, names: Iterable[str] = ()) -> list[Registration]:
        """Those called `names`, or all; raises NotFound."""
        wanted = list(names)
        for name in wanted:
            self._known(name, name)
        return [one for one in self._registrations.values() if not wanted or one.name in wanted]

    def open(self, registrations: Sequence[Registration]) -> None:
        """Read repositories, several at a time; one that cannot be read is an error only where it is used."""
        fresh = [one for one in registrations if one.name not in self._sections]
        names = (one.name for one in fresh)
        with progress(f"Reading {len(fresh)} repositories"), ThreadPoolExecutor(_AT_ONCE) as pool:
            self._sections |= dict(zip(names, pool.map(self._opened, fresh), strict=True))

    def read(self, registrations: Sequence[Registration]) -> bool:
        """The same; False when one of them cannot be read, which is warned of."""
        self.open(registrations)
        failures = {one.name: self._sections[one.name] for one in registrations}
        failed = {name: error for name, error in failures.items() if isinstance(error, UserError)}
        for name, error in failed.items():
            warn(f"The repository {quoted(name)} is left out: {error}")
        return not failed

    def shelf(self, name: str) -> Shelf:
        """The repository registered as `name`; raises what kept it from being read."""
        return self._section(name).shelf

    def find(self, name: str) -> Found:
        """The revision called `name`, or the latest of the package `repository.path`; raises NotFound."""
        section = self._section(self._known(name.partition(".")[0], name))
        found = section.revisions.get(name) or section.latest.get(name)
        if found is not None:
            return found
        hint = kindred(name, {full: item.revision for full, item in section.revisions.items()})
        raise NotFound(
            f"There is no package revision {quoted(name)}, and no published package of that name;{hint} "
            f"`portico rpkg get --repository {section.shelf.registration.name}` lists what there is."
        )

    def all(self, registrations: Sequence[Registration]) -> list[Found]:
        """Every revision of those that could be read, sorted by name."""
        sections = (self._sections.get(one.name) for one in registrations)
        items = (found for one in sections if isinstance(one, _Section) for found in one.revisions.values())
        return sorted(items, key=lambda item: item.name)

    def at(self, address: str) -> list[Shelf]:
        """The repositories that are registered at an address, in whatever spelling.

        Raises as `shelf` does.
        """
        wanted = canonical_address(address)
        names = [one.name for one in self._registrations.values() if canonical_address(one.url) == wanted]
        return [self.shelf(name) for name in names]

    def _known(self, repository: str, name: str) -> str:
        if repository in self._registrations:
            return repository
        raise NotFound(
            f"There is no {quoted(name)}, because no repository is registered as {quoted(repository)}; "
            "`portico repo get` lists those that are."
        )

    def _section(self, name: str) -> _Section:
        if name not in self._sections:
            with progress(f"Reading {name}"):
                self._sections[name] = self._opened(self._registrations[name])
        found = self._sections[name]
        if isinstance(found, UserError):
            raise found
        return found

    def _opened(self, registration: Registration) -> _Section | UserError:
        try:
            shelf = Shelf(registration, self._desk.client(registration), Catalog()).anew()
        except UserError as error:
            return error
        items = list(listed([shelf]))
        return _Section(
            shelf,
            {item.name: item for item in items},
            {
                object_name(registration.name, item.revision.path, "").rstrip("."): item
                for item in items
                if item.revision.latest
            },
        )
