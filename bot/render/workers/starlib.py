"""The modules that a program may `load`: those of starlib that need nothing but their arguments."""

import base64
import json
import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from bot.render.workers.fault import Fault

Function = Callable[..., Any]
Value = Function | float


class Library(NamedTuple):
    """What one `load` gives: the name to be loaded, and its members.

    `source` is Starlark, run before the members are gathered; those whose value is a text are names in it.
    """

    symbol: str
    members: Mapping[str, Value | str]
    source: str = ""


_KRMFN = """
def _match_gvk(resource, apiVersion, kind):
    return resource.get("apiVersion") == apiVersion and resource.get("kind") == kind

def _match_name(resource, name):
    return resource.get("metadata", {}).get("name") == name

def _match_namespace(resource, namespace):
    return resource.get("metadata", {}).get("namespace", "") == namespace
"""
_NETWORK = "a program here has no network; fetch it beforehand, and put what it needs into the package"
_CLOCK = "a program here has no clock, so that it renders the same today and tomorrow"
_MISSING = "this part of starlib is not to be had here"


def library(name: str) -> Library:
    """The module of this name. Raises Fault for a name that is none."""
    if name in _MADE:
        return _MADE[name]()
    if name in _REFUSED:
        symbol, why, words = _REFUSED[name]
        if not words:
            return Library(symbol, {"": _refusal(symbol, why)})
        return Library(symbol, {word: _refusal(f"{symbol}.{word}", why) for word in words.split()})
    raise Fault(f"cannot load {name}: there is no such module; there are {', '.join(sorted(_MADE))}")


def _refusal(name: str, why: str) -> Function:
    def refuse(*_: object, **__: object) -> None:
        raise Fault(f"{name}: {why}")

    return refuse


def _krmfn() -> Library:
    words = ("match_gvk", "match_name", "match_namespace")
    return Library("krmfn", {word: f"_{word}" for word in words}, _KRMFN)


