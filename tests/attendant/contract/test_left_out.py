"""What a driver leaves out, it leaves out with a reason, and only what a test would ask for."""

from pathlib import Path

import pytest

from tests.attendant.contract.driver import Trait
from tests.attendant.contract.everywhere import DRIVERS, having
from tests.house.sources import ROOT


@pytest.mark.parametrize("name", DRIVERS)
def test_each_has_its_reason(name: str) -> None:
    for trait, reason in DRIVERS[name].lacks.items():
        assert len(reason.split()) > 8, trait
        named = [word.strip(",;") for word in reason.split() if word.startswith("tests/")]
        assert all((ROOT / path).exists() for path in named), reason


def test_the_forges_lack_nothing() -> None:
    assert {"github", "gitlab"} <= set(having(*Trait))


def test_every_trait_is_asked_for() -> None:
    files = Path(__file__).parent.glob("test_*.py")
    text = "".join(each.read_text("utf-8") for each in files if each.name != Path(__file__).name)
    assert {trait for trait in Trait if f"Trait.{trait.name}" in text} == set(Trait)
