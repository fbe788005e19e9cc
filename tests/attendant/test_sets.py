"""Several packages in one change: refused by default, and published together where the policy allows it."""

from contextlib import suppress
from html import unescape

import pytest

from bot import compose
from bot.errors import UserError
from bot.git.branches import RemoteBranches
from bot.lifecycle.change import Opinion
from bot.packages.layout import Layout
from tests.attendant.conftest import KPTFILE, POLICY, ZONE, Scene
from tests.attendant.machine import Died, Mortal
from tests.attendant.town import state_of
from tests.attendant.village import git

BRANCH = "drafts/net/dns/both"
MAIL = KPTFILE.replace("dns", "mail")
PIPELINE = "pipeline:\n  mutators:\n    - image: set-labels:v0.2\n      configMap:\n        team: mail\n"
RULES = "approvals: 1\nsets: true\napprovers:\n  net/**: [ada]\n  mail: [grace]\n"


def set_of_two(scene: Scene, policy: str = "sets: true\n" + POLICY, mail: str = MAIL) -> int:
    """A draft of 'net/dns' that changes the package 'mail' too, and the number of its change."""
    scene.push("main", {".portico.yaml": policy, "mail/Kptfile": MAIL}, "root")
    files = {"net/dns/zone.yaml": ZONE.replace("300", "60"), "mail/Kptfile": mail, "mail/zone.yaml": ZONE}
    scene.push(BRANCH, files)
    scene.attendant.look_at_branch(BRANCH)
    return scene.village.change_of(BRANCH)


def propose(scene: Scene, number: int) -> None:
    scene.village.ready(number)
    scene.attendant.look(number)


def approve(scene: Scene, number: int, by: str = "grace") -> None:
    scene.village.review(number, by, Opinion.APPROVED)
    scene.attendant.look(number)


def tags(scene: Scene) -> dict[str, str]:
    found = scene.village.repository.references
    return {ref.removeprefix("refs/tags/"): scene.village.tip(ref) for ref in found if "refs/tags/" in ref}


def test_without_leave_it_is_refused_with_how_to_split(scene: Scene) -> None:
    number = set_of_two(scene, POLICY)
    propose(scene, number)
    assert scene.village.change(number).draft
    told = unescape(scene.living(number))
    assert "also changes 'mail/Kptfile'" in told or "also changes 'mail/zone.yaml'" in told
    assert "push it as a draft of its own" in told


def test_a_set_is_published_together_with_a_tag_for_each(scene: Scene) -> None:
    number = set_of_two(scene)
    propose(scene, number)
    assert "With it goes the package 'mail'" in unescape(scene.living(number))
    assert tags(scene) == {}
    approve(scene, number)

    merge = scene.village.change(number).merged
    assert tags(scene) == {"net/dns/v1": merge, "mail/v1": merge}
    message = git(scene.village.bare, "log", "-1", "--format=%B", "main")
    assert message.startswith("Approving package revisions mail/1, net/dns/1")
    assert '"package":"mail","workspaceName":"both","revision":"1"' in message
    assert '"package":"net/dns","workspaceName":"both","revision":"1"' in message


def test_every_package_is_rendered_onto_the_same_branch(scene: Scene) -> None:
    number = set_of_two(scene, mail=MAIL + PIPELINE)
    assert "team: mail" in git(scene.village.bare, "show", f"{BRANCH}:mail/zone.yaml")
    propose(scene, number)
    approve(scene, number)
    assert set(tags(scene)) == {"net/dns/v1", "mail/v1"}


def test_each_package_wants_its_own_approvers(scene: Scene) -> None:
    number = set_of_two(scene, RULES)
    propose(scene, number)
    approve(scene, number, "ada")
    assert tags(scene) == {}
    told = "published together or not at all. Waiting for approvals: 0 of 1, from @grace."
    assert told in unescape(scene.living(number))
    approve(scene, number, "grace")
    assert set(tags(scene)) == {"net/dns/v1", "mail/v1"}


def test_whoever_approves_the_other_package_alone_is_not_enough(scene: Scene) -> None:
    number = set_of_two(scene, RULES)
    propose(scene, number)
    scene.village.write(number, "grace", "/approve")
    scene.attendant.look(number)
    assert tags(scene) == {}
    approve(scene, number, "ada")
    assert set(tags(scene)) == {"net/dns/v1", "mail/v1"}


def test_a_push_to_the_other_package_makes_its_approval_stale(scene: Scene) -> None:
    number = set_of_two(scene, RULES)
    propose(scene, number)
    approve(scene, number, "grace")
    scene.push(BRANCH, {"mail/zone.yaml": ZONE.replace("300", "5")}, start=f"origin/{BRANCH}")
    scene.attendant.look(number)
    approve(scene, number, "ada")
    assert tags(scene) == {}
    approve(scene, number, "grace")
    assert set(tags(scene)) == {"net/dns/v1", "mail/v1"}


def test_what_is_broken_in_one_keeps_all_from_being_proposed(scene: Scene) -> None:
    number = set_of_two(scene, mail="kind: Kptfile\n")
    propose(scene, number)
    assert scene.village.change(number).draft
    assert "Of the package 'mail' in the same change" in unescape(scene.living(number))
    assert tags(scene) == {}


def test_files_of_no_package_stay_refused(scene: Scene) -> None:
    number = set_of_two(scene)
    scene.push(BRANCH, {".portico.yaml": "approvals: 1\nselfApproval: true\n"}, start=f"origin/{BRANCH}")
    scene.attendant.look(number)
    propose(scene, number)
    approve(scene, number)
    assert tags(scene) == {}
    assert "also changes '.portico.yaml'" in unescape(scene.living(number))


def test_a_package_is_not_deleted_by_a_set(scene: Scene) -> None:
    number = set_of_two(scene)
    git(scene.clone, "rm", "-rq", "mail")
    git(scene.clone, "commit", "-qm", "Without mail")
    git(scene.clone, "push", "-q", "origin", f"HEAD:refs/heads/{BRANCH}")
    scene.attendant.look(number)
    propose(scene, number)
    approve(scene, number)
    assert tags(scene) == {}
    assert "also changes 'mail/Kptfile'" in unescape(scene.living(number))


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("left", range(5))
def test_a_bot_that_dies_between_the_tags_is_healed(scene: Scene, left: int, *, after: bool) -> None:
    number = set_of_two(scene)
    propose(scene, number)
    scene.village.review(number, "grace", Opinion.APPROVED)
    place = state_of(scene.root)
    branches = RemoteBranches(str(scene.village.bare), Layout(), place)
    mortal = Mortal(scene.village, left, after=after)
    with suppress(Died, UserError):
        compose.attendant(mortal, branches, place).look_at_all()
    scene.attendant.look(number)
    merge = scene.village.change(number).merged
    assert tags(scene) == {"net/dns/v1": merge, "mail/v1": merge}


def test_a_second_look_writes_nothing(scene: Scene) -> None:
    number = set_of_two(scene)
    propose(scene, number)
    approve(scene, number)
    before = len(scene.village.writes)
    scene.attendant.look(number)
    assert len(scene.village.writes) == before