def _json() -> Library:
    def encode(x: object) -> str:
        return json.dumps(x, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def decode(x: str, **default: object) -> object:
        try:
            return json.loads(x)
        except (ValueError, RecursionError) as error:
            if "default" in default:
                return default["default"]
            raise Fault(f"json.decode: {error}") from None

    def indent(text: str, prefix: str = "", indent: str = "\t") -> str:
        written = json.dumps(decode(text), indent=indent, ensure_ascii=False)
        return written.replace("\n", f"\n{prefix}")

    return Library(
        "json", {"encode": encode, "decode": decode, "indent": indent, "dumps": encode, "loads": decode}
    )


def _yaml() -> Library:
    from bot.errors import InvalidDocument  # noqa: PLC0415 few programs load it
    from bot.packages.documents import dump, load  # noqa: PLC0415 the same

    def loads(source: str) -> object:
        try:
            return load(source.encode())
        except InvalidDocument as error:
            raise Fault(f"yaml.loads: {error}") from None

    def dumps(obj: object) -> str:
        return dump(sorted_keys(obj)).decode()

    return Library("yaml", {"loads": loads, "dumps": dumps})


def sorted_keys(value: object) -> object:
    """The value with the keys of each dict in alphabetical order, as Go writes its maps."""
    if isinstance(value, dict):
        return {key: sorted_keys(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [sorted_keys(item) for item in value]
    return value


def _base64() -> Library:
    def encode(src: str, encoding: str = "standard") -> str:
        coded = base64.b64encode(src.encode(), _alphabet(encoding)).decode()
        return coded.rstrip("=") if encoding.endswith("_raw") else coded

    def decode(src: str, encoding: str = "standard") -> str:
        padding = "=" * (-len(src) % 4) if encoding.endswith("_raw") else ""
        try:
            return base64.b64decode(src + padding, _alphabet(encoding), validate=True).decode()
        except ValueError as error:
            raise Fault(f"base64.decode: {error}") from None

    return Library("base64", {"encode": encode, "decode": decode})


def _alphabet(encoding: str) -> bytes:
    if encoding.removesuffix("_raw") not in {"standard", "url"}:
        raise Fault(f"base64: unsupported encoding {encoding!r}; use standard, standard_raw, url or url_raw")
    return b"-_" if encoding.startswith("url") else b"+/"


def _csv() -> Library:
    import csv  # noqa: PLC0415 few programs load it
    import io  # noqa: PLC0415 the same

    def read_all(  # noqa: PLR0913, PLR0917 these are starlib's words
        source: str,
        comma: str = ",",
        comment: str = "",
        lazy_quotes: bool = False,  # noqa: FBT001, FBT002 programs say it either way
        trim_leading_space: bool = False,  # noqa: FBT001, FBT002 the same
        fields_per_record: int = 0,
        skip: int = 0,
        limit: int = 0,
    ) -> list[list[str]]:
        del fields_per_record
        csv.field_size_limit(len(source) + 1)
        lines = (line for line in source.splitlines(keepends=True) if not comment or line[:1] != comment)
        try:
            read = csv.reader(
                lines, delimiter=comma, skipinitialspace=trim_leading_space, strict=not lazy_quotes
            )
            rows = [row for row in read if row][skip:]
        except (csv.Error, TypeError) as error:
            raise Fault(f"csv.read_all: {error}") from None
        return rows[:limit] if limit else rows

    def write_all(source: list[list[object]], comma: str = ",") -> str:
        text = io.StringIO()
        csv.writer(text, delimiter=comma, lineterminator="\n").writerows(source)
        return text.getvalue()

    return Library("csv", {"read_all": read_all, "write_all": write_all})


def _hash() -> Library:
    import hashlib  # noqa: PLC0415 few programs load it

    def of(name: str) -> Function:
        return lambda text: hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()

    return Library("hash", {name: of(name) for name in ("md5", "sha1", "sha256")})


def _math() -> Library:
    words = (
        "ceil fabs floor exp sqrt acos asin atan atan2 cos hypot sin tan degrees radians acosh asinh atanh"
    )
    words += " cosh sinh tanh gamma copysign remainder pow"
    members: dict[str, Value] = {word: _calculated(word, getattr(math, word)) for word in words.split()}
    members["mod"] = _calculated("mod", math.fmod)
    members["log"] = _calculated("log", math.log)
    members["round"] = _calculated("round", _round)
    return Library("math", members | {"e": math.e, "pi": math.pi})


def _round(x: float) -> float:
    """Half goes away from zero, unlike Python's."""
    return math.copysign(math.floor(abs(x) + 0.5), x)


def _calculated(name: str, function: Function) -> Function:
    def calculate(*numbers: float) -> float:
        try:
            result: float = function(*numbers)
        except (ValueError, OverflowError, TypeError, ZeroDivisionError) as error:
            raise Fault(f"math.{name}: {error}") from None
        return result

    return calculate


def _re() -> Library:
    from bot.render.workers.starlib_re import MEMBERS  # noqa: PLC0415 few programs load it

    return Library("re", MEMBERS)


_MADE: dict[str, Callable[[], Library]] = {
    "krmfn.star": _krmfn,
    "encoding/base64.star": _base64,
    "encoding/csv.star": _csv,
    "encoding/json.star": _json,
    "encoding/yaml.star": _yaml,
    "hash.star": _hash,
    "math.star": _math,
    "re.star": _re,
}
# These can be loaded, because programs load what they may not need; calling them is refused, with the reason.
_REFUSED = {
    "bsoup.star": ("bsoup", _MISSING, "parseHtml"),
    "geo.star": ("geo", _MISSING, "Point Line Polygon MultiPolygon within parseGeoJSON"),
    "html.star": ("html", _MISSING, ""),
    "http.star": ("http", _NETWORK, "get put post patch delete options"),
    "time.star": (
        "time",
        _CLOCK,
        "now time duration parse_duration parse_time from_timestamp is_valid_timezone zero",
    ),
    "xlsx.star": ("xlsx", _NETWORK, "get_url"),
    "zipfile.star": ("ZipFile", _MISSING, ""),
}
