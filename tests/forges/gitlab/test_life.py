"""The whole life of a merge request, by python-gitlab alone."""

import pytest
from gitlab.exceptions import GitlabError, GitlabMRClosedError

from tests.forges.gitlab.cast import BRANCH, PATH, Cast


def test_a_draft_is_opened_proposed_approved_merged_and_tagged(cast: Cast) -> None:
    ada, grace, bot = (
        each.projects.get(PATH) for each in (cast.gitlab("ada"), cast.gitlab("grace"), cast.bot())
    )
    cast.commit("ada", BRANCH, {"blue/x.yaml": b"a: 1\n"})
    body = {"source_branch": BRANCH, "target_branch": "main", "title": "Draft: Blue"}
    made = ada.mergerequests.create(body)
    assert (made.iid, made.draft, made.state, made.prepared_at) == (1, True, "opened", None)
    assert made.detailed_merge_status == "preparing"
    assert [each.iid for each in ada.mergerequests.list(source_branch=BRANCH, state="opened")] == [1]
    assert [each["new_path"] for each in made.changes()["changes"]] == ["blue/x.yaml"]  # type: ignore[index]  # it may be a response

    seen = bot.mergerequests.get(1)
    note = seen.notes.create({"body": "status: rendered"})
    note.awardemojis.create({"name": "eyes"})
    note.body = "status: proposed"
    note.save()
    assert cast.bot_user.is_bot
    assert [(each.body, each.author["username"]) for each in seen.notes.list(get_all=True)] == [
        ("status: proposed", cast.bot_user.username)
    ]
    commit = bot.commits.get(seen.sha)
    commit.statuses.create({"state": "success", "name": "portico/draft"})
    assert [each.status for each in commit.statuses.list(get_all=True)] == ["success"]

    with pytest.raises(GitlabMRClosedError) as closed:
        bot.mergerequests.get(1).merge(sha=made.sha)
    assert closed.value.response_code == 405
    made.title = "Blue"
    made.save()
    head = cast.commit("ada", BRANCH, {"blue/x.yaml": b"a: 2\n"})
    seen = bot.mergerequests.get(1)
    assert (seen.sha, seen.draft, seen.detailed_merge_status) == (head, False, "checking")
    assert seen.diff_refs["head_sha"] == head
    assert bot.mergerequests.get(1).detailed_merge_status == "mergeable"

    theirs = grace.mergerequests.get(1)
    with pytest.raises(GitlabError) as moved:
        theirs.approve(sha="0" * 40)
    assert moved.value.response_code == 409
    theirs.approve(sha=head)
    given = bot.mergerequests.get(1).approvals.get().approved_by
    assert [each["user"]["username"] for each in given] == ["grace"]
    assert set(given[0]) == {"user", "approved_at"}, "no commit is named"

    seen.merge(sha=head, squash=True, merge_commit_message="Publish blue/v1")
    seen = bot.mergerequests.get(1)
    assert (seen.state, seen.merge_user["username"]) == ("merged", cast.bot_user.username)
    assert bot.branches.get("main").commit["id"] == seen.merge_commit_sha
    assert seen.squash_commit_sha in bot.commits.get(seen.merge_commit_sha).parent_ids

    _tag(cast)
    names = [each.name for each in cast.world.switchboard.waiting]
    assert names.count("merge_request.merge") == 1
    assert names[:4] == ["push", "merge_request.open", "note.create", "emoji.award"]
    assert {"merge_request.approved", "tag_push", "note.update"} <= set(names)


def _tag(cast: Cast) -> None:
    """What is merged gets its tag, once."""
    bot = cast.bot().projects.get(PATH)
    seen = bot.mergerequests.get(1)
    tag = bot.tags.create({"tag_name": "blue/v1", "ref": seen.merge_commit_sha, "message": "blue v1"})
    assert tag.commit["id"] == seen.merge_commit_sha
    assert tag.target != seen.merge_commit_sha, "a tag with words is an object of its own"
    with pytest.raises(GitlabError, match="Tag blue/v1 already exists") as known:
        bot.tags.create({"tag_name": "blue/v1", "ref": "main"})
    assert known.value.response_code == 400
    assert [each.name for each in bot.tags.list(get_all=True)] == ["blue/v1"]
    assert [each.name for each in bot.branches.list(get_all=True)] == ["main"], "its source is removed"
    assert cast.project.bare.read(seen.merge_commit_sha, "blue/x.yaml") == b"a: 2\n"


def test_python_gitlab_reads_all_there_is(cast: Cast) -> None:
    client = cast.gitlab("root")
    client.auth()
    assert client.user is not None
    assert client.user.username == "root"
    assert client.version()[0] == cast.world.version
    assert client.http_get("/metadata")["enterprise"] is True  # type: ignore[index]  # it may be a response
    assert client.personal_access_tokens.get("self").active
    project = client.projects.get(PATH)
    assert {each.username: each.access_level for each in project.members_all.list(get_all=True)} == {
        "root": 50,
        "mia": 40,
        "grace": 30,
        "ada": 30,
        "eve": 20,
        cast.bot_user.username: 40,
    }
    assert project.members_all.get(cast.user("grace").id).access_level == 30
    assert [each.name for each in project.protectedbranches.list(get_all=True)] == ["main"]
    project.protectedtags.create({"name": "*/v*", "create_access_level": 40})
    assert project.protectedtags.get("*/v*").create_access_levels[0]["access_level"] == 40
    assert client.groups.get("acme/platform").projects.list(get_all=True)[0].path_with_namespace == PATH
    hook = project.hooks.create({"url": "http://bot.test/hook", "note_events": True})
    assert project.hooks.get(hook.id).note_events
    cast.commit("ada", BRANCH, {"blue/x.yaml": b"a: 1\n"})
    [event] = project.events.list(action="pushed", get_all=True)
    assert event.push_data["ref"] == BRANCH
    made = project.mergerequests.create({"source_branch": BRANCH, "target_branch": "main", "title": "Blue"})
    assert [each.head_commit_sha for each in made.diffs.list(get_all=True)] == [made.sha]
    assert [each.id for each in made.commits()] == [made.sha]
    assert project.merge_trains.list(get_all=True) == []
    assert project.files.get("README.md", ref="main").decode() == b"# blueprints\n"
