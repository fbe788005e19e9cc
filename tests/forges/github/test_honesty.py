"""The world is held to what real GitHub says and sent: that it is so, and that a lie would be found."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.forges.github import replay, schemas
from tests.forges.github.ask import Route
from tests.forges.github.cast import Cast
from tests.forges.github.closed import closed
from tests.forges.github.honest import honest
from tests.forges.github.recorder import Exchange, event_faults, exchange_faults
from tests.forges.github.replay import Shape
from tests.forges.github.rest import ROUTES
from tests.forges.github.tour import tour
from tests.forges.published import Unreachable

Json = Any
R = "/repos/acme/blueprints"
BY_ID = "/repositories/{id}"  # where those are sent on to who ask for an old name; nowhere described
# Keys that the recorded answers had and those of this world have not, each with its reason.
LEFT_OUT = (
    (r"permissions\.\w+$", "an App's permissions are its own"),
    (r"^\.resources\.", "limits of what is not asked here"),
    (r"^\.submitted_at$", "a review that is pending was not submitted"),
    (r"^\.pull_request(\.|$)", "of an issue that is none, with nothing in it; it is left out since"),
)


@pytest.fixture
def toured(cast: Cast) -> list[Exchange]:
    """One good answer of every question at least."""
    tour(cast)
    return cast.hub.recorder.exchanges


def test_every_question_is_answered_well_once(toured: list[Exchange]) -> None:
    done = {
        (each.request.method, operation.template)
        for each in toured
        if each.response.status < 400
        and (operation := schemas.rest().find(each.request.method, each.request.path))
    }
    assert [
        r for r in ROUTES if (r.method, r.template) not in done and r.template != "/repositories/{id}"
    ] == []


def test_answers_have_the_keys_that_real_ones_always_had(toured: list[Exchange]) -> None:
    try:
        always = replay.always()
    except Unreachable as error:
        pytest.skip(f"what PyGithub recorded cannot be fetched: {error}")
    compared, missing = 0, {}
    for each in toured:
        operation = schemas.rest().find(each.request.method, each.request.path)
        key = (each.request.method, operation.template if operation else "", each.response.status)
        if key not in always or not each.response.body:
            continue
        ours = Shape.of(each.response.json())
        lacking = sorted(name for name in always[key].keys if not ours.may(name) and not is_left_out(name))
        compared += 1
        if lacking:
            missing[key] = lacking
    assert compared > 40
    assert not missing, "\n".join(f"{k}: {v}" for k, v in missing.items())


# Keys that the world sends although its description names them not, each with its reason.
BEYOND = (
    (r"'user_view_type'", "the real one sends it with every user"),
    (r"^GET /app/installations .*'client_id'", "as above, with every installation"),
    (r"\['repo'\].*'custom_properties'", "published examples have it"),
    (r"^GET /meta .*'installed_version'", "of GitHub Enterprise Server"),
)


def test_no_key_is_made_up(cast: Cast, toured: list[Exchange]) -> None:
    answers, events = closed(schemas.rest()), closed(schemas.webhooks())
    found = [fault for each in toured for fault in exchange_faults(each, answers)]
    for event, action, payload in cast.world.switchboard.told:
        found += event_faults(event, action, payload, events)
    made_up = [each for each in found if "Additional properties are not allowed" in each]
    assert [each for each in made_up if not any(re.search(place, each) for place, _ in BEYOND)] == []
    assert len(found) > 10, "the descriptions were closed indeed"


def is_left_out(name: str) -> bool:
    return any(re.search(place, name) for place, _ in LEFT_OUT)


def test_every_route_is_an_operation_of_github() -> None:
    described = {(o.method, o.template) for listed in schemas.rest().operations.values() for o in listed}
    strange = [each for each in ROUTES if (each.method, each.template) not in described]
    assert [each.template for each in strange] == [BY_ID]


def test_a_route_finds_itself_by_the_description() -> None:
    def example(route: Route) -> str:
        return route.template.replace("{", "").replace("}", "")

    found = {
        r: schemas.rest().find(r.method, example(r)) for r in ROUTES if r.template != "/repositories/{id}"
    }
    assert [
        r.template for r, operation in found.items() if not operation or operation.template != r.template
    ] == []


@pytest.mark.parametrize(
    ("path", "change", "told"),
    [
        (f"{R}/pulls/1", {"draft": "no"}, "'no' is not of type 'boolean'"),
        (f"{R}/pulls/1", {"merged_at": "yesterday"}, "is not a 'date-time'"),
        (f"{R}/pulls/1", {"state": "merged"}, "is not one of"),
        (f"{R}/pulls/1", {"user": None}, "None is not of type 'object'"),
        (f"{R}", {"private": 1}, "1 is not of type 'boolean'"),
    ],
)
def test_a_lie_in_an_answer_is_found(cast: Cast, path: str, change: dict[str, Json], told: str) -> None:
    cast.pull()
    cast.ask("GET", path)
    good = cast.hub.recorder.exchanges[-1]
    assert exchange_faults(good) == []
    content = json.dumps({**good.response.json(), **change}).encode()
    found = exchange_faults(replace(good, response=replace(good.response, body=content)))
    assert told in " ".join(found)


def test_what_an_answer_lacks_is_found(cast: Cast) -> None:
    cast.pull()
    cast.ask("GET", f"{R}/pulls/1")
    good = cast.hub.recorder.exchanges[-1]
    for name in ("draft", "mergeable", "number"):
        held = good.response.json()
        del held[name]
        bad = replace(good, response=replace(good.response, body=json.dumps(held).encode()))
        assert bool(exchange_faults(bad)) == (name != "draft"), (
            "the description does not promise a draft's flag"
        )


def test_what_is_asked_wrongly_is_found(cast: Cast) -> None:
    pull = cast.pull()
    cast.ask("PATCH", f"{R}/pulls/{pull.number}", {"title": ["a", "list"]})
    cast.ask("GET", f"{R}/pulls", None, "ada")
    patch, listed = cast.hub.recorder.exchanges[-2:]
    assert "the request's $['title']" in exchange_faults(patch)[0]
    asked = replace(listed, request=replace(listed.request, query={"colour": "blue"}))
    assert "['colour'] are not known" in exchange_faults(asked)[0]
    cast.hub.recorder.exchanges.clear()  # the title is wrong on purpose
    cast.world.switchboard.told.clear()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"action": "open"}, "there is no such webhook"),
        ({"number": "1"}, "is not of type 'integer'"),
        ({"sender": None}, "is not of type 'object'"),
    ],
)
def test_a_lie_in_a_webhook_is_found(cast: Cast, wrong: dict[str, Json], told: str) -> None:
    cast.pull()
    event, action, payload = next(each for each in cast.world.switchboard.told if each[1] == "opened")
    assert event_faults(event, action, payload) == []
    assert told in event_faults(event, wrong.get("action", action), {**payload, **wrong})[0]


def test_a_test_fails_when_its_world_lied(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="no-such-webhook"), honest(tmp_path) as hub:  # noqa: PT012 the end fails
        hub.world.repository("acme/blueprints")
        hub.world.switchboard.told.append(("no-such-webhook", "", {}))
