"""Conflicts as everybody may be told of them who reads a commit: without the values of secrets."""

import re

from bot.packages.difference.line_masking import mask_text
from bot.packages.merge.conflict import Conflict
from bot.packages.redaction import REDACTED, names_secret

_SECRET = "Secret"  # noqa: S105 a kind, no secret
_DATA = re.compile(r"(?:data|stringData)\b")


def without_secrets(conflicts: tuple[Conflict, ...]) -> tuple[Conflict, ...]:
    """The same conflicts; of what looks secret only that it is there is said."""
    return tuple(_masked(conflict) for conflict in conflicts)


def _masked(conflict: Conflict) -> Conflict:
    guarded = _guards(conflict)
    base, ours, theirs = (
        _hidden(value, guarded=guarded) for value in (conflict.base, conflict.ours, conflict.theirs)
    )
    return conflict._replace(base=base, ours=ours, theirs=theirs)


def _guards(conflict: Conflict) -> bool:
    is_secret = conflict.resource is not None and conflict.resource.kind == _SECRET
    return (is_secret and bool(_DATA.match(conflict.field) or not conflict.field)) or names_secret(
        conflict.field
    )


def _hidden(value: str | None, *, guarded: bool) -> str | None:
    if not value:
        return value
    return REDACTED if guarded else mask_text(value)
