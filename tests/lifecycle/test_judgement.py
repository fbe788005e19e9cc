"""What is well and what is wrong, by what was read of a repository on any forge."""

from collections.abc import Iterable

import pytest

from bot.errors import AccessDenied, Later
from bot.lifecycle.examined import Hook, Hooks, Permission, PolicyFile, Wanted
from bot.lifecycle.finding import Finding, Grade
from bot.lifecycle.judgement import (
    checked,
    of_hooks,
    of_only_hook,
    of_permissions,
    of_policy,
    teams_of,
)
from bot.packages.layout import Layout

OURS = "https://bot.example.com/webhooks/github"
WELL = Hook(OURS, "https://forge/hooks")


def told(found: Iterable[Finding]) -> list[str]:
    return [f"{finding.grade} {finding.what}" for finding in found]


def test_permissions_are_told_together_and_what_is_missing_alone() -> None:
    has = Permission("a", granted=True, reason="a", where="")
    found = [
        has,
        has._replace(name="b"),
        Permission("c", granted=False, reason="writing", where="Give it there."),
        Permission("d", granted=False, reason="teams", where="Give it.", optional=True),
        Permission("e", granted=None, reason="", where=""),
    ]
    assert told(of_permissions(found, "Look there.")) == [
        "ok Portico has a and b.",
        "wrong Portico lacks c.",
        "warning Portico lacks d.",
        "warning Whether portico has e is not shown.",
    ]


def test_each_mistake_of_a_policy_has_its_line() -> None:
    data = b"approvals: many\napprovers: [grace]\nsecret: 1\n"
    found = list(of_policy(PolicyFile(data), "main"))
    assert [finding.grade for finding in found] == [Grade.WRONG, Grade.WRONG]
    assert [finding.what.partition(": ")[0] for finding in found] == [".portico.yaml:1", ".portico.yaml:3"]


@pytest.mark.parametrize(
    ("file", "grades"),
    [
        (PolicyFile(None), ["ok"]),
        (PolicyFile(b"approvals: 2\n"), ["ok"]),
        (PolicyFile(b"approvers: CODEOWNERS\n"), ["ok"]),
        (PolicyFile(b"approvers: CODEOWNERS\n", owners=False), ["ok", "wrong"]),
        (PolicyFile(b"approvers: ['@acme/dns']\n", unreadable=("acme/dns",)), ["ok", "wrong"]),
    ],
)
def test_what_belongs_to_a_policy(file: PolicyFile, grades: list[str]) -> None:
    assert [finding.grade for finding in of_policy(file, "main")] == grades


def test_teams_are_named_once() -> None:
    data = b"approvers:\n  '**': [grace, '@acme/dns']\n  'a/**': ['@acme/dns', acme/web, a@example.com]\n"
    assert teams_of(data) == ("acme/dns", "acme/web")


@pytest.mark.parametrize(
    ("hook", "found"),
    [
        (WELL, f"ok '{OURS}' hears all that it must."),
        (WELL._replace(answers=(202, 500)), f"ok '{OURS}' hears all that it must."),
        (WELL._replace(active=False), f"wrong '{OURS}' is not active."),
        (WELL._replace(lacking=("push",)), f"wrong '{OURS}' does not tell of 'push'."),
        (WELL._replace(secret=False), f"wrong '{OURS}' has no secret."),
        (
            WELL._replace(secret=None),
            f"warning Whether '{OURS}' has a secret is not shown before its first delivery.",
        ),
        (WELL._replace(verifies=False), f"warning The forge does not verify the certificate of '{OURS}'."),
        (
            WELL._replace(stopped="for a while"),
            f"wrong The forge has stopped '{OURS}' for a while, because deliveries failed.",
        ),
        (
            WELL._replace(answers=(0, 0)),
            f"wrong The last delivery to '{OURS}' was not answered; 2 of the last 2 failed.",
        ),
        (
            WELL._replace(answers=(401, 202, 202)),
            f"warning The last delivery to '{OURS}' was answered by 401; 1 of the last 3 failed.",
        ),
    ],
)
def test_a_webhook(hook: Hook, found: str) -> None:
    other = Hook("https://ci.example.com/", "")
    assert told(of_hooks(Hooks((other, hook), ""), "github")) == [found]


@pytest.mark.parametrize("address", ["https://bot.example.com", "https://bot.example.com/", OURS])
def test_our_webhook_is_known_by_the_address(address: str) -> None:
    assert told(of_hooks(Hooks((WELL,), "", address), "github")) == [f"ok '{OURS}' hears all that it must."]


def test_a_webhook_that_points_elsewhere_is_none_of_ours() -> None:
    elsewhere = Hooks((WELL,), "there", "https://other.example.com")
    assert told(of_hooks(elsewhere, "github")) == [
        "wrong None points at https://other.example.com/webhooks/github."
    ]
    assert told(of_only_hook(elsewhere, "github")) == [
        f"wrong It points at '{OURS}', not at 'https://other.example.com/webhooks/github'."
    ]
    assert told(of_hooks(elsewhere._replace(needed=False), "github"))[0].startswith("ok ")


def test_what_may_be_secret_in_an_address_is_not_shown() -> None:
    hook = WELL._replace(url="https://me:word@bot.example.com/webhooks/github/?key=word")
    hooks = Hooks((hook,), "")
    for found in (of_hooks(hooks, "github"), of_only_hook(hooks._replace(address="https://x"), "github")):
        [sentence] = told(found)
        assert f"'{OURS}'" in sentence
        assert "word" not in sentence


def test_webhooks_that_are_not_shown() -> None:
    assert told(of_hooks(Hooks(None, ""), "github")) == ["warning The webhooks are not shown to portico."]
    assert told(of_hooks(Hooks(None, "", needed=False), "github")) == []


def test_a_forge_that_refuses_to_talk_is_a_finding_and_one_that_cannot_is_none() -> None:
    def refuses() -> Iterable[Finding]:
        raise AccessDenied("The key is none.")

    def cannot() -> Iterable[Finding]:
        raise Later("It is down.")

    assert checked("GitHub", "a/b", "main", refuses).is_wrong
    unread = checked("GitHub", "a/b", "main", cannot)
    assert (unread.is_wrong, unread.unread) == (False, "It is down.")


def test_what_stands_for_all_drafts_and_tags() -> None:
    wanted = Wanted(Layout("main", "packages"), "")
    assert wanted.draft == "drafts/packages/package/workspace"
    assert wanted.tags[1] == "packages/folder/package/v1"
