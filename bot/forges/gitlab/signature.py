"""Who sent a webhook: GitLab's secret token, or the signature of Standard Webhooks that newer ones send.

https://docs.gitlab.com/user/project/integrations/webhooks/ and https://www.standardwebhooks.com/
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence

from bot.errors import Unsigned

FRESH_SECONDS = 300  # how old, or how far ahead, a signed message may be
_PREFIX = b"whsec_"
_VERSION = "v1,"
_MOST_SIGNATURES = 10  # that one message is read of; while secrets are changed there are two


def check(headers: Mapping[str, str], body: bytes, secrets: Sequence[bytes], now: float | None) -> None:
    """Raise Unsigned unless one of `secrets` was known to the sender; `headers` are in lower case.

    A signed message must be of these minutes by `now`, seconds since 1970; None asks for no moment.
    """
    if _is_signed(headers, body, secrets):
        _check_moment(headers["webhook-timestamp"], now)
        return
    given = headers.get("x-gitlab-token", "").encode("utf-8", "replace")
    # Every secret is tried, so that the time tells nothing; an empty one would let everybody in.
    if any([hmac.compare_digest(given, secret) for secret in secrets if secret]):  # noqa: C419 all of them
        return
    raise Unsigned(
        "The webhook does not come with a secret that portico knows: the `Secret token` or the `Signing "
        "token` of the webhook on GitLab must be one of portico's."
    )


def _is_signed(headers: Mapping[str, str], body: bytes, secrets: Sequence[bytes]) -> bool:
    name, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = [
        one.removeprefix(_VERSION).encode("utf-8", "replace")
        for one in headers.get("webhook-signature", "").split(" ", _MOST_SIGNATURES)[:_MOST_SIGNATURES]
        if one.startswith(_VERSION)
    ]
    if not (name and moment and given):
        return False
    signed = b".".join([name.encode("utf-8", "replace"), moment.encode("utf-8", "replace"), body])
    right = [
        base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()) for key in map(_key, secrets) if key
    ]
    return any([hmac.compare_digest(one, other) for one in given for other in right])  # noqa: C419 all of them


def _key(secret: bytes) -> bytes:
    """The key that a signing token stands for: what follows its prefix, in base64."""
    if not secret.startswith(_PREFIX):
        return secret
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        return b""


def _check_moment(moment: str, now: float | None) -> None:
    fits = moment.isascii() and moment.isdecimal() and len(moment) <= 12
    if not fits or (now is not None and abs(now - int(moment)) > FRESH_SECONDS):
        raise Unsigned(
            "The webhook was signed at another time: somebody sent an old one again, or the clocks of GitLab "
            "and of portico differ by more than five minutes and must be set."
        )
