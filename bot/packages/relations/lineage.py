"""What a Kptfile says of the package that its own was cloned from."""

from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.kptfile import Upstream, kptfile_in
from bot.packages.package import KPTFILE

# What must stand in a Kptfile that speaks of an upstream; most do not, and need not be read as YAML.
_WORD = b"upstream"


class Lineage(NamedTuple):
    """`upstream` is what the package follows, `lock` what it was last brought to; None where not said.

    `strategy` is how it wants to be upgraded, '' where not said. `problem` says why the Kptfile cannot be
    read, '' for one that can.
    """

    upstream: Upstream | None = None
    lock: Upstream | None = None
    strategy: str = ""
    problem: str = ""

    @property
    def origin(self) -> Upstream | None:
        """Where the package's content came from: what is locked, else what it follows."""
        return next((one for one in (self.lock, self.upstream) if one is not None and one.repo), None)


NONE = Lineage()


def read_lineage(kptfile: bytes, *, path: str = KPTFILE) -> Lineage:
    """Read the bytes of a Kptfile; `path` is its place, for the problem."""
    if _WORD not in kptfile:
        return NONE
    try:
        document, found = kptfile_in(kptfile, path=path)
    except InvalidDocument as error:
        return Lineage(problem=str(error))
    strategy = document.root.text("upstream", "updateStrategy")
    return Lineage(found.upstream, found.upstream_lock, strategy)
