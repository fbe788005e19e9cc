"""What a function of your own imports, as the README shows; these names stay as they are."""

from bot.errors import InvalidDocument
from bot.packages.documents.node import Node, mapping, sequence, string
from bot.packages.rendering import Result
from bot.packages.resource import Resource
from bot.render.fields import mappings_at, put_text
from bot.render.function import Outcome, about, failed, succeeded

__all__ = [
    "InvalidDocument",
    "Node",
    "Outcome",
    "Resource",
    "Result",
    "about",
    "failed",
    "mapping",
    "mappings_at",
    "put_text",
    "sequence",
    "string",
    "succeeded",
]
