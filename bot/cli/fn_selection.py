"""The options of `fn eval` that choose resources: `--match-…` and `--exclude-…`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

from bot.errors import UserError
from bot.packages.function import Pairs, Selector
from bot.packages.naming import quoted

_FIELDS = {
    "api-version": ("api_version", "apiVersion"),
    "kind": ("kind", "kind"),
    "name": ("name", "name"),
    "namespace": ("namespace", "namespace"),
}
_PAIRS = ("labels", "annotations")
_WORDS = {"match": "Run only over resources with this", "exclude": "Leave out resources with this"}


def selection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for each field that a selector has."""
    for verb, words in reversed(_WORDS.items()):
        for name in reversed(_PAIRS):
            option = f"--{verb}-{name}"
            help_text = f"{words} {name[:-1]}; several must all be there."
            command = click.option(option, multiple=True, metavar="KEY=VALUE", help=help_text)(command)
        for name, (_, field) in reversed(_FIELDS.items()):
            command = click.option(f"--{verb}-{name}", default="", help=f"{words} `{field}`.")(command)
    return command


def selectors_of(params: Mapping[str, Any]) -> tuple[tuple[Selector, ...], tuple[Selector, ...]]:
    """What the options select and exclude; nothing where none was given."""
    return _selectors("match", params), _selectors("exclude", params)


def _selectors(verb: str, params: Mapping[str, Any]) -> tuple[Selector, ...]:
    texts = {field: params[f"{verb}_{field}"] for field, _ in _FIELDS.values()}
    labels, annotations = (_pairs(f"--{verb}-{name}", params[f"{verb}_{name}"]) for name in _PAIRS)
    selector = Selector(**texts, labels=labels, annotations=annotations)
    return (selector,) if selector != Selector() else ()


def _pairs(option: str, words: Sequence[str]) -> Pairs:
    """Keys and values; one option may hold several, with commas between."""
    found = []
    for word in (part for words_of_one in words for part in words_of_one.split(",")):
        key, equals, value = word.partition("=")
        if not equals or not key:
            raise UserError(f"`{option}` must be given `key=value`, not {quoted(word)}.")
        found.append((key, value))
    return tuple(found)
