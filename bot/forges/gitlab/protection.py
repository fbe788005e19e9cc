"""GitLab's own protection of the registered branch and of tags, told as sentences."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any

from bot.errors import NotFound, Refused
from bot.forges.gitlab.place import Place
from bot.lifecycle.change import Rule
from bot.packages.naming import quoted

WARN_DAYS = 14  # before the token ends
MOST_RULES = 50  # that are told, of each kind


def protection(place: Place, project: Mapping[str, Any]) -> tuple[Rule, ...]:
    """What is demanded of the registered branch and of tags; what is not shown to portico is left out."""
    return (
        *_of_project(project, f"The branch {quoted(place.branch)}"),
        *_of_branch(place),
        *_of_approvals(place),
        *_of_tags(place),
        *_of_token(place),
    )


def _of_project(project: Mapping[str, Any], subject: str) -> Iterator[Rule]:
    lifted = "; maintainers may change that in the settings of merge requests"
    if project.get("only_allow_merge_if_pipeline_succeeds"):
        yield Rule("pipeline", f"{subject} demands that pipelines went well{lifted}.")
    if project.get("only_allow_merge_if_all_discussions_are_resolved"):
        yield Rule("threads", f"{subject} demands that every thread is resolved{lifted}.")
    if project.get("merge_method") == "ff":
        yield Rule("method", f"{subject} takes fast-forwards only, so that drafts must be rebased{lifted}.")
    if project.get("merge_method") == "rebase_merge":
        yield Rule("method", f"{subject} takes only drafts that are rebased{lifted}.")
    if project.get("merge_trains_enabled"):
        yield Rule("merge_train", f"{subject} is merged into by its merge train{lifted}.")


def _of_branch(place: Place) -> Iterator[Rule]:
    for rule in listed(place, f"{place.path}/protected_branches"):
        if not matches(str(rule.get("name")), place.branch):
            continue
        subject = f"The branch {quoted(place.branch)}"
        yield Rule("merge", f"{subject} is merged into by {who(rule.get('merge_access_levels'))} only.")
        yield Rule("push", f"{subject} is pushed to by {who(rule.get('push_access_levels'))} only.")
        if rule.get("code_owner_approval_required"):
            yield Rule("code_owners", f"{subject} demands an approval by the code owners.")


def _of_approvals(place: Place) -> Iterator[Rule]:
    for rule in listed(place, f"{place.path}/approval_rules"):
        count = int(rule.get("approvals_required") or 0)
        branches = [str(branch.get("name")) for branch in rule.get("protected_branches") or []]
        if count and (not branches or any(matches(name, place.branch) for name in branches)):
            people = [f"@{user.get('username')}" for user in rule.get("users") or []]
            people += [
                f"the group {quoted(str(group.get('full_path')))}" for group in rule.get("groups") or []
            ]
            by = f" by {_either(people)}" if people else ""
            yield Rule(
                "approvals",
                f"The rule {quoted(str(rule.get('name')))} demands {count} "
                f"approval{'' if count == 1 else 's'}{by}.",
            )


def _of_tags(place: Place) -> Iterator[Rule]:
    for rule in listed(place, f"{place.path}/protected_tags"):
        by = who(rule.get("create_access_levels"))
        yield Rule("tag", f"A tag like {quoted(str(rule.get('name')))} is created by {by} only.")


def _of_token(place: Place) -> Iterator[Rule]:
    """A warning before the token ends: nothing works from that day on."""
    if day := ends_soon(place):
        yield Rule("token", f"Portico's token ends on {day}: give it a new one before that day.")


def ends_soon(place: Place) -> str:
    """The day on which the token ends, by GitLab's own clock, '' where that is far off, or not shown."""
    try:
        answer = place.session.get("/personal_access_tokens/self")
        ends = date.fromisoformat(str(answer.body.get("expires_at")))
        today = parsedate_to_datetime(answer.headers.get("date", "")).date()
    except (NotFound, Refused, AttributeError, TypeError, ValueError):
        return ""
    return ends.isoformat() if (ends - today).days <= WARN_DAYS else ""


def listed(place: Place, path: str) -> Sequence[Mapping[str, Any]]:
    found = place.session.find(path, per_page=100)
    return (
        [rule for rule in found if isinstance(rule, Mapping)][:MOST_RULES] if isinstance(found, list) else []
    )


def matches(pattern: str, branch: str) -> bool:
    """Whether a protected branch's name, in which `*` is anything, covers a branch."""
    return re.fullmatch(".*".join(map(re.escape, re.split(r"\*+", pattern))), branch) is not None


def who(levels: Iterable[Mapping[str, Any]] | None) -> str:
    names = [str(level.get("access_level_description") or "") for level in levels or ()]
    return _either(dict.fromkeys(quoted(name) for name in names if name)) or "nobody"


def _either(parts: Iterable[str]) -> str:
    *most, last = list(parts) or [""]
    return f"{', '.join(most)} or {last}" if most else last
