"""A draft that is about to be begun: a name that is free, in a repository that was just read."""

from typing import NamedTuple

import click

from bot.cli.author import author
from bot.cli.desk import Shelf, tell
from bot.cli.progress import progress
from bot.errors import Refused
from bot.packages.naming import RevisionName, check_name, check_object_name, object_name, quoted
from bot.packages.operations.content import Story
from bot.packages.vacancy import in_the_way, is_taken


class NewDraft(NamedTuple):
    """The draft `name` of a repository; `shown` is what its object will be called."""

    shelf: Shelf
    name: RevisionName
    shown: str

    def begin(self, tree: str, story: Story) -> None:
        """Push its first commit, with the package tree `tree` (hex id) and the person as author; say so."""
        with progress(f"Writing {self.shown}"):
            tell(self.shelf.client.begin(self.name, tree, story, author(), self.shelf.head))
        click.echo(f"{self.shown} created")


def new_revision(shelf: Shelf, path: str, workspace: str) -> NewDraft:
    """A draft of a package, in a workspace that is free; raises InvalidName, or Refused."""
    draft = _named(shelf, path, workspace)
    _check_free(draft, "choose another")
    return draft


def new_package(shelf: Shelf, path: str, workspace: str, *, word: str) -> NewDraft:
    """The first draft of a package, begun by the command `word`; raises InvalidName, or Refused.

    A package must not be there yet, lie in another one, or around it (facts: Porch §3.2).
    """
    draft = _named(shelf, path, workspace)
    # Another workspace would not help: the package is there.
    _check_free(
        draft, "begin the package's next revision with `portico rpkg copy NAME --workspace WORKSPACE`"
    )
    other = in_the_way(path, shelf.catalog.revisions)
    if other == path:
        raise _exists(draft, word)
    if other:
        raise Refused(
            f"The package path {quoted(path)} conflicts with existing package {quoted(other)}: "
            "packages cannot be nested; choose another path."
        )
    return draft


def _named(shelf: Shelf, path: str, workspace: str) -> NewDraft:
    name = check_name(RevisionName(path, workspace))
    return NewDraft(shelf, name, check_object_name(object_name(shelf.registration.name, *name)))


def _check_free(draft: NewDraft, advice: str) -> None:
    if is_taken(draft.name, draft.shelf.catalog.revisions):
        raise Refused(
            f"Package revision workspace names must be unique, and package {quoted(draft.name.path)} in "
            f"repository {quoted(draft.shelf.registration.name)} has a workspace "
            f"{quoted(draft.name.workspace)} already; {advice}."
        )


def _exists(draft: NewDraft, word: str) -> Refused:
    path, where = quoted(draft.name.path), quoted(draft.shelf.registration.name)
    again = f"`portico rpkg copy NAME --workspace {draft.name.workspace}`"
    if word == "clone":
        return Refused(
            f"`clone` cannot create a new revision for package {path} that already exists in repo {where}; "
            f"make subsequent revisions using {again}."
        )
    return Refused(
        f"The package {path} already exists in repository {where}; begin its next revision with {again}."
    )
