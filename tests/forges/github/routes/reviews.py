"""Questions about reviews."""

from tests.forges.github import reviewing
from tests.forges.github.ask import Answer, Ask, Route
from tests.forges.github.routes.pulls import PULL, READ, WRITE, find
from tests.forges.github.shapes import pull

REVIEWS = f"{PULL}/reviews"
REVIEW = f"{REVIEWS}/{{review_id}}"


def listed(ask: Ask) -> Answer:
    found = find(ask)
    return ask.page(pull.review(ask.place, found, each) for each in reviewing.visible(found, ask.caller))


def submit(ask: Ask) -> Answer:
    found = find(ask)
    made = reviewing.submit(ask.world, found, ask.caller, ask.body)
    return 200, pull.review(ask.place, found, made)


def get(ask: Ask) -> Answer:
    found = find(ask)
    return 200, pull.review(ask.place, found, reviewing.find(found, ask.number("review_id")))


def send(ask: Ask) -> Answer:
    found = find(ask)
    review = reviewing.find(found, ask.number("review_id"))
    reviewing.send(ask.world, found, review, ask.caller, ask.need("event"))
    return 200, pull.review(ask.place, found, review)


def dismiss(ask: Ask) -> Answer:
    found = find(ask)
    review = reviewing.find(found, ask.number("review_id"))
    reviewing.dismiss(ask.world, found, review, ask.caller, str(ask.need("message")["message"]))
    return 200, pull.review(ask.place, found, review)


ROUTES = (
    Route("GET", REVIEWS, listed, READ),
    Route("POST", REVIEWS, submit, WRITE),
    Route("GET", REVIEW, get, READ),
    Route("POST", f"{REVIEW}/events", send, WRITE),
    Route("PUT", f"{REVIEW}/dismissals", dismiss, WRITE),
)
