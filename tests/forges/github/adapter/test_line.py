"""The line's own proof: a request that GitHub would not understand is found."""

from typing import Any

import pytest

from bot.forges.github.queries import CHANGE, READY
from tests.forges.github.adapter.conftest import unreachable
from tests.forges.github.adapter.line import Asked, Line

Json = Any
ROOT = "/repos/acme/packages"
VARIABLES = {
    "owner": "acme",
    "name": "packages",
    "number": 7,
    "first": True,
    "reviews": True,
    "comments": True,
}


def faults(asked: Asked) -> list[str]:
    if unreachable():
        pytest.skip(f"Requests are not held to GitHub's descriptions here: {unreachable()}")
    return Line(asked=[asked]).faults()


def query(document: str, variables: Json) -> Asked:
    return Asked("POST", "/graphql", {}, {}, {"query": document, "variables": variables})


@pytest.mark.parametrize(
    "asked",
    [
        Asked("GET", f"{ROOT}/pull", {}, {}, None),
        Asked("POST", f"{ROOT}/pulls/7/merge", {}, {}, {"sha": "a" * 40}),
        Asked("GET", f"{ROOT}/pulls", {"states": "open"}, {}, None),
        Asked("PUT", f"{ROOT}/pulls/7/merge", {}, {}, {"merge_method": "fast-forward"}),
        Asked("POST", f"{ROOT}/git/refs", {}, {}, {"ref": "refs/tags/v1"}),
        Asked("POST", f"{ROOT}/git/refs", {}, {}, None),
        query(CHANGE.replace("isDraft", "is_draft"), VARIABLES),
        query(CHANGE, {**VARIABLES, "number": "seven"}),
        query(READY.replace("markPullRequestReady", "markPullRequestsReady"), {"id": "PR_7"}),
        query(READY, {}),
    ],
)
def test_a_fault_is_found(asked: Asked) -> None:
    assert faults(asked)


@pytest.mark.parametrize(
    "asked",
    [
        Asked("PUT", f"{ROOT}/pulls/7/merge", {}, {}, {"sha": "a" * 40, "merge_method": "squash"}),
        Asked("GET", f"{ROOT}/git/ref/tags/apps/web/v1", {}, {}, None),
        query(CHANGE, VARIABLES),
        query(READY, {"id": "PR_7"}),
    ],
)
def test_what_github_understands_has_none(asked: Asked) -> None:
    assert faults(asked) == []
