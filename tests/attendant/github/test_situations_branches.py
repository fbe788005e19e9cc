"""Situation S38: a repository at GitHub that is not where it was."""

import pytest

from bot.errors import AccessDenied
from tests.attendant.github.hands import (
    MAIN,
    approved,
    ref,
    tags,
)
from tests.attendant.github.street import Street


def test_s38_a_renamed_repository(street: Street) -> None:
    """Nothing is done under the old name, and the error says what to do; under the new one it goes on."""
    pull = approved(street)
    street.cast.world.rename(street.cast.repo, "acme/plans")

    with pytest.raises(AccessDenied, match="one that was renamed must be registered anew"):
        street.look()
    assert tags(street) == {}

    street.hire(street.place / "anew", "acme/plans").look(pull.number)
    assert tags(street) == {"net/dns/v1": ref(street, MAIN)}
