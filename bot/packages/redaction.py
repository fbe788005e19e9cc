"""Values that look secret, kept out of results, differences and whatever else people read."""

import re

REDACTED = "<redacted>"
LONGEST = 128
_NAMES = re.compile(
    r"passw|secret|token|credential|api[-_]?key|private[-_]?key|access[-_]?key|auth[-_]?key|passphrase",
    re.IGNORECASE,
)
_VALUES = re.compile(
    r"-----BEGIN |eyJ[\w-]{8,}\.|AKIA[0-9A-Z]{16}|gh[pousr]_\w{20,}|github_pat_|\bsk-[\w-]{16,}|"
    r"xox[abprs]-|glpat-",
    re.ASCII,
)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}")


def names_secret(name: str) -> bool:
    """Whether what is called so is likely to be secret."""
    return _NAMES.search(name) is not None


def holds_secret(text: str) -> bool:
    """Whether a key or a token of a well-known form stands anywhere in the text."""
    return _VALUES.search(text) is not None


def looks_encoded(value: str) -> bool:
    """Whether the whole value may be a secret in base64 or the like."""
    return _BASE64.fullmatch(value) is not None


def shown(value: str, *names: str) -> str:
    """The value as a result may say it: redacted when it, or one of `names`, looks secret; cut when long."""
    if any(names_secret(name) for name in names) or holds_secret(value) or looks_encoded(value):
        return REDACTED
    if len(value) > LONGEST:
        return f"{value[:LONGEST]}... (truncated {len(value) - LONGEST} chars)"
    return value
