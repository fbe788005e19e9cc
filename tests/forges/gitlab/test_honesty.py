"""Our GitLab is held to what real ones sent, and whoever holds it would notice a lie."""

import json

import pytest

from tests.forges.github.exchange import as_json
from tests.forges.gitlab import witness
from tests.forges.gitlab.cast import Cast
from tests.forges.gitlab.rest import ROUTES
from tests.forges.gitlab.tour import tour

# Ways of which no recording has a good answer; python-gitlab and the documents are their witnesses.
ONE = "/projects/:id/merge_requests/:iid"
GET_ONE = f"GET {ONE} 200"


def test_every_way_is_gone_and_every_answer_is_as_gitlab_gave_it(cast: Cast) -> None:
    tour(cast)
    gone = {(e.request.method, e.template) for e in cast.lab.recorder.exchanges if e.response.status < 400}
    assert {(r.method, r.template) for r in ROUTES} - gone == set()
    judged = {f"{e.request.method} {e.template} {e.response.status}" for e in cast.lab.recorder.exchanges}
    assert len(judged & set(witness.answers())) >= 25, "answers are compared with recorded ones"
    kinds = {payload["object_kind"] for _, _, payload in cast.world.switchboard.told}
    assert kinds == {"push", "tag_push", "merge_request", "note", "issue", "emoji"}


def test_a_key_that_was_always_there_is_missed(cast: Cast) -> None:
    shown = cast.settle(cast.propose())
    assert witness.answer_faults("GET", ONE, as_json(200, shown)) == []
    for key in ("sha", "diff_refs", "web_url", "references"):
        less = {name: value for name, value in shown.items() if name != key}
        assert f"GET {ONE} -> 200: .{key} is missing" in witness.answer_faults("GET", ONE, as_json(200, less))


def test_a_key_that_never_was_and_another_kind_of_value_are_noticed(cast: Cast) -> None:
    shown = cast.settle(cast.propose())
    more = {**shown, "head_sha": shown["sha"], "draft": "false", "iid": "1"}
    found = witness.answer_faults("GET", ONE, as_json(200, more))
    assert {each.partition("200: ")[2] for each in found} == {
        ".draft is ['string'] and was ['boolean']",
        ".iid is ['string'] and was ['number']",
        ".head_sha was never seen",
    }


def test_a_webhook_that_is_not_gitlabs_is_noticed(cast: Cast) -> None:
    if not witness.events():
        pytest.skip("The webhooks that others caught are not on this machine, so that none is judged.")
    cast.propose()
    [payload] = [held for event, _, held in cast.world.switchboard.told if event == "Merge Request Hook"]
    assert witness.event_faults("Merge Request Hook", "open", payload) == []
    lie = json.loads(json.dumps(payload))
    del lie["object_attributes"]["last_commit"]
    lie["pull_request"] = {}
    found = witness.event_faults("Merge Request Hook", "open", lie)
    assert "Merge Request Hook open: .object_attributes.last_commit is missing" in found
    assert "Merge Request Hook open: .pull_request was never seen" in found


@pytest.mark.parametrize(("at", "said"), [(GET_ONE, 120), ("GET /user 200", 30)])
def test_witnesses_know_much(at: str, said: int) -> None:
    always = witness.answers()[at].always
    assert always is not None
    assert len(always.keys) >= said
