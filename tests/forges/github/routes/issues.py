"""Questions about issues, comments, reactions and labels; a pull request is an issue."""

from tests.forges.github import opening, talking
from tests.forges.github.ask import Answer, Ask, Route
from tests.forges.github.pull_request import PullRequest
from tests.forges.github.refusal import absent, invalid, not_for_apps
from tests.forges.github.shapes import pull
from tests.forges.github.shapes.issue import numbered

ISSUES = "/repos/{owner}/{repo}/issues"
ISSUE = f"{ISSUES}/{{issue_number}}"
COMMENT = f"{ISSUES}/comments/{{comment_id}}"


def _pull(ask: Ask) -> PullRequest:
    return ask.repo.pull(ask.number("issue_number"))


def _number(ask: Ask) -> int:
    number = ask.number("issue_number")
    ask.repo.issue(number)
    return number


def get(ask: Ask) -> Answer:
    return 200, numbered(ask.place, ask.repo, _number(ask))


def numbers(ask: Ask) -> Answer:
    """Pull requests are issues here, too."""
    query = ask.request.query
    held = {**ask.repo.issues, **ask.repo.pulls}
    shown = [numbered(ask.place, ask.repo, number) for number in sorted(held)]
    if (state := query.get("state", "open")) != "all":
        shown = [each for each in shown if each["state"] == state]
    shown = [each for each in shown if each["updated_at"] >= query.get("since", "")]
    by = "updated_at" if query.get("sort") == "updated" else "created_at"
    is_falling = query.get("direction", "desc") == "desc"
    return ask.page(sorted(shown, key=lambda each: str(each[by]), reverse=is_falling))


def create(ask: Ask) -> Answer:
    asked = ask.need("title")
    made = talking.raise_issue(ask.world, ask.repo, ask.caller, asked["title"], asked.get("body") or "")
    shown = numbered(ask.place, ask.repo, made.number)
    return 201, shown, {"Location": shown["url"]}


def change(ask: Ask) -> Answer:
    number = _number(ask)
    if number in ask.repo.issues:
        held = ask.repo.issues[number]
        talking.rewrite_issue(ask.world, ask.repo, held, ask.caller, str(ask.body["body"]))
        return 200, numbered(ask.place, ask.repo, number)
    found = _pull(ask)
    opening.edit(ask.world, found, ask.caller, ask.body)
    return 200, pull.issue(ask.place, found)


def listed(ask: Ask) -> Answer:
    found = ask.repo.comments_on(_number(ask))
    since = ask.request.query.get("since", "")
    shown = (pull.comment(ask.place, ask.repo, each) for each in found)
    return ask.page(each for each in shown if each["updated_at"] >= since)


def all_listed(ask: Ask) -> Answer:
    query = ask.request.query
    shown = [pull.comment(ask.place, ask.repo, each) for each in ask.repo.comments.values()]
    shown = [each for each in shown if each["updated_at"] >= query.get("since", "")]
    by = "updated_at" if query.get("sort") == "updated" else "created_at"
    falling = query.get("direction") == "desc"
    return ask.page(sorted(shown, key=lambda each: str(each[by]), reverse=falling))


def say(ask: Ask) -> Answer:
    body = str(ask.need("body")["body"])
    made = talking.say(ask.world, ask.repo, ask.number("issue_number"), ask.caller, body)
    shown = pull.comment(ask.place, ask.repo, made)
    return 201, shown, {"Location": shown["url"]}


def comment(ask: Ask) -> Answer:
    return 200, pull.comment(ask.place, ask.repo, ask.repo.comment(ask.number("comment_id")))


def edit(ask: Ask) -> Answer:
    found = ask.repo.comment(ask.number("comment_id"))
    talking.edit(ask.world, ask.repo, found, ask.caller, str(ask.need("body")["body"]))
    return 200, pull.comment(ask.place, ask.repo, found)


def delete(ask: Ask) -> Answer:
    talking.unsay(ask.world, ask.repo, ask.repo.comment(ask.number("comment_id")), ask.caller)
    return 204, None


def reactions(ask: Ask) -> Answer:
    found = ask.repo.comment(ask.number("comment_id")).reactions
    wanted = ask.request.query.get("content")
    listed = (each for each in found if wanted in {None, each.content})
    return ask.page(pull.reaction(ask.place, each) for each in listed)


