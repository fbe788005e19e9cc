"""A verdict is shown once, as check run with annotations by an App, as status by others."""

import pytest

from bot.forges.github.credentials import Token
from bot.forges.github.forge import GitHub
from bot.lifecycle.change import Change, Signal, Verdict
from bot.lifecycle.person import Person
from bot.packages.problem import Problem
from tests.forges.github.adapter.line import Line, Said
from tests.forges.github.adapter.shapes import HEAD, answer, pull

STATUSES = f"GET /repos/acme/packages/commits/{HEAD}/statuses"
STATUS = f"POST /repos/acme/packages/statuses/{HEAD}"
RUNS = f"GET /repos/acme/packages/commits/{HEAD}/check-runs"
RUN = "POST /repos/acme/packages/check-runs"
MORE = "PATCH /repos/acme/packages/check-runs/3"
GOOD = Verdict(Signal.GOOD, "Ready to be proposed")
WAITING = Verdict(Signal.WAITING, "Waiting for approvals: 1 of 2")


def change(signal: Signal | None = None) -> Change:
    author = Person("ada")
    return Change(
        number=7, title="", branch="drafts/web/x", head=HEAD, target="main", author=author, signal=signal
    )


@pytest.fixture
def app(line: Line) -> GitHub:
    forge = GitHub("acme/packages", Token("ghs_of-a-run"), branch="main", api=line.address)
    line.on("Change", answer(pull(), me="portico[bot]"))
    forge.change(7)
    line.asked.clear()
    line.on(RUNS, {"check_runs": []})
    line.on(RUN, Said(201, {"id": 3}))
    line.on(MORE, {"id": 3})
    return forge


@pytest.fixture
def person(line: Line, forge: GitHub) -> GitHub:
    line.on("Change", answer(pull()))
    forge.change(7)
    line.asked.clear()
    line.on(STATUSES, [])
    line.on(STATUS, Said(201, {}))
    return forge


@pytest.mark.parametrize(
    ("verdict", "state"),
    [(GOOD, "success"), (WAITING, "pending"), (Verdict(Signal.BAD, "x" * 200), "failure")],
)
def test_a_status(line: Line, person: GitHub, verdict: Verdict, state: str) -> None:
    person.judge(change(), HEAD, verdict)
    (sent,) = line.bodies(STATUS)
    assert (sent["state"], sent["context"], len(sent["description"]) <= 140) == (state, "portico", True)


def test_the_same_status_is_not_set_again(line: Line, person: GitHub) -> None:
    person.judge(change(), HEAD, GOOD)
    person.judge(change(Signal.GOOD), HEAD, GOOD)
    assert line.names() == [STATUSES, STATUS]
    person.judge(change(Signal.GOOD), HEAD, WAITING)
    assert line.names().count(STATUS) == 2


def test_a_status_that_was_set_by_an_earlier_process_is_found(line: Line, person: GitHub) -> None:
    ours = {"context": "portico", "state": "success", "description": GOOD.title}
    line.on(STATUSES, [{**ours, "creator": {"login": "portico-user"}}])
    person.judge(change(Signal.GOOD), HEAD, GOOD)
    assert line.names() == [STATUSES]


def test_a_status_that_others_set_is_none(line: Line, person: GitHub) -> None:
    ours = {"context": "Portico", "state": "success", "description": GOOD.title}
    line.on(STATUSES, [{**ours, "creator": {"login": "mallory"}}, {**ours, "creator": None}])
    person.judge(change(), HEAD, GOOD)
    assert line.names() == [STATUSES, STATUS]


def test_a_status_that_others_set_over_ours_is_set_again(line: Line, person: GitHub) -> None:
    person.judge(change(), HEAD, GOOD)
    person.judge(change(None), HEAD, GOOD)
    assert line.names().count(STATUS) == 2


@pytest.mark.parametrize(
    ("signal", "status", "conclusion"),
    [
        (Signal.GOOD, "completed", "success"),
        (Signal.BAD, "completed", "failure"),
        (Signal.WAITING, "in_progress", None),
    ],
)
def test_a_check_run(line: Line, app: GitHub, signal: Signal, status: str, conclusion: str | None) -> None:
    problems = (Problem("web/Kptfile", "A field is wrong.", 3), Problem("", "The package is too large."))
    app.judge(change(), HEAD, Verdict(signal, "A title", "Words.", problems))
    (sent,) = line.bodies(RUN)
    assert (sent["name"], sent["head_sha"], sent["status"]) == ("portico", HEAD, status)
    assert sent.get("conclusion") == conclusion
    assert sent["output"]["summary"] == "Words.\n- The package is too large."
    assert sent["output"]["annotations"] == [
        {
            "path": "web/Kptfile",
            "start_line": 3,
            "end_line": 3,
            "annotation_level": "failure",
            "message": "A field is wrong.",
        }
    ]


def test_annotations_come_fifty_at_a_time_and_the_end_last(line: Line, app: GitHub) -> None:
    problems = tuple(Problem(f"web/{number}.yaml", "Wrong.") for number in range(260))
    app.judge(change(), HEAD, Verdict(Signal.BAD, "Wrong", "Words.", problems))
    sent = line.bodies(RUN) + line.bodies(MORE)
    assert [len(body["output"]["annotations"]) for body in sent] == [50] * 5
    assert [body.get("conclusion") for body in sent] == [None, None, None, None, "failure"]
    assert ["external_id" in body for body in sent] == [False, False, False, False, True]
    assert sent[0]["output"]["summary"] == "Words.\n\n…and 10 more problems."


def test_the_same_run_is_not_made_again(line: Line, app: GitHub) -> None:
    app.judge(change(), HEAD, GOOD)
    app.judge(change(Signal.GOOD), HEAD, GOOD)
    assert line.names() == [RUNS, RUN]


def test_a_run_of_an_earlier_process_is_found_by_its_mark(line: Line, app: GitHub) -> None:
    app.judge(change(), HEAD, GOOD)
    mark = line.bodies(RUN)[0]["external_id"]
    others = {"id": 9, "app": {"slug": "another"}, "external_id": ""}
    ours = {"id": 3, "app": {"slug": "portico"}, "external_id": mark}
    line.on(RUNS, {"check_runs": [others, ours]})
    app._verdicts._written.clear()
    app.judge(change(Signal.GOOD), HEAD, GOOD)
    assert line.names().count(RUN) == 1
    app.judge(change(Signal.GOOD), HEAD, GOOD._replace(summary="Other words."))
    assert line.names().count(RUN) == 2
