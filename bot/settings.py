"""Where Portico keeps what it keeps, decided once and handed on frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import UserError

HOME_VARIABLE = "PORTICO_HOME"


@dataclass(frozen=True, slots=True)
class Settings:
    """Folders of one person: `registrations` is a file; `cache` may be deleted at any time.

    `namespace` is where Kubernetes objects are said to be, for those who apply them.
    """

    registrations: Path
    cache: Path
    log: Path
    namespace: str = "default"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """`PORTICO_HOME` moves everything to one folder; without it the XDG folders are used.

    Folders are made by those who write into them. Raises UserError when the environment names no home.
    """
    if environ.get(HOME_VARIABLE):
        home = Path(environ[HOME_VARIABLE]).absolute()
        return Settings(home / "repositories.yaml", home / "cache", home / "log")
    if not environ.get("HOME"):
        raise UserError(f"Neither {HOME_VARIABLE} nor HOME is set; set one of them to a folder of yours.")
    person = Path(environ["HOME"])
    return Settings(
        _folder(environ, "XDG_CONFIG_HOME", person / ".config") / "repositories.yaml",
        _folder(environ, "XDG_CACHE_HOME", person / ".cache"),
        _folder(environ, "XDG_STATE_HOME", person / ".local" / "state") / "log",
    )


def _folder(environ: Mapping[str, str], variable: str, fallback: Path) -> Path:
    # The XDG specification: a path that is not absolute counts as unset.
    named = Path(environ.get(variable, ""))
    return (named if named.is_absolute() else fallback) / "portico"
