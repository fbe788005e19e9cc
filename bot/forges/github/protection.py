"""GitHub's own protection of the registered branch and of tags, told as sentences."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bot.forges.github.place import Place, in_path
from bot.lifecycle.change import Rule
from bot.packages.naming import quoted

MOST_RULESETS = 20  # whose details are read
_ROLES = {1: "readers", 2: "maintainers", 3: "triagers", 4: "writers", 5: "administrators of the repository"}
_ACTORS = {
    "Integration": "some Apps",
    "OrganizationAdmin": "owners of the organization",
    "Team": "some teams",
    "DeployKey": "deploy keys",
    "User": "some people",
}
_SENTENCES = {
    "creation": "may not be created",
    "update": "may not be changed",
    "deletion": "may not be deleted",
    "non_fast_forward": "may not be force-pushed",
    "required_linear_history": "demands a linear history, without merge commits",
    "required_signatures": "demands signed commits",
    "required_deployments": "demands deployments that went well",
    "merge_queue": "demands that changes are merged by its merge queue",
    "workflows": "demands workflows that went well",
    "code_scanning": "demands results of code scanning",
    "code_quality": "demands results of code quality",
}
_ALL_TAGS = "~ALL"
_OURS = "current_user_can_bypass"
_WAYS = {"always", "pull_requests_only", "exempt"}


def protection(place: Place) -> tuple[tuple[Rule, ...], bool]:
    """What is demanded of the registered branch and of tags, and whether merges go through a queue.

    What portico's credentials do not see is left out: rulesets are seen by who may read, who may lift them
    and the older branch protection by administrators alone.
    """
    base = f"{place.path}/rules/branches/{in_path(place.branch)}"
    active = place.session.find(base, per_page=100) or []
    details = Rulesets(place)
    subject = f"The branch {quoted(place.branch)}"
    rules = [
        Rule(str(rule["type"]), f"{subject} {demand(rule)}{details.lifted(rule.get('ruleset_id'))}.")
        for rule in active
        if rule.get("type")
    ]
    rules += _classic(place, subject)
    rules += _of_tags(place, details)
    return tuple(rules), any(rule.kind == "merge_queue" for rule in rules)


def demand(rule: Mapping[str, Any]) -> str:
    """What a rule of a ruleset demands, as the end of a sentence."""
    kind, details = str(rule["type"]), rule.get("parameters") or {}
    if kind == "pull_request":
        return _reviews(details, "require_code_owner_review", "dismiss_stale_reviews_on_push")
    if kind == "required_status_checks":
        named = [str(check.get("context")) for check in details.get("required_status_checks") or []]
        return _checks(named, strict=bool(details.get("strict_required_status_checks_policy")))
    if kind.endswith("_pattern"):
        negated = "not " if details.get("negate") else ""
        what = kind.removesuffix("_pattern").replace("_", " ")
        pattern = f"{details.get('operator')} {quoted(str(details.get('pattern')))}"
        return f"demands that the {what} does {negated}match: {pattern.replace('_', ' ')}"
    return _SENTENCES.get(kind, f"has the rule {quoted(kind.replace('_', ' '))}")


def _reviews(details: Mapping[str, Any], owners: str, stale: str) -> str:
    count = int(details.get("required_approving_review_count") or 0)
    parts = [f"{count} approving review{'' if count == 1 else 's'}"] if count else ["a pull request"]
    parts += ["one by the code owners"] if details.get(owners) else []
    parts += (
        ["one by somebody else than who pushed last"] if details.get("require_last_push_approval") else []
    )
    parts += ["every conversation resolved"] if details.get("required_review_thread_resolution") else []
    parts += ["reviews anew after a push"] if details.get(stale) else []
    methods = details.get("allowed_merge_methods") or []
    if 0 < len(methods) < 3:
        parts.append(f"a merge by {_either(map(str, methods))}")
    return f"demands {_all(parts)}"


def _checks(named: Sequence[str], *, strict: bool) -> str:
    latest = ", on a branch that is up to date" if strict else ""
    return f"demands that {_all(map(quoted, named)) or 'no check'} succeeded{latest}"


class Rulesets:
    """The rulesets' details, each read once."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._read: dict[int, Mapping[str, Any]] = {}

    def details(self, number: int) -> Mapping[str, Any]:
        if number not in self._read and len(self._read) < MOST_RULESETS:
            found = self._place.session.find(f"{self._place.path}/rulesets/{number}", includes_parents=True)
            self._read[number] = found or {}
        return self._read.get(number, {})

    def lifted(self, number: object) -> str:
        """Who may bypass a ruleset, as the end of a sentence; '' where GitHub does not say."""
        details = self.details(number) if isinstance(number, int) else {}
        ours = details.get(_OURS)
        if "bypass_actors" in details:
            names = [_actor(actor) for actor in details["bypass_actors"] or []]
            return f"; only {_all(dict.fromkeys(names))} may bypass it" if names else "; nobody may bypass it"
        if ours in _WAYS:
            return "; portico itself may bypass it"
        return "; portico may not bypass it" if ours == "never" else ""

    def passes(self, number: object) -> bool | None:
        """Whether portico may bypass a ruleset; None where GitHub does not say."""
        ours = self.details(number).get(_OURS) if isinstance(number, int) else None
        return None if ours is None else ours in _WAYS


