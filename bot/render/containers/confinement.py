"""What a container may not do, in the words of the Engine's API (`POST /containers/create`, version 1.41).

podman gives a container with a read-only root places of its own in memory (/tmp, /run); they end with it, and
as no file may have a size (`fsize`), nothing can be put there.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from bot.render.containers.container import Container, Mount

MOST_FILES = 1024  # open at once, in one process
MOST_OF_A_USER = 4096  # processes

Configuration = dict[str, Any]


class Abilities(NamedTuple):
    """What an engine can enforce by control groups, and how many processors it has."""

    limits_memory: bool = True
    limits_processes: bool = True
    processors: int = 1


class Image(NamedTuple):
    """An image that the engine has: its id, its digest in its registry (or the id), what it declares."""

    id: str
    digest: str
    volumes: tuple[str, ...] = ()
    checks_health: bool = False


def configuration(
    container: Container, image: Image, abilities: Abilities, labels: Mapping[str, str]
) -> Configuration:
    """What to create: everything is closed but the three standard streams."""
    return {
        # By id: what runs is what was looked at, wherever the tag points by now.
        "Image": image.id,
        "User": container.user,
        "Env": list(container.env),
        "Labels": dict(labels),
        "OpenStdin": True,
        # The Engine closes stdin when its one client is gone: a function does not wait for the dead.
        "StdinOnce": True,
        "AttachStdin": True,
        "AttachStdout": True,
        "AttachStderr": True,
        # An image's own check would be run again and again; podman makes a timer of this word, too.
        **({"Healthcheck": {"Test": ["NONE"]}} if image.checks_health else {}),
        "NetworkDisabled": not container.network,
        "HostConfig": _host(container, image, abilities),
    }


def _host(container: Container, image: Image, abilities: Abilities) -> Configuration:
    bounds = container.bounds
    return {
        "NetworkMode": "host" if container.network else "none",
        "ReadonlyRootfs": True,
        "CapDrop": ["ALL"],
        "SecurityOpt": ["no-new-privileges"],
        "Privileged": False,
        # Without it /dev/shm would be a place to write to.
        "IpcMode": "none",
        "Memory": bounds.memory,
        "MemorySwap": bounds.memory,
        "PidsLimit": bounds.processes,
        "Ulimits": [_ulimit(name, most) for name, most in _ulimits(container, abilities).items()],
        "Mounts": [*map(_mount, container.mounts), *_instead_of_volumes(container, image)],
        # Output goes to us alone; a log file on the Engine's disk would have no bound.
        "LogConfig": {"Type": "none", "Config": {}},
        "RestartPolicy": {"Name": "no"},
        "AutoRemove": False,
    }


def _ulimits(container: Container, abilities: Abilities) -> dict[str, int]:
    """Limits of single processes; they stand in for control groups where the Engine has none."""
    bounds = container.bounds
    # No process has more processor time than this within its time: it stops one whose owner was killed.
    seconds = int(bounds.seconds * abilities.processors) + 1
    limits = {"core": 0, "nofile": MOST_FILES, "msgqueue": 0, "cpu": seconds}
    if not any(mount.is_writable for mount in container.mounts):
        limits["fsize"] = 0
    if not abilities.limits_memory:
        limits["data"] = bounds.memory
    # Counts all processes of the user, in whichever container; podman asks for more than it may have where
    # none is named.
    limits["nproc"] = MOST_OF_A_USER if abilities.limits_processes else bounds.processes
    return limits


def _ulimit(name: str, most: int) -> Configuration:
    return {"Name": name, "Soft": most, "Hard": most}


def _mount(mount: Mount) -> Configuration:
    source = {"Source": mount.source} if mount.source else {}
    return {"Type": mount.kind, "Target": mount.target, "ReadOnly": not mount.is_writable, **source}


def _instead_of_volumes(container: Container, image: Image) -> list[Configuration]:
    """Empty places that cannot be written to: the Engine would make a writable volume of each."""
    taken = {mount.target for mount in container.mounts}
    return [_mount(Mount("tmpfs", "", path)) for path in image.volumes if path not in taken]
