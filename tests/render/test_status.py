"""The status of a rendering is no longer than a Kptfile that can be read again."""

import pytest

from bot.packages.kptfile import read_kptfile
from bot.packages.package import File
from bot.packages.rendering import Result, Step
from bot.render.pipeline import Habits, Pipeline
from bot.render.status import with_status

KPTFILE = b"apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: p\n"


def test_results_are_in_the_status() -> None:
    assert b"message: some" in with_status(KPTFILE, [Step("x", results=(Result("some"),))], None, {""})


@pytest.mark.parametrize(
    "step",
    [
        Step("x", "", results=(Result("some", "info", "a.yaml", "spec.x"),) * 100_000),
        Step("x", "", results=(Result("some" * 10_000_000),)),
        Step("x", "", stderr="some" * 10_000_000),
    ],
)
def test_so_many_that_the_kptfile_could_not_be_read_are_left_out(step: Step) -> None:
    text = with_status(KPTFILE, [step], None, {""})
    assert read_kptfile(text).is_fit
    assert b"some" not in text
    assert b"image: x" in text


def test_a_kptfile_whose_status_cannot_be_set_is_told() -> None:
    chain = "".join(f"    a{number}: &a{number} [*a{number - 1}]\n" for number in range(1, 200))
    text = KPTFILE + b"status:\n  renderStatus:\n    a0: &a0 [1]\n" + chain.encode()
    rendering = Pipeline(habits=Habits(status=True)).render({"Kptfile": File(text)})
    assert rendering.changes == {}
    assert [str(problem) for problem in rendering.problems] == [
        "Kptfile:106: The aliases nest deeper than 100 levels; write the values out."
    ]
