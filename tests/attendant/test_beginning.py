"""Drafts that people ask for on an issue or on a change: /init, /clone and /copy."""

import contextlib
from html import unescape

import pytest

from bot import compose
from bot.errors import Moved
from bot.git.branches import RemoteBranches
from bot.lifecycle.change import Answered, Change, Opinion, Rights
from bot.packages.layout import Layout
from tests.attendant.conftest import KPTFILE, POLICY, ZONE, Scene
from tests.attendant.village import Village, git

NEW = "drafts/net/mail/v1"
NOT_ALLOWED = "is not one that the policy lets be fetched"


def ask(scene: Scene, text: str, by: str = "mel") -> int:
    """An issue that was opened with this text, and looked at."""
    number = scene.village.raise_issue(by, text)
    scene.attendant.look_at_issue(number)
    return number


def told(scene: Scene, number: int) -> str:
    living = scene.village.issues[number].living
    return unescape(living.text) if living else ""


def mark(scene: Scene, number: int, which: int = 0) -> Answered:
    return scene.village.issues[number].remarks[which].answered


def shown(scene: Scene, what: str) -> str:
    return git(scene.village.bare, "show", what)


def publish(scene: Scene, number: int, ttl: str = "300") -> None:
    """A revision of the package, as somebody else made it."""
    head = scene.push("main", {"net/dns/zone.yaml": ZONE.replace("300", ttl), "last": str(number)}, "o")
    git(scene.village.bare, "tag", f"net/dns/v{number}", head)


def test_a_new_package_is_begun_on_an_issue(scene: Scene) -> None:
    number = ask(scene, "We need a package for mail.\n\n/init net/mail")

    head = scene.village.tip(f"refs/heads/{NEW}")
    assert git(scene.village.bare, "log", "-1", "--format=%an %cn", head) == "Mel Portico"
    assert '"task":{"type":"init"' in git(scene.village.bare, "log", "-1", "--format=%B", head)
    assert "name: mail" in shown(scene, f"{head}:net/mail/Kptfile")
    change = scene.village.kept[scene.village.change_of(NEW)]
    assert (change.draft, change.head, change.number != number) == (True, head, True)
    assert "### 📝 Draft · net/mail/v1" in scene.living(change.number)
    answer = f"- @mel, /init: the draft net/mail/v1 is there, with you as its author. <{change.url}>"
    assert answer in told(scene, number)
    assert mark(scene, number) is Answered.DONE


def test_the_asker_is_its_author_and_does_not_approve_it(scene: Scene) -> None:
    ask(scene, "/init net/mail as first", "grace")
    number = scene.village.change_of("drafts/net/mail/first")
    scene.village.ready(number)
    scene.village.review(number, "grace", Opinion.APPROVED)
    scene.attendant.look(number)
    assert not scene.village.kept[number].merged

    scene.village.review(number, "ada", Opinion.APPROVED)
    scene.attendant.look(number)
    assert scene.village.tip("refs/tags/net/mail/v1")


def test_a_second_look_at_an_issue_writes_nothing(scene: Scene) -> None:
    number = ask(scene, "/init net/mail")
    scene.village.writes.clear()
    scene.attendant.look_at_issue(number)
    assert scene.village.writes == []


def test_an_issue_on_which_nobody_spoke_to_us_is_left_alone(scene: Scene) -> None:
    number = ask(scene, "It is slow.\n/assign @ada\n> /init net/mail\n\n    /init net/mail\n")
    assert scene.village.writes == []
    assert scene.village.issues[number].living is None


@pytest.mark.parametrize("text", ["/init net/mail", "/portico dance", "/explain", "/help\n/init net/mail"])
def test_a_stranger_gets_a_mark_and_no_answer(scene: Scene, text: str) -> None:
    scene.village.rights_of["mel"] = Rights.READ
    number = ask(scene, text)
    assert (mark(scene, number), scene.village.issues[number].living) == (Answered.REFUSED, None)
    assert scene.village.tip(f"refs/heads/{NEW}") == ""


