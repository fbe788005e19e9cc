"""How a draft is to begin, as Porch's `spec.source` says it (facts: Porch §2.5)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from bot.errors import Refused
from bot.packages.kptfile import Upstream
from bot.packages.layout import HEADS, TAGS
from bot.packages.naming import quoted
from bot.packages.provenance import Strategy
from bot.packages.registration import Registration
from bot.packages.revision import PackageRevision
from bot.packages.source import ROOT

Json = Mapping[Any, Any]


class Init(NamedTuple):
    """A new package, with nothing in it yet."""

    description: str = ""
    keywords: tuple[str, ...] = ()
    site: str = ""


class CloneOf(NamedTuple):
    """A new package that follows the registered revision whose object is called `name`."""

    name: str


class CloneFrom(NamedTuple):
    """A new package that follows one of any repository; `ref` is as Git spells it."""

    upstream: Upstream


class CopyOf(NamedTuple):
    """A next revision, with the files of the one whose object is called `name`."""

    name: str


class UpgradeOf(NamedTuple):
    """A next revision: `current`, merged with what came from `old` to `new`; names of objects."""

    current: str
    old: str
    new: str
    strategy: Strategy | None = None


Origin = Init | CloneOf | CloneFrom | CopyOf | UpgradeOf


def read_origin(source: Json) -> Origin:
    """Read a `spec.source` that its schema allows; raises Refused for what is not understood or not done."""
    match source:
        case {"init": {"subpackage": str(subpackage)}} if subpackage:
            raise Refused(
                "A subpackage is no package revision: write its files into a draft of the package, and leave "
                "`spec.source.init.subpackage` out."
            )
        case {"init": {**init}}:
            return _init(init)
        case {"cloneFrom": {"git": {"secretRef": _}}}:
            raise Refused(
                "A clone is fetched without credentials: leave `secretRef` out, or register the repository "
                "with its Secret and name the package revision in `spec.source.cloneFrom.upstreamRef`."
            )
        case {"cloneFrom": {"git": {"repo": str(repo), "ref": str(ref), "directory": str(directory)}}}:
            return CloneFrom(Upstream(repo, directory, ref))
        case {"cloneFrom": {"upstreamRef": {"name": str(name)}}}:
            return CloneOf(name)
        case {"copyFrom": {"name": str(name)}}:
            return CopyOf(name)
        case {
            "upgrade": {
                "currentPackage": {"name": str(current)},
                "oldUpstream": {"name": str(old)},
                "newUpstream": {"name": str(new)},
                **rest,
            }
        }:
            named = str(rest.get("strategy", ""))
            return UpgradeOf(current, old, new, Strategy(named) if named in tuple(Strategy) else None)
    kinds = ", ".join(quoted(str(kind)) for kind in source) or "nothing"
    raise Refused(
        f"The field `spec.source` says {kinds} and too little of it: say `init`, `cloneFrom` with "
        "`upstreamRef` or `git`, `copyFrom`, or `upgrade` with all of its three package revisions."
    )


def _init(init: Json) -> Init:
    words = tuple(str(word) for word in init.get("keywords") or ())
    return Init(str(init.get("description", "")), words, str(init.get("site", "")))


def upstream_of(registration: Registration, revision: PackageRevision) -> Upstream:
    """A registered revision as packages that follow it name it."""
    path = registration.layout.full_path(revision.path) or ROOT
    return Upstream(registration.url, path, revision.ref.removeprefix(TAGS).removeprefix(HEADS))