def _actor(actor: Mapping[str, Any]) -> str:
    kind = str(actor.get("actor_type"))
    if kind == "RepositoryRole":
        return _ROLES.get(actor.get("actor_id") or 0, "people with a role of their own")
    return _ACTORS.get(kind, "others")


def _classic(place: Place, subject: str) -> list[Rule]:
    """The older branch protection, which knows no rulesets."""
    path = f"{place.path}/branches/{in_path(place.branch)}/protection"
    found = place.session.find(path) or {}
    everybody = bool((found.get("enforce_admins") or {}).get("enabled"))
    lifted = "; nobody may bypass it" if everybody else "; only administrators may bypass it"
    rules = [
        Rule(kind, f"{subject} {sentence(found[key])}{lifted}.")
        for key, (kind, sentence) in _CLASSIC.items()
        if found.get(key) and found[key].get("enabled", True)
    ]
    if restrictions := found.get("restrictions"):
        rules.append(Rule("update", f"{subject} may be pushed to by {_who(restrictions)} only."))
    return rules


def _always(kind: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda _: _SENTENCES[kind]


_CLASSIC: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], str]]] = {
    "required_pull_request_reviews": (
        "pull_request",
        lambda part: _reviews(part, "require_code_owner_reviews", "dismiss_stale_reviews") + _let_past(part),
    ),
    "required_status_checks": (
        "required_status_checks",
        lambda part: _checks(
            [str(context) for context in part.get("contexts") or []], strict=bool(part.get("strict"))
        ),
    ),
    "required_linear_history": ("required_linear_history", _always("required_linear_history")),
    "required_signatures": ("required_signatures", _always("required_signatures")),
    "required_conversation_resolution": (
        "required_conversation_resolution",
        lambda _: "demands every conversation resolved",
    ),
    "lock_branch": ("lock_branch", lambda _: "is locked: it demands that nobody changes it"),
}


def _let_past(part: Mapping[str, Any]) -> str:
    past = _who(part.get("bypass_pull_request_allowances") or {})
    return f" (not of {past})" if past else ""


def _who(actors: Mapping[str, Any]) -> str:
    names = [f"@{user.get('login')}" for user in actors.get("users") or []]
    names += [f"the team {quoted(str(team.get('slug')))}" for team in actors.get("teams") or []]
    names += [f"the App {quoted(str(app.get('slug')))}" for app in actors.get("apps") or []]
    return _all(names)


def _of_tags(place: Place, details: Rulesets) -> list[Rule]:
    found = place.session.find(f"{place.path}/rulesets", targets="tag", includes_parents=True, per_page=100)
    rules = []
    for listed in found or []:
        if listed.get("enforcement") != "active" or listed.get("target") != "tag":
            continue
        ruleset = details.details(int(listed["id"]))
        lifted = details.lifted(int(listed["id"]))
        subject = _tags(((ruleset.get("conditions") or {}).get("ref_name") or {}).get("include") or [])
        rules += [
            Rule(f"tag_{rule['type']}", f"{subject} {demand(rule)}{lifted}.")
            for rule in ruleset.get("rules") or []
            if rule.get("type")
        ]
    return rules


def _tags(patterns: Sequence[str]) -> str:
    if _ALL_TAGS in patterns or not patterns:
        return "A tag"
    return f"A tag like {_either(quoted(pattern.removeprefix('refs/tags/')) for pattern in patterns)}"


def _all(parts: Iterable[str]) -> str:
    return _joined(parts, "and")


def _either(parts: Iterable[str]) -> str:
    return _joined(parts, "or")


def _joined(parts: Iterable[str], word: str) -> str:
    *most, last = list(parts) or [""]
    return f"{', '.join(most)} {word} {last}" if most else last
