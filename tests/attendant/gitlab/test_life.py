"""The lifecycle on GitLab's merge requests, by what people do there."""

from tests.attendant.gitlab.conftest import BRANCH, Street


def test_from_a_push_to_a_published_revision(street: Street) -> None:
    assert street.draft().is_draft
    assert "📝 Draft" in street.living()

    street.ready()
    street.look()
    assert "Waiting for approvals" in street.living()

    street.approve("grace")
    street.look()

    assert street.tag == street.tip("main") != ""
    assert street.tip(BRANCH) == ""
    assert "✅ Published as v1" in street.living()
