"""The package that a person means: named by itself, or by one of its revisions."""

from bot.cli.desk import Shelf
from bot.errors import NotFound
from bot.packages.naming import quoted
from bot.packages.objects import name_of


def package_path(shelf: Shelf, name: str) -> str:
    """The path of the package that is called `name`, or has a revision that is."""
    revisions, repository = shelf.catalog.revisions, shelf.registration.name
    # A name with dots can be both; `rpkg get` shows the one of the revision.
    named = {name_of(shelf.registration, each): each.path for each in revisions}
    for path in {each.path for each in revisions if each.path}:
        named.setdefault(".".join((repository, *path.split("/"))), path)
    if name not in named:
        raise NotFound(
            f"There is neither a package nor a package revision {quoted(name)}; `portico rpkg get "
            f"--repository {repository}` lists those that there are."
        )
    return named[name]
