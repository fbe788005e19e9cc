"""Hooks killed with SIGKILL at every boundary of their steps, and at any moment; a tick then ends it well."""

import random
import shlex
import sys
import time
from pathlib import Path

import pytest

from tests.hooks import mortal_hook
from tests.hooks.place import Place, make_place
from tests.laws.steps import STEPS

# Steps that differ in what a hook does; the others differ only in refs, and the laws cut them everywhere.
KILLED = (
    "push a new draft",
    "push to a rejected draft",
    "propose",
    "reject",
    "approve",
    "approve as the first of two",
    "delete a proposal",
    "propose a deletion",
    "reject a deletion",
    "approve a deletion",
)
TRIES = 10


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return make_place(tmp_path)


def make_mortal(place: Place) -> None:
    hook = place.server / "hooks" / "proc-receive"
    words = f"{shlex.quote(sys.executable)} {shlex.quote(mortal_hook.__file__)}"
    hook.write_text(f"#!/bin/sh\nexec {words}\n")
    (place.server / "hooks" / "pre-receive").unlink()  # it writes nothing, and each start takes its time


@pytest.mark.parametrize("step", KILLED)
def test_a_hook_killed_at_any_boundary_is_made_good_by_a_tick(step: str, place: Place) -> None:
    prepare, make_event = STEPS[step]
    prepare(place.realm)
    event = make_event(place.realm)
    start = place.realm.refs()
    before = place.settled()
    assert place.realm.refs() == start
    place.realm.handle(event)
    after = place.settled()
    make_mortal(place)
    for lives in range(8):
        place.realm.restore(start)
        (place.server / mortal_hook.ORDER).write_text(str(lives))
        answer = place.push(event)
        if answer.ok:
            assert place.settled() == after
            assert lives > 1, "it was killed at least before and after its step"
            return
        assert place.settled() in (before, after), f"killed after {lives} steps: {answer}"
    pytest.fail(f"killed again and again: {answer}")


@pytest.mark.parametrize("step", ["push a new draft", "approve"])
def test_a_push_killed_at_any_moment_is_made_good_by_a_tick(step: str, place: Place) -> None:
    chance = random.Random(step)  # noqa: S311 # no secret
    prepare, make_event = STEPS[step]
    prepare(place.realm)
    event = make_event(place.realm)
    start = place.realm.refs()
    before = place.settled()
    began = time.monotonic()
    assert place.push(event).ok
    whole = time.monotonic() - began
    after = place.settled()
    assert after != before
    for _ in range(TRIES):
        place.realm.restore(start)
        place.push_and_kill(event, whole * chance.uniform(0.1, 1))
        assert place.settled() in (before, after)
    place.realm.restore(start)
    assert place.push(event).ok, "the server works as before"
    assert place.settled() == after
