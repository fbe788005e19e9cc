"""no-op changes nothing and says nothing, whatever it is given."""

import pytest

from bot.packages.documents import parse
from bot.packages.documents.node import Node
from bot.packages.resource import Resource
from bot.render.function import Outcome
from bot.render.functions.no_op import no_op


@pytest.mark.parametrize("config", [None, parse(b"a: b\n")[0]])
def test_nothing_happens(config: Node | None) -> None:
    items = [Resource(document) for document in parse(b"a: 1\n---\nb: 2\n")]
    assert no_op(items, config) == Outcome(items)
    assert not any(item.is_edited for item in items)
