"""Which values of resources are secret, and resources without them."""

from __future__ import annotations

import re

from bot.packages.difference.line_masking import mask_text
from bot.packages.redaction import REDACTED, holds_secret, looks_encoded, names_secret

_SECRET = "Secret"  # noqa: S105 a kind, no secret
_SECRET_FIELDS = frozenset({"data", "stringData"})
# kubectl notes the whole resource here, secrets and all.
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_NAMED = ("name", "key")
# What Kubernetes calls so leads to a secret, and is none.
_REFERENCE = re.compile(r"(?:[sS]ecrets?|Ref|Refs|Reference|[sS]erviceAccountToken)$")
_SECRET_NAME = re.compile(r"(?:[sS]ecretName|[sS]ecretNamespace)$")
_REFERENCE_KEYS = frozenset(
    {
        "apiGroup", "apiVersion", "audience", "defaultMode", "expirationSeconds", "items", "key", "kind",
        "mode", "name", "namespace", "optional", "path", "secretName",
    }
)  # fmt: skip
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def guards(mapping: dict[str, object], key: str) -> bool:
    """Whether all that stands under `key` of the mapping is to be masked."""
    if key == _LAST_APPLIED or (key in _SECRET_FIELDS and mapping.get("kind") == _SECRET):
        return True
    if key == "value":  # as in the environment of containers
        return any(names_secret(name) for name in map(mapping.get, _NAMED) if isinstance(name, str))
    if not names_secret(key) or _SECRET_NAME.search(key):
        return False
    return not (_REFERENCE.search(key) and _is_reference(mapping[key]))


def _is_reference(value: object) -> bool:
    if isinstance(value, list):
        return all(map(_is_reference, value))
    return isinstance(value, dict) and _REFERENCE_KEYS.issuperset(value)


def masked(value: object, *, guarded: bool = False, key: str = "") -> object:
    """The value without its secrets; `key` is what it stands under, `guarded` says that all of it is one.

    What is no text of a known form, null, true or false is masked where it is guarded; its shape is not.
    """
    if isinstance(value, dict):
        return {
            name: masked(item, guarded=guarded or guards(value, name), key=name)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [masked(item, guarded=guarded, key=key) for item in value]
    if value is None or isinstance(value, bool) or value == "":
        return value
    if guarded:
        return REDACTED
    return _masked_text(value, key) if isinstance(value, str) else value


def _masked_text(text: str, key: str) -> str:
    if "\n" in text:
        return mask_text(text)
    if key == "commit" and _COMMIT.fullmatch(text):  # a Kptfile's
        return text
    if holds_secret(text) or (looks_encoded(text) and not _is_words(text)):
        return REDACTED
    return text


def _is_words(text: str) -> bool:
    """Whether it is a long name or path: base64 of this length always has digits or capitals."""
    return text.islower() and not any(map(str.isdigit, text))
