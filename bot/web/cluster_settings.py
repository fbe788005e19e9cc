"""How Portico is to serve a cluster, as a command line or the settings of `portico serve` say it."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from bot.errors import UserError
from bot.packages.naming import quoted
from bot.web.secret import Secret

DEFAULT_SECONDS = 30


class Certificate(NamedTuple):
    """Files in PEM, as cert-manager keeps them: the chain, and its private key."""

    chain: Path
    key: Path


@dataclass(frozen=True, slots=True)
class AdmissionAt:
    """Where the API server asks who changes objects, and the certificate that it is shown."""

    host: str
    port: int
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """`namespaces` are () for that of the kubeconfig's context, None for all; `interval` is in seconds.

    `stamp_key` proves who asked, None where nobody's word is taken; with `elects` one process of several goes
    round. `place` is for what was learnt of repositories, and may be deleted. With `allows_local` whoever can
    register a repository reads and writes those on this machine.
    """

    place: Path
    kubeconfig: str = ""
    context: str = ""
    namespaces: tuple[str, ...] | None = ()
    interval: int = DEFAULT_SECONDS
    elects: bool = False
    stamp_key: Secret | None = None
    admission: AdmissionAt | None = None
    allows_local: bool = False


def read_address(what: str, text: str) -> tuple[str, int]:
    """`HOST:PORT` or `:PORT`, the host '' for all; `what` is how people call it. Raises UserError."""
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdigit() and int(port) < 65_536):
        raise UserError(f"`{what}` must be like ':8080' or 'localhost:8080', not {quoted(text)}.")
    return host.strip("[]"), int(port)