def react(ask: Ask) -> Answer:
    found = ask.repo.comment(ask.number("comment_id"))
    made, is_new = talking.react(ask.world, found, ask.caller, str(ask.need("content")["content"]))
    return 201 if is_new else 200, pull.reaction(ask.place, made)


def own_reactions(ask: Ask) -> Answer:
    found = ask.repo.issues.get(_number(ask))
    return ask.page(pull.reaction(ask.place, each) for each in (found.reactions if found else ()))


def react_to_issue(ask: Ask) -> Answer:
    found = ask.repo.issues.get(_number(ask))
    if not found:
        raise absent()  # reactions to a pull request's own text are not of this world
    if ask.caller.is_app and not ask.caller.may("issues:write"):
        raise not_for_apps()
    made, is_new = talking.react(ask.world, found, ask.caller, str(ask.need("content")["content"]))
    return 201 if is_new else 200, pull.reaction(ask.place, made)


def unreact(ask: Ask) -> Answer:
    talking.unreact(ask.repo.comment(ask.number("comment_id")), ask.number("reaction_id"))
    return 204, None


def labels(ask: Ask) -> Answer:
    return ask.page(pull.label(ask.place, ask.repo, each) for each in _pull(ask).labels)


def add_labels(ask: Ask) -> Answer:
    said = ask.request.json()
    names = said.get("labels", []) if isinstance(said, dict) else said
    talking.add_labels(ask.world, _pull(ask), ask.caller, names)
    return labels(ask)


def remove_label(ask: Ask) -> Answer:
    talking.remove_label(ask.world, _pull(ask), ask.caller, ask.parts["name"])
    return labels(ask)


def all_labels(ask: Ask) -> Answer:
    return ask.page(pull.label(ask.place, ask.repo, each) for each in ask.repo.labels.values())


def create_label(ask: Ask) -> Answer:
    asked = ask.need("name")
    if asked["name"].lower() in ask.repo.labels:
        raise invalid("Label", "name", "already_exists")
    made = ask.repo.label(asked["name"], ask.world.next())
    made.color, made.description = asked.get("color", made.color), asked.get("description")
    return 201, pull.label(ask.place, ask.repo, made)


def get_label(ask: Ask) -> Answer:
    found = ask.repo.labels.get(ask.parts["name"].lower())
    if not found:
        raise absent()
    return 200, pull.label(ask.place, ask.repo, found)


READ, WRITE = "issues:read|pull_requests:read", "issues:write|pull_requests:write"
ROUTES = (
    Route("GET", ISSUES, numbers, READ),
    Route("GET", ISSUE, get, READ),
    Route("PATCH", ISSUE, change, WRITE),
    Route("POST", ISSUES, create, "issues:write"),
    Route("GET", f"{ISSUE}/reactions", own_reactions, READ),
    Route("POST", f"{ISSUE}/reactions", react_to_issue, WRITE),
    Route("GET", f"{ISSUE}/comments", listed, READ),
    Route("POST", f"{ISSUE}/comments", say, WRITE),
    Route("GET", f"{ISSUES}/comments", all_listed, READ),
    Route("GET", COMMENT, comment, READ),
    Route("PATCH", COMMENT, edit, WRITE),
    Route("DELETE", COMMENT, delete, WRITE),
    Route("GET", f"{COMMENT}/reactions", reactions, READ),
    Route("POST", f"{COMMENT}/reactions", react, WRITE),
    Route("DELETE", f"{COMMENT}/reactions/{{reaction_id}}", unreact, WRITE),
    Route("GET", f"{ISSUE}/labels", labels, READ),
    Route("POST", f"{ISSUE}/labels", add_labels, WRITE, "triage"),
    Route("DELETE", f"{ISSUE}/labels/{{name}}", remove_label, WRITE, "triage"),
    Route("GET", "/repos/{owner}/{repo}/labels", all_labels, READ),
    Route("POST", "/repos/{owner}/{repo}/labels", create_label, WRITE, "write"),
    Route("GET", "/repos/{owner}/{repo}/labels/{name}", get_label, READ),
)
