"""Every step of the lifecycle, killed after each ref that it moves: a tick then makes it all or nothing."""

from pathlib import Path

import pytest

from tests.laws.death import Killed
from tests.laws.realm import Realm, State, make_realm
from tests.laws.steps import CROSSED, NAME, STEPS

MOST_MOVES = 12


@pytest.mark.parametrize("packed", [False, True], ids=["loose", "packed"])
@pytest.mark.parametrize("step", STEPS)
def test_a_killed_step_is_done_or_not_done(step: str, tmp_path: Path, *, packed: bool) -> None:
    prepare, make_event = STEPS[step]
    realm = make_realm(tmp_path / "r.git")
    prepare(realm)
    if packed:
        realm.repository.compress_references()
    event = make_event(realm)
    start = realm.refs()
    before = settled(realm)
    realm.restore(start)
    refused = realm.handle(event).refused
    assert not refused
    after = settled(realm)
    assert after != before or "push" not in step
    for moves in range(1, MOST_MOVES):
        realm.restore(start)
        if packed:
            realm.repository.compress_references()
        realm.death.set(moves)
        try:
            realm.handle(event)
        except Killed:
            realm.death.set()
            assert settled(realm) in (before, after), f"after {moves} moved refs"
            assert_at_rest(realm)
        else:
            realm.death.set()
            return
    pytest.fail("no step moves so many refs")


def settled(realm: Realm) -> State:
    realm.tick()
    return realm.state((NAME, CROSSED))


def assert_at_rest(realm: Realm) -> None:
    before = realm.refs()
    realm.tick()
    assert realm.refs() == before, "a second tick writes nothing"
