"""Whoever may write some objects of a namespace gets no more by it, and keeps nobody else from their work."""

from pathlib import Path
from typing import Any

from bot.kubernetes.cluster import Cluster, Object
from bot.kubernetes.kinds import REVISION, Kind
from bot.kubernetes.stamp import STAMP
from tests.cli.person import git, make_repository
from tests.kubernetes.street import STAMPS, Street, condition, with_policy

DRAFT = "shop.dns.add-mx"


def test_repositories_on_the_machine_of_portico_are_not_served(street: Street) -> None:
    street.restart(allows_local=False)
    # Git takes the host of a `file:` URL for a part of the path.
    for number, before in enumerate(("file://", "file://.", "FILE://", ".")):
        street.register(f"other-{number}", repo=f"{before}{street.bare}-{number}")
    failures = street.go()
    assert ["is on the machine where Portico runs" in failure for failure in failures] == [True] * 5
    assert street.revisions() == {}


def approve(street: Street) -> None:
    """Approve what the object shows now, as somebody proven to be an approver."""
    item = street.revision(DRAFT)
    mark = STAMPS.make({"kind": "PackageRevision", **item}, "grace", "Published")
    patch = {"metadata": {"annotations": {STAMP: mark}}, "spec": {"lifecycle": "Published"}}
    street.patch(DRAFT, patch, user="grace")


def test_what_is_approved_is_what_was_seen_then(street: Street) -> None:
    """Not what came by a push at the same time, however late the approval is heard."""
    street.draft()
    street.go()
    street.ask(DRAFT, "Proposed")
    street.go()
    assert street.revisions()[DRAFT] == "Proposed"
    work = street.bare.with_suffix(".draft")
    proposal = "refs/heads/proposed/dns/add-mx"
    git(work, "fetch", "-q", "origin", proposal)
    git(work, "checkout", "-q", "--detach", "FETCH_HEAD")
    (work / "dns" / "config.yaml").write_text("{apiVersion: v1, kind: ConfigMap, metadata: {name: evil}}\n")
    git(work, "commit", "-qam", "something else")
    git(work, "push", "-q", "origin", f"HEAD:{proposal}")

    class Interrupted(Cluster):
        """Somebody approves between two writes of ours."""

        has_approved = False

        def apply(self, kind: Kind, item: Object, *, subresource: str = "") -> Any:
            is_status = kind == REVISION and subresource and item["metadata"]["name"] == DRAFT
            if is_status and not Interrupted.has_approved:
                Interrupted.has_approved = True
                approve(street)
            return super().apply(kind, item, subresource=subresource)

    street.restart(through=Interrupted)
    street.go()
    assert Interrupted.has_approved
    street.go()
    assert street.told(DRAFT)[0] == "False"
    assert street.revisions()[DRAFT] == "Proposed"


def test_a_fault_of_ours_with_one_repository_keeps_no_other_waiting(street: Street, tmp_path: Path) -> None:
    street.register("blue", repo=str(with_policy(make_repository(tmp_path / "other" / "blue.git"))))

    class Faulty(Cluster):
        """Writes of one repository's objects end in a fault."""

        def apply(self, kind: Kind, item: Object, *, subresource: str = "") -> Any:
            if kind == REVISION and item["metadata"]["name"].startswith("shop."):
                raise KeyError("nobody thought of it")
            return super().apply(kind, item, subresource=subresource)

    street.restart(through=Faulty)
    [failure] = street.go()
    assert failure.endswith("shop: Portico failed here, and has logged why; tell its owner.")
    assert "nobody thought of it" in street.log.getvalue()
    assert "blue.dns.v1" in street.revisions()
    assert condition(street.repository(), "Ready")[0] == "False"
