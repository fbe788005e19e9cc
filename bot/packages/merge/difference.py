"""In which files a package differs from what was fetched; what kpt itself writes there is no difference."""

from bot.errors import InvalidDocument
from bot.packages.canonical import kptfile_values
from bot.packages.documents import parse
from bot.packages.merge.piece import pieces_of
from bot.packages.merge.pristine import BLUEPRINT, is_pristine
from bot.packages.merge.trees import Trees
from bot.packages.package import KPTFILE, File

_ENDINGS = (".yaml", ".yml")
_OWN = ("upstream", "upstreamLock")
_OWN_METADATA = ("name", "namespace")


def differing(trees: Trees) -> list[str]:
    """The paths at which the local tree differs from the origin, sorted."""
    return [
        path for path in trees.paths() if not _are_same(path, trees.origin.get(path), trees.local.get(path))
    ]


def _are_same(path: str, origin: File | None, local: File | None) -> bool:
    if origin == local:
        return True
    try:
        if path.rpartition("/")[2] == KPTFILE:
            is_made = path == KPTFILE or None not in (origin, local)
            return is_made and _kptfile(origin) == _kptfile(local)
        if origin is None or local is None or origin.mode != local.mode or not path.endswith(_ENDINGS):
            return False
        here, there = pieces_of(path, local.content), pieces_of(path, origin.content)
        pairs = zip(here, there, strict=False)
        return len(here) == len(there) and all(
            one.text == other.text or is_pristine(one.document, other.document) for one, other in pairs
        )
    except InvalidDocument:
        return False


def _kptfile(file: File | None) -> dict[str, object]:
    """What a Kptfile says beyond its name, where it comes from, and how it was rendered.

    A missing one says nothing, as does the one that kpt makes for a package that had none.
    """
    documents = parse(file.content) if file is not None else []
    values = kptfile_values(documents[0].root) if documents else {}
    metadata = _without(values.pop("metadata", None), _OWN_METADATA)
    annotations = _without(metadata.pop("annotations", None), (BLUEPRINT,))
    status = _without(values.pop("status", None), ("renderStatus",))
    conditions = status.pop("conditions", None)
    kept = (
        [each for each in conditions if each.get("type") != "Rendered"]
        if isinstance(conditions, list)
        else []
    )
    said = {
        **_without(values, ("apiVersion", "kind", *_OWN)),
        "metadata": metadata,
        "annotations": annotations,
        "status": status,
        "conditions": kept,
    }
    return {name: value for name, value in said.items() if value}


def _without(value: object, names: tuple[str, ...]) -> dict[str, object]:
    return {key: item for key, item in value.items() if key not in names} if isinstance(value, dict) else {}
