"""Where a package comes from, written into its Kptfile as kpt writes it."""

from collections.abc import Mapping
from enum import StrEnum

from bot.errors import InvalidDocument
from bot.packages.canonical import format_kptfile, kptfile_values
from bot.packages.kptfile import API_VERSION, Kptfile, Upstream, kptfile_in

# The order of kpt's structs.
_FIELDS = (
    "apiVersion",
    "kind",
    "metadata",
    "upstream",
    "upstreamLock",
    "info",
    "pipeline",
    "inventory",
    "status",
)
# What a package takes over from its upstream; the rest stays its own (facts: kpt §3.4).
_TAKEN = ("info", "pipeline", "inventory", "status")
_TAKEN_METADATA = ("labels", "annotations")
_METADATA = ("name", "namespace", *_TAKEN_METADATA)


class Strategy(StrEnum):
    """How a package is brought to a newer upstream; the names are kpt's."""

    RESOURCE_MERGE = "resource-merge"
    FAST_FORWARD = "fast-forward"
    FORCE_DELETE_REPLACE = "force-delete-replace"
    COPY_MERGE = "copy-merge"


def new_kptfile(name: str) -> bytes:
    """The least Kptfile that there can be, for a package called `name`."""
    return format_kptfile({"apiVersion": API_VERSION, "kind": "Kptfile", "metadata": {"name": name}})


def with_upstream(kptfile: bytes, upstream: Upstream, strategy: Strategy | None = None) -> bytes:
    """The Kptfile with `upstream` as what it follows; its strategy stays where `strategy` is None.

    This, as all here, drops comments and brings fields into kpt's order, as kpt does. Raises InvalidDocument.
    """
    values = _values(kptfile)
    before = values.get("upstream")
    kept = before.get("updateStrategy") if isinstance(before, dict) else None
    chosen = {"updateStrategy": str(strategy or kept)} if strategy or kept else {}
    return _written(values | {"upstream": {"type": "git", "git": _git(upstream)} | chosen})


def with_lock(kptfile: bytes, lock: Upstream) -> bytes:
    """The Kptfile with `lock` as what it was last brought to; raises InvalidDocument."""
    git = _git(lock) | ({"commit": lock.commit} if lock.commit else {})
    return _written(_values(kptfile) | {"upstreamLock": {"type": "git", "git": git}})


def taken_over(kptfile: bytes, fetched: bytes) -> bytes:
    """The Kptfile of a package that was never there before, with what that of its upstream says.

    Of maps both sides are kept, and the upstream's value where both have one; lists are the upstream's.
    Raises InvalidDocument.
    """
    own, other = _values(kptfile), _values(fetched)
    for name in _TAKEN:
        own[name] = _united(own.get(name), other.get(name))
    metadata = dict(_mapping(own.get("metadata")))
    for name in _TAKEN_METADATA:
        metadata[name] = _united(metadata.get(name), _mapping(other.get("metadata")).get(name))
    own["metadata"] = {name: metadata[name] for name in _METADATA if metadata.get(name)}
    return _written(own)


def _united(own: object, other: object) -> object:
    if isinstance(own, dict) and isinstance(other, dict):
        return {name: _united(own.get(name), other.get(name)) for name in {**own, **other}}
    return own if other is None else other


def _git(upstream: Upstream) -> dict[str, str]:
    return {"repo": upstream.repo, "directory": upstream.directory, "ref": upstream.ref}


def _values(kptfile: bytes) -> dict[str, object]:
    document, read = kptfile_in(kptfile)
    _check_fit(read)
    return kptfile_values(document.root)


def _check_fit(kptfile: Kptfile) -> None:
    """Refuse what kpt cannot read either: written anew, it would be lost without a word."""
    if not kptfile.is_fit:
        first = kptfile.problems[0]
        raise InvalidDocument(first.message, path=first.where, line=first.line, kpt=first.kpt)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _written(values: Mapping[str, object]) -> bytes:
    """Write in kpt's order, however it was put together."""
    # Once more through kpt's shape: what was united has its fields in either order.
    ordered = {name: values[name] for name in _FIELDS if values.get(name)}
    document, _ = kptfile_in(format_kptfile(ordered))
    return format_kptfile(kptfile_values(document.root))
