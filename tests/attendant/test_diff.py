"""`/diff`: the difference against a revision that somebody names, in the living comment."""

from html import unescape

from bot.lifecycle.change import Answered, Rights
from tests.attendant.conftest import ZONE, Scene
from tests.attendant.village import git

BRANCH = "drafts/net/dns/ttl"
LOCKED = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: key\nstringData:\n  password: {}\n"


def publish(scene: Scene, number: int, files: dict[str, str]) -> None:
    """A revision of the package, as somebody else made it."""
    head = scene.push("main", files, "o")
    git(scene.village.bare, "tag", f"net/dns/v{number}", head)


def ask(scene: Scene, number: int, text: str, by: str = "mel") -> str:
    scene.village.write(number, by, text)
    scene.attendant.look(number)
    return unescape(scene.living(number))


def twice_published(scene: Scene) -> int:
    """A draft with a ttl of 60, where v1 had 300 and v2 has 120."""
    publish(scene, 1, {"net/dns/note.yaml": ZONE.replace("zone", "note")})
    publish(scene, 2, {"net/dns/zone.yaml": ZONE.replace("300", "120")})
    return scene.draft()


def test_the_difference_against_an_older_revision_is_shown_beside_the_usual_one(scene: Scene) -> None:
    number = twice_published(scene)
    told = ask(scene, number, "/diff v1")

    usual, _, asked = told.partition("Against v1, as asked for:")
    assert "120" in usual.partition("**Difference:**")[2]
    assert "300" in asked
    assert "120" not in asked
    assert "<details>" in asked
    assert "@mel, /diff: the difference against v1 is shown below." in told
    scene.village.writes.clear()
    scene.attendant.look(number)
    assert scene.village.writes == []


def test_without_a_number_it_is_the_latest_and_shown_once(scene: Scene) -> None:
    told = ask(scene, twice_published(scene), "/diff")
    assert "@mel, /diff: the difference against v2 is shown below." in told
    assert told.count("**Difference:**") == 1


def test_of_several_the_newest_is_shown_and_one_that_was_deleted_is_not(scene: Scene) -> None:
    number = twice_published(scene)
    ask(scene, number, "/diff v1")
    assert "Against v1" not in ask(scene, number, "/diff v2")
    scene.village.erase(number, 1)
    scene.attendant.look(number)
    assert "Against v1" in scene.living(number)


def test_a_revision_that_is_not_there_is_refused_with_those_that_are(scene: Scene) -> None:
    number = twice_published(scene)
    assert "there are v1, v2" in ask(scene, number, "/diff v7")
    assert "'mornings' must be a revision, such as 'v1'." in ask(scene, number, "/diff mornings")
    marks = [remark.answered for remark in scene.village.kept[number].remarks]
    assert marks == [Answered.REFUSED] * 2


def test_a_package_without_revisions_is_compared_with_the_branch(scene: Scene) -> None:
    assert "the difference against main is shown below" in ask(scene, scene.draft(), "/diff")


def test_what_is_secret_is_not_shown(scene: Scene) -> None:
    publish(scene, 1, {"net/dns/key.yaml": LOCKED.format("before1")})
    publish(scene, 2, {"net/dns/key.yaml": LOCKED.format("between2")})
    told = ask(scene, scene.draft(), "/diff v1")
    assert "Secret" in told.partition("Against v1")[2]
    assert "before1" not in told
    assert "between2" not in told


def test_who_may_not_push_gets_a_mark_and_no_answer(scene: Scene) -> None:
    number = twice_published(scene)
    scene.village.rights_of["mel"] = Rights.READ
    assert "Against v1" not in ask(scene, number, "/diff v1")
    assert scene.village.kept[number].remarks[0].answered is Answered.REFUSED
