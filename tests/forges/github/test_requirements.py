"""What portico needs on GitHub, and what stands against it, judged by rules as GitHub writes them."""

import re
from typing import Any

import pytest

from bot.forges.github import requirements
from bot.forges.github.requirements import Demand, covers
from bot.web.github_door import EVENTS
from tests.house.sources import ROOT

Json = Any
METHODS = {"allow_merge_commit": True, "allow_squash_merge": True, "allow_rebase_merge": False}
README = (ROOT / "README.md").read_text()


def grades(*demands: Demand, settings: Json = METHODS, follows: bool = True) -> list[str]:
    found = requirements.of_merging("main", demands, settings, "there", follows=follows)
    return [str(finding.grade) for finding in found]


def rule(kind: str, **parameters: Json) -> Json:
    return {"type": kind, **({"parameters": parameters} if parameters else {})}


def test_the_readme_and_the_check_ask_for_the_same() -> None:
    explained = re.findall(r"^ *\| `([a-z_]+): (read|write)` \|", README, re.MULTILINE)
    assert [(name, level) for name, level, *_ in requirements.PERMISSIONS] == explained
    assert set(requirements.EVENTS) == EVENTS - {"ping"}


@pytest.mark.parametrize("kind", ["update", "required_signatures", "lock_branch"])
def test_what_stops_merging_stops_nobody_who_may_bypass_it(kind: str) -> None:
    assert grades(Demand(rule(kind), passes=False)) == ["wrong", "ok"]
    assert grades(Demand(rule(kind), passes=None)) == ["warning", "ok"]
    assert grades(Demand(rule(kind), passes=True)) == ["ok", "ok"]


@pytest.mark.parametrize("kind", ["creation", "deletion", "non_fast_forward"])
def test_what_does_not_concern_a_merge_is_left_out(kind: str) -> None:
    assert grades(Demand(rule(kind))) == ["ok"]


def test_a_merge_needs_a_way() -> None:
    squash = Demand(rule("pull_request", allowed_merge_methods=["squash", "rebase"]))
    rebase = Demand(rule("pull_request", allowed_merge_methods=["rebase"]))
    linear = Demand(rule("required_linear_history"))
    only_merge = {**METHODS, "allow_squash_merge": False}
    assert grades(squash, linear) == ["ok", "ok", "ok"]
    assert grades(rebase) == ["ok", "wrong"]
    assert grades(linear, settings=only_merge) == ["ok", "wrong"]
    assert grades(linear._replace(passes=True), settings=only_merge) == ["ok", "ok"]
    assert grades(settings={}) == []


def test_required_checks() -> None:
    def checks(*held: Json, strict: bool = False) -> Demand:
        details = {"required_status_checks": held, "strict_required_status_checks_policy": strict}
        return Demand(requirements.pinned(rule("required_status_checks", **details), 7))

    assert grades(checks({"context": "portico", "integration_id": 7})) == ["ok", "ok"]
    assert grades(checks({"context": "portico", "integration_id": 8})) == ["wrong", "ok", "ok"]
    assert grades(checks({"context": "ci", "integration_id": 8})) == ["ok", "ok"]
    assert grades(checks({"context": "ci"}), follows=False) == ["warning", "ok"]
    assert grades(checks({"context": "portico"}, strict=True), follows=False) == ["ok", "warning", "ok"]


def test_reviews_that_a_push_dismisses_are_told() -> None:
    found = requirements.of_merging(
        "main", [Demand(rule("pull_request", dismiss_stale_reviews_on_push=True))], {}, "there"
    )
    assert [finding.what for finding in found] == [
        "The branch 'main' demands a pull request and reviews anew after a push.",
        "A push dismisses approvals of changes into 'main'; portico counts none either.",
    ]


@pytest.mark.parametrize(
    ("pattern", "ref", "is_covered"),
    [
        ("~ALL", "refs/tags/a/v1", True),
        ("refs/tags/*/v*", "refs/tags/a/v1", True),
        ("refs/tags/*/v*", "refs/tags/a/b/v1", False),
        ("refs/tags/**/v*", "refs/tags/a/b/v1", True),
        ("refs/tags/**/v?", "refs/tags/v1", True),
        ("refs/tags/v*", "refs/tags/a/v1", False),
        ("refs/tags/a+b/v*", "refs/tags/aab/v1", False),
    ],
)
def test_which_tags_a_ruleset_covers(pattern: str, ref: str, *, is_covered: bool) -> None:
    assert covers({"ref_name": {"include": [pattern], "exclude": []}}, [ref]) == is_covered
    assert not covers({"ref_name": {"include": [pattern], "exclude": ["~ALL"]}}, [ref])
