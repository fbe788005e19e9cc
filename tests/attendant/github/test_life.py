"""The lifecycle on GitHub's pull requests, by what people do there."""

from tests.attendant.github.street import BRANCH, Street


def test_from_a_push_to_a_published_revision(street: Street) -> None:
    pull = street.draft()
    assert pull.draft
    assert "📝 Draft" in street.living()

    street.ready()
    street.look()
    assert "Waiting for approvals" in street.living()

    street.cast.review("grace", pull, "APPROVE", "Good.")
    street.look()

    assert street.tag == street.cast.repo.bare.ref("refs/heads/main")
    assert street.cast.repo.bare.ref(f"refs/heads/{BRANCH}") == ""
    assert "✅ Published as v1" in street.living()
