"""What the reading of one file comes to so far, and where it must end."""

from __future__ import annotations

from typing import NoReturn

from bot.errors import InvalidDocument
from bot.packages.documents.limits import Limits


class Tally:
    """Counts the nodes and aliases of one file; `path` is the file as the person knows it."""

    def __init__(self, path: str, limits: Limits) -> None:
        self.path = path
        self.limits = limits
        self.nodes = 0
        self.aliases = 0

    def refuse(self, reason: str, line: int, kpt: str = "") -> NoReturn:
        raise InvalidDocument(reason, path=self.path, line=line, kpt=kpt)

    def refuse_nodes(self, line: int) -> NoReturn:
        self.refuse(f"The file holds more than {self.limits.nodes} values; split it.", line)
