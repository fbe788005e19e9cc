"""What an answer of GitLab that is no success means, in this house's words."""

from collections.abc import Iterator, Mapping

from bot.errors import AccessDenied, Later, Moved, NotFound, Refused, UserError
from bot.forges.patience import Unclear, seconds_to_wait
from bot.forges.words import joined

MOST_PARTS = 20


def said(body: object) -> str:
    """GitLab's own words in an answer, on one line and bounded; '' for none."""
    if not isinstance(body, Mapping):
        return ""
    words = [word for key in ("message", "error", "error_description") for word in _words(body.get(key))]
    return joined(words[:MOST_PARTS])


def _words(found: object) -> Iterator[str]:
    """What is said as a text, as a list of texts, or by the field that is meant."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, list):
        yield from (word for word in found[:MOST_PARTS] if isinstance(word, str))
    elif isinstance(found, Mapping):
        for field, parts in list(found.items())[:MOST_PARTS]:
            told = "; ".join(_words(parts)) if not isinstance(parts, Mapping) else ""
            yield f"{field}: {told}" if field != "base" else told


def wait_of(status: int, headers: Mapping[str, str]) -> float:
    """How many seconds GitLab asks to wait, 0 if this is not what it says."""
    after = headers.get("retry-after", "")
    if status != 429 and not (status == 503 and after):
        return 0
    return seconds_to_wait(headers, headers.get("ratelimit-reset", ""))


def refusal(status: int, headers: Mapping[str, str], body: object) -> UserError:
    """The error that an answer amounts to; `status` is 300 or more."""
    words = said(body)
    if seconds := wait_of(status, headers):
        return Later(f"GitLab asks to wait {seconds:.0f} seconds: {words or 'too many requests'}", seconds)
    told = f": {words.rstrip('.')}." if words else f" (status {status})."
    if status == 401:
        return AccessDenied(
            f"GitLab does not accept portico's token{told} It may have ended or been revoked: give a new one."
        )
    if status in {404, 410}:
        return NotFound(
            f"GitLab has not got it, or does not show it to portico{told} Its user must be a member of the "
            "project."
        )
    if status == 409:
        return Moved(f"GitLab found something else than was expected{told}")
    if status >= 500:
        return Unclear(f"GitLab cannot answer just now (status {status}).")
    if status < 400:
        return Refused(
            f"The project was renamed or moved on GitLab: register it under its new name (status {status})."
        )
    return Refused(f"GitLab does not allow it{told}{_advice(status, words)}")


def _advice(status: int, words: str) -> str:
    if "insufficient_scope" in words:
        return " Portico's token must have the scope 'api'."
    return " Portico's user must have a role that may." if status == 403 else ""
