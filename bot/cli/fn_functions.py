"""Which functions a person's own command may run, as its options say."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from bot.errors import NotFound
from bot.packages.function import Function
from bot.render.catalog import built_in
from bot.render.function import Find, Runner

NO_EXEC = "must run with `--allow-exec` option to allow running function binaries"


class Permits(NamedTuple):
    """What the options of a command allow; `pull` is Always, IfNotPresent or Never."""

    prefix: str | None = None
    pull: str = "IfNotPresent"
    executables: bool = False
    network: bool = False
    mounts: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    as_current_user: bool = False


def permits_of(params: Mapping[str, Any]) -> Permits:
    """What the options of a command permit; an executable that was named on it may run."""
    return Permits(
        params["image_prefix"],
        params["image_pull_policy"],
        bool(params["allow_exec"] or params.get("executable")),
        bool(params["allow_network"] or params.get("network")),
        params.get("mount", ()),
        params.get("env", ()),
        bool(params.get("as_current_user")),
    )


def finder(permits: Permits) -> Find:
    """Finds functions on a person's own machine."""

    def find(function: Function) -> Runner:
        if function.exec and not permits.executables:
            raise NotFound(NO_EXEC)
        return built_in(function)

    return find
