"""What may run for a package: built in, plugged in, or in a container where that is allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bot.errors import NotFound
from bot.render.allowance import allowed
from bot.render.catalog import finder, refuse
from bot.render.container import run_in_container
from bot.render.containers.container import Container
from bot.render.containers.runtime import Runtime
from bot.render.function import Find, Runner
from bot.render.image import Image
from bot.render.program import Bounds

DEFAULT_BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Functions:
    """What may run for packages that nobody trusts: built in, or in `engine`'s containers within `bounds`.

    Without an engine there are no containers.
    """

    engine: Runtime | None = None
    bounds: Bounds = DEFAULT_BOUNDS

    def __call__(self, images: Sequence[Sequence[str]]) -> Find:
        """Finds functions; an image must be in each of these lists to run in a container, and in one."""
        return finder(otherwise=partial(self._contained, images))

    def _contained(self, images: Sequence[Sequence[str]], image: Image, reason: str) -> Runner:
        if self.engine is None:
            return refuse(image, reason)
        for rules in images or ((),):
            fault = allowed(str(image), rules)
            if fault:
                raise NotFound(" ".join(filter(None, (reason, fault))))
        return contained(self.engine, Container(str(image), bounds=self.bounds))


functions = Functions()


def contained(engine: Runtime, container: Container) -> Runner:
    """What runs an image in a container."""
    run = run_in_container(engine, container)
    return Runner(container.image, run, partial(engine.expect, container))
