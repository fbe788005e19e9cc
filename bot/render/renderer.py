"""The renderer of a repository: packages that nobody trusts, by the repository's policy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.lifecycle.policy import RenderPolicy
from bot.packages.package import Files
from bot.packages.rendering import Rendering
from bot.render.function import Find
from bot.render.limits import LIMITS, Limits
from bot.render.pipeline import Habits, Pipeline


@dataclass(frozen=True, slots=True)
class PackageRenderer:
    """Renders for the steward; `find` says what may run, given the images that a policy allows."""

    find: Callable[[Sequence[str]], Find]
    limits: Limits = LIMITS

    def render(self, files: Files, functions: Sequence[str], policy: RenderPolicy) -> Rendering:
        """Run the package's pipeline; what is wrong is in the result, never raised."""
        habits = Habits(reformat=policy.reformat, status=policy.status)
        return Pipeline(self.find(functions), self.limits, habits).render(files)
