"""What the token of a workflow cannot do is explained, with what to do about it."""

from tests.action.conftest import Avenue


def test_actions_may_not_open_pull_requests_until_somebody_allows_it(avenue: Avenue) -> None:
    avenue.repo.settings.actions_may_open_pulls = False
    avenue.write("ada", "60")
    [(event, payload)] = [found for found in avenue.events() if found[0] == "push"]
    ran = avenue.run(event, payload)
    assert (ran.code, ran.outputs["state"]) == (1, "")
    for told in (ran.summary, *ran.annotations):
        assert "not permitted to create or approve pull requests" in told
        assert told.count("Tick 'Allow GitHub Actions to create and approve pull requests'") == 1
    avenue.repo.settings.actions_may_open_pulls = True
    assert avenue.run(event, payload).outputs["state"] == "Draft"


def test_a_permission_that_is_missing_is_named(avenue: Avenue) -> None:
    avenue.write("ada", "60")
    [(event, payload)] = [found for found in avenue.events() if found[0] == "push"]
    ran = avenue.run(event, payload, contents="write", pull_requests="write")
    assert ran.code == 1
    assert "Resource not accessible by integration" in ran.summary
    assert "checks: write" in ran.summary
    assert "📝 Draft" in avenue.living()  # what could be done was done
    assert avenue.run(event, payload).code == 0


def test_a_token_that_only_reads_does_nothing(avenue: Avenue) -> None:
    avenue.write("ada", "60")
    [(event, payload)] = [found for found in avenue.events() if found[0] == "push"]
    ran = avenue.run(event, payload, contents="read")
    assert ran.code == 1
    assert "pull-requests: write" in ran.summary
    assert avenue.repo.pulls == {}


def test_a_token_that_is_none_is_said(avenue: Avenue) -> None:
    ran = avenue.machine.run(avenue.at, "ghs_none", "schedule", {"schedule": "7 * * * *"})
    assert ran.code == 1
    assert len(ran.annotations) == 1
    assert "redentials" in ran.summary


def test_an_input_that_is_none_is_named(avenue: Avenue) -> None:
    ran = avenue.machine.run(avenue.at, "", "schedule", {"schedule": "7 * * * *"}, {"mode": "everything"})
    assert ran.code != 0
    assert "everything" in ran.log
