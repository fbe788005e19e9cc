"""What portico needs on GitHub, and what stands against it: judged by what was read, with nothing asked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from bot.forges.github.protection import demand
from bot.forges.github.reading import CONTEXT
from bot.lifecycle import rule_messages as say
from bot.lifecycle.examined import Permission
from bot.lifecycle.finding import Finding
from bot.packages.naming import quoted

# Name, level, what it is needed for, and whether only a part of the work needs it.
PERMISSIONS = (
    ("contents", "write", "rendered files, merges and tags", False),
    ("pull_requests", "write", "opening pull requests, marking them ready, and commenting", False),
    ("checks", "write", "the verdict on a commit", False),
    ("issues", "write", "hearing comments, and answering on issues", False),
    ("members", "read", "knowing who is in a team that may approve", True),
    ("administration", "read", "saying what branch protection demands", True),
)
# https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
SCOPES = (
    (("repo",), "everything that portico does", False),
    (("read:org", "write:org", "admin:org"), "knowing who is in a team that may approve", True),
)
EVENTS = (
    "push",
    "create",
    "delete",
    "pull_request",
    "pull_request_review",
    "issue_comment",
    "issues",
    "check_run",
)
# A person's token writes statuses, not check runs, so it hears of no button on a check.
EVENTS_OF_A_REPOSITORY = tuple(event for event in EVENTS if event != "check_run")
_LEVELS = ("", "read", "write", "admin")
_METHODS = {"merge": "allow_merge_commit", "squash": "allow_squash_merge", "rebase": "allow_rebase_merge"}
_HARMLESS = {"creation", "deletion", "non_fast_forward"}  # to a branch that is there, and only goes forward
_STOPS = {"update", "required_signatures", "lock_branch"}
_OTHERS_DO = {"required_deployments", "workflows", "code_scanning", "code_quality"}
_NO_PUSH = {
    "creation",
    "update",
    "pull_request",
    "required_status_checks",
    "merge_queue",
    "required_signatures",
}


class Demand(NamedTuple):
    """A rule for a branch or for tags; `passes` says whether portico may bypass it, None for unknown."""

    rule: Mapping[str, Any]
    passes: bool | None = False

    @property
    def kind(self) -> str:
        return str(self.rule.get("type"))

    @property
    def details(self) -> Mapping[str, Any]:
        return self.rule.get("parameters") or {}


def of_app(
    granted: Mapping[str, str], asked: Mapping[str, str], app: str, installed: str
) -> list[Permission]:
    """The permissions of an installation; `app` and `installed` are the pages where they are given."""
    found = []
    for name, level, reason, optional in PERMISSIONS:
        has = _LEVELS.index(granted.get(name, "")) >= _LEVELS.index(level)
        is_asked = _LEVELS.index(asked.get(name, "")) >= _LEVELS.index(level)
        where = f"Accept the App's new permissions on {installed}." if is_asked else f"Give it on {app}."
        found.append(Permission(f"`{name}: {level}`", has, reason, where, optional))
    return found


def of_scopes(header: str, *, private: bool, where: str) -> list[Permission]:
    """The scopes of a classic token, by the header in which GitHub names them."""
    scopes = {scope.strip() for scope in header.split(",")}
    found = []
    for names, reason, optional in SCOPES:
        enough = {*names, *(() if private or names != ("repo",) else ("public_repo",))}
        found.append(
            Permission(
                f"the scope `{names[0]}`", bool(scopes & enough), reason, f"Tick it on {where}.", optional
            )
        )
    return found


def of_other_token(*, pushes: bool, is_app: bool) -> list[Permission]:
    """What a token must have that does not tell its permissions; an App writes checks, others statuses."""
    return [
        Permission(
            f"`{'statuses' if name == 'checks' and not is_app else name}: {level}`",
            (pushes or None) if name == "contents" else None,
            reason,
            "",
        )
        for name, level, reason, optional in PERMISSIONS
        if not optional
    ]


def of_drafts(demands: Sequence[Demand], protected: Sequence[str], where: str) -> Iterator[Finding]:
    """What stands against pushing to drafts; `protected` are drafts that GitHub calls so."""
    for each in demands:
        words = demand(each.rule)
        if each.kind in _NO_PUSH:
            yield say.drafts_for_others(words, where) if each.passes else say.drafts_refused(words, where)
        elif each.kind == "deletion" and not each.passes:
            yield say.drafts_stay(where)
        elif each.kind.endswith("_pattern") and not each.passes:
            yield say.drafts_hindered(words, where)
    if protected and not demands:
        yield say.drafts_protected(protected, where)


def of_merging(
    branch: str, demands: Sequence[Demand], settings: Mapping[str, Any], where: str, *, follows: bool = True
) -> Iterator[Finding]:
    """Whether a change into `branch` can be merged.

    `settings` are the repository's; `follows` says whether what portico pushes starts workflows.
    """
    for each in demands:
        yield from _of_demand(branch, each, where, follows=follows)
    methods = _methods(demands, settings)
    if methods:
        yield say.merges_by(methods)
    elif methods is not None:
        yield say.no_method(where)


def _of_demand(branch: str, each: Demand, where: str, *, follows: bool) -> Iterator[Finding]:
    kind, sentence = each.kind, f"The branch {quoted(branch)} {demand(each.rule)}"
    if kind in _HARMLESS:
        return
    if each.passes:
        yield say.rule_met(f"{sentence}; portico may bypass it.")
    elif kind in _STOPS and each.passes is None:
        yield say.maybe_unmergeable(f"{sentence}; {say.UNKNOWN_BYPASS}.", where)
    elif kind in _STOPS:
        yield say.unmergeable(f"{sentence}; {say.NO_BYPASS}.", where)
    elif kind == "required_status_checks":
        yield from _of_checks(branch, each.details, f"{sentence}.", where, follows=follows)
    elif kind == "pull_request":
        yield say.rule_met(f"{sentence}.")
        if each.details.get("dismiss_stale_reviews_on_push") or each.details.get("dismiss_stale_reviews"):
            yield say.stale_dismissed(branch)
    elif kind in _OTHERS_DO or kind.endswith("_pattern"):
        yield say.waits_for(f"{sentence}.")
    elif kind in {"merge_queue", "required_linear_history", "required_conversation_resolution"}:
        yield say.rule_met(f"{sentence}.")
    else:
        yield say.maybe_unmergeable(f"{sentence}; {say.UNKNOWN_BYPASS}.", where)


def _of_checks(
    branch: str, details: Mapping[str, Any], sentence: str, where: str, *, follows: bool
) -> Iterator[Finding]:
    checks = details.get("required_status_checks") or []
    others = [str(check.get("context")) for check in checks if str(check.get("context")) != CONTEXT]
    if any(check.get("context") == CONTEXT and check.get("foreign") for check in checks):
        yield say.pinned_check(CONTEXT, where)
    if others and not follows:
        yield say.checks_never_run(others)
    else:
        yield say.rule_met(sentence)
    if details.get("strict_required_status_checks_policy"):
        yield say.up_to_date_first(branch)


def pinned(rule: Mapping[str, Any], app: int | None) -> dict[str, Any]:
    """A rule for checks in which those that count from another App alone are marked `foreign`.

    `app` is portico's, 0 where it is none, None where nobody knows.
    """
    details = rule.get("parameters") or {}
    checks = [
        {**check, "foreign": app is not None and check.get("integration_id") not in {None, app}}
        for check in details.get("required_status_checks") or []
    ]
    return {**rule, "parameters": {**details, "required_status_checks": checks}}


def _methods(demands: Sequence[Demand], settings: Mapping[str, Any]) -> list[str] | None:
    """The ways to merge that are left, in the order in which portico tries them; None for unknown."""
    if not any(setting in settings for setting in _METHODS.values()):
        return None
    allowed = [method for method, setting in _METHODS.items() if settings.get(setting)]
    for each in demands:
        if not each.passes:
            listed = each.details.get("allowed_merge_methods") or allowed
            linear = each.kind == "required_linear_history"
            allowed = [m for m in allowed if m in listed and not (linear and m == "merge")]
    return allowed


def of_tags(demands: Sequence[Demand], where: str) -> Iterator[Finding]:
    """Whether portico may create a tag, and delete it."""
    for each in demands:
        sentence = f"A tag '<path>/v<N>' {demand(each.rule)}"
        if each.passes or each.kind in {"update", "non_fast_forward"}:
            continue
        if each.kind == "deletion":
            yield say.tags_stay(f"{sentence}; {say.NO_BYPASS}.", where)
        elif each.kind == "creation" and each.passes is False:
            yield say.tags_refused(f"{sentence}; {say.NO_BYPASS}.", where)
        else:
            yield say.tags_maybe_refused(f"{sentence}; {say.UNKNOWN_BYPASS}.", where)
    if not demands:
        yield say.tags_open(where)


def covers(conditions: Mapping[str, Any] | None, refs: Sequence[str]) -> bool:
    """Whether a ruleset's conditions hold for any of the full names of refs."""
    names = (conditions or {}).get("ref_name") or {}
    included, excluded = names.get("include") or [], names.get("exclude") or []
    return any(_named(included, ref) and not _named(excluded, ref) for ref in refs)


def _named(patterns: Sequence[str], ref: str) -> bool:
    return any(pattern == "~ALL" or _expression(str(pattern)).fullmatch(ref) for pattern in patterns)


def _expression(pattern: str) -> re.Pattern[str]:
    """As File.fnmatch with FNM_PATHNAME, in which `**/` crosses segments and `*` does not."""
    known = {"**/": "(?:.*/)?", "*": "[^/]*", "**": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*+|\?)", pattern)
    return re.compile("".join(known.get(p, "[^/]*" if p.startswith("*") else re.escape(p)) for p in parts))
