"""What GitHub's rules for branches and tags allow portico, read for the check and judged elsewhere."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.forges.github import requirements
from bot.forges.github.place import Place, in_path
from bot.forges.github.protection import Rulesets
from bot.forges.github.requirements import Demand
from bot.lifecycle import rule_messages as say
from bot.lifecycle.examined import Wanted
from bot.lifecycle.finding import Finding
from bot.packages.layout import TAGS, RefKind

_MOST_PROTECTED = 5  # drafts that are named
_ANY_APP = -1
_PLAIN = ("required_linear_history", "required_signatures", "required_conversation_resolution", "lock_branch")


class Restrictions:
    """The rules of one repository; `app` is what GitHub said of portico's App."""

    def __init__(self, place: Place, wanted: Wanted, app: Mapping[str, Any]) -> None:
        self._place, self._session, self._wanted = place, place.session, wanted
        unknown = None if place.session.is_app else 0
        self._app = int(app["id"]) if app else unknown
        self._slug = str(app.get("slug") or "")
        self._rules = f"{wanted.page}/settings/rules"
        self._rulesets = Rulesets(place)

    def findings(self, repository: Mapping[str, Any], me: str, *, follows: bool) -> Iterator[Finding]:
        """Whether portico may push drafts, merge and tag; `repository` is GitHub's own description of it."""
        rights = repository.get("permissions") or {}
        protected = self._protected_drafts()
        drafts = self._for_branch(self._wanted.draft)
        found = list(requirements.of_drafts(drafts, protected, self._rules))
        yield from found or ([say.drafts_free()] if rights.get("push") else [])
        yield from self._merging(repository, me, follows=follows)
        yield from list(requirements.of_tags(self._of_tags(), self._rules)) or [say.tags_free()]

    def _merging(self, repository: Mapping[str, Any], me: str, *, follows: bool) -> Iterator[Finding]:
        name = self._place.branch
        branch = self._session.find(f"{self._place.path}/branches/{in_path(name)}") or {}
        classic = self._session.find(f"{self._place.path}/branches/{in_path(name)}/protection")
        demands = self._for_branch(name)
        if classic:
            demands += self._classic(
                classic, me, is_admin=bool((repository.get("permissions") or {}).get("admin"))
            )
        elif (branch.get("protection") or {}).get("enabled"):
            yield say.unseen_protection(name)
        elif branch and not branch.get("protected") and not demands:
            yield say.open_branch(name, self._rules)
        yield from requirements.of_merging(name, demands, repository, self._rules, follows=follows)

    def _for_branch(self, branch: str) -> list[Demand]:
        listed = (
            self._session.find(f"{self._place.path}/rules/branches/{in_path(branch)}", per_page=100) or []
        )
        return [self._demand(rule, rule.get("ruleset_id")) for rule in listed if rule.get("type")]

    def _demand(self, rule: Mapping[str, Any], ruleset: object) -> Demand:
        passes = self._rulesets.passes(ruleset)
        return Demand(requirements.pinned(rule, self._app) if _is_of_checks(rule) else rule, passes)

    def _protected_drafts(self) -> list[str]:
        """Drafts that a rule of any kind protects."""
        listed = self._session.find(f"{self._place.path}/branches", protected=True, per_page=100) or []
        names = [str(each.get("name")) for each in listed if (each.get("protection") or {}).get("enabled")]
        return [name for name in names if name.startswith(f"{RefKind.DRAFT}/")][:_MOST_PROTECTED]

    def _classic(self, found: Mapping[str, Any], me: str, *, is_admin: bool) -> list[Demand]:
        """The older branch protection, as rules of the newer form."""
        everybody = bool((found.get("enforce_admins") or {}).get("enabled"))
        passes = is_admin and not everybody
        demands = [Demand({"type": key}, passes) for key in _PLAIN if (found.get(key) or {}).get("enabled")]
        if reviews := found.get("required_pull_request_reviews"):
            more = {"require_code_owner_review": reviews.get("require_code_owner_reviews")}
            more["dismiss_stale_reviews_on_push"] = reviews.get("dismiss_stale_reviews")
            demands.append(Demand({"type": "pull_request", "parameters": {**reviews, **more}}, passes))
        if checks := found.get("required_status_checks"):
            demands.append(Demand(requirements.pinned(_of_checks(checks), self._app), passes))
        if (only := found.get("restrictions")) is not None:
            named = {str(user.get("login")) for user in only.get("users") or []}
            named |= {f"{app.get('slug')}[bot]" for app in only.get("apps") or []}
            # Who is in its teams is not asked for: portico in a team is a person, whom this cannot tell.
            unsure = None if only.get("teams") and not self._slug else False
            demands.append(Demand({"type": "update"}, passes or me in named or unsure))
        return demands

    def _of_tags(self) -> list[Demand]:
        refs = [f"{TAGS}{tag}" for tag in self._wanted.tags]
        path = f"{self._place.path}/rulesets"
        listed = self._session.find(path, targets="tag", includes_parents=True, per_page=100) or []
        demands = []
        for each in listed:
            if each.get("enforcement") != "active" or each.get("target") != "tag":
                continue
            ruleset = self._rulesets.details(int(each["id"]))
            if requirements.covers(ruleset.get("conditions"), refs):
                demands += [self._demand(rule, int(each["id"])) for rule in ruleset.get("rules") or []]
        return demands


def _is_of_checks(rule: Mapping[str, Any]) -> bool:
    return rule.get("type") == "required_status_checks"


def _of_checks(found: Mapping[str, Any]) -> dict[str, Any]:
    checks = [
        {"context": each.get("context"), "integration_id": _app_of(each.get("app_id"))}
        for each in found.get("checks") or [{"context": context} for context in found.get("contexts") or []]
    ]
    details = {
        "required_status_checks": checks,
        "strict_required_status_checks_policy": bool(found.get("strict")),
    }
    return {"type": "required_status_checks", "parameters": details}


def _app_of(number: object) -> object:
    return None if number == _ANY_APP else number
