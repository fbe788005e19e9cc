"""How much a package may ask of a rendering, because what is rendered is not trusted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one rendering; whatever exceeds one of them is a problem, and nothing more runs.

    `resources` are those that functions make, too. After so many `seconds` no other function begins: each has
    bounds of its own, but a package may name many, and each may take nearly all that it may.
    """

    packages: int = 1_000
    functions_per_package: int = 256
    functions: int = 1_024
    resources: int = 20_000
    # Functions, with their selectors, times the resources that they are given: what the time grows with.
    work: int = 1_000_000
    seconds: float = 900


LIMITS = Limits()
