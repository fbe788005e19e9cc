"""set-enforcement-action beyond the conformance table."""

import pytest

from bot.packages.documents import parse
from bot.packages.resource import Resource
from bot.render.config import config_map_of
from bot.render.function import Outcome
from bot.render.functions.set_enforcement_action import set_enforcement_action

POLICY = "apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K\nmetadata:\n  name: p\n"


def run(text: str, **pairs: str) -> tuple[Outcome, str]:
    item = Resource(parse(text.encode())[0], "r.yaml")
    outcome = set_enforcement_action([item], config_map_of(tuple(pairs.items())))
    return outcome, item.emit().decode()


def test_the_action_is_set_where_it_was_and_where_it_was_not() -> None:
    assert run(POLICY + "spec:\n  enforcementAction: 'deny' # why\n", enforcementAction="warn")[1] == (
        POLICY + "spec:\n  enforcementAction: 'warn' # why\n"
    )
    outcome, after = run(POLICY, enforcementAction="dryrun")
    assert after == POLICY + "spec:\n  enforcementAction: dryrun\n"
    assert [(result.message, result.file) for result in outcome.results] == [
        ("Number of policies set to [dryrun]: 1", ""),
        ("Policy name: [p]", "r.yaml"),
    ]


def test_what_is_no_policy_is_left_alone() -> None:
    text = POLICY.replace("constraints", "templates")
    outcome, after = run(text, enforcementAction="deny")
    assert (after, outcome.results[0].severity) == (text, "warning")


@pytest.mark.parametrize(
    ("text", "pairs", "said"),
    [
        (POLICY, {}, "expecting exactly 1 enforcementAction"),
        (POLICY, {"enforcementAction": "never"}, "must be one of deny, warn, dryrun, but is 'never'"),
        (POLICY + "spec: [a]\n", {"enforcementAction": "deny"}, "`spec` must be a mapping."),
        (POLICY + "spec: {enforcementAction: [a]}\n", {"enforcementAction": "deny"}, "must be a string"),
    ],
)
def test_what_does_not_do_is_refused(text: str, pairs: dict[str, str], said: str) -> None:
    outcome, after = run(text, **pairs)
    assert (outcome.exit_code, after) == (1, text)
    assert said in outcome.results[0].message
