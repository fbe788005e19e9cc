"""Names of objects that pin packages: the repository and the path, as one label of DNS."""

import hashlib

from bot.errors import InvalidName
from bot.packages.naming import LABEL, quoted

_DIGEST = 8  # characters, of those that a name too long ends with


def name_for(repository: str, package: str, longest: int) -> str:
    """`<repository>-<path with dashes>`; what is longer than `longest` ends with a digest instead."""
    name = "-".join((repository, *package.split("/")))
    if len(name) <= longest:
        return name
    digest = hashlib.sha256(f"{repository}/{package}".encode()).hexdigest()[:_DIGEST]
    return f"{name[: longest - _DIGEST - 1].rstrip('-')}-{digest}"


def check_given(what: str, name: str, longest: int = 63) -> str:
    """Return a name that a person gave when it is a label of DNS; raise InvalidName when not."""
    if len(name) <= longest and LABEL.fullmatch(name):
        return name
    raise InvalidName(
        f"The {what} {quoted(name)} must be lower-case letters, digits and '-', at most {longest}, beginning "
        "and ending with a letter or digit."
    )
