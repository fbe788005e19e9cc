"""`portico forge check` at a world of GitHub: what is missing is named, and how the command ends."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from bot.cli.app import run
from bot.lifecycle.finding import Grade
from tests.attendant.github.street import BRANCH, Street
from tests.forges.github.cast import SECRET
from tests.forges.github.faults import failure
from tests.forges.github.rules import Protection, Ruleset
from tests.forges.github.webhooks import Hook

BOT = "https://bot.example.com"
NAME = "acme/blueprints"
Found = list[tuple[str, str, str]]


@pytest.fixture
def hook(street: Street) -> Hook:
    """The App's webhook, which is answered well."""
    found = next(h for h in street.cast.world.switchboard.hooks if h.app is street.cast.app)
    found.url = f"{BOT}/webhooks/github"
    street.cast.world.switchboard.deliver(lambda _: 202)
    return found


class Desk:
    """Where a person types the command, with the settings of `portico serve` beside them."""

    def __init__(self, street: Street, folder: Path, out: pytest.CaptureFixture[str]) -> None:
        self.street, self.folder, self.out = street, folder, out
        self.code = 0
        self.settle(NAME)

    def settle(self, *repositories: str) -> Path:
        app = self.street.cast.app
        (self.folder / "key").write_text(app.pem)
        (self.folder / "secret").write_text(SECRET)
        github = {
            "url": self.street.cast.world.place.web,
            "app": {"id": app.id, "privateKeyFile": "key"},
            "webhookSecretFiles": ["secret"],
            "repositories": [*repositories],
        }
        path = self.folder / "serve.yaml"
        path.write_text(yaml.safe_dump({"github": github}))
        return path

    def check(self, *words: str) -> Found:
        """Findings that are not well, as grade, subject and what."""
        return self.ask("--config", str(self.folder / "serve.yaml"), *words)

    def ask(self, *words: str) -> Found:
        self.out.readouterr()
        before = len(self.street.cast.hub.writes())
        self.code = run(["forge", "check", "-o", "json", *words])
        made = [each for each in self.street.cast.hub.writes()[before:] if not each.endswith("access_tokens")]
        assert set(made) <= {"POST /api/graphql"}, "it only reads"
        text = self.out.readouterr().out
        return [
            (finding["grade"], finding["subject"], finding["what"])
            for checkup in (json.loads(text)["repositories"] if text else ())
            for finding in checkup["findings"]
            if finding["grade"] != Grade.OK
        ]


