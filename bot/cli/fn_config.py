"""The functionConfig of a command line: a file, or words such as `key=value`."""

from collections.abc import Sequence
from pathlib import Path

from bot.errors import InvalidDocument, NotFound, UserError
from bot.packages.documents import Node, parse, string
from bot.packages.naming import quoted
from bot.render.config import config_map_of


def read_config(file: Path) -> Node:
    """The one document of a file; raises UserError for what is no functionConfig."""
    try:
        documents = parse(file.read_bytes(), path=str(file))
    except FileNotFoundError:
        raise NotFound(f"missing function config file: {file}") from None
    except OSError as error:
        raise UserError(f"{quoted(str(file))} cannot be read: {error.strerror}.") from None
    if len(documents) != 1:
        what = f"The function's config must be one document, not {len(documents)}."
        raise InvalidDocument(what, path=str(file))
    return documents[0]


def config_of(words: Sequence[str]) -> Node:
    """The config that `key=value` words make: a ConfigMap, or of the kind that the first word names."""
    for word in words:
        _check_text(word)
    kind, *pairs = words if words and "=" not in words[0] else ("ConfigMap", *words)
    texts = []
    for word in pairs:
        key, found, value = word.partition("=")
        if not found or not key:
            raise UserError(
                f"{quoted(word)} must have keys and values separated by `=`, as in `namespace=dev`."
            )
        texts.append((key, value))
    config = config_map_of(tuple(texts))
    config.root.put("kind", string(kind))
    return config


def _check_text(word: str) -> None:
    """Refuse bytes that are no text: nothing that they are written into could be read again."""
    try:
        word.encode()
    except UnicodeEncodeError:
        raise UserError(f"{quoted(word)} must be UTF-8 text.") from None
