"""Each of the situations S25 to S60 has a test here, or a reason why it has none."""

import re
from pathlib import Path

NOT_HERE = {
    56: "a mirror in Kubernetes belongs to the adapter of packages as Kubernetes sees them, not to a forge",
    59: "words that the forge takes for its own are GitLab's quick actions; GitHub has none",
    60: "the version of portico that rendered a draft is not recorded; images are pinned by the policy",
}
FIRST, LAST = 25, 60


def numbers() -> set[int]:
    text = "".join(each.read_text("utf-8") for each in Path(__file__).parent.glob("test_situations_*.py"))
    found = {int(number) for number in re.findall(r"^def test_s(\d\d)_", text, re.MULTILINE)}
    return {number for number in found if FIRST <= number <= LAST}


def test_every_situation_is_here_or_has_a_reason() -> None:
    assert numbers() | NOT_HERE.keys() == set(range(FIRST, LAST + 1))
    assert not numbers() & NOT_HERE.keys()