def test_strangers_who_ask_for_help_get_it_once_and_push_nothing_else_away(scene: Scene) -> None:
    number = ask(scene, "/init net/mail")
    for _ in range(12):
        scene.village.write(number, "eve", "/help")
    scene.attendant.look_at_issue(number)
    assert "net/mail/v1 is there" in told(scene, number)
    assert told(scene, number).count("/propose: ask for the draft") == 1
    assert "@eve" not in told(scene, number)
    marks = [remark.answered for remark in scene.village.issues[number].remarks[1:]]
    assert marks == [Answered.DONE] * 10 + [Answered.NOT_YET] * 2
    scene.village.writes.clear()
    scene.attendant.look_at_issue(number)
    scene.attendant.look_at_issue(number)
    assert scene.village.writes == ["living", "react done", "react done"]


def test_comments_are_answered_in_one_comment_of_ours(scene: Scene) -> None:
    number = ask(scene, "/init net/mail")
    scene.village.write(number, "ada", "/init net/web")
    scene.village.write(number, "ada", "/help")
    scene.attendant.look_at_issue(number)
    assert "net/mail/v1 is there" in told(scene, number)
    assert "net/web/v1 is there" in told(scene, number)
    assert "/copy [<path>[@v<N>]] as <workspace>" in told(scene, number)


