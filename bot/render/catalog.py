"""Which functions are built in, and what runs for an entry of a pipeline."""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import cache
from importlib import import_module

from bot.errors import NotFound
from bot.packages.function import Function
from bot.packages.naming import quoted
from bot.render.function import Find, Run, Runner
from bot.render.image import CATALOG, Image, Lister
from bot.render.plugins import Plugins
from bot.render.versions import published, resolve

# Each by its name in the catalog, with its module and function in `bot/render/functions`.
BUILT_IN: dict[str, str] = {
    "annotate-apply-time-mutations": "annotate_apply_time_mutations",
    "apply-replacements": "apply_replacements",
    "apply-setters": "apply_setters",
    "builtins/gen-pkg-context": "gen_pkg_context",
    "create-setters": "create_setters",
    "delete-annotations": "delete_annotations",
    "drop-comments": "drop_comments",
    "enable-gcp-services": "enable_gcp_services",
    "ensure-name-substring": "ensure_name_substring",
    "fix": "fix",
    "format": "format",
    "gatekeeper": "gatekeeper",
    "generate-folders": "generate_folders",
    "kubeconform": "kubeconform",
    "kubeval": "kubeval",
    "list-setters": "list_setters",
    "no-op": "no_op",
    "remove-local-config-resources": "remove_local_config_resources",
    "search-replace": "search_replace",
    "set-annotations": "set_annotations",
    "set-enforcement-action": "set_enforcement_action",
    "set-image": "set_image",
    "set-labels": "set_labels",
    "set-namespace": "set_namespace",
    "set-project-id": "set_project_id",
    "starlark": "starlark",
    "upsert-resource": "upsert_resource",
}
PLUGINS = Plugins(BUILT_IN)
# Of kpt's own versions: they forget the files of resources; they hand them on in the order of their names.
_SCATTER = frozenset({"ensure-name-substring"})
_SORT = frozenset({"apply-replacements", "set-image", "set-labels", "set-namespace", "starlark"})
# They write resources anew, so that kpt gives keys their old order back.
_HEALED = frozenset({"format"})


# What runs an image that is not built in; given why it is not, where it might have been.
Otherwise = Callable[[Image, str], Runner]


def refuse(image: Image, reason: str) -> Runner:
    """Run nothing: raises NotFound."""
    near = get_close_matches(image.name, BUILT_IN, 1)
    hint = f"did you mean {quoted(near[0])}?" if near else "`portico fn list` shows those that are built in."
    away = "containers are not set up here (`containers` in the server's settings)"
    raise NotFound(reason or f"The function {quoted(str(image))} is unknown here, and {away}; {hint}")


def finder(
    prefix: str = CATALOG, listers: Sequence[Lister] = (published,), otherwise: Otherwise = refuse
) -> Find:
    """Finds what is built in or plugged in, and asks `otherwise` for the rest.

    `prefix` is put before short names, `listers` know the tags. It raises NotFound for executables.
    """

    def find(function: Function) -> Runner:
        if function.exec:
            raise NotFound(
                f"The function {quoted(function.title)} is an executable (`exec`); content from a change "
                "never runs one. Use an image."
            )
        resolved = resolve(function, listers, prefix)
        name = resolved.name
        if name in BUILT_IN:
            return Runner(str(resolved.image), load(name), scatters=name in _SCATTER, sorts=name in _SORT)
        plugin = PLUGINS.find(resolved.image)
        if plugin is not None:
            return Runner(str(resolved.image), plugin.run)
        return otherwise(resolved.image, resolved.reason)

    return find


built_in = finder()


@cache
def load(name: str) -> Run:
    """The function that is built in by this name.

    It is imported when it is asked for: to load them all takes longer than most renderings.
    """
    module = import_module(f"bot.render.functions.{BUILT_IN[name]}")
    run: Run = getattr(module, BUILT_IN[name])
    if name not in _HEALED:
        return run
    from bot.render.healing import healed  # noqa: PLC0415 it brings Kubernetes' schema, which few packages need

    return healed(run)
