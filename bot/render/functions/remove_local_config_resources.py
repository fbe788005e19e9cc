"""remove-local-config-resources: drop what configures tools, and is never applied to a cluster."""

from bot.packages.documents.node import Node
from bot.packages.rendering import Result
from bot.packages.resource import LOCAL_CONFIG, Resource
from bot.render.function import Outcome, succeeded

NAME = "remove-local-config-resources"


def remove_local_config_resources(items: list[Resource], config: Node | None) -> Outcome:  # noqa: ARG001 - it takes no config
    """Run over `items`; a Kptfile stays, because a package without one is none."""
    dropped = [item for item in items if _is_to_go(item)]
    if not dropped:
        message = "Found no resources to prune with the local config annotation"
        return succeeded(items, message, severity="warning")
    results = [Result(f"Number of resources pruned: {len(dropped)}")]
    results += [
        Result(f"Resource name: [{item.name}]", "info", item.path, line=item.root.line) for item in dropped
    ]
    gone = set(dropped)
    return Outcome([item for item in items if item not in gone], tuple(results))


def _is_to_go(item: Resource) -> bool:
    return item.annotations.get(LOCAL_CONFIG) == "true" and item.kind != "Kptfile"
