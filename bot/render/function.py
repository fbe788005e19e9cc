"""The shape of a function: resources and a config go in, an outcome comes out."""

from collections.abc import Callable
from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.documents.node import Node
from bot.packages.function import Function
from bot.packages.rendering import Reference, Result
from bot.packages.resource import Resource


class Outcome(NamedTuple):
    """What a run came to: it failed when `exit_code` is not 0, could not run at all when `error` says why.

    `items` are the resources that are left, in order: those that went in are the same objects, edited in
    place; those that are missing are deleted; others are new, and need no place yet. `digest` is the
    'sha256:…' of the image that ran, '' for what ran in no container.
    """

    items: list[Resource]
    results: tuple[Result, ...] = ()
    exit_code: int = 0
    stderr: str = ""
    error: str = ""
    digest: str = ""


# Given the selected resources and the functionConfig, if there is one. It must not change the config.
Run = Callable[[list[Resource], Node | None], Outcome]


class Runner(NamedTuple):
    """What runs for an entry of a pipeline; `title` is the image as it was resolved, or the executable.

    `expect`, where there is one, is told some time before that it will run. Of kpt's own version: `scatters`
    says that it forgets the files that resources were in, so that each gets one of its own; `sorts` that it
    hands resources on in the order of their names, as functions of the Go SDK do.
    """

    title: str
    run: Run
    expect: Callable[[], None] | None = None
    scatters: bool = False
    sorts: bool = False


# Finds what runs for an entry of a pipeline; raises NotFound, with a sentence for people, when nothing may.
Find = Callable[[Function], Runner]


def succeeded(items: list[Resource], *messages: str, severity: str = "info") -> Outcome:
    """An outcome with these messages as its results."""
    return Outcome(items, tuple(Result(message, severity) for message in messages))


def failed(items: list[Resource], *messages: str, severity: str = "error", stderr: str = "") -> Outcome:
    """A failure with these messages as its results."""
    return Outcome(items, tuple(Result(message, severity) for message in messages), 1, stderr)


def fault_of(item: Resource, error: InvalidDocument) -> Result:
    """The result that says what is wrong with a resource, and where."""
    return about(item, error.reason, "error", line=error.line)


def about(item: Resource, message: str, severity: str = "info", *, field: str = "", line: int = 0) -> Result:
    """A result about one resource that names it, as functions of the Go SDK give them."""
    return Result(message, severity, item.path, field, reference(item), line or item.root.line, item.index)


def reference(item: Resource) -> Reference:
    """What a resource is called in results."""
    return Reference(item.api_version, item.kind, item.name, item.namespace)


def inside(item: Resource) -> str:
    """A resource's path from its own package, which is how functions know it."""
    return item.path[len(item.package) + 1 :] if item.package else item.path
