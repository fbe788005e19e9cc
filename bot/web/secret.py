"""A secret: read from a file or a variable, never from the settings' own text, and never shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import UserError
from bot.packages.naming import quoted

LARGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Secret:
    """Shown as stars by whatever prints it; `reveal` is called where it is used."""

    _text: str

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def reveal(self) -> str:
        return self._text

    def lines(self) -> list[str]:
        """The secret as a log might come to show it: whole, and line by line."""
        return [self._text, *(line for line in self._text.splitlines() if not line.startswith("-----"))]


def from_file(path: Path) -> Secret:
    """Raises UserError when the file cannot be read, or holds nothing."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        text = data.decode("utf-8").strip()
    except OSError as error:
        raise UserError(f"The file {quoted(str(path))} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UserError(f"The file {quoted(str(path))} must be a text.") from None
    if not text or len(data) > LARGEST:
        raise UserError(f"The file {quoted(str(path))} must hold a secret, and nothing else.")
    return Secret(text)


def from_variable(name: str, environ: Mapping[str, str]) -> Secret:
    """Raises UserError when the variable is not set, or empty."""
    text = environ.get(name, "").strip()
    if not text:
        raise UserError(f"The environment variable {quoted(name)} must be set to a secret.")
    return Secret(text)
