"""What a command works on: registrations by name, and the package revisions of their repositories."""

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import NamedTuple

import click

from bot.cli.missing import kindred
from bot.cli.printable import printable
from bot.cli.progress import progress
from bot.errors import NotFound, UserError
from bot.git.catalog import Catalog
from bot.git.client import Client
from bot.git.remote import Answer
from bot.packages.naming import quoted
from bot.packages.objects import name_of
from bot.packages.registration import Registration
from bot.packages.revision import PackageRevision
from bot.registry import Registry
from bot.settings import Settings, read_settings

# As many as Porch asks at a time.
_AT_ONCE = 10


class Shelf(NamedTuple):
    """One registered repository, and the package revisions found in it.

    `head` is the commit (hex id) of its branch when these were found, '' where it has none.
    """

    registration: Registration
    client: Client
    catalog: Catalog
    head: str = ""

    def anew(self) -> "Shelf":
        """The same repository as it is now; raises TransportFailed, or NotFound for a path that is gone."""
        try:
            self.client.refresh()
        except NotFound:
            name = self.registration.name
            raise NotFound(
                f"The repository {quoted(name)} is registered at {quoted(self.registration.url)}, where "
                f"there is no repository; bring it back, or forget it by `portico repo unregister {name}`."
            ) from None
        # First: of what is published in between, a draft may not seem to know.
        head = self._head()
        return self._replace(catalog=self.client.catalog(), head=head)

    def _head(self) -> str:
        try:
            return self.client.head()
        except NotFound:
            return ""


class Found(NamedTuple):
    """One package revision, its object's name, and where it was found."""

    name: str
    shelf: Shelf
    revision: PackageRevision


class Look(NamedTuple):
    """What was found, sorted by name; `failed` when a repository could not be read and is missing here."""

    found: list[Found]
    failed: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """One person's registrations and repositories."""

    settings: Settings

    @property
    def registry(self) -> Registry:
        return Registry(self.settings.registrations, self.settings.namespace)

    def registrations(self, names: Collection[str] = ()) -> list[Registration]:
        """Those called `names`, or all; warns of registrations that cannot be used. Raises NotFound."""
        found, problems = self.registry.read()
        for problem in problems:
            warn(str(problem))
        known = {registration.name: registration for registration in found}
        for name in names:
            if name not in known:
                raise NotFound(
                    f"No repository is registered as {quoted(name)}; `portico repo get` lists those that "
                    "are, and `portico repo register URL` adds one."
                )
        return [registration for registration in found if not names or registration.name in names]

    def look(self, registrations: Sequence[Registration]) -> Look:
        """Read several repositories anew; one that cannot be read is warned of, by name, and left out."""
        shelves: list[Shelf] = []
        with progress(f"Reading {len(registrations)} repositories"), ThreadPoolExecutor(_AT_ONCE) as pool:
            outcomes = list(pool.map(self._try_shelf, registrations))
        for registration, outcome in zip(registrations, outcomes, strict=True):
            if isinstance(outcome, Shelf):
                shelves.append(outcome)
            else:
                warn(f"The repository {quoted(registration.name)} is left out: {outcome}")
        for shelf in shelves:
            for problem in shelf.catalog.problems:
                warn(f"{shelf.registration.name}: {problem}")
        return Look(sorted(listed(shelves), key=lambda item: item.name), len(shelves) < len(outcomes))

    def shelf(self, name: str) -> Shelf:
        """Read the repository registered as `name` anew; raises NotFound, or TransportFailed."""
        registration = self.registrations([name])[0]
        with progress(f"Reading {registration.name}"):
            return self._shelf(registration)

    def find(self, name: str) -> Found:
        """The package revision whose object is called `name`, read anew; raises NotFound."""
        repository = name.partition(".")[0]
        known = {registration.name for registration in self.registrations()}
        if repository in known:
            return pick(name, [self.shelf(repository)])
        raise NotFound(
            f"There is no package revision {quoted(name)}, because no repository is registered as "
            f"{quoted(repository)}; `portico rpkg get` lists the names of all that are known."
        )

    def client(self, registration: Registration) -> Client:
        """The way to one repository; asks nothing of it yet."""
        digest = hashlib.sha256(registration.url.encode()).hexdigest()[:20]
        return Client(registration.url, registration.layout, self.settings.cache / digest)

    def remembered(self) -> Iterator[Shelf]:
        """Every repository as it was when it was last read; nothing is asked of any."""
        for registration in self.registry.read().found:
            client = self.client(registration)
            yield Shelf(registration, client, client.catalog())

    def _shelf(self, registration: Registration) -> Shelf:
        return Shelf(registration, self.client(registration), Catalog()).anew()

    def _try_shelf(self, registration: Registration) -> Shelf | UserError:
        try:
            return self._shelf(registration)
        except UserError as error:
            return error


def open_desk(namespace: str = "default") -> Desk:
    """The desk of the person who runs this process."""
    return Desk(replace(read_settings(os.environ), namespace=namespace))


def listed(shelves: Iterable[Shelf]) -> Iterator[Found]:
    """Every package revision of `shelves`."""
    for shelf in shelves:
        for revision in shelf.catalog.revisions:
            yield Found(name_of(shelf.registration, revision), shelf, revision)


def pick(name: str, shelves: Iterable[Shelf]) -> Found:
    """The revision called `name`, by comparing: a name with dots can be taken apart in several ways."""
    known = {item.name: item for item in listed(shelves)}
    if name in known:
        return known[name]
    hint = kindred(name, {full: item.revision for full, item in known.items()})
    raise NotFound(
        f"There is no package revision {quoted(name)};{hint} `portico rpkg get --repository "
        f"{name.partition('.')[0]}` lists {'all' if hint else 'those'} that there are."
    )


def tell(answer: Answer) -> None:
    """Show what the server said beside yes."""
    if answer.text:
        click.echo(printable(answer.text), err=True)


def warn(sentence: str) -> None:
    """Tell of something that does not stop the command."""
    click.echo(f"Warning: {printable(sentence)}", err=True)
