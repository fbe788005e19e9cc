"""What may be pinned: a published revision that is to stay, and nothing else."""

from bot.errors import InvalidDocument, Refused
from bot.kubernetes.gitops.pin import Pin
from bot.packages.documents import parse
from bot.packages.layout import TAGS
from bot.packages.naming import quoted
from bot.packages.objects import name_of
from bot.packages.package import Files
from bot.packages.registration import Registration
from bot.packages.resource import Resource
from bot.packages.revision import Lifecycle, PackageRevision

_MANIFESTS = (".yaml", ".yml", ".json")


def check_deployable(name: str, revision: PackageRevision) -> PackageRevision:
    """Return a revision that a cluster may take; raises Refused, with what to do, for every other."""
    match revision.lifecycle:
        case Lifecycle.DRAFT | Lifecycle.PROPOSED:
            raise Refused(
                f"{quoted(name)} is {revision.lifecycle}, and a cluster takes only what is published; "
                f"`portico explain {name}` says what it waits for."
            )
        case Lifecycle.DELETION_PROPOSED:
            raise Refused(
                f"{quoted(name)} is proposed for deletion; take another revision, or keep this one with "
                f"`portico rpkg reject {name}`."
            )
    if revision.revision < 1 or not revision.ref.startswith(TAGS):
        raise Refused(
            f"{quoted(name)} has no number: it is what the branch holds, or a tag that is no 'v<N>'; take "
            "one that `portico rpkg get` shows with a revision."
        )
    return revision


def pin_of(registration: Registration, revision: PackageRevision, files: Files, *, follows: bool) -> Pin:
    """What a cluster is told of a revision with these files; raises Refused for one that it may not take."""
    name = name_of(registration, revision)
    check_deployable(name, revision)
    return Pin(
        repository=registration.name,
        package=revision.path,
        name=name,
        ref=revision.ref,
        commit=revision.commit,
        directory=registration.layout.full_path(revision.path),
        tools=tuple(path for path in sorted(files) if _is_for_tools(path, files[path].content)),
        follows=follows,
    )


def _is_for_tools(path: str, content: bytes) -> bool:
    """Whether a file holds manifests, and all of them are marked as local configuration."""
    if not path.endswith(_MANIFESTS):
        return False
    try:
        documents = [Resource(node) for node in parse(content, path=path)]
    except InvalidDocument:
        return False  # the engine will say so, in its own words
    return bool(documents) and all(one.is_local_config for one in documents)
