"""What portico needs on GitLab, and what stands against it: judged by what was read, with nothing asked."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from bot.forges.gitlab.protection import matches, who
from bot.lifecycle import rule_messages as say
from bot.lifecycle.examined import Permission
from bot.lifecycle.finding import Finding
from bot.packages.naming import quoted

SCOPE = "api"
DEVELOPER, MAINTAINER = 30, 40
# Fields of a webhook, and what they are called where they are ticked.
EVENTS = {
    "push_events": "Push events",
    "tag_push_events": "Tag push events",
    "merge_requests_events": "Merge request events",
    "note_events": "Comments",
    "issues_events": "Issue events",
}
PIPELINES = ("pipeline_events", "Pipeline events")
# Fields of push rules: https://docs.gitlab.com/api/project_push_rules/
_REFUSES = {
    "reject_unsigned_commits": "refuses commits that are not signed",
    "reject_non_dco_commits": "refuses commits without 'Signed-off-by'",
    "commit_committer_check": "refuses commits whose committer is not who pushes",
    "commit_committer_name_check": "refuses commits whose committer has not the name of who pushes",
}
_HINDERS = {
    "member_check": "refuses commits whose author is nobody on GitLab",
    "branch_name_regex": "demands that names of branches match {}",
    "commit_message_regex": "demands that commit messages match {}",
    "commit_message_negative_regex": "refuses commit messages that match {}",
    "author_email_regex": "demands that authors' addresses match {}",
}
_METHODS = {"ff": "fast-forwards", "rebase_merge": "drafts that are rebased"}
Json = Mapping[str, Any]


class Me(NamedTuple):
    """Portico on GitLab: the id of its user, and its level in the project, 0 for none."""

    id: int
    level: int


def of_token(scopes: Sequence[str] | None, level: int, page: str) -> list[Permission]:
    """What the token and its user must have; `scopes` is None where GitLab does not tell."""
    members = f"Change its role on {page}/-/project_members, or make a token with it."
    return [
        Permission(
            f"the scope `{SCOPE}`",
            None if scopes is None else SCOPE in scopes,
            "everything that portico does",
            "Make a token with that scope.",
        ),
        Permission(
            "the role Developer", level >= DEVELOPER, "pushing to drafts and opening merge requests", members
        ),
        Permission(
            "the role Maintainer",
            level >= MAINTAINER,
            "merging into protected branches, creating protected tags, and this check",
            members,
            optional=True,
        ),
    ]


def of_drafts(me: Me, protected: Sequence[Json], draft: str, where: str) -> Iterator[Finding]:
    """What stands against pushing the branch `draft`, and against deleting it later."""
    for rule in protected:
        if not matches(str(rule.get("name")), draft):
            continue
        levels = rule.get("push_access_levels")
        words = f"is protected by {quoted(str(rule.get('name')))} and pushed to by {who(levels)} only"
        if not allows(levels, me):
            yield say.drafts_refused(words, where)
        elif not allows(levels, Me(0, DEVELOPER)):
            yield say.drafts_for_others(words, where)
        yield say.drafts_stay(where)


def of_push_rules(rules: Json, where: str) -> Iterator[Finding]:
    """What push rules mean for what portico commits, and for tags."""
    for field, words in _REFUSES.items():
        if rules.get(field):
            yield say.commits_refused(words, where)
    for field, words in _HINDERS.items():
        if rules.get(field):
            yield say.commits_hindered(words.format(quoted(str(rules[field]))), where)
    if rules.get("deny_delete_tag"):
        yield say.tags_stay("A push rule refuses the deletion of tags.", where)


def of_merging(
    me: Me, branch: str, protected: Sequence[Json] | None, project: Json, page: str
) -> Iterator[Finding]:
    """Whether a merge request into `branch` can be merged; `protected` is None where it is not shown."""
    where, settings = f"{page}/-/settings/repository", f"{page}/-/settings/merge_requests"
    rules = [rule for rule in protected or () if matches(str(rule.get("name")), branch)]
    if protected is None:
        yield say.unseen_branches(branch)
    elif not rules:
        yield say.open_branch(branch, where)
    elif any(_merges(rule, me) for rule in rules):
        yield say.merges()
    else:
        levels = [level for rule in rules for level in rule.get("merge_access_levels") or ()]
        yield say.may_not_merge(branch, who(levels), where)
    if any(rule.get("code_owner_approval_required") for rule in rules):
        yield say.rule_met(f"The branch {quoted(branch)} demands an approval by the code owners.")
    if method := _METHODS.get(str(project.get("merge_method"))):
        yield say.rebased_only(method, settings)
    if project.get("merge_trains_enabled"):
        yield say.rule_met(f"The branch {quoted(branch)} is merged into by its merge train.")
    if project.get("only_allow_merge_if_pipeline_succeeds"):
        yield say.waits_for(f"The branch {quoted(branch)} demands that pipelines went well.")
    if project.get("only_allow_merge_if_all_discussions_are_resolved"):
        yield say.rule_met(f"The branch {quoted(branch)} demands that every thread is resolved.")


def of_approvals(settings: Json | None, branch: str, page: str) -> Iterator[Finding]:
    """What the project's own settings of approvals mean; None where they are not shown, or not paid for."""
    if settings is None:
        return
    if settings.get("reset_approvals_on_push"):
        yield say.stale_dismissed(branch)
    if settings.get("require_password_to_approve"):
        yield say.rule_met("People are asked for their password when they approve.")
    if settings.get("merge_requests_author_approval"):
        yield say.rule_met(
            "GitLab lets authors approve what they wrote; portico does as the policy's `selfApproval` says."
        )
    if count := int(settings.get("approvals_before_merge") or 0):
        yield say.rule_met(f"GitLab asks for {count} approvals itself ({page}/-/settings/merge_requests).")


