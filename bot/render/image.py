"""Images of functions: short names, tags, digests, and constraints on versions."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from bot.errors import InvalidName, NotFound, UserError
from bot.packages.constraint import Constraint, read_constraint
from bot.packages.function import is_image
from bot.packages.naming import quoted
from bot.packages.version import Version, highest, read_version

# The home of kpt's catalog, for which short names stand.
CATALOG = "ghcr.io/kptdev/krm-functions-catalog/"
MOST_TAGS = 20_000
LONGEST_REASON = 2_000
# The tags of a repository, in any order. It raises a UserError where they cannot be had.
Lister = Callable[[str], Iterable[str]]

# https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")


class Image(NamedTuple):
    """The parts of a reference: `repository` is registry and path; `tag` and `digest` may be ''."""

    repository: str
    tag: str = ""
    digest: str = ""

    @property
    def name(self) -> str:
        """The last part of the path, by which people call it."""
        return self.repository.rpartition("/")[2]

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.repository}{tag}@{self.digest}" if self.digest else self.repository + tag


def parts_of(text: str) -> Image:
    """The parts of a reference as it is written; whether they are good ones is not asked."""
    rest, _, digest = text.partition("@")
    path, slash, name = rest.rpartition("/")  # the colon of a registry's port is before a slash
    name, _, tag = name.partition(":")
    return Image(path + slash + name, tag, digest)


def check_prefix(prefix: str) -> str:
    """What short names are put after, with its '/' at the end; '' leaves them as they are.

    Raises InvalidName when images could not be found by it.
    """
    whole = prefix if not prefix or prefix.endswith("/") else f"{prefix}/"
    if whole and not is_image(f"{whole}name"):
        raise InvalidName(
            f"The image prefix {quoted(prefix)} must be a registry and a path, such as 'ghcr.io/my-org/', "
            "without a scheme, '?', '#' and spaces."
        )
    return whole


def in_full(image: str, prefix: str = CATALOG) -> str:
    """The image with its registry: a name without '/' is one of `prefix`."""
    return image if "/" in image or not prefix else check_prefix(prefix) + image


def resolve_image(image: str, tag: str = "", listers: Sequence[Lister] = (), prefix: str = CATALOG) -> Image:
    """The image that runs for a Kptfile's `image` and `tag`, with a tag or a digest.

    A `tag` comes before tag and digest of the image; where it is a constraint on versions, it stands for the
    highest tag of all listers that it allows. Raises NotFound, with kpt's words first, when there is none.
    """
    whole = in_full(image, prefix)
    if not is_image(whole):
        raise NotFound(
            f"failed to parse image {_go(image)} as reference: it must be a name such as 'set-labels:v0.2'."
        )
    parts = parts_of(whole)
    if tag:
        return Image(parts.repository, _resolve_tag(tag, parts.repository, listers))
    return parts if parts.tag or parts.digest else parts._replace(tag="latest")


def _resolve_tag(tag: str, repository: str, listers: Sequence[Lister]) -> str:
    constraint = None if read_version(tag) else read_constraint(tag)
    if constraint:
        return _choose(tag, constraint, repository, listers)
    if _TAG.fullmatch(tag):
        return tag
    raise NotFound(
        f"`function.tag` {_go(tag)} must be a valid image tag, such as 'v0.2.1', or a constraint on "
        "versions, such as '~0.2'."
    )


def _choose(tag: str, constraint: Constraint, repository: str, listers: Sequence[Lister]) -> str:
    """The highest tag of all listers; one that fails is left out, and named when nothing is found."""
    known: list[Version] = []
    faults: list[str] = []
    for lister in listers:
        try:
            known += versions_of(lister(repository))
        except UserError as error:
            faults.append(str(error))
    chosen = constraint.choose(known)
    if chosen:
        return chosen.text
    best = highest(known)
    hint = f"the highest that is known is {quoted(best.text)}" if best else "none is known"
    sentence = (
        f"no tag could be found matching the version constraint {_go(tag)}: of {quoted(repository)} {hint}."
    )
    raise NotFound(" ".join([sentence, *faults])[:LONGEST_REASON])


def versions_of(tags: Iterable[str]) -> Iterator[Version]:
    """The tags that are versions; signatures ('sha256-…') and builds of commits ('…-git-…') are none."""
    for tag in islice(tags, MOST_TAGS):
        if not tag.startswith("sha256-") and "-git-" not in tag:
            version = read_version(tag)
            if version:
                yield version


def _go(text: str) -> str:
    """In double quotes, as kpt quotes."""
    return json.dumps(text[:200], ensure_ascii=False)
