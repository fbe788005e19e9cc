"""How much a document may ask of us before it is refused, because what is read is not trusted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file; whatever exceeds one of them is an InvalidDocument."""

    bytes: int = 10 * 1024 * 1024
    depth: int = 100
    documents: int = 10_000
    # Counts every node, and those behind an alias once more for each alias.
    nodes: int = 500_000
    aliases: int = 500


LIMITS = Limits()
