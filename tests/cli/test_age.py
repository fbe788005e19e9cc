"""Ages are shortened as kubectl shortens them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.cli.age import format_age

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "shown"),
    [
        (timedelta(seconds=-5), "0s"),
        (timedelta(seconds=119), "119s"),
        (timedelta(minutes=2), "2m"),
        (timedelta(minutes=9, seconds=5), "9m5s"),
        (timedelta(minutes=179), "179m"),
        (timedelta(hours=3, minutes=1), "3h1m"),
        (timedelta(hours=47), "47h"),
        (timedelta(days=2), "2d"),
        (timedelta(days=7, hours=3), "7d3h"),
        (timedelta(days=700), "700d"),
        (timedelta(days=731), "2y1d"),
        (timedelta(days=3650), "10y"),
    ],
)
def test_ages(age: timedelta, shown: str) -> None:
    assert format_age((NOW - age).isoformat(), NOW) == shown


@pytest.mark.parametrize("since", ["", "yesterday", "2026-01-01T00:00:00"])
def test_what_is_no_time_has_no_age(since: str) -> None:
    assert format_age(since, NOW) == "<unknown>"
