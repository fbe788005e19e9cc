"""What is answered over HTTP: webhooks, two questions after health, and the metrics."""

from collections.abc import Mapping

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from bot.errors import InvalidDocument, UserError
from bot.packages.naming import quoted
from bot.web.door import Door
from bot.web.headers import Headers
from bot.web.look import look_of
from bot.web.measures import OTHER
from bot.web.office import Office
from bot.web.todo import Full, NotKept

# What GitHub sends at most; GitLab's and Gitea's are smaller.
LARGEST_BODY = 25 * 1024 * 1024
SENTENCES = {
    404: "There is nothing here; webhooks go to /webhooks/<forge>.",
    405: "This is not how this address is called.",
    413: "The body must have at most 25 MB.",
}


class Reception:
    """Takes webhooks in: signed, ours, and kept for good before the answer."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def receive(self, forge: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        """Status and sentence for one delivery."""
        door = self.office.doors.get(forge)
        if door is None:
            return 404, f"No webhooks of {quoted(forge)} are taken here."
        status, sentence = self._hear(door, headers, body)
        event = headers.get(door.event_header, "")
        self.office.measures.answered(forge, event if event in door.events else OTHER, status)
        return status, sentence

    def _hear(self, door: Door, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        try:
            heard = door.hear(headers, body, door.secrets)
        except InvalidDocument as error:
            return 400, str(error)
        except UserError as error:
            self.office.log.trouble("webhook", forge=door.forge, status=401, text=str(error))
            return 401, str(error)
        if heard is None:
            return 200, "This is nothing that Portico looks at."
        fields = {"forge": door.forge, **heard._asdict()}
        known = door.registrations.of(heard.repository)
        if known is None:
            self.office.log.note("webhook", **fields, status=200, text="not registered")
            return 200, f"{quoted(heard.repository)} is not among the repositories of the settings."
        if door.is_echo(heard):
            self.office.log.note("webhook", **fields, status=200, text="our own doing")
            return 200, "This tells what Portico did itself."
        try:
            new = self.office.todo.ask(
                look_of(door.forge, known.name, heard), heard.delivery, self.office.now()
            )
        except NotKept as error:
            self.office.log.trouble("webhook", **fields, status=503, text=str(error))
            what = "The queue is full" if isinstance(error, Full) else "The queue cannot be used now"
            return 503, f"{what}; deliver this again later."
        if not new:
            self.office.log.note("webhook", **fields, status=200, text="done before")
            return 200, "This delivery was dealt with before."
        self.office.bell.ring()
        self.office.log.note("webhook", **fields, status=202)
        return 202, "This will be looked at."


def application(office: Office) -> Flask:
    """The WSGI application; it keeps nothing between requests but what it was given."""
    reception = Reception(office)
    app = Flask("bot.web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.post("/webhooks/<forge>", provide_automatic_options=False)
    def webhook(forge: str) -> Response:
        status, sentence = reception.receive(forge, Headers(request.headers), request.get_data(cache=False))
        return _plain(status, sentence)

    @app.get("/healthz", provide_automatic_options=False)
    def healthz() -> Response:
        trouble = office.health.alive()
        return _plain(503 if trouble else 200, trouble or "Alive.")

    @app.get("/readyz", provide_automatic_options=False)
    def readyz() -> Response:
        trouble = office.health.alive() or office.health.ready(office.todo, office.now())
        return _plain(
            503 if trouble else 200, trouble or f"Ready. {office.health.warning(office.todo)}".strip()
        )

    @app.get("/metrics", provide_automatic_options=False)
    def metrics() -> Response:
        return Response(office.measures.text(), content_type="text/plain; version=0.0.4; charset=utf-8")

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        if isinstance(error, HTTPException):
            status = error.code or 500
            answer = _plain(status, SENTENCES.get(status, error.name + "."))
            if status == 405 and error.get_response().headers.get("Allow"):
                answer.headers["Allow"] = error.get_response().headers["Allow"]
            return answer
        number = office.log.fault("request", error, path=request.path)
        return _plain(500, f"Portico failed, and has logged why as {number}; tell its owner.")

    return app


def _plain(status: int, sentence: str) -> Response:
    headers = {"X-Content-Type-Options": "nosniff"}
    if status == 503:
        headers["Retry-After"] = "30"
    return Response(f"{sentence}\n", status, headers, content_type="text/plain; charset=utf-8")