def test_what_was_edited_before_it_was_heard_is_not_carried_out(scene: Scene) -> None:
    number = scene.village.raise_issue("mel", "/init net/mail")
    scene.village.rewrite(number, 0, "/init net/web")
    scene.attendant.look_at_issue(number)
    assert "write a new comment" in told(scene, number)
    assert scene.village.tip("refs/heads/drafts/net/web/v1") == ""


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/init net/dns", "'net/dns' is there already; begin its next revision with `/copy net/dns"),
        ("/init net/dns/eu", "'net/dns/eu' would lie in the package 'net/dns', or around it"),
        ("/init net", "'net' would lie in the package 'net/dns'"),
        ("/init Net/Mail", "must be lower-case letters"),
        ("/init ../mail", "must be lower-case letters"),
        ("/init net/mail in here", "write it as `/init <path> [as <workspace>]`"),
        ("/init", "write it as `/init <path> [as <workspace>]`"),
        ("/copy net/dns as two", "has no published revision"),
        ("/copy net/dns@v9 as two", "has no published revision v9"),
        ("/copy net/dns@soon as two", "must be 'latest', or a revision such as 'v2'"),
        ("/copy as two", "On an issue a copy must name its package"),
        ("/clone net/none@v1 as net/mail", "A package of another repository is named by its address"),
        ("/clone net/dns", "write it as `/clone <package>[@v<N>] as <path>`"),
        ("/clone http://169.254.169.254/latest.git/dns@v1 as net/mail", NOT_ALLOWED),
        ("/clone https://github.com/team/dns/tree/main/dns as net/mail", NOT_ALLOWED),
        ("/clone /etc/passwd as net/mail", "specify '.git' in argument"),
        ("/clone /etc/passwd.git as net/mail", NOT_ALLOWED),
        ("/approve", "`/approve` is said on a change"),
    ],
)  # fmt: skip
def test_what_cannot_be_begun_is_refused_with_the_way(scene: Scene, text: str, answer: str) -> None:
    before = git(scene.village.bare, "for-each-ref")
    number = ask(scene, text)
    assert answer in told(scene, number)
    assert mark(scene, number) is Answered.REFUSED
    assert git(scene.village.bare, "for-each-ref") == before


def test_a_workspace_that_is_taken_is_refused(scene: Scene) -> None:
    publish(scene, 1)
    scene.draft()
    number = ask(scene, "/copy net/dns as ttl")
    assert "has a workspace 'ttl' already; name another one after `as`." in told(scene, number)


def test_a_copy_holds_what_the_revision_held(scene: Scene) -> None:
    publish(scene, 1, "120")
    publish(scene, 2, "90")
    ask(scene, "/copy net/dns@v1 as old\n/copy net/dns as new")
    assert "ttl: '120'" in shown(scene, "drafts/net/dns/old:net/dns/zone.yaml")
    assert "ttl: '90'" in shown(scene, "drafts/net/dns/new:net/dns/zone.yaml")
    message = git(scene.village.bare, "log", "-1", "--format=%B", "drafts/net/dns/old")
    assert '"task":{"type":"edit","edit":{"sourceRef":{"name":"net/dns/v1"}}}' in message


@pytest.mark.parametrize("source", ["net/dns@v1", "Team/blueprints/net/dns@v1", "{url}/net/dns@net/dns/v1"])
def test_a_clone_follows_a_package_of_the_same_repository(scene: Scene, source: str) -> None:
    publish(scene, 1, "120")
    publish(scene, 2, "90")
    ask(scene, f"/clone {source.format(url=scene.village.bare)} as edge/dns")
    assert "ttl: '120'" in shown(scene, "drafts/edge/dns/v1:edge/dns/zone.yaml")
    kptfile = shown(scene, "drafts/edge/dns/v1:edge/dns/Kptfile")
    assert "ref: net/dns/v1" in kptfile
    assert f"commit: {scene.village.tip('refs/tags/net/dns/v1')}" in kptfile


def test_a_clone_follows_a_package_elsewhere_where_the_policy_allows_it(scene: Scene) -> None:
    other = scene.root / "other.git"
    git(scene.root, "clone", "-q", "--bare", str(scene.village.bare), str(other))
    # Policies name addresses of the network alone: this is how a test reaches one of its own machine.
    scene.attendant.room.branches.clone(
        "edge/dns", f"{other}/net/dns@main", ((str(other),),), deployment=False
    )
    scene.push("main", {".portico.yaml": POLICY + "upstreams: [https://git.invalid/team/]\n"}, "o")
    number = ask(scene, "/clone https://git.invalid/team/other.git/net/dns@main as edge/dns")
    assert mark(scene, number) is Answered.REFUSED
    assert "git.invalid" in told(scene, number)


def test_a_change_that_was_slow_to_appear_is_opened_by_the_next_look(scene: Scene) -> None:
    class Slow(Village):
        def change(self, number: int) -> Change:
            if self.slow:
                raise Moved("The forge does not show it yet.")
            return super().change(number)

        slow = True

    slow = Slow(scene.village.bare)
    place = scene.root / "slow"
    attendant = compose.attendant(slow, RemoteBranches(str(slow.bare), Layout(), place), place)
    number = slow.raise_issue("mel", "/init net/mail")
    with pytest.raises(Moved):
        attendant.look_at_issue(number)
    assert slow.issues[number].remarks[0].answered is Answered.SEEN

    slow.slow = False
    attendant.look_at_issue(number)
    assert slow.issues[number].remarks[0].answered is Answered.DONE
    assert "net/mail/v1 is there" in unescape(slow.issues[number].living.text)  # type: ignore[union-attr] # it was answered
    assert git(slow.bare, "rev-list", "--count", f"main..{NEW}") == "1"
    assert slow.writes.count("open") == 1


@pytest.mark.parametrize("left", range(6))
def test_a_bot_that_dies_on_the_way_ends_where_it_would_have_ended(scene: Scene, left: int) -> None:
    class Mortal(Village):
        lives = left

        def _set(self, number: int, **values: object) -> None:
            super()._set(number, **values)
            if {"living", "remarks"} & set(values):
                self.lives -= 1
                if self.lives < 0:
                    raise KeyboardInterrupt

    mortal = Mortal(scene.village.bare)
    place = scene.root / "mortal"
    number = mortal.raise_issue("mel", "/init net/mail")
    attendant = compose.attendant(mortal, RemoteBranches(str(mortal.bare), Layout(), place), place)
    for _ in range(2):  # once begun again, it dies at its first write
        with contextlib.suppress(KeyboardInterrupt):
            attendant.look_at_issue(number)
    mortal.lives = 1000
    attendant.look_at_issue(number)

    issue = mortal.issues[number]
    assert issue.remarks[0].answered is Answered.DONE
    assert issue.living is not None
    assert unescape(issue.living.text).count("net/mail/v1 is there") == 1
    assert [change.branch for change in mortal.kept.values()] == [NEW]
    assert git(mortal.bare, "rev-list", "--count", f"main..{NEW}") == "1"


def test_a_draft_is_begun_on_a_change_and_linked_there(scene: Scene) -> None:
    number = scene.draft()
    scene.village.write(number, "mel", "/init net/mail")
    scene.attendant.look(number)
    other = scene.village.kept[scene.village.change_of(NEW)]
    assert f"the draft net/mail/v1 is there, with you as its author. <{other.url}>" in unescape(
        scene.living(number)
    )
    assert "Draft · net/mail/v1" in scene.living(other.number)
    scene.village.writes.clear()
    scene.attendant.look(number)
    assert scene.village.writes == []


def test_a_copy_of_a_change_holds_what_it_holds_now(scene: Scene) -> None:
    number = scene.draft(ttl="77")
    scene.village.write(number, "ada", "/copy as other")
    scene.attendant.look(number)
    assert "ttl: '77'" in shown(scene, "drafts/net/dns/other:net/dns/zone.yaml")
    assert git(scene.village.bare, "log", "-1", "--format=%an", "drafts/net/dns/other") == "Ada"
    assert git(scene.village.bare, "rev-list", "--count", "main..drafts/net/dns/other") == "1"
    # It is another draft: what is pushed to the first does not reach it.
    assert scene.village.kept[scene.village.change_of("drafts/net/dns/other")].open


def test_a_copy_of_what_was_pushed_over_is_refused(scene: Scene) -> None:
    number = scene.draft()
    scene.village.write(number, "ada", "/copy as other")
    scene.push(
        "drafts/net/dns/ttl",
        {"net/dns/note.yaml": ZONE.replace("zone", "note")},
        start="origin/drafts/net/dns/ttl",
    )
    scene.attendant.look(number)
    assert scene.village.kept[number].remarks[0].answered is Answered.REFUSED
    assert scene.village.tip("refs/heads/drafts/net/dns/other") == ""


def test_a_new_draft_is_rendered_as_any_other(scene: Scene) -> None:
    pipeline = (
        KPTFILE
        + "pipeline:\n  mutators:\n    - image: set-labels:v0.2\n      configMap:\n        team: net\n"
    )
    head = scene.push("main", {"net/dns/Kptfile": pipeline}, "o")
    git(scene.village.bare, "tag", "net/dns/v1", head)
    ask(scene, "/copy net/dns as labelled")
    assert "team: net" in shown(scene, "drafts/net/dns/labelled:net/dns/zone.yaml")


def test_who_wrote_what_is_copied_does_not_approve_the_copy(scene: Scene) -> None:
    number = scene.draft("ada")
    scene.village.pushed_by("drafts/net/dns/ttl", "ada")
    scene.attendant.look(number)
    scene.village.write(number, "mel", "/copy as other")
    scene.attendant.look(number)
    copy = scene.village.change_of("drafts/net/dns/other")
    scene.village.ready(copy)
    scene.village.review(copy, "ada", Opinion.APPROVED)
    scene.attendant.look(copy)
    assert scene.village.tip("refs/tags/net/dns/v1") == ""

    scene.village.review(copy, "grace", Opinion.APPROVED)
    scene.attendant.look(copy)
    assert scene.village.tip("refs/tags/net/dns/v1") != ""
