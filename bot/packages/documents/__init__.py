"""The one door to YAML."""

from bot.packages.documents.limits import LIMITS, Limits
from bot.packages.documents.node import Kind, Node, Style, mapping, sequence, string
from bot.packages.documents.plain import dump, from_plain, load, plain
from bot.packages.documents.reader import parse
from bot.packages.documents.separators import is_wide
from bot.packages.documents.writer import emit

__all__ = [
    "LIMITS",
    "Kind",
    "Limits",
    "Node",
    "Style",
    "dump",
    "emit",
    "from_plain",
    "is_wide",
    "load",
    "mapping",
    "parse",
    "plain",
    "sequence",
    "string",
]
