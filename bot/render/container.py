"""A function of the pipeline that runs in a container."""

from bot.packages.documents.node import Node
from bot.packages.resource import Resource
from bot.render.containers.container import Container
from bot.render.containers.runtime import Runtime
from bot.render.exchange import exchange
from bot.render.function import Outcome, Run


def run_in_container(runtime: Runtime, container: Container) -> Run:
    """The function, given a container of its own for each run."""

    def run(items: list[Resource], config: Node | None) -> Outcome:
        return exchange(lambda request: runtime.run(container, request), items, config)

    return run
