"""`portico forge check` at a world of GitLab: what is missing is named, and how the command ends."""

import json
from pathlib import Path

import pytest
import yaml

from bot.cli.app import run
from bot.lifecycle.finding import Grade
from tests.attendant.gitlab.street import Street
from tests.forges.gitlab.cast import PATH
from tests.forges.gitlab.people import DEVELOPER, MAINTAINER, OWNER

BOT = "https://bot.example.com"
URL = f"{BOT}/webhooks/gitlab"
Found = list[tuple[str, str, str]]


class Desk:
    """Where a person types the command, at a project that is set as it must be."""

    def __init__(self, street: Street, folder: Path, out: pytest.CaptureFixture[str]) -> None:
        self.street, self.folder, self.out = street, folder, out
        self.token, self.code = street.cast.bot_token, 0
        street.cast.hook.url = URL
        street.cast.world.switchboard.deliver(lambda _: 202)
        self.protect("tags", "*/v*", create_access_level=MAINTAINER)

    def protect(self, kind: str, name: str, **levels: int) -> None:
        path = f"/protected_{kind}"
        self.street.cast.ask("DELETE", f"{path}/{name.replace('/', '%2F')}", username="root")
        answer = self.street.cast.ask("POST", path, {"name": name, **levels}, "root")
        assert answer.status == 201

    def check(self, *words: str) -> Found:
        """Findings that are not well, as grade, subject and what."""
        (self.folder / "token").write_text(self.token)
        (self.folder / "secret").write_text("secret")
        gitlab = {
            "url": self.street.cast.lab.url,
            "tokenFile": "token",
            "webhookSecretFiles": ["secret"],
            "repositories": [PATH],
        }
        path = self.folder / "serve.yaml"
        path.write_text(yaml.safe_dump({"gitlab": gitlab}))
        self.out.readouterr()
        before = self.street.cast.lab.writes()
        self.code = run(["forge", "check", "--json", "--config", str(path), "--url", BOT, *words])
        assert self.street.cast.lab.writes() == before, "it only reads"
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


def test_nothing_is_missing(desk: Desk) -> None:
    assert desk.check() == []
    assert desk.code == 0


def test_a_token_that_is_refused_and_one_that_ends(street: Street, desk: Desk) -> None:
    desk.token = "glpat-none"  # noqa: S105 a token that is none
    [(grade, subject, _)] = desk.check()
    assert (grade, subject, desk.code) == ("wrong", "credentials", 1)
    desk.token = street.cast.world.token(street.cast.bot_user, days=3)
    [(grade, subject, what)] = desk.check()
    assert (grade, subject, desk.code) == ("warning", "credentials", 0)
    assert what.startswith("The token ends on ")


def test_a_scope_and_a_role_that_are_missing(street: Street, desk: Desk) -> None:
    desk.token = street.cast.world.token(street.cast.bot_user, ("read_api", "write_repository"))
    assert desk.check() == [("wrong", "permissions", "Portico lacks the scope `api`.")]
    desk.token = street.cast.world.access_token(street.cast.project, "small", DEVELOPER)
    assert desk.check() == [
        ("warning", "permissions", "Portico lacks the role Maintainer."),
        ("warning", "webhook", "The webhooks are not shown to portico."),
        ("warning", "merging", "What protects the branch 'main' is not shown."),
    ]


def test_a_persons_token(street: Street, desk: Desk) -> None:
    desk.token = street.cast.world.token(street.cast.user("mia"))
    assert desk.check() == [("warning", "credentials", "The token is that of a person, 'mia'.")]


def test_a_webhook_that_does_not_tell_all(street: Street, desk: Desk) -> None:
    hook = street.cast.hook
    hook.events, hook.verifies, hook.token = frozenset({"push_events", "note_events"}), False, ""
    hook.branches = "main"
    street.write("ada", "60")
    street.cast.world.switchboard.deliver(lambda _: 202)
    events = "'Tag push events', 'Merge request events', 'Issue events' and "
    events += "'pushes to drafts/package/workspace'"
    assert [what for _, subject, what in desk.check() if subject == "webhook"] == [
        f"'{URL}' does not tell of {events}.",
        f"'{URL}' has no secret.",
        f"The forge does not verify the certificate of '{URL}'.",
    ]


def test_a_webhook_that_gitlab_has_stopped(street: Street, desk: Desk) -> None:
    for ttl in range(5):
        street.write("ada", str(ttl))
        street.cast.world.switchboard.deliver(lambda _: 500)
    found = [what for grade, subject, what in desk.check() if subject == "webhook"]
    assert found[0].startswith(f"The forge has stopped '{URL}' until somebody sends a test event")
    assert found[1].startswith(f"The last delivery to '{URL}' was answered by 500; ")
    assert desk.code == 1


