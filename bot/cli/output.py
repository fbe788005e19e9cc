"""Objects on standard output in the formats of kubectl, one by one, so that thousands need no memory."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import click

from bot.packages.documents import dump

Object = Mapping[str, Any]
Command = TypeVar("Command", bound=Callable[..., Any])
FORMATS = ("yaml", "json", "name", "wide")
_HEAD = '{\n    "apiVersion": "v1",\n    "items": ['
_TAIL = '],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}'


def output_option() -> Callable[[Command], Command]:
    """The option `-o`, as kubectl has it."""
    return click.option(
        "-o", "--output", type=click.Choice(FORMATS), help="Output format; a table when not given."
    )


def write_object(document: Object, output: str) -> None:
    """Write one object as yaml or json."""
    click.echo(_json(document) + "\n" if output == "json" else _yaml(document), nl=False)


def write_list(documents: Iterable[Object], output: str) -> None:
    """Write objects as a `List` of yaml or json, each as soon as it is there."""
    if output == "json":
        _write_json(documents)
    else:
        _write_yaml(documents)


def _write_json(documents: Iterable[Object]) -> None:
    click.echo(_HEAD, nl=False)
    comma = ""
    for document in documents:
        click.echo(f"{comma}\n{_indented(_json(document), 8)}", nl=False)
        comma = ","
    click.echo(("\n    " if comma else "") + _TAIL)


def _write_yaml(documents: Iterable[Object]) -> None:
    click.echo("apiVersion: v1")
    empty = True
    for document in documents:
        if empty:
            click.echo("items:")
        lines = _indented(_yaml(document).rstrip("\n"), 2)
        click.echo("- " + lines[2:])
        empty = False
    if empty:
        click.echo("items: []")
    click.echo('kind: List\nmetadata:\n  resourceVersion: ""')


def _json(document: Object) -> str:
    return json.dumps(document, indent=4, sort_keys=True, ensure_ascii=False)


def _yaml(document: Object) -> str:
    """Keys are sorted as kubectl sorts them."""
    return dump(json.loads(json.dumps(document, sort_keys=True))).decode()


def _indented(text: str, spaces: int) -> str:
    """Indent every line that holds something; a line that holds nothing stays as it is."""
    return "\n".join(" " * spaces + line if line else line for line in text.split("\n"))
