"""What GitLab says of portico, a project and its webhooks, read for the check and judged elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.errors import AccessDenied, NotFound, Refused
from bot.forges.gitlab import people, requirements
from bot.forges.gitlab.place import Place, in_path
from bot.forges.gitlab.protection import ends_soon
from bot.forges.gitlab.requirements import Me
from bot.forges.gitlab.session import Answer
from bot.forges.shown import content, hidden
from bot.lifecycle import check_messages as say
from bot.lifecycle import judgement
from bot.lifecycle import rule_messages as rules
from bot.lifecycle.examined import Hook, Hooks, PolicyFile, Wanted
from bot.lifecycle.finding import Finding
from bot.lifecycle.owners import PLACES
from bot.lifecycle.policy import POLICY_FILE

FORGE = "gitlab"
MOST_DELIVERIES = 20
_SECRETS = {"x-gitlab-token", "webhook-signature"}
_STOPPED = {"disabled": "until somebody sends a test event", "temporarily_disabled": "for a while"}


class Examination:
    """One project, as its `place` knows it; each part is read when it is asked for."""

    def __init__(self, place: Place, wanted: Wanted) -> None:
        self._place, self._session, self._wanted = place, place.session, wanted
        self._project: Mapping[str, Any] = {}

    def findings(self) -> Iterator[Finding]:
        """Everything, or why nothing could be looked at; raises Later where GitLab cannot answer."""
        try:
            user = self._session.get("/user")
            self._project = self._session.get(self._place.path).body
        except (AccessDenied, NotFound, Refused) as error:
            yield say.not_let_in(str(error))
            return
        default = str(self._project.get("default_branch") or "")
        self._place.branch = self._place.branch or default
        number = int(user.body["id"])
        member = self._session.find(f"{self._place.path}/members/all/{number}") or {}
        me = Me(number, int(member.get("access_level") or 0))
        yield from self._credentials(user, me)
        yield from self._repository(default)
        yield from self._policy()
        yield from self._hooks()
        yield from self._restrictions(me)

    def _credentials(self, user: Answer, me: Me) -> Iterator[Finding]:
        login = str(user.body["username"])
        token = self._session.find("/personal_access_tokens/self") or {}
        named = f"by the token '{token['name']}'" if token.get("name") else "by its token"
        yield say.known_as("GitLab", login, named)
        if not user.body.get("bot") and not people.is_bot(login):
            yield say.a_person(login)
        if day := ends_soon(self._place):
            yield say.token_ends(day)
        left, most = (user.headers.get(f"ratelimit-{name}", "") for name in ("remaining", "limit"))
        if left.isdecimal() and most.isdecimal():
            yield say.allowance(int(left), int(most))
        scopes = token.get("scopes")
        found = requirements.of_token(scopes, me.level, self._wanted.page)
        yield from judgement.of_permissions(found, "They are set where the token was made.")

    def _repository(self, default: str) -> Iterator[Finding]:
        project, branch = self._project, self._place.branch
        if project.get("archived"):
            yield say.archived()
        if not project.get("merge_requests_enabled", True):
            where = f"{self._wanted.page}/edit, under 'Visibility, project features, permissions'"
            yield say.switched_off("Merge requests", where)
        found = self._session.find(f"{self._place.path}/repository/branches/{in_path(branch)}") or {}
        commit = str((found.get("commit") or {}).get("id") or "")
        yield say.branch_there(branch, commit) if commit else say.no_branch(branch, default)

    def _policy(self) -> Iterator[Finding]:
        branch, data = self._place.branch, self._file(POLICY_FILE)
        owners = not judgement.asks_owners(data) or any(self._file(path) is not None for path in PLACES)
        unreadable = hidden(judgement.teams_of(data), lambda team: people.members(self._place, team))
        yield from judgement.of_policy(PolicyFile(data, owners, unreadable), branch)

    def _file(self, path: str) -> bytes | None:
        where = f"{self._place.path}/repository/files/{in_path(path)}"
        return content(self._session.find(where, ref=self._place.branch))

    # Webhooks

    def _hooks(self) -> Iterator[Finding]:
        path, where = self._place.path, f"{self._wanted.page}/-/hooks"
        listed = self._session.find(f"{path}/hooks", per_page=100)
        found = [self._hook(hook, f"{path}/hooks", where) for hook in listed or ()]
        above = [hook for group in self._groups() for hook in self._hooks_of(group)]
        shown = None if listed is None and not above else (*found, *above)
        hooks = Hooks(shown, where, self._wanted.address, self._wanted.serves)
        yield from judgement.of_hooks(hooks, FORGE)

    def _groups(self) -> list[str]:
        """The groups that the project lies in, the nearest first; a group's webhook tells of it too."""
        steps = str(self._project.get("path_with_namespace") or "").split("/")[:-1]
        return ["/".join(steps[:end]) for end in range(len(steps), 0, -1)]

    def _hooks_of(self, group: str) -> list[Hook]:
        path = f"/groups/{in_path(group)}/hooks"
        where = f"{self._wanted.page.removesuffix(self._place.project)}groups/{group}/-/hooks"
        return [self._hook(hook, path, where) for hook in self._session.find(path, per_page=100) or ()]

    def _hook(self, listed: Mapping[str, Any], holder: str, where: str) -> Hook:
        status = str(listed.get("alert_status") or "")
        until = str(listed.get("disabled_until") or "")
        stopped = _STOPPED.get(status, "") if not until else f"until {until}"
        branches = (self._place.branch, self._wanted.draft)
        pipelines = bool(self._project.get("only_allow_merge_if_pipeline_succeeds"))
        events = self._session.find(f"{holder}/{int(listed['id'])}/events", per_page=MOST_DELIVERIES)
        return Hook(
            url=str(listed.get("url") or ""),
            where=where,
            lacking=requirements.lacking(listed, branches, pipelines=pipelines),
            secret=_signed(events),
            verifies=bool(listed.get("enable_ssl_verification", True)),
            stopped=stopped,
            answers=tuple(_status(event) for event in (events or [])[:MOST_DELIVERIES]),
        )

    # What the forge demands

    def _restrictions(self, me: Me) -> Iterator[Finding]:
        page, branch = self._wanted.page, self._place.branch
        where, path = f"{page}/-/settings/repository", self._place.path
        protected = self._session.find(f"{path}/protected_branches", per_page=100)
        found = list(requirements.of_drafts(me, protected or (), self._wanted.draft, where))
        push_rules = self._session.find(f"{path}/push_rule") or {}
        found += requirements.of_push_rules(push_rules, where)
        if not found and me.level >= requirements.DEVELOPER:
            found = [rules.drafts_free()]
        yield from found
        yield from requirements.of_merging(me, branch, protected, self._project, page)
        yield from requirements.of_approvals(self._session.find(f"{path}/approvals"), branch, page)
        tags = self._session.find(f"{path}/protected_tags", per_page=100)
        yield from requirements.of_tags(me, tags, self._wanted.tags, where)


def _signed(events: Sequence[Mapping[str, Any]] | None) -> bool | None:
    """Whether the newest delivery came with a secret; GitLab does not show it on the webhook itself."""
    headers = (events[0].get("request_headers") if events else None) or None
    return None if headers is None else any(str(name).lower() in _SECRETS for name in headers)


def _status(event: Mapping[str, Any]) -> int:
    found = str(event.get("response_status") or "")
    return int(found) if found.isdecimal() else 0
