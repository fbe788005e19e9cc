"""What GitHub demands of branches and tags is told in sentences, with who may lift it."""

from typing import Any

import pytest

from bot.errors import NotFound
from bot.forges.github.forge import GitHub
from bot.lifecycle.change import Home, Rule
from tests.forges.github.adapter.line import Line

Json = Any
RULES = "GET /repos/acme/packages/rules/branches/main"
RULESETS = "GET /repos/acme/packages/rulesets"
PROTECTION = "GET /repos/acme/packages/branches/main/protection"


def home(**more: Json) -> Json:
    found = {
        "nameWithOwner": "acme/packages",
        "isArchived": False,
        "isPrivate": False,
        "defaultBranchRef": {"name": "main"},
        "mergeQueue": None,
    }
    return {"data": {"viewer": {"login": "portico-user"}, "repository": {**found, **more}}}


def texts(forge: GitHub) -> list[str]:
    return [rule.text for rule in forge.home().rules]


def test_a_repository_without_rules(line: Line, forge: GitHub) -> None:
    line.on("Home", home(isArchived=True))
    assert forge.home() == Home(
        "acme/packages", f"{line.address}/acme/packages.git", "main", "portico-user", archived=True
    )
    asked = len(line.asked)
    forge.home()
    assert len(line.asked) == asked


def test_a_repository_that_is_not_there(line: Line, forge: GitHub) -> None:
    line.on("Home", {"data": {"viewer": None, "repository": None}})
    with pytest.raises(NotFound):
        forge.home()


def test_rulesets_of_the_branch_and_who_may_bypass_them(line: Line, forge: GitHub) -> None:
    line.on("Home", home())
    reviews = {
        "required_approving_review_count": 2,
        "require_code_owner_review": True,
        "require_last_push_approval": True,
        "dismiss_stale_reviews_on_push": True,
        "required_review_thread_resolution": False,
        "allowed_merge_methods": ["squash", "rebase"],
    }
    checks = {"required_status_checks": [{"context": "ci"}, {"context": "lint"}]}
    line.on(
        RULES,
        [
            {"type": "pull_request", "parameters": reviews, "ruleset_id": 1},
            {"type": "required_status_checks", "parameters": checks, "ruleset_id": 1},
            {"type": "required_linear_history", "ruleset_id": 2},
            {"type": "required_signatures", "ruleset_id": 3},
            {
                "type": "commit_message_pattern",
                "parameters": {"operator": "starts_with", "pattern": "web"},
                "ruleset_id": 4,
            },
            {"type": "something_new", "ruleset_id": 99},
        ],
    )
    actors = [
        {"actor_type": "RepositoryRole", "actor_id": 5},
        {"actor_type": "Integration", "actor_id": 12},
        {"actor_type": "Integration", "actor_id": 13},
    ]
    line.on(f"{RULESETS}/1", {"id": 1, "bypass_actors": actors})
    line.on(f"{RULESETS}/2", {"id": 2, "bypass_actors": []})
    line.on(f"{RULESETS}/3", {"id": 3, "current_user_can_bypass": "always"})
    line.on(f"{RULESETS}/4", {"id": 4, "current_user_can_bypass": "never"})
    reviewed = (
        "2 approving reviews, one by the code owners, one by somebody else than who pushed last, "
        "reviews anew after a push and a merge by squash or rebase"
    )
    matched = "the commit message does match: starts with 'web'"
    lifted = "; only administrators of the repository and some Apps may bypass it."
    assert texts(forge) == [
        f"The branch 'main' demands {reviewed}{lifted}",
        f"The branch 'main' demands that 'ci' and 'lint' succeeded{lifted}",
        "The branch 'main' demands a linear history, without merge commits; nobody may bypass it.",
        "The branch 'main' demands signed commits; portico itself may bypass it.",
        f"The branch 'main' demands that {matched}; portico may not bypass it.",
        "The branch 'main' has the rule 'something new'.",
    ]
    assert line.names().count(f"{RULESETS}/1") == 1


@pytest.mark.parametrize("by", ["rule", "query"])
def test_a_merge_queue_is_seen(line: Line, forge: GitHub, by: str) -> None:
    line.on("Home", home(mergeQueue={"id": "MQ_1"} if by == "query" else None))
    line.on(RULES, [{"type": "merge_queue", "ruleset_id": 1}] if by == "rule" else [])
    assert forge.home().queued


def test_the_older_protection_of_branches(line: Line, forge: GitHub) -> None:
    line.on("Home", home())
    allowances = {"users": [{"login": "ada"}], "teams": [{"slug": "leads"}], "apps": []}
    line.on(
        PROTECTION,
        {
            "required_pull_request_reviews": {
                "required_approving_review_count": 1,
                "require_code_owner_reviews": False,
                "bypass_pull_request_allowances": allowances,
            },
            "required_status_checks": {"strict": True, "contexts": ["ci"]},
            "required_linear_history": {"enabled": False},
            "required_signatures": {"enabled": True},
            "restrictions": {"users": [], "teams": [], "apps": [{"slug": "portico"}]},
            "enforce_admins": {"enabled": True},
        },
    )
    assert forge.home().rules == (
        Rule(
            "pull_request",
            "The branch 'main' demands 1 approving review (not of @ada and the team 'leads'); "
            "nobody may bypass it.",
        ),
        Rule(
            "required_status_checks",
            "The branch 'main' demands that 'ci' succeeded, on a branch that is up to date; "
            "nobody may bypass it.",
        ),
        Rule("required_signatures", "The branch 'main' demands signed commits; nobody may bypass it."),
        Rule("update", "The branch 'main' may be pushed to by the App 'portico' only."),
    )


def test_rulesets_of_tags(line: Line, forge: GitHub) -> None:
    line.on("Home", home())
    listed = {"id": 5, "name": "tags", "target": "tag", "source": "acme/packages", "enforcement": "active"}
    line.on(RULESETS, [listed, {**listed, "id": 6, "enforcement": "disabled"}])
    line.on(
        f"{RULESETS}/5",
        {
            **listed,
            "conditions": {"ref_name": {"include": ["refs/tags/*/v*", "refs/tags/v*"], "exclude": []}},
            "rules": [{"type": "creation"}, {"type": "deletion"}],
            "bypass_actors": [{"actor_type": "Integration", "actor_id": 1, "bypass_mode": "always"}],
        },
    )
    assert forge.home().rules == (
        Rule(
            "tag_creation",
            "A tag like '*/v*' or 'v*' may not be created; only some Apps may bypass it.",
        ),
        Rule(
            "tag_deletion",
            "A tag like '*/v*' or 'v*' may not be deleted; only some Apps may bypass it.",
        ),
    )
    assert {asked.query.get("targets") for asked in line.asked if asked.name == RULESETS} == {"tag"}
