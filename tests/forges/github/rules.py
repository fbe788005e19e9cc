"""What a repository demands: protection of branches, and rulesets for branches and tags."""

import fnmatch
from dataclasses import dataclass, field
from typing import Any

from tests.forges.git_half import HEADS, TAGS, ZERO, Change


@dataclass(eq=False)
class Ruleset:
    """Active rules for the refs whose names match; `rules` maps a rule's type to its parameters."""

    id: int
    name: str
    target: str
    include: tuple[str, ...]
    rules: dict[str, dict[str, Any]]
    bypass: frozenset[tuple[str, int]] = frozenset()
    """Actors as (`Integration`, App's id), (`RepositoryRole`, 5 is admin) or (`Team`, id)."""
    enforcement: str = "active"

    def covers(self, ref: str, default: str) -> bool:
        """Whether the full name `ref` is one that the rules are for."""
        opening = HEADS if self.target == "branch" else TAGS
        if self.enforcement != "active" or not ref.startswith(opening):
            return False
        return any(_matches(pattern, ref, opening, default) for pattern in self.include)


def _matches(pattern: str, ref: str, opening: str, default: str) -> bool:
    if pattern == "~ALL":
        return True
    if pattern == "~DEFAULT_BRANCH":
        return ref == f"{HEADS}{default}"
    full = pattern if pattern.startswith("refs/") else f"{opening}{pattern}"
    # fnmatch's star takes slashes; one that takes none is not needed by what we restrict.
    return fnmatch.fnmatchcase(ref, full)


@dataclass(eq=False)
class Protection:
    """The classic protection of one branch."""

    reviews: int = 0
    checks: tuple[str, ...] = ()
    is_strict: bool = False
    """Whether the branch must hold the base's tip before it is merged."""
    dismisses_stale: bool = False
    needs_other_pusher: bool = False
    holds_admins: bool = False
    allows_force: bool = False
    allows_deletion: bool = False
    pushers: frozenset[str] | None = None
    """Logins that may push; None is whoever may write."""


@dataclass(frozen=True)
class Demands:
    """What all rules for a branch together want of a pull request."""

    reviews: int = 0
    checks: frozenset[str] = frozenset()
    is_strict: bool = False
    dismisses_stale: bool = False
    needs_other_pusher: bool = False
    needs_queue: bool = False
    needs_pull: bool = False
    by_ruleset: bool = False
    methods: frozenset[str] = field(default_factory=lambda: frozenset({"merge", "squash", "rebase"}))


def demands(protection: Protection | None, rulesets: list[Ruleset]) -> Demands:
    """The strictest of everything."""
    classic = protection or Protection()
    pulls = [each.rules["pull_request"] for each in rulesets if "pull_request" in each.rules]
    wanted = [
        each.rules["required_status_checks"] for each in rulesets if "required_status_checks" in each.rules
    ]
    contexts = {check["context"] for each in wanted for check in each["required_status_checks"]}
    methods = frozenset({"merge", "squash", "rebase"})
    for pull in pulls:
        methods &= frozenset(pull.get("allowed_merge_methods", methods))
    return Demands(
        max([classic.reviews, *(each.get("required_approving_review_count", 0) for each in pulls)]),
        frozenset(classic.checks) | contexts,
        classic.is_strict or any(each.get("strict_required_status_checks_policy") for each in wanted),
        classic.dismisses_stale or any(each.get("dismiss_stale_reviews_on_push") for each in pulls),
        classic.needs_other_pusher or any(each.get("require_last_push_approval") for each in pulls),
        any("merge_queue" in each.rules for each in rulesets),
        bool(pulls) or bool(classic.reviews or classic.checks),
        bool(rulesets),
        methods,
    )


def violation(rulesets: list[Ruleset], change: Change, *, is_forced: bool) -> str:
    """Why a ref may not be made, moved or taken away, or nothing."""
    before, after = change.before != ZERO, change.after != ZERO
    kinds = {kind for each in rulesets for kind in each.rules}
    if not before and after and "creation" in kinds:
        return "Cannot create ref due to creations being restricted."
    if before and not after and "deletion" in kinds:
        return "Cannot delete this ref"
    if before and after and "update" in kinds:
        return "Cannot update this protected ref."
    if is_forced and "non_fast_forward" in kinds:
        return "Cannot force-push to this branch"
    if after and "pull_request" in kinds:
        return "Changes must be made through a pull request."
    return "Changes must be made through the merge queue" if after and "merge_queue" in kinds else ""
