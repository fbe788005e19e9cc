"""Which functions are built in, and which images stand for them."""

import re

from bot.errors import NotFound
from bot.packages.function import Function
from bot.packages.naming import quoted
from bot.render.function import Run, Runner
from bot.render.functions import (
    annotate_apply_time_mutations,
    apply_replacements,
    apply_setters,
    create_setters,
    delete_annotations,
    drop_comments,
    enable_gcp_services,
    ensure_name_substring,
    fix,
    format,  # noqa: A004 - its name in the catalog
    gen_pkg_context,
    generate_folders,
    kubeconform,
    kubeval,
    list_setters,
    no_op,
    remove_local_config_resources,
    search_replace,
    set_annotations,
    set_enforcement_action,
    set_image,
    set_labels,
    set_namespace,
    set_project_id,
    starlark,
    upsert_resource,
)

# The homes of the catalog, now and before; short names stand for the first.
PREFIXES = ("ghcr.io/kptdev/krm-functions-catalog/", "gcr.io/kpt-fn/")
# The old home of what others contributed to the catalog, and of nothing else.
CONTRIBUTED_PREFIX = "gcr.io/kpt-fn-contrib/"
CONTRIBUTED = frozenset({annotate_apply_time_mutations.NAME, delete_annotations.NAME})
BUILT_IN: dict[str, Run] = {
    annotate_apply_time_mutations.NAME: annotate_apply_time_mutations.annotate_apply_time_mutations,
    apply_replacements.NAME: apply_replacements.apply_replacements,
    apply_setters.NAME: apply_setters.apply_setters,
    create_setters.NAME: create_setters.create_setters,
    delete_annotations.NAME: delete_annotations.delete_annotations,
    drop_comments.NAME: drop_comments.drop_comments,
    enable_gcp_services.NAME: enable_gcp_services.enable_gcp_services,
    ensure_name_substring.NAME: ensure_name_substring.ensure_name_substring,
    fix.NAME: fix.fix,
    format.NAME: format.format,
    gen_pkg_context.NAME: gen_pkg_context.gen_pkg_context,
    kubeconform.NAME: kubeconform.kubeconform,
    kubeval.NAME: kubeval.kubeval,
    generate_folders.NAME: generate_folders.generate_folders,
    list_setters.NAME: list_setters.list_setters,
    no_op.NAME: no_op.no_op,
    remove_local_config_resources.NAME: remove_local_config_resources.remove_local_config_resources,
    search_replace.NAME: search_replace.search_replace,
    set_annotations.NAME: set_annotations.set_annotations,
    set_enforcement_action.NAME: set_enforcement_action.set_enforcement_action,
    set_image.NAME: set_image.set_image,
    set_labels.NAME: set_labels.set_labels,
    set_namespace.NAME: set_namespace.set_namespace,
    set_project_id.NAME: set_project_id.set_project_id,
    starlark.NAME: starlark.starlark,
    upsert_resource.NAME: upsert_resource.upsert_resource,
}
_SCATTER = frozenset({ensure_name_substring.NAME})
_SORT = frozenset({apply_replacements.NAME, set_image.NAME, set_labels.NAME, set_namespace.NAME})
# What kpt itself answers to: it is in no registry.
KPTS_OWN = frozenset({gen_pkg_context.NAME})
_TAG = re.compile(r"v?[0-9]+(?:\.[0-9]+){0,2}|latest|unstable", re.ASCII)
# A constraint on versions, such as '~0.2' or '>=1 <2': what is built in stands for every version.
_CONSTRAINT = re.compile(r"[\s0-9.,|xXv*~^<>=!-]{1,100}", re.ASCII)


def built_in(function: Function) -> Runner:
    """The built-in function for an entry of a pipeline.

    Raises NotFound for executables, digests, other registries, other tags, and names that are not built in.
    """
    if function.exec:
        raise NotFound(
            f"The function {quoted(function.title)} is an executable (`exec`); content from a change never "
            "runs one. Use an image."
        )
    name, tag = _split(function.image)
    wanted = function.tag or tag
    run = BUILT_IN.get(name)
    if run is None:
        raise NotFound(
            f"The function {quoted(function.image)} is unknown here; the functions that can run are "
            f"{', '.join(sorted(BUILT_IN))}, of '{PREFIXES[0]}'."
        )
    if not (_TAG.fullmatch(wanted) or (function.tag and _CONSTRAINT.fullmatch(wanted))):
        raise NotFound(
            f"The function {quoted(function.image)} is known, but not its version {quoted(wanted)}; use a "
            "tag such as 'v0.4', and no digest."
        )
    return Runner(_resolved(function), run, name in _SCATTER, name in _SORT)


def _resolved(function: Function) -> str:
    """The image with its registry and its tag, as kpt would run it."""
    name, _, tag = function.image.partition(":")
    if name in KPTS_OWN:
        return name
    home = "" if "/" in name else PREFIXES[0]
    return f"{home}{name}:{function.tag or tag or 'latest'}"


def _split(image: str) -> tuple[str, str]:
    """Name in the catalog ('' for an image from elsewhere), and tag or digest."""
    rest = next((image[len(prefix) :] for prefix in PREFIXES if image.startswith(prefix)), image)
    rest, at, digest = rest.partition("@")
    name, _, tag = rest.partition(":")
    contributed = name.removeprefix(CONTRIBUTED_PREFIX)
    if contributed in CONTRIBUTED:
        return contributed, digest if at else tag or "latest"
    if "/" in name and name != image:
        name = ""  # what kpt itself answers to is in no registry, and has no version
    return name, digest if at else tag or "latest"
