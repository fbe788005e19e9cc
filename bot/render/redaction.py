"""Values that look secret, kept out of results."""

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


def shown(value: str, *names: str) -> str:
    """The value as a result may say it: redacted when it, or one of `names`, looks secret; cut when long."""
    if any(_NAMES.search(name) for name in names) or _VALUES.search(value) or _BASE64.fullmatch(value):
        return REDACTED
    if len(value) > LONGEST:
        return f"{value[:LONGEST]}... (truncated {len(value) - LONGEST} chars)"
    return value
