"""The renderer of a repository: packages that nobody trusts, by the repository's policy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.lifecycle.policy import RenderPolicy
from bot.packages.package import Files
from bot.packages.rendering import Rendering
from bot.render.edition import edition
from bot.render.function import Find
from bot.render.limits import LIMITS, Limits
from bot.render.memory import Memory, key_of
from bot.render.pipeline import Habits, Pipeline
from bot.render.rest import Rest, can_rest, is_repeatable


@dataclass(frozen=True, slots=True)
class PackageRenderer:
    """Renders for the steward; `find` says what may run, given the lists of images that a policy allows.

    With a `memory` nothing is rendered twice that would come out the same, and of a package that was rendered
    only the files that changed, where every function looks at each resource alone. The steps' results then
    tell of these files only.
    """

    find: Callable[[Sequence[Sequence[str]]], Find]
    memory: Memory | None = None
    limits: Limits = LIMITS

    def render(self, files: Files, functions: Sequence[Sequence[str]], policy: RenderPolicy) -> Rendering:
        """Run the package's pipeline; what is wrong is in the result, never raised."""
        habits = Habits(reformat=policy.reformat, status=policy.status)
        pipeline = Pipeline(self.find(functions), self.limits, habits)
        if self.memory is None:
            return pipeline.render(files)
        parts = (edition(), repr(habits), repr(self.limits), repr(functions))
        key = key_of(files, parts)
        known = self.memory.recall(key)
        if known is not None:
            return known
        rendering = self._moved(pipeline, files, parts, self.memory)
        # What failed may go well the next time: an engine was away, a machine was busy.
        if not rendering.failed and is_repeatable(files):
            self.memory.remember(key, rendering)
        return rendering

    def _moved(self, pipeline: Pipeline, files: Files, parts: Sequence[str], memory: Memory) -> Rendering:
        """Render the files that are not at rest, or all of them."""
        if pipeline.habits.status or not can_rest(files):
            return pipeline.render(files)
        rest = Rest(memory, files, parts)
        rendering = pipeline.render(rest.moved if rest.is_worth_it else files)
        rest.learn(rendering)
        return rendering