def test_a_webhook_of_the_group_is_one(street: Street, desk: Desk) -> None:
    world = street.cast.world
    world.switchboard.hooks.clear()
    [(grade, subject, what)] = desk.check()
    assert (grade, subject, what) == ("wrong", "webhook", f"None points at {URL}.")
    world.hook(world.groups["acme"], "secret", URL)
    world.add(world.groups["acme"], street.cast.bot_user.username, OWNER)
    [(grade, subject, _)] = desk.check()
    assert (grade, subject) == ("warning", "webhook"), "no delivery has shown its secret yet"


def test_protections_that_stop_the_work(street: Street, desk: Desk) -> None:
    desk.protect("branches", "main", push_access_level=0, merge_access_level=OWNER)
    desk.protect("branches", "drafts/*", push_access_level=OWNER)
    desk.protect("tags", "*/v*", create_access_level=OWNER)
    assert [(grade, subject) for grade, subject, _ in desk.check()] == [
        ("wrong", "drafts"),
        ("warning", "drafts"),
        ("wrong", "merging"),
        ("wrong", "tags"),
    ]
    main = street.cast.project.tip("main")
    body = {"tag_name": "net/dns/v1", "ref": main}
    path = f"/projects/{street.cast.project.id}/repository/tags"
    assert street.cast.ask_as(street.cast.bot_token, "POST", path, body).status >= 400, "it is as was said"


def test_what_is_not_protected_at_all(street: Street, desk: Desk) -> None:
    street.cast.project.branches.clear()
    street.cast.project.tags.clear()
    assert desk.check() == [
        ("warning", "merging", "The branch 'main' is not protected."),
        ("warning", "tags", "Tags '<path>/v<N>' are not protected."),
    ]


def test_settings_that_are_paid_for(street: Street, desk: Desk) -> None:
    settings = street.cast.project.settings
    settings.is_paid, settings.has_trains, settings.merge_method = True, True, "ff"
    settings.needs_pipeline = settings.needs_resolved = True
    settings.push_rules = dict.fromkeys(("reject_unsigned_commits", "deny_delete_tag"), True)
    settings.push_rules["branch_name_regex"] = "^x/"
    assert desk.check() == [
        ("wrong", "drafts", "A push rule refuses commits that are not signed."),
        ("warning", "drafts", "A push rule demands that names of branches match '^x/'."),
        ("warning", "tags", "A push rule refuses the deletion of tags."),
        ("warning", "merging", "The project takes fast-forwards only."),
        ("warning", "merging", "The branch 'main' demands that pipelines went well."),
    ]


def test_the_policy_and_what_belongs_to_it(street: Street, desk: Desk) -> None:
    street.cast.commit("root", "main", {".portico.yaml": b"approvals: many\n"})
    [(grade, subject, what)] = desk.check()
    assert (grade, subject) == ("wrong", "policy")
    assert what.startswith(".portico.yaml:1: ")
    street.cast.commit("root", "main", {".portico.yaml": b"approvers: ['@acme/platform', acme/none]\n"})
    street.cast.world.add(street.cast.world.groups["acme"], street.cast.bot_user.username, DEVELOPER)
    unseen = "The members of the team 'acme/none', which may approve, are not shown to portico."
    assert desk.check() == [("wrong", "policy", unseen)]
    street.cast.commit("root", "main", {".portico.yaml": b"approvers: CODEOWNERS\n"})
    assert [subject for _, subject, _ in desk.check()] == ["policy"]
    street.cast.commit("root", "main", {".gitlab/CODEOWNERS": b"* @grace\n"})
    assert desk.check() == []


def test_a_branch_that_is_not_there_and_an_archive(street: Street, desk: Desk) -> None:
    project = street.cast.project
    project.bare.git.references.create("refs/heads/other", project.tip("main"))
    project.archived, project.default_branch = True, "other"
    project.bare.git.references.delete("refs/heads/main")
    assert [what for grade, _, what in desk.check() if grade == "wrong"] == [
        "The repository is archived.",
        "The registered branch 'main' is not there; the default branch is 'other'.",
    ]


def test_a_job_of_a_pipeline_needs_no_webhook(
    street: Street, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = {"GITLAB_CI": "true", "CI_PROJECT_PATH": PATH, "CI_SERVER_URL": street.cast.lab.url}
    for name, value in {**environ, "PORTICO_TOKEN": street.cast.bot_token}.items():
        monkeypatch.setenv(name, value)
    street.cast.world.switchboard.hooks.clear()
    assert run(["forge", "check"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("acme/platform/blueprints on GitLab\n")
    assert "  ok       webhook: There is none that points at portico" in told
    assert street.cast.bot_token not in told