@pytest.fixture
def desk(street: Street, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(street, tmp_path, capsys)


def guard(street: Street) -> None:
    """Protect the branch and the tags as the README says: the App may pass."""
    app = frozenset({("Integration", street.cast.app.id)})
    reviews: dict[str, object] = {
        "required_approving_review_count": 1,
        "dismiss_stale_reviews_on_push": True,
        "require_code_owner_review": False,
        "require_last_push_approval": False,
        "required_review_thread_resolution": False,
    }
    rules(street, "branch", "~DEFAULT_BRANCH", {"pull_request": reviews, "deletion": {}})
    rules(street, "tag", "**/v*", {"creation": {}, "update": {}, "deletion": {}}, bypass=app)


def rules(
    street: Street,
    target: str,
    pattern: str,
    held: dict[str, dict[str, object]],
    bypass: frozenset[tuple[str, int]] = frozenset(),
) -> None:
    number = street.cast.world.next()
    street.cast.repo.rulesets[number] = Ruleset(number, target, target, (pattern,), held, bypass)


@pytest.mark.usefixtures("hook")
def test_nothing_is_missing(street: Street, desk: Desk) -> None:
    guard(street)
    assert desk.check("--url", BOT) == []
    assert desk.code == 0


@pytest.mark.usefixtures("hook")
def test_lines_for_people(street: Street, desk: Desk) -> None:
    guard(street)
    assert run(["forge", "check", "--config", str(desk.settle(NAME))]) == 0
    lines = desk.out.readouterr().out.splitlines()
    assert lines[0] == "acme/blueprints on GitHub"
    assert lines[1] == "  ok       credentials: GitHub knows portico as 'portico[bot]', by the App 'portico'."
    assert "PRIVATE KEY" not in "".join(lines)


@pytest.mark.usefixtures("hook")
@pytest.mark.parametrize(
    ("permission", "grade", "what"),
    [
        ("contents", "wrong", "`contents: write`"),
        ("pull_requests", "wrong", "`pull_requests: write`"),
        ("checks", "wrong", "`checks: write`"),
        ("issues", "wrong", "`issues: write`"),
        ("members", "warning", "`members: read`"),
        ("administration", "warning", "`administration: read`"),
    ],
)
def test_a_permission_that_is_missing(
    street: Street, desk: Desk, permission: str, grade: str, what: str
) -> None:
    guard(street)
    del street.cast.installation.permissions[permission]
    found = desk.check()
    assert (grade, "permissions", f"Portico lacks {what}.") in found
    assert desk.code == (1 if grade == "wrong" else 0)


def test_an_app_that_is_not_installed_and_a_key_that_is_none(street: Street, desk: Desk) -> None:
    street.cast.app.installations.clear()
    [(grade, subject, what)] = desk.check()
    assert (grade, subject, desk.code) == ("wrong", "credentials", 1)
    assert "is not installed" in what
    (desk.folder / "key").write_text("no key")
    [(grade, subject, what)] = desk.check()
    assert (grade, subject, desk.code) == ("wrong", "credentials", 1)
    assert "`privateKeyFile` cannot be used: the key must be the PEM file" in what


def test_an_id_that_is_no_apps(desk: Desk) -> None:
    settings = desk.folder / "serve.yaml"
    settings.write_text(re.sub(r"id: \d+", "id: 7", settings.read_text()))
    [(grade, subject, what)] = desk.check()
    assert (grade, subject, desk.code) == ("wrong", "credentials", 1)
    assert "GitHub knows no App with the id '7'" in what


@pytest.mark.parametrize(
    ("events", "code", "url", "what"),
    [
        (None, 401, BOT, f"The last delivery to '{BOT}/webhooks/github' was answered by 401; "),
        (("push",), 202, BOT, f"'{BOT}/webhooks/github' does not tell of 'create', 'delete', "),
        (None, 202, "https://old.example.com", "It points at 'https://old.example.com/webhooks/github', not"),
    ],
)
def test_a_webhook_that_does_not_reach_us(
    street: Street, desk: Desk, hook: Hook, events: tuple[str, ...] | None, code: int, url: str, what: str
) -> None:
    guard(street)
    hook.url = f"{url}/webhooks/github"
    street.write("ada", "60")
    street.cast.world.switchboard.deliver(lambda _: code)
    street.cast.app.events = events or street.cast.app.events
    [(_, subject, said)] = desk.check("--url", BOT)
    assert subject == "webhook"
    assert said.startswith(what)


@pytest.mark.usefixtures("hook")
def test_a_webhook_without_a_secret(street: Street, desk: Desk, hook: Hook) -> None:
    guard(street)
    hook.secret = ""
    assert desk.check() == [("wrong", "webhook", f"'{BOT}/webhooks/github' has no secret.")]


@pytest.mark.usefixtures("hook")
def test_rules_that_stop_the_work(street: Street, desk: Desk) -> None:
    rules(street, "branch", "~ALL", {"update": {}, "required_signatures": {}})
    rules(street, "tag", "**/v*", {"creation": {}})
    found = desk.check()
    assert desk.code == 1
    assert {(grade, subject) for grade, subject, _ in found} == {
        ("wrong", "drafts"),
        ("wrong", "merging"),
        ("wrong", "tags"),
    }
    # What the check says of drafts and tags is what the forge does.
    token = street.cast.world.installation_token(street.cast.installation).token
    main = street.cast.repo.bare.ref("refs/heads/main")
    body = {"ref": "refs/tags/net/dns/v1", "sha": main}
    assert street.cast.ask_as(token, "POST", f"/repos/{NAME}/git/refs", body).status == 422


@pytest.mark.usefixtures("hook")
def test_the_older_protection(street: Street, desk: Desk) -> None:
    guard(street)
    held = Protection(reviews=1, checks=("ci",), is_strict=True)
    street.cast.repo.protections["main"] = held
    street.cast.commit("ada", BRANCH, {"net/dns/zone.yaml": b"a: b\n"})
    street.cast.repo.protections[BRANCH] = Protection(checks=("ci",))
    assert [(grade, subject) for grade, subject, _ in desk.check()] == [
        ("warning", "drafts"),
        ("warning", "merging"),
    ]
    del street.cast.installation.permissions["administration"]
    street.cast.repo.private = True
    assert ("warning", "merging", "The branch 'main' is protected, and what that demands is not shown.") in (
        desk.check()
    )


@pytest.mark.usefixtures("hook")
def test_the_policy_and_what_belongs_to_it(street: Street, desk: Desk) -> None:
    guard(street)
    street.cast.repo.rulesets.clear()
    street.cast.commit("root", "main", {".portico.yaml": b"approvals: 1\nsecret: x\n"})
    wrong = [what for grade, _, what in desk.check() if grade == "wrong"]
    assert len(wrong) == 1
    assert wrong[0].startswith(".portico.yaml:2: Unknown key 'secret'")
    street.cast.commit("root", "main", {".portico.yaml": b"approvers: ['@acme/dns', acme/none]\n"})
    street.cast.world.team(street.cast.acme, "dns", "grace")
    assert [what for grade, _, what in desk.check() if grade == "wrong"] == [
        "The members of the team 'acme/none', which may approve, are not shown to portico."
    ]
    street.cast.commit("root", "main", {".portico.yaml": b"approvers: CODEOWNERS\n"})
    assert [subject for grade, subject, _ in desk.check() if grade == "wrong"] == ["policy"]
    street.cast.commit("root", "main", {"CODEOWNERS": b"# ours\n* nobody\n"})
    found = desk.check()
    assert desk.code == 0
    assert ("warning", "policy", "CODEOWNERS:2: Invalid owner.") in found


@pytest.mark.usefixtures("hook")
def test_a_branch_that_is_not_there_and_an_archive(street: Street, desk: Desk) -> None:
    repo = street.cast.repo
    repo.bare.git.references.create("refs/heads/other", repo.bare.ref("refs/heads/main"))
    repo.archived, repo.default_branch = True, "other"
    repo.bare.git.references.delete("refs/heads/main")
    wrong = [what for grade, _, what in desk.check() if grade == "wrong"]
    assert wrong == [
        "The repository is archived.",
        "The registered branch 'main' is not there; the default branch is 'other'.",
    ]


def test_a_persons_token(street: Street, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    guard(street)
    world, words = street.cast.world, ("--repository", NAME, "--server", street.cast.world.place.web)

    def found(login: str, scopes: Sequence[str] | None) -> Found:
        token = world.token(world.users[login], None if scopes is None else tuple(scopes))
        monkeypatch.setenv("PORTICO_TOKEN", token)
        return desk.ask(*words)

    person = ("warning", "credentials", "The token is that of a person, 'ada'.")
    refused = ("wrong", "tags", "A tag '<path>/v<N>' may not be created; portico may not bypass it.")
    assert [each for each in found("ada", ("repo", "read:org")) if each[1] != "tags"] == [person]
    assert refused in found("ada", ("repo",))
    assert ("wrong", "permissions", "Portico lacks the scope `repo`.") in found("ada", ("read:org",))
    assert ("wrong", "drafts", "Portico may not push.") in found("eve", None)
    world.hook(street.cast.repo, "", f"{BOT}/webhooks/github").events = frozenset({"push"})
    told = {what for _, subject, what in found("root", None) if subject == "webhook"}
    lacking = "'create', 'delete', 'pull_request', 'pull_request_review', 'issue_comment' and 'issues'"
    ours = f"'{BOT}/webhooks/github'"
    assert told == {f"{ours} does not tell of {lacking}.", f"{ours} has no secret."}


def test_the_token_of_a_workflow(street: Street, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    guard(street)
    checks = {"required_status_checks": [{"context": "ci"}], "strict_required_status_checks_policy": False}
    rules(street, "branch", "main", {"required_status_checks": checks})
    caller = street.cast.world.workflow_token(street.cast.repo, {"contents": "write"})
    monkeypatch.setenv("GITHUB_REPOSITORY", NAME)
    monkeypatch.setenv("GITHUB_SERVER_URL", street.cast.world.place.web)
    monkeypatch.setenv("PORTICO_TOKEN", caller.token)
    told = [what for _, _, what in desk.ask()]
    assert "GitHub Actions may not create pull requests." in told
    assert "The checks 'ci' must succeed on the head." in told
    assert desk.code == 1
    street.cast.repo.settings.actions_may_open_pulls = True
    assert "GitHub Actions may not create pull requests." not in [what for _, _, what in desk.ask()]


def test_what_cannot_be_read_ends_with_2(street: Street, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTICO_TOKEN", raising=False)
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    for words in ((), ("--repository", NAME), ("--nonsense",), ("--config", "/none")):
        assert desk.ask(*words) == []
        assert desk.code == 2
    assert desk.check("--repository", "other/packages") == []
    assert desk.code == 2
    for _ in range(3):
        street.cast.world.faults.order("GET", f"/repos/{NAME}$", failure(502))
    assert desk.check() == []
    assert desk.code == 2


@pytest.mark.usefixtures("hook")
def test_what_a_pattern_lets_in_is_checked_by_its_name(
    street: Street, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    guard(street)
    path = str(desk.settle("acme/*"))
    assert run(["forge", "check", "--config", path]) == 0
    assert capsys.readouterr() == ("", "Not checked: what 'acme/*' lets in; name each by `--repository`.\n")
    assert run(["forge", "check", "--config", path, "--repository", NAME]) == 0
    assert capsys.readouterr().out.startswith("acme/blueprints on GitHub\n")
