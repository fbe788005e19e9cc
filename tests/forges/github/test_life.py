"""The whole life of a pull request, by PyGithub alone."""

import pytest
from github import GithubException

from tests.forges.github.cast import Cast, repository_of


def test_a_draft_is_opened_proposed_approved_merged_and_tagged(cast: Cast) -> None:
    ada, grace, bot = (repository_of(c) for c in (cast.github("ada"), cast.github("grace"), cast.bot()))
    cast.commit("ada", "drafts/blue/v1", {"blue/x.yaml": b"a: 1\n"})
    pull = ada.create_pull(base="main", head="drafts/blue/v1", title="Blue", body="The first", draft=True)
    assert (pull.draft, pull.state, pull.head.ref, pull.user.login) == (True, "open", "drafts/blue/v1", "ada")
    assert [each.number for each in ada.get_pulls(head="acme:drafts/blue/v1")] == [pull.number]
    assert [each.filename for each in pull.get_files()] == ["blue/x.yaml"]

    comment = bot.get_pull(pull.number).create_issue_comment("status: rendered")
    comment.create_reaction("eyes")
    comment.edit("status: proposed")
    assert comment.user.login == "portico[bot]"
    assert [each.content for each in comment.get_reactions()] == ["eyes"]
    run = bot.create_check_run("portico/render", pull.head.sha, status="in_progress")
    run.edit(status="completed", conclusion="success", output={"title": "Rendered", "summary": "1 file"})
    bot.get_commit(pull.head.sha).create_status("success", description="fine", context="portico/draft")
    assert ada.get_commit(pull.head.sha).get_combined_status().state == "success"

    with pytest.raises(GithubException, match="still a draft"):
        pull.merge(sha=pull.head.sha)
    pull.mark_ready_for_review()
    head = cast.commit("ada", "drafts/blue/v1", {"blue/x.yaml": b"a: 2\n"})
    assert pull.update()
    assert pull.head.sha == head
    assert (pull.raw_data["mergeable"], pull.mergeable_state) == (None, "unknown")

    review = grace.get_pull(pull.number).create_review(event="APPROVE", body="good")
    assert (review.state, review.commit_id) == ("APPROVED", head)
    with pytest.raises(GithubException) as caught:
        pull.create_review(event="APPROVE")
    assert caught.value.status == 422
    assert caught.value.data["errors"] == ["Can not approve your own pull request"]

    pull = bot.get_pull(pull.number)
    assert (pull.mergeable, pull.mergeable_state) == (True, "clean")
    done = pull.merge(sha=head, merge_method="squash", commit_title="Publish blue/v1")
    assert done.merged
    assert done.sha == bot.get_branch("main").commit.sha
    pull = bot.get_pull(pull.number)
    assert (pull.state, pull.merged, pull.merge_commit_sha) == ("closed", True, done.sha)

    tag = bot.create_git_ref("refs/tags/blue/v1", done.sha)
    assert tag.object.sha == done.sha
    with pytest.raises(GithubException, match="Reference already exists"):
        bot.create_git_ref("refs/tags/blue/v1", done.sha)
    bot.get_git_ref("heads/drafts/blue/v1").delete()
    assert [each.name for each in bot.get_tags()] == ["blue/v1"]
    assert cast.repo.bare.read(done.sha, "blue/x.yaml") == b"a: 2\n"

    names = [delivery.name for delivery in cast.world.switchboard.waiting]
    assert names.count("pull_request.closed") == 1
    assert names[:4] == ["push", "create", "pull_request.opened", "issue_comment.created"]
    assert "pull_request_review.submitted" in names
