"""Where a world is to be found: its addresses, and the opaque names of its things."""

import base64
from dataclasses import dataclass
from datetime import datetime


@dataclass
class Place:
    """The addresses of the API and of the pages, without a slash at their ends."""

    made: datetime
    web: str = "https://github.test"

    @property
    def api(self) -> str:
        """As GitHub Enterprise Server has it; GraphQL is its neighbour."""
        return f"{self.web}/api/v3"

    def node(self, kind: str, number: int | str) -> str:
        """The global name of a thing, from which only this world reads something."""
        held = base64.urlsafe_b64encode(str(number).encode()).decode().rstrip("=")
        return f"{kind}_kwDO{held}"

    def read(self, node: str) -> tuple[str, str]:
        """The kind and the number of a global name; nothing for what is none."""
        kind, cut, held = node.partition("_kwDO")
        try:
            return (
                (kind, base64.urlsafe_b64decode(held + "=" * (-len(held) % 4)).decode()) if cut else ("", "")
            )
        except ValueError:
            return "", ""
