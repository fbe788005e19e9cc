"""As much of the expressions of GitHub's workflows as ours use: `${{ a.b || 'c' }}`, comparisons, calls."""

import re
from collections.abc import Callable, Mapping
from typing import Any

_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|\|\||&&|==|!=|!|[(),]|-?\d+|[A-Za-z_][A-Za-z0-9_.-]*)")
_WHOLE = re.compile(r"\$\{\{(.*?)\}\}")
_FUNCTIONS: dict[str, Callable[..., bool]] = {
    "contains": lambda whole, part: part in (whole or ""),
    "startsWith": lambda whole, part: str(whole).lower().startswith(str(part).lower()),
}


def filled(text: str, contexts: Mapping[str, Any]) -> str:
    """A text with its expressions replaced by their values."""
    return _WHOLE.sub(lambda found: shown(value(found[1], contexts)), text)


def shown(found: Any) -> str:
    if found is None:
        return ""
    return str(found).lower() if isinstance(found, bool) else str(found)


def value(text: str, contexts: Mapping[str, Any]) -> Any:
    """What an expression comes to."""
    tokens = _TOKEN.findall(text)
    assert "".join(tokens) == re.sub(r"\s+(?=(?:[^']*'[^']*')*[^']*$)", "", text), f"not understood: {text}"
    found, rest = _either(tokens, contexts)
    assert not rest, f"not understood: {rest}"
    return found


def _either(tokens: list[str], contexts: Mapping[str, Any]) -> tuple[Any, list[str]]:
    found, tokens = _both(tokens, contexts)
    while tokens[:1] == ["||"]:
        other, tokens = _both(tokens[1:], contexts)
        found = found or other
    return found, tokens


def _both(tokens: list[str], contexts: Mapping[str, Any]) -> tuple[Any, list[str]]:
    found, tokens = _compared(tokens, contexts)
    while tokens[:1] == ["&&"]:
        other, tokens = _compared(tokens[1:], contexts)
        found = found and other
    return found, tokens


def _compared(tokens: list[str], contexts: Mapping[str, Any]) -> tuple[Any, list[str]]:
    found, tokens = _single(tokens, contexts)
    if tokens[:1] not in (["=="], ["!="]):
        return found, tokens
    other, rest = _single(tokens[1:], contexts)
    return (found == other) is (tokens[0] == "=="), rest


def _single(tokens: list[str], contexts: Mapping[str, Any]) -> tuple[Any, list[str]]:
    first, rest = tokens[0], tokens[1:]
    if first == "!":
        found, rest = _single(rest, contexts)
        return not found, rest
    if first == "(":
        found, rest = _either(rest, contexts)
        assert rest[:1] == [")"]
        return found, rest[1:]
    if first.startswith("'"):
        return first[1:-1].replace("''", "'"), rest
    if first.lstrip("-").isdigit():
        return int(first), rest
    if first in _FUNCTIONS and rest[:1] == ["("]:
        one, rest = _either(rest[1:], contexts)
        assert rest[:1] == [","]
        other, rest = _either(rest[1:], contexts)
        assert rest[:1] == [")"]
        return _FUNCTIONS[first](one, other), rest[1:]
    return _looked_up(first, contexts), rest


def _looked_up(path: str, contexts: Mapping[str, Any]) -> Any:
    """A value in a context; what is not there is nothing, as at GitHub, but a context must be there."""
    if path in {"true", "false", "null"}:
        return {"true": True, "false": False, "null": None}[path]
    first, *steps = path.split(".")
    found: Any = contexts[first]
    for step in steps:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found
