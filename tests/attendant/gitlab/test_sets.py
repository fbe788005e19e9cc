"""A set of packages by one merge request on GitLab."""

from tests.attendant.conftest import KPTFILE, POLICY, ZONE
from tests.attendant.gitlab.street import Street

BRANCH = "drafts/net/dns/both"
MAIL = {"mail/Kptfile": KPTFILE.replace("dns", "mail").encode(), "mail/zone.yaml": ZONE.encode()}


def test_one_merge_publishes_two_packages(street: Street) -> None:
    street.cast.commit("root", "main", {".portico.yaml": f"sets: true\n{POLICY}".encode()})
    street.cast.commit("ada", BRANCH, {"net/dns/zone.yaml": ZONE.replace("300", "60").encode(), **MAIL})
    street.attendant.look_at_branch(BRANCH)
    street.ready("ada")
    street.look()
    assert "With it goes the package" in street.living()
    street.approve("grace")
    street.look()

    bare, merge = street.cast.project.bare, street.request.merge_commit
    assert merge
    assert {bare.ref("refs/tags/net/dns/v1"), bare.ref("refs/tags/mail/v1")} == {merge}
    assert "Approving package revisions mail/1, net/dns/1" in bare.commit(merge).message
