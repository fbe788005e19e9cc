"""A container that one run of a function gets, as a value."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.render.program import Bounds

# 'nobody' by number, as images made from scratch have no /etc/passwd to look the name up in.
NOBODY = "65534:65534"


class Pull(StrEnum):
    """When an image is fetched from its registry; the words are those of `docker run --pull`."""

    ALWAYS = "always"
    MISSING = "missing"
    NEVER = "never"


class Mount(NamedTuple):
    """A place in the container: `kind` is bind (`source` a folder here), volume (its name) or tmpfs ('')."""

    kind: str
    source: str
    target: str
    is_writable: bool = False


@dataclass(frozen=True, slots=True)
class Container:
    """What runs, and within what.

    `network`, `mounts`, `env` (of 'NAME=value') and `user` (of 'uid:gid') are for what a person runs over
    files of their own; content from a change is always given their defaults.
    """

    image: str
    pull: Pull = Pull.MISSING
    network: bool = False
    mounts: tuple[Mount, ...] = ()
    env: tuple[str, ...] = ()
    user: str = NOBODY
    bounds: Bounds = Bounds()
