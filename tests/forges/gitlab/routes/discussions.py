"""Questions about threads beneath merge requests and issues."""

from tests.forges.gitlab import talking
from tests.forges.gitlab.ask import Answer, Ask, Route
from tests.forges.gitlab.note import Note
from tests.forges.gitlab.refusal import absent, bad
from tests.forges.gitlab.shapes import merge_request as shape


def _threads(ask: Ask) -> dict[str, list[Note]]:
    """Notes by the thread that they are in, those that stand alone too."""
    found: dict[str, list[Note]] = {}
    for each in ask.noteable.notes.values():
        found.setdefault(each.discussion, []).append(each)
    return found


def _thread(ask: Ask) -> list[Note]:
    found = _threads(ask).get(ask.parts["thread"])
    if not found:
        raise absent("Discussion")
    return found


def _note(ask: Ask) -> Note:
    found = next((each for each in _thread(ask) if each.id == ask.number("note")), None)
    if not found:
        raise absent()
    return found


def listed(ask: Ask) -> Answer:
    return ask.page(_threads(ask).values(), lambda each: shape.discussion(ask.place, ask.noteable, each))


def get(ask: Ask) -> Answer:
    return 200, shape.discussion(ask.place, ask.noteable, _thread(ask))


def begin(ask: Ask) -> Answer:
    asked, held = ask.need("body"), ask.noteable
    made, _ = talking.write(ask.world, held, ask.user, str(asked["body"]), thread=0)
    if not made:
        raise bad("Bad request")
    return 201, shape.discussion(ask.place, held, [made])


def reply(ask: Ask) -> Answer:
    """One more in a thread; a note that stood alone begins one by it."""
    asked, held, first = ask.need("body"), ask.noteable, _thread(ask)[0]
    first.thread = first.id
    made, _ = talking.write(ask.world, held, ask.user, str(asked["body"]), thread=first.id)
    if not made:
        raise bad("Bad request")
    return 201, shape.note(ask.place, held, made)


def get_note(ask: Ask) -> Answer:
    return 200, shape.note(ask.place, ask.noteable, _note(ask))


def edit(ask: Ask) -> Answer:
    """Other words, or the thread resolved, not both at once."""
    asked, held, found = ask.body, ask.noteable, _note(ask)
    if "resolved" in asked:
        is_resolved = str(asked["resolved"]).lower() == "true"
        talking.resolve(held, found.thread, ask.user if is_resolved else None)
    else:
        talking.edit(ask.world, held, found, ask.user, str(ask.need("body")["body"]))
    return 200, shape.note(ask.place, held, found)


def unsay(ask: Ask) -> Answer:
    talking.unsay(ask.world, ask.noteable, _note(ask), ask.user)
    return 204, None


def _routes(beneath: str) -> tuple[Route, ...]:
    many = f"{beneath}/discussions"
    one, note = f"{many}/:thread", f"{many}/:thread/notes/:note"
    return (
        Route("GET", many, listed),
        Route("POST", many, begin),
        Route("GET", one, get),
        Route("POST", f"{one}/notes", reply),
        Route("GET", note, get_note),
        Route("PUT", note, edit),
        Route("DELETE", note, unsay),
    )


ROUTES = (*_routes("/projects/:id/merge_requests/:iid"), *_routes("/projects/:id/issues/:iid"))
