"""What renderings came to, by package tree, in the cache: what is lost is rendered again."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.git.cache import Cache
from bot.packages.problem import Problem

MOST_PROBLEMS = 50  # of one rendering


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Remembers problems, () for a rendering that went well."""

    cache: Cache

    def recall(self, tree: str) -> tuple[Problem, ...] | None:
        match self.cache.read(tree):
            case {"problems": [*problems]}:
                return tuple(Problem(*problem) for problem in problems)
            case _:
                return None

    def remember(self, tree: str, problems: Sequence[Problem]) -> None:
        self.cache.write(tree, {"problems": [list(problem) for problem in problems[:MOST_PROBLEMS]]})
