"""What a plain scalar means, and when text must be quoted to keep its meaning: go-yaml v3's rules.

Follows `resolve.go` and `encode.go` of go-yaml v3: the YAML 1.2 core schema, octal `0777` and `0o777`,
binary `0b1`, digits grouped by `_`, timestamps; `yes`, `no`, `on`, `off`, `y` and `n` are strings that are
quoted when they are written afresh, because YAML 1.1 readers take them for booleans.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
OLD_BOOLEANS = frozenset(
    {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO", "off", "Off", "OFF"}
)
_SPECIAL_FLOATS = {
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
# Only text that begins with one of these can be anything but a string.
_HINTS = frozenset("+-0123456789yYnNtTfFoO~.")
_NUMERIC_HINTS = frozenset("+-0123456789")
_LONGEST_INTERESTING = 128  # no longer text is remembered, so that hostile documents fill no cache

_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_DOT_FLOAT = re.compile(r"\.[0-9]+(?:[eE][-+]?[0-9]+)?")
_BASED = re.compile(r"([-+]?)0(?:[xX]([0-9a-fA-F]+)|[oO]?([0-7]+)|[bB]([01]+))")
_BASE_60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
_TIMESTAMP = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d{1,9})?(?:Z|[-+](\d\d):(\d\d))"
    r"| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d{1,9})?)?",
    re.ASCII,
)

Scalar = str | int | float | bool | None


def resolve_tag(text: str) -> str:
    """The short tag that plain `text` has: '!!str', '!!int', '!!float', '!!bool', '!!null', '!!timestamp'."""
    if text[:1] not in _HINTS and text:
        return "!!str"
    if len(text) > _LONGEST_INTERESTING:
        return _resolve(text)[0]
    return _resolved(text)[0]


def resolve_value(text: str) -> Scalar:
    """The value that plain `text` has; a timestamp stays text, as JSON would have it."""
    if text[:1] not in _HINTS and text:
        return text
    return _resolve(text)[1]


def is_no_string(text: str) -> bool:
    """Whether plain `text` would be anything but this string; go-yaml forgets that `<<` is."""
    return text == "<<" or resolve_tag(text) != "!!str"


def reads_as_other(text: str) -> bool:
    """Whether plain `text` would be anything but this string to a YAML 1.2 or a YAML 1.1 reader."""
    return is_no_string(text) or text in OLD_BOOLEANS or _BASE_60.fullmatch(text) is not None


def _resolve(text: str) -> tuple[str, Scalar]:
    if text in NULLS:
        return "!!null", None
    if text in BOOLEANS:
        return "!!bool", BOOLEANS[text]
    if text in _SPECIAL_FLOATS:
        return "!!float", _SPECIAL_FLOATS[text]
    if text[0] == "." and _DOT_FLOAT.fullmatch(text):
        return _finite(text) or ("!!str", text)
    if text[0] in _NUMERIC_HINTS:
        if _is_timestamp(text):
            return "!!timestamp", text
        return _number(text.replace("_", "")) or ("!!str", text)
    return "!!str", text


_resolved = lru_cache(maxsize=8192)(_resolve)


def _number(text: str) -> tuple[str, Scalar] | None:
    value: int | None = None
    if len(text) <= _LONGEST_INTERESTING:  # Python refuses to read integers of many thousand digits
        if _DECIMAL.fullmatch(text):
            value = int(text)
        elif match := _BASED.fullmatch(text):
            digits, base = next((d, b) for d, b in zip(match.groups()[1:], (16, 8, 2), strict=True) if d)
            value = int(match[1] + digits, base)
    if value is not None and _fits(value, signed=text[:1] in "+-"):
        return "!!int", value
    return _finite(text) if _FLOAT.fullmatch(text) else None


def _fits(value: int, *, signed: bool) -> bool:
    """Whether go-yaml has an integer type for it: int64, or uint64 where no sign is written."""
    return -(2**63) <= value < (2**63 if signed else 2**64)


def _finite(text: str) -> tuple[str, Scalar] | None:
    value = float(text)
    return ("!!float", value) if math.isfinite(value) else None


def _is_timestamp(text: str) -> bool:
    match = _TIMESTAMP.fullmatch(text)
    if not match:
        return False
    year, month, day, *clock = (int(part) if part else 0 for part in match.groups())
    hour, minute, second = (clock[index] + clock[index + 5] for index in range(3))
    zone_hour, zone_minute = clock[3:5]
    return (
        1 <= month <= 12
        and 1 <= day <= (_days(year, month) if year else 29)
        and (hour < 24 and minute < 60 and second < 60)
        and (zone_hour <= 24 and zone_minute < 60)
    )


def _days(year: int, month: int) -> int:
    """How many days the month has; `calendar` knows too, but its loading takes 3 ms of every process."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28
    return 30 if month in {4, 6, 9, 11} else 31
