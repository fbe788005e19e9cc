"""What an object is that somebody pushes, perhaps still in quarantine."""

import pygit2

from bot.errors import UserError
from bot.git.trees import package_tree
from bot.packages.package import KPTFILE


def is_commit(repository: pygit2.Repository, oid: str) -> bool:
    return isinstance(repository.get(oid), pygit2.Commit)


def commit_of(repository: pygit2.Repository, oid: str) -> str:
    """Follow annotated tags to their commit; what leads to none is returned as it is."""
    try:
        return str(repository[oid].peel(pygit2.Commit).id)
    except (KeyError, ValueError, pygit2.GitError):
        return oid


def continues(repository: pygit2.Repository, new: str, old: str) -> bool:
    """Say whether the commit `new` is `old`, or has it among its ancestors."""
    return new == old or repository.descendant_of(new, old)


def is_package(repository: pygit2.Repository, tree: str) -> bool:
    """Say whether the directory with the id `tree` holds a Kptfile; '' is a directory that is not there."""
    return bool(tree) and KPTFILE in repository[tree].peel(pygit2.Tree)


def holds_package(repository: pygit2.Repository, oid: str, full_path: str) -> bool:
    """Say whether the commit, tag or tree has a package at `full_path`."""
    try:
        tree = package_tree(repository, oid, full_path)
    except UserError:
        return False  # a tag of something that holds no files
    return is_package(repository, tree)
