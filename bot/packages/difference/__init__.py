"""The difference between two packages, by file, resource and field, and the forms that it is shown in."""

from bot.packages.difference.change import Difference, FieldChange, FileChange, Place, ResourceChange
from bot.packages.difference.json_form import format_json
from bot.packages.difference.markdown import format_markdown
from bot.packages.difference.packages import difference
from bot.packages.difference.stat import format_stat
from bot.packages.difference.text import format_text

__all__ = [
    "Difference",
    "FieldChange",
    "FileChange",
    "Place",
    "ResourceChange",
    "difference",
    "format_json",
    "format_markdown",
    "format_stat",
    "format_text",
]
