"""What GitHub says of portico, a repository and its webhooks, read for the check and judged elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from bot.errors import AccessDenied, NotFound, Refused
from bot.forges.github import people, requirements
from bot.forges.github.place import Place, in_path
from bot.forges.github.queries import HOME
from bot.forges.github.reading import DRAFT_LABEL
from bot.forges.github.restrictions import Restrictions
from bot.forges.shown import content, hidden
from bot.lifecycle import check_messages as say
from bot.lifecycle import judgement, rule_messages
from bot.lifecycle.examined import Hook, Hooks, PolicyFile, Wanted
from bot.lifecycle.finding import Finding
from bot.lifecycle.policy import POLICY_FILE
from bot.packages.problem import Problem

FORGE = "github"
ACTIONS = "github-actions[bot]"
MOST_DELIVERIES = 20
_BOT = "[bot]"


class Examination:
    """One repository, as its `place` knows it; each part is read when it is asked for."""

    def __init__(self, place: Place, wanted: Wanted) -> None:
        self._place, self._session, self._wanted = place, place.session, wanted
        self._app: Mapping[str, Any] = {}
        self._installation: Mapping[str, Any] = {}
        self._repository: Mapping[str, Any] = {}

    def findings(self) -> Iterator[Finding]:
        """Everything, or why nothing could be looked at; raises Later where GitHub cannot answer."""
        try:
            described = self._place.query(HOME, ("mergeQueue",), branch=self._place.branch or None)
            answer = self._session.get(self._place.path)
        except (AccessDenied, NotFound, Refused) as error:
            yield say.not_let_in(str(error))
            return
        self._repository, me = answer.body, self._place.known_as(described.get("viewer"))
        if self._session.is_app:
            self._app = self._session.find_as_app("/app") or {}
            self._installation = self._session.find_as_app(f"{self._place.path}/installation") or {}
        default = str(self._repository.get("default_branch") or "")
        self._place.branch = self._place.branch or default
        scopes = answer.headers.get("x-oauth-scopes")
        yield from self._credentials(me, scopes)
        yield from self._permissions(me, scopes)
        if self._repository.get("archived"):
            yield say.archived()
        yield from self._branch(default)
        yield from self._policy()
        yield from self._hooks()
        yield from Restrictions(self._place, self._wanted, self._app).findings(
            self._repository, me, follows=me != ACTIONS
        )

    def _credentials(self, me: str, scopes: str | None) -> Iterator[Finding]:
        if self._app:
            how = f"by the App '{self._app.get('slug')}'"
        else:
            how = "by a classic token" if scopes is not None else "by a token"
        yield say.known_as("GitHub", me, how)
        if me == ACTIONS:
            yield say.of_a_workflow(me)
        elif not self._session.is_app:
            yield say.a_person(me)
        found = self._session.find("/rate_limit") or {}
        core = (found.get("resources") or {}).get("core") or {}
        if core.get("limit"):
            yield say.allowance(int(core["remaining"]), int(core["limit"]))

    def _permissions(self, me: str, scopes: str | None) -> Iterator[Finding]:
        rights = self._repository.get("permissions") or {}
        if self._app:
            installed = str(self._installation.get("html_url") or "the installation's page")
            granted, asked = self._installation.get("permissions") or {}, self._app.get("permissions") or {}
            pages = f"{self._app_page()}/permissions", installed
            yield from judgement.of_permissions(requirements.of_app(granted, asked, *pages))
            return
        if scopes is not None:
            private = bool(self._repository.get("private"))
            where = f"{_root(self._wanted.page)}/settings/tokens"
            yield from judgement.of_permissions(requirements.of_scopes(scopes, private=private, where=where))
        else:
            found = requirements.of_other_token(pushes=bool(rights.get("push")), is_app=self._session.is_app)
            where = "They are set where the token was made, or under `permissions` of the workflow's job."
            yield from judgement.of_permissions(found, where)
        if not rights.get("push"):
            yield rule_messages.no_push("the role 'Write', or the permission 'contents: write'")
        if me == ACTIONS:
            yield from self._of_actions()

    def _of_actions(self) -> Iterator[Finding]:
        where = f"{self._wanted.page}/settings/actions"
        found = self._session.find(f"{self._place.path}/actions/permissions/workflow")
        if found is None:
            yield say.actions_unseen(where)
        elif not found.get("can_approve_pull_request_reviews"):
            yield say.actions_open_nothing(where)

    def _branch(self, default: str) -> Iterator[Finding]:
        branch = self._place.branch
        found = self._session.find(f"{self._place.path}/branches/{in_path(branch)}")
        commit = str(((found or {}).get("commit") or {}).get("sha") or "")
        yield say.branch_there(branch, commit) if commit else say.no_branch(branch, default)
        label = f"{self._place.path}/labels/{in_path(DRAFT_LABEL)}"
        if self._repository.get("private") and self._session.find(label):
            yield say.no_drafts(DRAFT_LABEL)

    def _policy(self) -> Iterator[Finding]:
        branch = self._place.branch
        data = content(self._session.find(f"{self._place.path}/contents/{POLICY_FILE}", ref=branch))
        errors: Mapping[str, Any] | None = {}
        if judgement.asks_owners(data):
            errors = self._session.find(f"{self._place.path}/codeowners/errors", ref=branch)
        unreadable = hidden(judgement.teams_of(data), lambda team: people.members(self._place, team))
        yield from judgement.of_policy(PolicyFile(data, errors is not None, unreadable), branch)
        for error in (errors or {}).get("errors") or []:
            text = " ".join(filter(None, (str(error.get("kind")), error.get("suggestion"))))
            yield say.owners_problem(Problem(str(error.get("path")), f"{text}.", int(error.get("line") or 0)))

    # Webhooks

    def _hooks(self) -> Iterator[Finding]:
        address, serves = self._wanted.address, self._wanted.serves
        if self._app:
            found = self._hook_of_app()
            hooks = Hooks(found and (found,), self._app_page(), address, serves)
            yield from judgement.of_only_hook(hooks, FORGE)
            return
        listed = self._session.find(f"{self._place.path}/hooks", per_page=100)
        shown = None if listed is None else tuple(map(self._hook, listed))
        where = f"{self._wanted.page}/settings/hooks"
        yield from judgement.of_hooks(Hooks(shown, where, address, serves), FORGE)

    def _hook_of_app(self) -> Hook | None:
        config = self._session.find_as_app("/app/hook/config")
        if config is None:
            return None
        found = self._session.find_as_app("/app/hook/deliveries", per_page=100) or []
        here = [each for each in found if each.get("repository_id") in {None, self._repository.get("id")}]
        events = self._app.get("events") or []
        lacking = tuple(event for event in requirements.EVENTS if event not in events)
        return _hook(config, self._app_page(), lacking, here)

    def _hook(self, listed: Mapping[str, Any]) -> Hook:
        path = f"{self._place.path}/hooks/{int(listed['id'])}/deliveries"
        found = self._session.find(path, per_page=MOST_DELIVERIES) or []
        events = listed.get("events") or []
        wanted = requirements.EVENTS_OF_A_REPOSITORY
        lacking = () if "*" in events else tuple(event for event in wanted if event not in events)
        where = f"{self._wanted.page}/settings/hooks/{int(listed['id'])}"
        made = _hook(listed.get("config") or {}, where, lacking, found)
        return made._replace(active=bool(listed.get("active")))

    def _app_page(self) -> str:
        owner, root = self._app.get("owner") or {}, _root(self._wanted.page)
        of = f"organizations/{owner.get('login')}/" if owner.get("type") == "Organization" else ""
        return f"{root}/{of}settings/apps/{self._app.get('slug')}"


def _hook(
    config: Mapping[str, Any], where: str, lacking: tuple[str, ...], deliveries: Sequence[Mapping[str, Any]]
) -> Hook:
    return Hook(
        url=str(config.get("url") or ""),
        where=where,
        lacking=lacking,
        secret=bool(config.get("secret")),
        verifies=str(config.get("insecure_ssl") or "0") == "0",
        answers=tuple(int(each.get("status_code") or 0) for each in deliveries[:MOST_DELIVERIES]),
    )


def _root(page: str) -> str:
    """The address of GitHub itself."""
    parts = urlsplit(page)
    return f"{parts.scheme}://{quote(parts.netloc, safe=':[]@')}"
