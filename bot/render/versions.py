"""Which versions of the catalog's functions are published, and to which of them the built-in ones answer."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.packages.function import Function
from bot.packages.naming import quoted
from bot.packages.version import read_version
from bot.render.image import CATALOG, Image, Lister, resolve_image

# The homes of the catalog, now and before.
HOMES = (CATALOG, "gcr.io/kpt-fn/")
# The old home of what others contributed to the catalog, and of nothing else.
CONTRIBUTED_HOME = "gcr.io/kpt-fn-contrib/"
CONTRIBUTED = frozenset({"annotate-apply-time-mutations", "delete-annotations"})
# What kpt itself answers to is in no registry, and has no version.
UNVERSIONED = frozenset({"builtins/gen-pkg-context"})
MOVING_TAGS = frozenset({"latest", "unstable"})

# Of each minor version that behaves as the built-in function does: the highest patch that kpt's cases and
# samples name, or the minor alone where they name none. Patches mend, so that every patch of these minors is
# answered to, also one that is newer than this table; another minor may behave differently, and is not.
PUBLISHED: dict[str, tuple[str, ...]] = {
    "annotate-apply-time-mutations": ("0.1",),
    "apply-replacements": ("0.1.1",),
    "apply-setters": ("0.1", "0.2.3"),
    "create-setters": ("0.1",),
    "delete-annotations": ("0.1",),
    "drop-comments": ("0.1",),
    "enable-gcp-services": ("0.1",),
    "ensure-name-substring": ("0.1", "0.2"),
    "fix": ("0.1", "0.2"),
    "format": ("0.1",),
    "gatekeeper": ("0.1", "0.2"),
    "generate-folders": ("0.1",),
    "kubeconform": ("0.1",),
    "kubeval": ("0.1", "0.2", "0.3"),
    "list-setters": ("0.1",),
    "no-op": (),
    "remove-local-config-resources": ("0.1",),
    "search-replace": ("0.1", "0.2"),
    "set-annotations": ("0.1",),
    "set-enforcement-action": ("0.1",),
    "set-image": ("0.1",),
    "set-labels": ("0.1.5", "0.2.5"),
    "set-namespace": ("0.3.4", "0.4.3"),
    "set-project-id": ("0.1", "0.2"),
    "starlark": ("0.2", "0.3", "0.4.3", "0.5"),
    "upsert-resource": ("0.1", "0.2"),
}


class Resolved(NamedTuple):
    """What an entry of a pipeline comes to.

    `image` is what kpt would run and show. `name` is the function of the catalog whose built-in version
    answers; where it is '', `reason` says why a function of the catalog has none ('' for other images).
    """

    image: Image
    name: str = ""
    reason: str = ""


def published(repository: str) -> tuple[str, ...]:
    """The tags that are known of a function of the catalog: its patches, and what stands for the latest."""
    tags: dict[str, None] = {}
    for version in PUBLISHED.get(catalog_name(repository), ()):
        major, minor, *patch = version.split(".")
        patches = [f"v{major}.{minor}.{number}" for number in range(int(patch[0]) + 1)] if patch else []
        tags |= dict.fromkeys([*patches, f"v{major}.{minor}", f"v{major}"])
    return tuple(tags)


def catalog_name(repository: str) -> str:
    """What the catalog calls the function of a repository; '' when it is none of the catalog's."""
    for home in HOMES:
        name = repository.removeprefix(home)
        if name != repository and "/" not in name:
            return name
    name = repository.removeprefix(CONTRIBUTED_HOME)
    return name if name in CONTRIBUTED else ""


def answers(name: str, tag: str) -> bool:
    """Whether the built-in function `name` stands for a tag: 'v0.4.3', 'v0.4', 'v0', 'latest', 'unstable'."""
    if tag in MOVING_TAGS:
        return name in PUBLISHED
    version = read_version(tag)
    if version is None or not tag.startswith("v") or version.is_prerelease:
        return False
    depth = min(tag.count(".") + 1, 2)
    return version.order[:depth] in {minor[:depth] for minor in _minors(name)}


def _minors(name: str) -> list[tuple[int, int]]:
    found = (version.split(".") for version in PUBLISHED.get(name, ()))
    return [(int(major), int(minor)) for major, minor, *_ in found]


def resolve(function: Function, listers: Sequence[Lister] = (published,), prefix: str = CATALOG) -> Resolved:
    """The image of an entry of a pipeline, and the built-in function that stands for it.

    Nothing stands for a digest, another registry or a version that is not known. Raises NotFound where kpt
    could not tell the image either.
    """
    if function.image in UNVERSIONED and not function.tag:
        return Resolved(Image(function.image), function.image)
    image = resolve_image(function.image, function.tag, listers, prefix)
    name = catalog_name(image.repository)
    if not image.digest and answers(name, image.tag):
        return Resolved(image, name)
    return Resolved(image, "", _reason(image, name) if name in PUBLISHED else "")


def _reason(image: Image, name: str) -> str:
    if image.digest:
        return f"No built-in function stands for a digest of {quoted(name)}; use a tag, such as 'latest'."
    known = [f"v{major}.{minor}" for major, minor in _minors(name)]
    tags = " or ".join([*known, "latest"])
    return f"The function {quoted(name)} is known, but not its version {quoted(image.tag)}; use {tags}."
