"""Which images a policy allows to run, decided on names alone, before anything is fetched."""

import re
from collections.abc import Iterable

from bot.packages.function import is_image
from bot.packages.naming import quoted
from bot.render.image import Image, parts_of

_DIGEST = re.compile(r"[a-z0-9+._-]+:[0-9a-f]{32,}", re.ASCII)
_HUB = "docker.io"


def allowed(image: str, rules: Iterable[str]) -> str:
    """Say why an image must not run; '' when one of the rules allows it.

    A rule is the name of a registry or folder, for all that lies in it ('ghcr.io/kptdev/'); an image's name,
    for all its versions; a name with a tag, or with a digest, for that version alone; or a digest, for that
    content wherever it lies. Where a digest is given, the tag says nothing, and allows nothing. On Docker Hub
    folders must end in '/': 'alpine' is an image, and not what the Hub's user of that name has put there.
    """
    listed = tuple(rules)
    if not is_image(image):
        return f"{quoted(image)} is no reference to an image; it must be such as 'ghcr.io/team/function:v1'."
    reference = _split(image)
    if not reference.tag and not reference.digest:
        reference = reference._replace(tag="latest")
    if any(_allows(rule.strip(), reference) for rule in listed):
        return ""
    if not listed:
        return (
            f"The image {quoted(image)} must not run here, as the policy allows no images; add a rule for it."
        )
    return (
        f"The image {quoted(image)} must not run here; the policy allows {', '.join(map(quoted, listed))}. "
        "Use one of these, or add a rule for it."
    )


def _allows(rule: str, image: Image) -> bool:
    if _DIGEST.fullmatch(rule):
        return image.digest == rule
    if rule.strip("/") and rule.endswith("/"):
        return _lies_in(rule, image)
    if not is_image(rule):
        return False
    wanted = _split(rule)
    if wanted.digest:
        return (image.repository, image.digest) == (wanted.repository, wanted.digest)
    if wanted.tag:
        return image == wanted
    return image.repository == wanted.repository or (not _is_of_hub(rule) and _lies_in(f"{rule}/", image))


def _is_of_hub(rule: str) -> bool:
    return _placed(f"{rule}/")[0] == _HUB


def _lies_in(folder: str, image: Image) -> bool:
    registry, path = _placed(folder)
    return image.repository.startswith(f"{registry}/{path}")


def _split(image: str) -> Image:
    """The parts of a reference, its repository in full: 'docker.io/library/busybox'."""
    parts = parts_of(image)
    registry, path = _placed(parts.repository)
    if registry == _HUB and "/" not in path:
        path = f"library/{path}"
    return Image(f"{registry}/{path}", parts.tag, parts.digest)


def _placed(name: str) -> tuple[str, str]:
    """The registry, and the path in it; where the first part is no host, the Engine means Docker Hub."""
    host, slash, path = name.partition("/")
    is_host = slash and ("." in host or ":" in host or host == "localhost" or host != host.lower())
    if not is_host:
        return _HUB, name
    registry = host.lower()
    return (_HUB if registry == "index.docker.io" else registry), path