def of_tags(me: Me, protected: Sequence[Json] | None, tags: Sequence[str], where: str) -> Iterator[Finding]:
    """Whether portico may create `tags`, which stand for all that it creates; None where it is not shown."""
    if protected is None:
        return
    rules = [rule for rule in protected if any(matches(str(rule.get("name")), tag) for tag in tags)]
    if not rules:
        yield say.tags_open(where)
    elif any(allows(rule.get("create_access_levels"), me) for rule in rules):
        yield say.tags_free()
    else:
        name, levels = str(rules[0].get("name")), rules[0].get("create_access_levels")
        sentence = f"A tag like {quoted(name)} is created by {who(levels)} only, and portico is none of them."
        yield say.tags_refused(sentence, where)


def lacking(hook: Json, branches: Sequence[str], *, pipelines: bool) -> tuple[str, ...]:
    """What a webhook does not tell of; `branches` are those whose pushes must be told."""
    wanted = {**EVENTS, **dict([PIPELINES] if pipelines else ())}
    found = [words for field, words in wanted.items() if not hook.get(field)]
    pattern = str(hook.get("push_events_branch_filter") or "")
    # What a regular expression lets through is left to the deliveries to show.
    if pattern and hook.get("branch_filter_strategy", "wildcard") == "wildcard":
        found += [f"pushes to {branch}" for branch in branches if not matches(pattern, branch)]
    return tuple(found)


def allows(levels: Sequence[Json] | None, me: Me) -> bool:
    """Whether any of the access levels of a protection lets portico in."""
    return any(_lets(level, me) for level in levels or ())


def _lets(level: Json, me: Me) -> bool:
    if level.get("user_id"):
        return bool(level["user_id"] == me.id)
    if level.get("group_id") or level.get("deploy_key_id"):
        return False  # a user of a token is in no group but its own
    least = int(level.get("access_level") or 0)
    return 0 < least <= me.level


def _merges(rule: Json, me: Me) -> bool:
    return allows(rule.get("merge_access_levels"), me) or allows(rule.get("push_access_levels"), me)
