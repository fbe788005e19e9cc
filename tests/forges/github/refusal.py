"""What GitHub says when it does not do what it was asked."""

from typing import Any


class Refused(Exception):
    """An answer that is no success: its status, its message, and what stands beside it."""

    def __init__(self, status: int, message: str, errors: list[Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors

    def body(self, page: str = "https://docs.github.com/rest") -> dict[str, Any]:
        """The answer's body."""
        found: dict[str, Any] = {"message": self.message}
        if self.errors is not None:
            found["errors"] = self.errors
        return {**found, "documentation_url": page, "status": str(self.status)}


def absent() -> Refused:
    return Refused(404, "Not Found")


def invalid(resource: str, field: str, code: str = "invalid") -> Refused:
    """A field that cannot be taken as it is."""
    return Refused(422, "Validation Failed", [{"resource": resource, "field": field, "code": code}])


def custom(resource: str, message: str) -> Refused:
    """A sentence of its own about the whole."""
    errors = [{"resource": resource, "code": "custom", "message": message}]
    return Refused(422, "Validation Failed", errors)


def unprocessable(*sentences: str) -> Refused:
    return Refused(422, "Unprocessable Entity", list(sentences))


def not_for_apps() -> Refused:
    """What an App reads that lacks a permission."""
    return Refused(403, "Resource not accessible by integration")
