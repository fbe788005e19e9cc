"""How much a package may ask of a rendering, because what is rendered is not trusted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one rendering; whatever exceeds one of them is a problem, and nothing runs."""

    packages: int = 1_000
    functions_per_package: int = 256
    functions: int = 1_024
    resources: int = 20_000
    # Functions times the resources that they are given: what the time grows with.
    work: int = 1_000_000


LIMITS = Limits()
