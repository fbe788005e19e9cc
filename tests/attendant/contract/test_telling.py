"""Being told twice, backwards, late or never changes only how long it takes, on every forge that tells."""

import pytest

from bot.forges.heard import Heard
from tests.attendant.contract.driver import Driver, Stands, Trait, zone
from tests.attendant.contract.everywhere import needs
from tests.attendant.contract.test_life import V1

pytestmark = needs(Trait.WEBHOOKS)


def follow(forge: Driver, order: int = 1, times: int = 1) -> list[Heard]:
    """Do what webhooks make one do until nothing is told any more; what was told."""
    told: list[Heard] = []
    for _ in range(10):
        heard = forge.events()[::order]
        if not heard:
            return told
        told += heard
        for each in heard * times:
            forge.look(each)
    raise AssertionError("The bot hears of its own doings, and never comes to rest.")


@pytest.mark.parametrize(("order", "times"), [(1, 1), (-1, 1), (1, 2), (-1, 2)])
def test_s05_a_life_is_told_in_any_order_and_more_than_once(forge: Driver, order: int, times: int) -> None:
    forge.write("ada", zone("60"))
    follow(forge, order, times)
    assert forge.stands() is Stands.DRAFT
    forge.propose()
    forge.approve("grace")
    follow(forge, order, times)
    assert forge.tags() == {V1: forge.main()}
    assert "Published as v1" in forge.told()


def test_s01_what_is_told_again_later_makes_nothing_new(forge: Driver) -> None:
    forge.write("ada", zone("60"))
    told = follow(forge)
    forge.propose()
    forge.approve("grace")
    told += follow(forge)
    before = forge.written()
    for each in dict.fromkeys(told):
        forge.look(each)
    assert forge.written() == before


@pytest.mark.parametrize("backwards", [False, True])
def test_s05_a_push_and_an_approval_change_places(forge: Driver, *, backwards: bool) -> None:
    forge.write("ada", zone("60"))
    follow(forge)
    forge.propose()
    follow(forge)
    forge.approve("grace")
    forge.write("ada", zone("5"))
    follow(forge, -1 if backwards else 1)
    assert forge.tags() == {}
    assert "stale approval by @grace" in forge.told()


def test_s04_what_nobody_tells_is_found_by_a_tick(forge: Driver) -> None:
    forge.write("ada", zone("60"))
    forge.events()
    assert forge.rest() == []
    forge.propose()
    forge.approve("grace")
    forge.events()
    assert forge.tags() == {}
    assert forge.rest() == []
    assert forge.tags() == {V1: forge.main()}


def test_s05_a_merge_is_told_before_the_approval_of_what_it_merged(forge: Driver) -> None:
    forge.write("ada", zone("60"))
    follow(forge)
    forge.propose()
    forge.approve("grace")
    forge.merge_by_hand()
    follow(forge, -1)
    assert forge.tags() == {V1: forge.main()}
