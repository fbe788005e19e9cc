"""What becomes of a look that failed."""

import math

import pytest

from bot.errors import (
    AccessDenied,
    InvalidPolicy,
    Later,
    Moved,
    NotFound,
    NotRun,
    Refused,
    TransportFailed,
    UserError,
    WorkerFailed,
)
from bot.web.outcome import MOST_TRIES, Again, Done, GiveUp, Rest, outcome

PASSING = [
    TransportFailed("x"), AccessDenied("x"), Moved("x"), NotFound("x"), NotRun("x"), WorkerFailed("x"),
    OSError("x"), RuntimeError("x"), RecursionError("x"),
]  # fmt: skip


def test_what_went_well_is_done() -> None:
    assert outcome(None, 5, 0.5) == Done()


@pytest.mark.parametrize("error", PASSING, ids=lambda error: type(error).__name__)
def test_what_may_pass_is_tried_again_until_it_was_often_enough(error: Exception) -> None:
    assert outcome(error, 0, 0) == Again(1)
    assert outcome(error, 0, 1) == Again(2)
    assert outcome(error, 3, 1) == Again(16)
    assert outcome(error, MOST_TRIES - 2, 1) == Again(512)
    assert outcome(error, MOST_TRIES - 1, 1) == GiveUp()


@pytest.mark.parametrize("error", [UserError("x"), Refused("x"), InvalidPolicy("x")], ids=repr)
def test_what_a_person_must_mend_is_given_up(error: Exception) -> None:
    assert outcome(error, 0, 0) == GiveUp()


@pytest.mark.parametrize(
    ("asked", "given"), [(0, 30), (5, 5), (0.01, 1), (-5, 1), (10**9, 3600), (math.nan, 1), (math.inf, 3600)]
)
def test_a_forge_that_asks_to_wait_is_believed_within_bounds(asked: float, given: float) -> None:
    assert outcome(Later("x", asked), MOST_TRIES + 5, 0) == Rest(given)
