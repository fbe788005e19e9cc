"""What GitLab says when it does not do what it was asked."""

from typing import Any


class Refused(Exception):
    """An answer that is no success: its status, and its message, which may be a list or an object."""

    def __init__(self, status: int, message: Any, key: str = "message", **more: Any) -> None:
        super().__init__(str(message))
        self.status = status
        self.body: dict[str, Any] = {key: message, **more}


def absent(what: str = "") -> Refused:
    """A thing that is not there, or not for the caller; a thing without a name has a small `f`."""
    return Refused(404, f"404 {what} Not Found" if what else "404 Not found")


def forbidden() -> Refused:
    return Refused(403, "403 Forbidden")


def unauthorized() -> Refused:
    """Nobody known, and also somebody known who may not merge or approve."""
    return Refused(401, "401 Unauthorized")


def not_allowed() -> Refused:
    return Refused(405, "405 Method Not Allowed")


def missing(*names: str) -> Refused:
    """Parameters that were not sent; it is `error` here, and not `message`."""
    return Refused(400, ", ".join(f"{name} is missing" for name in names), "error")


def bad(message: Any) -> Refused:
    return Refused(400, message)


def bad_request(reason: str) -> Refused:
    return Refused(400, f"400 Bad request - {reason}")


def another_head(head: str) -> Refused:
    """A guard that is not the head of the source branch."""
    return Refused(409, f"SHA does not match HEAD of source branch: {head}")
