"""Plain values to text, without nodes between: what the writer would write of them, several times sooner."""

from __future__ import annotations

from bot.packages.documents.node import Style
from bot.packages.documents.quick_writer import UnusualError, known_text, literal_text, scalar_text
from bot.packages.documents.scalars import reads_as_other

_LONGEST = 128  # bytes of a simple key, as libyaml has it; characters of a scalar that is remembered
_DEEPEST = 100


def dump_quickly(value: object, *, wide: bool) -> str | None:
    """The text of a mapping that is not empty, of dict, list, str and int; None for other things."""
    if not isinstance(value, dict) or not value:
        return None
    out: list[str] = []
    try:
        _mapping(value, "", "", "  " if wide else "", out)
    except UnusualError:
        return None
    return "".join(out)


def _mapping(value: dict[object, object], lead: str, pad: str, step: str, out: list[str]) -> None:
    if len(pad) > 2 * _DEEPEST:
        raise UnusualError
    for key, item in value.items():
        if not isinstance(key, str) or not key or "\n" in key or len(key.encode()) > _LONGEST:
            raise UnusualError
        name = _text(key, "")[1:]
        if isinstance(item, dict) and item:
            out.append(f"{lead}{name}:\n")
            _mapping(item, pad + "  ", pad + "  ", step, out)
        elif isinstance(item, list) and item:
            out.append(f"{lead}{name}:\n")
            _sequence(item, pad + step, step, out)
        else:
            out.append(f"{lead}{name}:{_scalar(item, pad)}\n")
        lead = pad


def _sequence(items: list[object], pad: str, step: str, out: list[str]) -> None:
    for item in items:
        if isinstance(item, dict) and item:
            _mapping(item, f"{pad}- ", f"{pad}  ", step, out)
        elif isinstance(item, list | dict):
            raise UnusualError
        else:
            out.append(f"{pad}-{_scalar(item, pad)}\n")


def _scalar(value: object, pad: str) -> str:
    if isinstance(value, str):
        return _text(value, pad)
    if type(value) is int:
        return f" {value}"
    raise UnusualError


def _text(text: str, pad: str) -> str:
    if "\n" in text:
        return literal_text(text, Style.LITERAL, f"{pad}  ")
    style = Style.DOUBLE_QUOTED if reads_as_other(text) else Style.PLAIN
    return (known_text if len(text) <= _LONGEST else scalar_text)(text, "!!str", style)
