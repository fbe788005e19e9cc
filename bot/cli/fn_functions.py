"""Which functions a person's own command may run, as its options say."""

import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.errors import NotFound, UserError
from bot.packages.function import Function
from bot.packages.naming import quoted
from bot.render import catalog
from bot.render.containers.container import NOBODY, Container, Mount, Pull
from bot.render.executable import Executable, run_executable
from bot.render.function import Find, Runner
from bot.render.image import CATALOG, Image, check_prefix
from bot.render.versions import published

if TYPE_CHECKING:
    from bot.render.containers.runtime import Runtime

NO_EXEC = "must run with `--allow-exec` option to allow running function binaries"
_PULLS = {"always": Pull.ALWAYS, "ifnotpresent": Pull.MISSING, "never": Pull.NEVER}
_KINDS = ("bind", "volume", "tmpfs")


class Permits(NamedTuple):
    """What the options of a command allow."""

    prefix: str | None = None
    pull: Pull = Pull.MISSING
    executables: bool = False
    network: bool = False
    mounts: tuple[Mount, ...] = ()
    env: tuple[str, ...] = ()
    user: str = NOBODY


def permits_of(params: Mapping[str, Any]) -> Permits:
    """What the options of a command permit; an executable that was named on it may run."""
    return Permits(
        params["image_prefix"],
        _PULLS[params["image_pull_policy"].lower()],
        bool(params.get("allow_exec") or params.get("executable")),
        bool(params.get("allow_network") or params.get("network")),
        tuple(_mount(text) for text in params.get("mount", ())),
        tuple(_variables(params.get("env", ()))),
        f"{os.getuid()}:{os.getgid()}" if params.get("as_current_user") else NOBODY,
    )


def finder(permits: Permits) -> Find:
    """Finds functions on a person's own machine; raises InvalidName for a prefix that is none."""

    @cache
    def engine() -> "Runtime":
        from bot.render.containers.runtime import runtime  # noqa: PLC0415 most packages need no container

        return runtime(os.environ)

    def container(image: Image, reason: str) -> Runner:
        from bot.render.runners import contained  # noqa: PLC0415 see above

        del reason  # another version than the built-in one's is what the person asked for
        place = Container(
            str(image), permits.pull, permits.network, permits.mounts, permits.env, permits.user
        )
        return contained(engine(), place)

    def tags(repository: str) -> Iterable[str]:
        return published(repository) or engine().tags(repository)

    prefix = CATALOG if permits.prefix is None else check_prefix(permits.prefix)
    find_image = catalog.finder(prefix, (tags,), container)

    def find(function: Function) -> Runner:
        if not function.exec:
            return find_image(function)
        if not permits.executables:
            raise NotFound(NO_EXEC)
        return Runner(function.exec, run_executable(Executable(function.exec, Path.cwd(), os.environ)))

    return find


def _mount(text: str) -> Mount:
    """Read what `docker run --mount` takes: type=bind,src=/data,dst=/data,rw=true."""
    values = dict(part.partition("=")[::2] for part in text.split(","))
    kind = values.get("type", "bind")
    source = values.get("src") or values.get("source", "")
    target = values.get("dst") or values.get("target") or values.get("destination", "")
    if kind not in _KINDS or not target.startswith("/") or (kind != "tmpfs" and not source):
        raise UserError(f"{quoted(text)} must be such as 'type=bind,src=/data,dst=/data'.")
    return Mount(kind, source, target, values.get("rw", "").lower() == "true")


def _variables(words: Iterable[str]) -> Iterable[str]:
    """Each `NAME=value`; a name alone is given the value that it has here, if it has one."""
    for word in words:
        if "=" in word:
            yield word
        elif word in os.environ:
            yield f"{word}={os.environ[word]}"
