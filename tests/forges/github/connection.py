"""What GraphQL sees is nodes, and pages of them."""

from collections.abc import Sequence
from typing import Any, ClassVar

from tests.forges.github.apps import Caller
from tests.forges.github.people import User
from tests.forges.github.refusal import Refused
from tests.forges.github.world import World

MOST = 100  # of one page


class Node:
    """A thing that is seen by `caller`; `kind` is its type in the schema."""

    kind: ClassVar[str] = ""

    def __init__(self, world: World, caller: Caller) -> None:
        self._world, self._caller = world, caller


class Connection:
    """One page of a list, with cursors that are counts from the start."""

    def __init__(
        self,
        items: Sequence[Any],
        first: int | None = None,
        last: int | None = None,
        after: str | None = None,
        before: str | None = None,
        **_: Any,
    ) -> None:
        if first is None and last is None:
            raise Refused(422, "You must provide a `first` or `last` value to properly paginate.")
        if max(first or 0, last or 0) > MOST:
            raise Refused(422, f"Requesting more than {MOST} records exceeds the limit.")
        start = int(after) if after else 0
        stop = int(before) - 1 if before else len(items)
        if first is not None:
            stop = min(stop, start + first)
        if last is not None:
            start = max(start, stop - last)
        self.total_count = len(items)
        self.nodes = list(items[start:stop])
        self.edges = [{"node": each, "cursor": str(start + n + 1)} for n, each in enumerate(self.nodes)]
        self.page_info = {
            "hasNextPage": stop < len(items),
            "hasPreviousPage": start > 0,
            "startCursor": str(start + 1) if self.nodes else None,
            "endCursor": str(stop) if self.nodes else None,
        }


class Actor(Node):
    """Somebody, by what everybody may see."""

    def __init__(self, world: World, caller: Caller, held: User) -> None:
        super().__init__(world, caller)
        self.kind = held.kind  # type: ignore[misc]  # the type of an account is known only here
        # Here a bot has no brackets, unlike everywhere else.
        self.login = held.login.removesuffix("[bot]")
        self.id = world.place.node("U", held.id)
        self.database_id = held.id
        self.name = held.name
        self.email = ""  # nobody made it public
        self.url = f"{world.place.web}/{held.login}"
