"""What the API server of a cluster is answered, by HTTPS, before it stores a change of a package."""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from bot.errors import InvalidDocument
from bot.kubernetes.admission import Admission
from bot.web.log import Log

# Two objects of at most 1.5 MiB each, as etcd has it, and what is said about them.
LARGEST_REVIEW = 8 * 1024 * 1024


def admission_application(admission: Admission, log: Log) -> Flask:
    """The WSGI application: POST to the door of the stamps, with an AdmissionReview in and out.

    Every program in a cluster can reach it: for whoever does not know the door no mark is made.
    """
    app = Flask("bot.web.admission", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REVIEW
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.post(admission.stamps.door, provide_automatic_options=False)
    def review() -> dict[str, object]:
        return admission.answer(request.get_json(force=True, silent=True))

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        if isinstance(error, InvalidDocument):
            return Response(f"{error}\n", 400, content_type="text/plain; charset=utf-8")
        if isinstance(error, HTTPException):
            return Response(f"{error.name}.\n", error.code, content_type="text/plain; charset=utf-8")
        number = log.fault("admission", error)
        text = f"Portico failed, and has logged why as {number}; tell its owner.\n"
        return Response(text, 500, content_type="text/plain; charset=utf-8")

    return app
