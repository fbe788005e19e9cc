"""The files that the rules of the house are about."""

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("bot", "tests", "benchmarks")


def modules(*rooms: str) -> dict[str, str]:
    """Every module's source under `rooms` (all when none is named), by its path from the root."""
    paths = (path for room in rooms or ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def comments(source: str) -> Iterator[tuple[int, str]]:
    """Each comment with its line, counted from 1; what only looks like one in a string is none."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def dotted_uses(source: str) -> Iterator[tuple[int, str]]:
    """Each import and each use of an imported name, with its line, in full: `time.time`, however imported."""
    tree = ast.parse(source)
    meaning: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                meaning[alias.asname or top] = alias.name if alias.asname else top
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                meaning[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                yield node.lineno, f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (name := _dotted(node, meaning)):
            yield node.lineno, name


def _dotted(node: ast.expr, meaning: dict[str, str]) -> str:
    match node:
        case ast.Name(id=name):
            return meaning.get(name, "")
        case ast.Attribute(value=value, attr=attribute):
            left = _dotted(value, meaning)
            return f"{left}.{attribute}" if left else ""
    return ""
