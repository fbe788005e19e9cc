"""Questions about notes and emoji beneath merge requests and issues."""

from tests.forges.gitlab import talking
from tests.forges.gitlab.ask import Answer, Ask, Route
from tests.forges.gitlab.note import Note
from tests.forges.gitlab.shapes import merge_request as shape


def _note(ask: Ask) -> Note:
    return talking.find(ask.noteable, ask.number("note"))


def listed(ask: Ask) -> Answer:
    """All notes, the newest first unless asked otherwise; GitLab's own are among them."""
    held, query = ask.noteable, ask.request.query
    by = "updated" if query.get("order_by") == "updated_at" else "made"
    is_falling = query.get("sort", "desc") == "desc"
    found = sorted(held.notes.values(), key=lambda each: (getattr(each, by), each.id), reverse=is_falling)
    if (kind := query.get("activity_filter", "all_notes")) != "all_notes":
        found = [each for each in found if each.system == (kind == "only_activity")]
    return ask.page(found, lambda each: shape.note(ask.place, held, each))


def get(ask: Ask) -> Answer:
    return 200, shape.note(ask.place, ask.noteable, _note(ask))


def write(ask: Ask) -> Answer:
    """A note; where all of it was quick actions there is none, and the answer is a 202 without an id."""
    asked, held = ask.need("body"), ask.noteable
    internal = bool(asked.get("internal") or asked.get("confidential"))
    made, taken = talking.write(ask.world, held, ask.user, str(asked["body"]), internal=internal)
    if not made:
        return 202, {"commands_changes": taken.changes, "summary": taken.summary}
    return 201, shape.note(ask.place, held, made, taken.changes)


def edit(ask: Ask) -> Answer:
    asked, held = ask.need("body"), ask.noteable
    found = talking.edit(ask.world, held, _note(ask), ask.user, str(asked["body"]))
    return 200, shape.note(ask.place, held, found)


def unsay(ask: Ask) -> Answer:
    talking.unsay(ask.world, ask.noteable, _note(ask), ask.user)
    return 204, None


# Emoji


def awards(ask: Ask) -> Answer:
    found = _note(ask)
    return ask.page(found.awards, lambda each: shape.award(ask.place, each, found))


def award(ask: Ask) -> Answer:
    asked, found = ask.need("name"), _note(ask)
    made = talking.award(ask.world, ask.noteable, ask.user, asked["name"], found)
    return 201, shape.award(ask.place, made, found)


def unaward(ask: Ask) -> Answer:
    talking.unaward(ask.world, ask.noteable, ask.user, ask.number("award"), _note(ask))
    return 204, None


def own_awards(ask: Ask) -> Answer:
    held = ask.noteable
    return ask.page(held.awards, lambda each: shape.award(ask.place, each, held))


def award_own(ask: Ask) -> Answer:
    asked, held = ask.need("name"), ask.noteable
    return 201, shape.award(ask.place, talking.award(ask.world, held, ask.user, asked["name"]), held)


def unaward_own(ask: Ask) -> Answer:
    talking.unaward(ask.world, ask.noteable, ask.user, ask.number("award"))
    return 204, None


def _routes(beneath: str) -> tuple[Route, ...]:
    notes = f"{beneath}/notes"
    note, own = f"{notes}/:note", f"{beneath}/award_emoji"
    return (
        Route("GET", notes, listed),
        Route("POST", notes, write),
        Route("GET", note, get),
        Route("PUT", note, edit),
        Route("DELETE", note, unsay),
        Route("GET", f"{note}/award_emoji", awards),
        Route("POST", f"{note}/award_emoji", award),
        Route("DELETE", f"{note}/award_emoji/:award", unaward),
        Route("GET", own, own_awards),
        Route("POST", own, award_own),
        Route("DELETE", f"{own}/:award", unaward_own),
    )


ROUTES = (*_routes("/projects/:id/merge_requests/:iid"), *_routes("/projects/:id/issues/:iid"))
