"""Questions about webhooks, and what else only those are told who look after a repository."""

from tests.forges.clock import stamp
from tests.forges.github.ask import Answer, Ask, Route
from tests.forges.github.refusal import absent
from tests.forges.github.routes.apps import brief
from tests.forges.github.shapes import repository
from tests.forges.github.webhooks import Delivery, Hook

REPO = "/repos/{owner}/{repo}"
PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
STARS = "********"


def _config(held: Hook) -> dict[str, str]:
    found = {"url": held.url or "https://bot.test/", "content_type": "json", "insecure_ssl": held.insecure}
    return {**found, **({"secret": STARS} if held.secret else {})}


def of_app(ask: Ask) -> Answer:
    found = next(each for each in ask.world.switchboard.hooks if each.app is ask.caller.app)
    return 200, _config(found)


def listed(ask: Ask) -> Answer:
    return ask.page(_shown(ask, each) for each in _hooks(ask))


def _hooks(ask: Ask) -> list[Hook]:
    return [each for each in ask.world.switchboard.hooks if each.repository is ask.repo]


def _shown(ask: Ask, held: Hook) -> dict[str, object]:
    url = f"{repository.url(ask.place, ask.repo)}/hooks/{held.id}"
    last = next(iter(_tried(ask, held)), None)
    words = "unused" if not last else ("active" if 200 <= last.code < 300 else "failed")
    code = last.code if last and last.code else None
    return {
        "type": "Repository",
        "id": held.id,
        "name": "web",
        "active": held.active,
        "events": sorted(held.events) if held.events is not None else ["*"],
        "config": _config(held),
        "created_at": stamp(ask.repo.made),
        "updated_at": stamp(ask.repo.made),
        "url": url,
        "test_url": f"{url}/test",
        "ping_url": f"{url}/pings",
        "deliveries_url": f"{url}/deliveries",
        "last_response": {"code": code, "status": words, "message": None},
    }


def _tried(ask: Ask, held: Hook) -> list[Delivery]:
    found = (each for each in ask.world.switchboard.tried if each.hook is held)
    return sorted(found, key=lambda each: each.id, reverse=True)


def deliveries(ask: Ask) -> Answer:
    found = next((each for each in _hooks(ask) if each.id == ask.number("hook_id")), None)
    if not found:
        raise absent()
    size = min(int(ask.request.query.get("per_page", "30")), 100)
    return 200, [brief(each) for each in _tried(ask, found)[:size]]


def workflow(ask: Ask) -> Answer:
    allowed = ask.repo.settings.actions_may_open_pulls
    return 200, {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": allowed}


def codeowners(ask: Ask) -> Answer:
    """What cannot be read of the file CODEOWNERS: here lines whose owners are none."""
    name = ask.request.query.get("ref") or ask.repo.default_branch
    sha = ask.repo.bare.resolve(name)
    found = next(((p, text) for p in PLACES if (text := ask.repo.bare.read(sha, p)) is not None), None)
    if found is None:
        raise absent()
    path, text = found
    errors = []
    for number, line in enumerate(text.decode().splitlines(), 1):
        bad = next((word for word in line.split()[1:] if "@" not in word and not line.startswith("#")), None)
        if bad:
            mark = " " * line.index(bad) + "^"
            errors.append(
                {
                    "line": number,
                    "column": line.index(bad) + 1,
                    "source": line,
                    "kind": "Invalid owner",
                    "suggestion": None,
                    "message": f"Invalid owner on line {number}:\n\n  {line}\n  {mark}",
                    "path": path,
                }
            )
    return 200, {"errors": errors}


READ = "repository_hooks:read"
ROUTES = (
    Route("GET", "/app/hook/config", of_app, role="self"),
    Route("GET", f"{REPO}/hooks", listed, READ, "admin", 404),
    Route("GET", f"{REPO}/hooks/{{hook_id}}/deliveries", deliveries, READ, "admin", 404),
    Route("GET", f"{REPO}/actions/permissions/workflow", workflow, "administration:read", "admin", 404),
    Route("GET", f"{REPO}/codeowners/errors", codeowners, "contents:read"),
)
