"""Questions of an App about itself: where it is installed, its tokens, and its deliveries."""

from typing import Any

from tests.forges.clock import stamp
from tests.forges.github.apps import App, Installation
from tests.forges.github.ask import Answer, Ask, Route
from tests.forges.github.refusal import Refused, absent
from tests.forges.github.shapes import people, repository
from tests.forges.github.webhooks import Delivery

INSTALLATION = "/app/installations/{installation_id}"
DELIVERY = "/app/hook/deliveries/{delivery_id}"
LEVELS = ("read", "write", "admin")


def _app(ask: Ask) -> App:
    assert ask.caller.app is not None
    return ask.caller.app


def get(ask: Ask) -> Answer:
    return 200, people.app(ask.place, _app(ask), counted=True)


def installations(ask: Ask) -> Answer:
    return ask.page(people.installation(ask.place, each) for each in _app(ask).installations)


def _find(ask: Ask) -> Installation:
    number = ask.number("installation_id")
    found = next((each for each in _app(ask).installations if each.id == number), None)
    if not found:
        raise absent()
    return found


def installation(ask: Ask) -> Answer:
    return 200, people.installation(ask.place, _find(ask))


def of_repository(ask: Ask) -> Answer:
    name = f"{ask.parts['owner']}/{ask.parts['repo']}".lower()
    held = ask.world.repositories.get(name)
    found = [i for i in _app(ask).installations if held and i.covers(held.id)]
    if not found:
        raise absent()
    return 200, people.installation(ask.place, found[0])


def of_account(ask: Ask) -> Answer:
    login = ask.parts.get("org") or ask.parts["username"]
    found = [i for i in _app(ask).installations if i.account.login == login]
    if not found:
        raise absent()
    return 200, people.installation(ask.place, found[0])


def token(ask: Ask) -> Answer:
    held, asked = _find(ask), ask.body
    if held.is_suspended:
        raise Refused(403, "This installation has been suspended")
    wanted: dict[str, str] = asked.get("permissions") or dict(held.permissions)
    for name, level in wanted.items():
        if LEVELS.index(level) > LEVELS.index(held.permissions.get(name, "read")) or (
            name not in held.permissions
        ):
            raise Refused(422, "The permissions requested are not granted to this installation.")
    ids = _chosen(ask, held)
    made = ask.world.installation_token(held, wanted, ids)
    assert made.expires is not None
    shown: dict[str, Any] = {
        "token": made.token,
        "expires_at": stamp(made.expires),
        "permissions": wanted,
        "repository_selection": "selected" if ids or held.repositories is not None else "all",
    }
    if ids:
        listed = [r for r in ask.world.repositories.values() if r.id in ids]
        shown["repositories"] = [repository.repository(ask.place, each) for each in listed]
    return 201, shown


def _chosen(ask: Ask, held: Installation) -> list[int] | None:
    asked = ask.body
    if "repositories" not in asked and "repository_ids" not in asked:
        return None
    owned = [r for r in ask.world.repositories.values() if r.owner is held.account and held.covers(r.id)]
    names, ids = asked.get("repositories", []), asked.get("repository_ids", [])
    found = [each.id for each in owned if each.name in names or each.id in ids]
    if len(found) < max(len(names), len(ids)):
        said = "There is at least one repository that does not exist or is not accessible to the parent"
        raise Refused(422, f"{said} installation.")
    return found


def repositories(ask: Ask) -> Answer:
    caller = ask.caller
    if not caller.installation:
        raise Refused(
            403, "You must authenticate with an installation access token in order to list repositories"
        )
    found = [r for r in ask.world.repositories.values() if r.id in (caller.repositories or ())]
    rights = repository.permissions("write" if caller.may("contents:write") else "read")
    shown = ({**repository.repository(ask.place, each), "permissions": rights} for each in found)
    _, page, headers = ask.page(shown)
    return 200, {"total_count": len(found), "repository_selection": "selected", "repositories": page}, headers


def rate_limit(ask: Ask) -> Answer:
    found = ask.limits.overview(ask.caller)
    found = ask.limits.overview(ask.caller)
    return 200, {"resources": found, "rate": found["core"]}


# Deliveries


def _deliveries(ask: Ask) -> list[Delivery]:
    return [each for each in ask.world.switchboard.tried if each.hook.app is _app(ask)]


def brief(held: Delivery) -> dict[str, object]:
    words = {0: "failed to connect to host", 200: "OK", 202: "OK", 204: "OK"}
    return {
        "id": held.id,
        "guid": held.guid,
        "delivered_at": stamp(held.at or held.due),
        "redelivery": held.redelivery,
        "duration": 0.1,
        "status": words.get(held.code, f"Invalid HTTP Response: {held.code}"),
        "status_code": held.code,
        "event": held.event,
        "action": held.action or None,
        "installation_id": held.installation,
        "repository_id": held.repository,
        "throttled_at": None,
    }


def deliveries(ask: Ask) -> Answer:
    found = sorted(_deliveries(ask), key=lambda each: each.id, reverse=True)
    query = ask.request.query
    size = min(int(query.get("per_page", "30")), 100)
    if cursor := query.get("cursor"):
        found = [each for each in found if each.id <= int(cursor.removeprefix("v1_"))]
    page, rest = found[:size], found[size:]
    link = (
        f'<{ask.place.api}/app/hook/deliveries?per_page={size}&cursor=v1_{rest[0].id}>; rel="next"'
        if rest
        else ""
    )
    return 200, [brief(each) for each in page], {"Link": link} if link else {}


def _delivery(ask: Ask) -> Delivery:
    number = ask.number("delivery_id")
    found = next((each for each in _deliveries(ask) if each.id == number), None)
    if not found:
        raise absent()
    return found


def delivery(ask: Ask) -> Answer:
    held = _delivery(ask)
    sent = {"headers": held.headers, "payload": held.payload}
    heard = {"headers": {}, "payload": held.said}
    return 200, {**brief(held), "url": held.hook.url, "request": sent, "response": heard}


def attempt(ask: Ask) -> Answer:
    ask.world.switchboard.again(_delivery(ask))
    return 202, {}


ROUTES = (
    Route("GET", "/app", get, role="self"),
    Route("GET", "/app/installations", installations, role="self"),
    Route("GET", INSTALLATION, installation, role="self"),
    Route("POST", f"{INSTALLATION}/access_tokens", token, role="self"),
    Route("GET", "/repos/{owner}/{repo}/installation", of_repository, role="self"),
    Route("GET", "/orgs/{org}/installation", of_account, role="self"),
    Route("GET", "/users/{username}/installation", of_account, role="self"),
    Route("GET", "/installation/repositories", repositories, role="user"),
    Route("GET", "/rate_limit", rate_limit),
    Route("GET", "/app/hook/deliveries", deliveries, role="self"),
    Route("GET", DELIVERY, delivery, role="self"),
    Route("POST", f"{DELIVERY}/attempts", attempt, role="self"),
)
