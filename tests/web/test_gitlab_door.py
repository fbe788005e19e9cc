"""The door for GitLab: who knows the secret is let in, and an old message is not."""

import base64
import hashlib
import hmac
import json
from pathlib import Path

import pytest

from bot.errors import Refused, Unsigned
from bot.forges.heard import Heard
from bot.packages.layout import Layout
from bot.web.config import GitLab
from bot.web.gitlab_door import gitlab_door
from bot.web.look import Look
from bot.web.registrations import Entry, Registrations
from bot.web.secret import Secret

BODY = json.dumps({"ref": "refs/heads/x", "project": {"path_with_namespace": "acme/infra/packages"}}).encode()
KEY = b"a key of this test"
SETTINGS = GitLab(
    "https://gitlab.example.com",
    Secret("token"),
    (Secret("secret"), Secret(f"whsec_{base64.b64encode(KEY).decode()}")),
    Registrations((Entry("acme/infra/packages", Layout()),)),
)


def test_a_secret_and_a_signature_of_these_minutes_are_heard(tmp_path: Path) -> None:
    door = gitlab_door(SETTINGS, tmp_path, lambda: 1_000.0)
    heard = Heard("acme/infra/packages", "m", 0, "x")
    named = {"X-Gitlab-Event": "Push Hook", "webhook-id": "m"}
    assert door.hear({**named, "X-Gitlab-Token": "secret"}, BODY, door.secrets) == heard
    for moment, is_heard in (("1000", True), ("600", False)):
        digest = hmac.new(KEY, b"m." + moment.encode() + b"." + BODY, hashlib.sha256).digest()
        signature = f"v1,{base64.b64encode(digest).decode()}"
        headers = {**named, "webhook-timestamp": moment, "webhook-signature": signature}
        if is_heard:
            assert door.hear(headers, BODY, door.secrets) == heard
        else:
            with pytest.raises(Unsigned):
                door.hear(headers, BODY, door.secrets)
    assert door.repositories() == ["acme/infra/packages"]


def test_nobody_looks_after_what_the_settings_do_not_name(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="acme/other"):
        gitlab_door(SETTINGS, tmp_path).attend(Look("gitlab", "acme/other"))
