"""What an answer of GitHub that is no success means, in this house's words."""

from collections.abc import Mapping
from typing import Any

from bot.errors import AccessDenied, Later, Moved, NotFound, Refused, UserError
from bot.forges.patience import WAIT_SECONDS, Unclear, seconds_to_wait
from bot.forges.words import joined

# Why GitHub refuses a request that would be allowed at another time.
_LIMITED = ("rate limit", "abuse detection", "please retry your request again later")
_SOON = ("RATE_LIMITED", "RATE_LIMIT", "SERVICE_UNAVAILABLE", "INTERNAL", "LOOKUP_ERROR")
_NOT_BY_ACTIONS = "GitHub Actions is not permitted to create or approve pull requests"
_ACTIONS = (
    " Tick 'Allow GitHub Actions to create and approve pull requests' in the repository's settings, under "
    "Actions, General; or give portico the token of an App or of a person."
)
_ADVICE = {
    "FORBIDDEN": "Give portico's credentials the permission for it.",
    "INSUFFICIENT_SCOPES": "Give portico's token the scopes that it names.",
}


def said(body: object) -> str:
    """GitHub's own words in an answer, on one line and bounded; '' for none."""
    if not isinstance(body, Mapping):
        return ""
    errors = body.get("errors")
    listed = errors if isinstance(errors, list) else [errors]
    words = [body.get("message")]
    words += [_said_of(error) if isinstance(error, Mapping) else error for error in listed]
    return joined(words)


def _said_of(error: Mapping[str, Any]) -> str | None:
    if error.get("message"):
        return str(error["message"])
    parts = [str(error[key]) for key in ("resource", "field", "code") if error.get(key)]
    return " ".join(parts) or None


def wait_of(status: int, headers: Mapping[str, str], body: object) -> float:
    """How many seconds GitHub asks to wait, 0 if this is not what it says."""
    after = headers.get("retry-after", "")
    spent = headers.get("x-ratelimit-remaining") == "0"
    words = said(body).lower()
    limited = status == 429 or (status == 403 and (after or spent or any(w in words for w in _LIMITED)))
    if not limited and not (status == 503 and after):
        return 0
    return seconds_to_wait(headers, headers.get("x-ratelimit-reset", "") if spent else "")


def refusal(status: int, headers: Mapping[str, str], body: object) -> UserError:
    """The error that an answer amounts to; `status` is 300 or more."""
    words = said(body)
    if seconds := wait_of(status, headers, body):
        return Later(f"GitHub asks to wait {seconds:.0f} seconds: {words or 'too many requests'}", seconds)
    told = f": {words.rstrip('.')}." if words else f" (status {status})."
    if status == 401:
        return AccessDenied(
            f"GitHub does not accept portico's credentials{told} They may have ended or been revoked: "
            "give new ones."
        )
    if status in {404, 410}:
        return NotFound(
            f"GitHub has not got it, or does not show it to portico{told} Its credentials must see the "
            "repository."
        )
    if status == 409:
        return Moved(f"GitHub found something else than was expected{told}")
    if status >= 500:
        return Unclear(f"GitHub cannot answer just now (status {status}).")
    if status < 400:
        return Refused(
            "The repository was renamed or moved on GitHub: register it under its new name "
            f"(status {status})."
        )
    advice = _ACTIONS if _NOT_BY_ACTIONS in words else _permission(status, headers)
    return Refused(f"GitHub does not allow it{told}{advice}")


def _permission(status: int, headers: Mapping[str, str]) -> str:
    needed = headers.get("x-accepted-github-permissions", "")
    if status != 403 or not needed or not needed.isprintable():
        return ""
    return f" Portico's credentials must have the permission '{needed[:100]}'."


def graphql_refusal(errors: object) -> UserError:
    """The error that the `errors` of an answer to a GraphQL document amount to."""
    listed = [e for e in errors if isinstance(e, Mapping)] if isinstance(errors, list) else []
    kinds = {str(error.get("type", "")) for error in listed}
    words = said({"errors": listed})
    if kinds & set(_SOON) or any(w in words.lower() for w in _LIMITED):
        return Later(f"GitHub asks to wait: {words}", WAIT_SECONDS)
    if "NOT_FOUND" in kinds:
        return NotFound(f"GitHub has not got it, or does not show it to portico: {words}")
    if not words or "something went wrong" in words.lower() or "timed out" in words.lower():
        return Unclear(f"GitHub cannot answer just now: {words}")
    advice = next((_ADVICE[kind] for kind in sorted(kinds) if kind in _ADVICE), "")
    return Refused(f"GitHub does not allow it: {words} {advice}".rstrip())
