"""Every sentence of `portico forge check` about what a forge demands of branches, merges and tags."""

from collections.abc import Sequence

from bot.lifecycle.finding import Finding, ok, warning, wrong
from bot.packages.naming import quoted

DRAFTS, MERGING, TAGS = "drafts", "merging", "tags"
NO_BYPASS = "portico may not bypass it"
_METHODS = {"merge": "merge commits", "squash": "squashing", "rebase": "rebasing"}
UNKNOWN_BYPASS = "whether portico may bypass it is not shown"


# Drafts


def drafts_free() -> Finding:
    return ok(DRAFTS, "Portico may push to 'drafts/…', and no rule stands in the way.")


def no_push(where: str) -> Finding:
    return wrong(
        DRAFTS, "Portico may not push.", "It commits what functions change to drafts.", f"Give it: {where}."
    )


def drafts_refused(demand: str, where: str) -> Finding:
    return wrong(
        DRAFTS,
        f"A branch 'drafts/…' {demand}; {NO_BYPASS}.",
        "Pushes to drafts are refused, portico's rendering too.",
        f"Except 'drafts/**' from it on {where}.",
    )


def drafts_for_others(demand: str, where: str) -> Finding:
    return warning(
        DRAFTS,
        f"A branch 'drafts/…' {demand}; portico may bypass it.",
        "People who may not bypass it cannot push drafts.",
        f"Except 'drafts/**' from it on {where}.",
    )


def drafts_stay(where: str) -> Finding:
    return warning(
        DRAFTS,
        "A branch 'drafts/…' may not be deleted.",
        "Drafts stay there after they were published or thrown away.",
        f"Except 'drafts/**' from it on {where}.",
    )


def drafts_hindered(demand: str, where: str) -> Finding:
    return warning(
        DRAFTS,
        f"A branch 'drafts/…' {demand}.",
        "What goes against it is refused, portico's commits too.",
        f"See that it lets them pass, or except 'drafts/**' from it on {where}.",
    )


def drafts_protected(names: Sequence[str], where: str) -> Finding:
    return warning(
        DRAFTS,
        f"Protected: {', '.join(map(quoted, names))}.",
        "Pushes to protected drafts, and their deletion, may be refused.",
        f"Let the rule leave 'drafts/**' out, on {where}.",
    )


# Merging


def merges() -> Finding:
    return ok(MERGING, "Portico may merge.")


def merges_by(methods: Sequence[str]) -> Finding:
    return ok(MERGING, f"Portico merges by {_METHODS[methods[0]]}.")


def no_method(where: str) -> Finding:
    return wrong(
        MERGING,
        "No way to merge is allowed both by the settings and by the rules of the branch.",
        "Nothing can be published.",
        f"Allow merge commits, squashes or rebases on {where}.",
    )


def unmergeable(sentence: str, where: str) -> Finding:
    return wrong(MERGING, sentence, "Portico cannot merge, so nothing is published.", f"Lift it on {where}.")


def maybe_unmergeable(sentence: str, where: str) -> Finding:
    return warning(
        MERGING, sentence, "If not, nothing is published.", f"Let portico bypass it, or lift it, on {where}."
    )


def rule_met(sentence: str) -> Finding:
    return ok(MERGING, sentence)


def waits_for(sentence: str) -> Finding:
    return warning(
        MERGING,
        sentence,
        "Portico cannot bring that about: it waits until somebody does.",
        "See that something runs for pull requests from 'drafts/…'.",
    )


def pinned_check(check: str, where: str) -> Finding:
    return wrong(
        MERGING,
        f"The required check {quoted(check)} counts only from another App.",
        "Portico's own verdict never satisfies it, so nothing is merged.",
        f"Choose portico, or any source, for it on {where}.",
    )


def checks_never_run(checks: Sequence[str]) -> Finding:
    return warning(
        MERGING,
        f"The checks {', '.join(map(quoted, checks))} must succeed on the head.",
        "What this token pushes starts no workflow, so they never run on what portico rendered.",
        "Give portico the token of a GitHub App.",
    )


def up_to_date_first(branch: str) -> Finding:
    return warning(
        MERGING,
        f"A draft must hold all of {quoted(branch)} before it is merged.",
        "After each publication every other proposal must be brought up to date, and is approved anew.",
        "Drop this demand: portico looks itself whether the package was changed meanwhile.",
    )


def stale_dismissed(branch: str) -> Finding:
    return ok(
        MERGING, f"A push dismisses approvals of changes into {quoted(branch)}; portico counts none either."
    )


def open_branch(branch: str, where: str) -> Finding:
    return warning(
        MERGING,
        f"The branch {quoted(branch)} is not protected.",
        "Whoever may write can push to it, and publish without approval.",
        f"Protect it, and let portico merge, on {where}.",
    )


def unseen_protection(branch: str) -> Finding:
    return warning(
        MERGING,
        f"The branch {quoted(branch)} is protected, and what that demands is not shown.",
        "Whether portico may merge is not known.",
        "Give portico 'administration: read', or ask an administrator.",
    )


def unseen_branches(branch: str) -> Finding:
    return warning(
        MERGING,
        f"What protects the branch {quoted(branch)} is not shown.",
        "Whether portico may merge is not known.",
        "Give portico the role Maintainer, or ask somebody who has it.",
    )


def may_not_merge(branch: str, who: str, where: str) -> Finding:
    return wrong(
        MERGING,
        f"The branch {quoted(branch)} is merged into by {who} only, and portico is none of them.",
        "Nothing can be published.",
        f"Add portico, or its role, to 'Allowed to merge' on {where}.",
    )


def rebased_only(how: str, where: str) -> Finding:
    return warning(
        MERGING,
        f"The project takes {how} only.",
        "After each publication every other proposal must be rebased, and is approved anew.",
        f"Choose merge commits on {where}.",
    )


# Tags


def tags_free() -> Finding:
    return ok(TAGS, "Portico may create tags.")


def tags_refused(sentence: str, where: str) -> Finding:
    return wrong(
        TAGS,
        sentence,
        "What is merged is not tagged, so it is not published.",
        f"Let portico create '<path>/v<N>' on {where}.",
    )


def tags_maybe_refused(sentence: str, where: str) -> Finding:
    return warning(
        TAGS,
        sentence,
        "If not, what is merged is not tagged, so it is not published.",
        f"Let portico create '<path>/v<N>' on {where}.",
    )


def tags_stay(sentence: str, where: str) -> Finding:
    return warning(
        TAGS, sentence, "A published revision cannot be deleted.", f"Let portico bypass it on {where}."
    )


def tags_open(where: str) -> Finding:
    return warning(
        TAGS,
        "Tags '<path>/v<N>' are not protected.",
        "Whoever may write can publish, move and delete them by hand.",
        f"Let portico alone create, move and delete them, on {where}.",
    )


# Push rules of GitLab, which hold for all branches


def commits_refused(rule: str, where: str) -> Finding:
    return wrong(
        DRAFTS,
        f"A push rule {rule}.",
        "What portico commits to drafts is refused.",
        f"Drop it on {where}.",
    )


def commits_hindered(rule: str, where: str) -> Finding:
    return warning(
        DRAFTS,
        f"A push rule {rule}.",
        "What goes against it is refused.",
        f"See that it lets {PASSES}, on {where}.",
    )


PASSES = "'drafts/<path>/<workspace>' and portico's own commits pass"
