"""No file above 400 lines, no function above 60."""

import ast

from tests.house.sources import modules

LONGEST_FILE = 400
LONGEST_FUNCTION = 60


def long_functions(source: str) -> list[str]:
    functions = (
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return [node.name for node in functions if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION]


def too_long(source: str) -> bool:
    return len(source.splitlines()) > LONGEST_FILE


def test_every_file_is_short() -> None:
    assert [path for path, source in modules().items() if too_long(source)] == []


def test_every_function_is_short() -> None:
    found = {path: names for path, source in modules().items() if (names := long_functions(source))}
    assert found == {}


def test_a_long_file_is_found() -> None:
    assert too_long("x = 1\n" * 401)
    assert not too_long("x = 1\n" * 400)


def test_a_long_function_is_found() -> None:
    body = "    x = 1\n"
    source = f"def short():\n{body * 59}\nclass House:\n  async def long(self):\n{body * 60}"
    assert long_functions(source) == ["long"]


def test_all_rooms_are_looked_at() -> None:
    assert {path.partition("/")[0] for path in modules()} >= {"bot", "tests"}
