"""One round without a server: every repository once, and what failed is told after all the rest."""

import io
import json
from collections.abc import Sequence

from bot.errors import TransportFailed
from bot.web.door import Door
from bot.web.log import Log
from bot.web.look import Look
from bot.web.registrations import Entry, Registrations
from bot.web.round import go_round
from tests.web.forge import hear


class Attendant:
    def __init__(self) -> None:
        self.looks: list[Look] = []

    def __call__(self, look: Look) -> None:
        self.looks.append(look)
        if look.repository == "acme/away":
            raise TransportFailed("It could not be reached.")
        if look.repository == "acme/broken":
            raise RuntimeError("something that nobody expected")


def found() -> Sequence[str]:
    return ("acme/infra-a", "acme/infra-secret", "other/x", "ACME/packages")


def not_found() -> Sequence[str]:
    raise TransportFailed("It could not be listed.")


def door(attendant: Attendant, *names: str, hidden: str = "x/x", lists: object = found) -> Door:
    entries = (*map(Entry, names), Entry(hidden, refused=True))
    return Door(
        forge="test",
        secrets=(),
        registrations=Registrations(entries),
        hear=hear,
        attend=attendant,
        event_header="X-Event",
        events=frozenset(),
        found=found if lists is found else not_found,
    )


def test_every_repository_is_looked_at_once() -> None:
    attendant = Attendant()
    opened = door(attendant, "acme/packages", "acme/infra-*", hidden="acme/infra-secret")
    assert go_round([opened], 2, Log(io.StringIO(), lambda: 0)) == []
    assert sorted(look.repository for look in attendant.looks) == ["acme/infra-a", "acme/packages"]


def test_failures_are_told_after_all_the_rest() -> None:
    attendant, stream = Attendant(), io.StringIO()
    failures = go_round([door(attendant, "acme/away", "acme/broken", "acme/z")], 1, Log(stream, lambda: 0))
    assert failures[0] == "test acme/away: It could not be reached."
    assert failures[1].startswith("test acme/broken: Portico failed, and has logged why as ")
    assert json.loads(stream.getvalue())["id"] in failures[1]
    assert attendant.looks[-1] == Look("test", "acme/z")


def test_where_the_forge_cannot_list_them_those_named_are_looked_at() -> None:
    attendant, stream = Attendant(), io.StringIO()
    go_round([door(attendant, "acme/a", "acme/*", lists=not_found)], 1, Log(stream, lambda: 0))
    assert attendant.looks == [Look("test", "acme/a")]
    assert json.loads(stream.getvalue())["text"] == "It could not be listed."
