"""Drafts that people ask for on issues of GitLab, whose numbers are a row of their own; /hold and /copy."""

from bot.forges.gitlab.hear import hear
from tests.attendant.gitlab.street import Street
from tests.forges.gitlab.cast import TOKEN

NEW = "drafts/net/mail/v1"


def ours(street: Street, number: int) -> list[str]:
    """What the bot wrote on an issue, as people read it."""
    notes = street.cast.project.issue(number).notes.values()
    return [readable(each.body) for each in notes if each.user is street.cast.bot_user]


def readable(text: str) -> str:
    for code in range(33, 127):
        text = text.replace(f"&#{code};", chr(code))
    return text


def marks(street: Street, number: int) -> list[str]:
    return [each.name for each in street.cast.project.issue(number).awards]


def write(street: Street, number: int, text: str, by: str = "ada") -> None:
    assert street.cast.ask("POST", f"/issues/{number}/notes", {"body": text}, by).status in {201, 202}


def writes(street: Street) -> int:
    return sum(each.method != "GET" for each in street.cast.lab.log)


def heard(street: Street) -> list[int]:
    """The issues at which the webhooks so far make us look."""
    found = [
        hear(each.headers, each.body, [TOKEN.encode()]) for each in street.cast.world.switchboard.waiting
    ]
    return [each.issue for each in found if each and each.issue]


def test_an_issue_that_asks_for_a_package_gets_its_draft(street: Street) -> None:
    street.draft()  # a merge request of the same number
    number = street.cast.issue("ada", "We need mail.\n\n/init net/mail")
    assert heard(street) == [number]
    street.attendant.look_at_issue(number)

    request = street.request
    head = street.cast.project.bare.commit(request.head)
    assert (request.source_branch, request.is_draft) == (NEW, True)
    assert (head.author.name, head.committer.name) == ("Ada", "Portico")
    [answer] = ours(street, number)
    page = f"{street.cast.world.place.web}/{request.path}"
    assert f"@ada, /init: the draft net/mail/v1 is there, with you as its author. <{page}>" in answer
    assert marks(street, number) == ["eyes", "rocket"]
    before = writes(street)
    street.attendant.look_at_issue(number)
    assert writes(street) == before


def test_a_note_on_an_issue_is_heard_and_answered_in_one_note(street: Street) -> None:
    number = street.cast.issue("ada", "We need mail.")
    write(street, number, "Well.")
    assert heard(street) == []
    write(street, number, "/init net/mail")
    write(street, number, "/init net/web", "grace")
    assert heard(street) == [number, number]
    street.attendant.look_at_issue(number)
    [answer] = ours(street, number)
    assert "net/mail/v1 is there" in answer
    assert "net/web/v1 is there" in answer


def test_gitlab_takes_clone_for_its_own_on_issues_and_portico_clone_is_ours(street: Street) -> None:
    number = street.cast.issue("ada", "Well.")
    write(street, number, "Now:\n/clone net/dns as edge/dns")
    write(street, number, "/portico clone net/dns as edge/dns")
    street.attendant.look_at_issue(number)
    [answer] = ours(street, number)
    assert answer.count("/clone") == 1
    assert "has no published revision" in answer


def test_an_issue_whose_text_was_edited_is_not_carried_out(street: Street) -> None:
    number = street.cast.issue("ada", "/init net/mail")
    assert street.cast.ask("PUT", f"/issues/{number}", {"description": "/init net/web"}).status == 200
    street.attendant.look_at_issue(number)
    assert "What was edited is not carried out" in ours(street, number)[0]
    assert not street.cast.project.merge_requests


def test_a_stranger_gets_a_mark_and_no_answer(street: Street) -> None:
    number = street.cast.issue("eve", "/init net/mail")
    street.attendant.look_at_issue(number)
    assert (marks(street, number), ours(street, number)) == (["confused"], [])
    assert street.tip(NEW) == ""


def test_a_copy_on_a_change_is_linked(street: Street) -> None:
    first = street.draft()
    street.say("grace", "/copy as other")
    street.attendant.look(first.iid)
    assert street.request.source_branch == "drafts/net/dns/other"
    [told] = [each.body for each in first.notes.values() if "portico:living" in each.body]
    assert f"<{street.cast.world.place.web}/{street.request.path}>" in told


def test_a_word_of_which_nobody_told_is_heard_by_the_next_round(street: Street) -> None:
    number = street.cast.issue("ada", "We need mail.")
    write(street, number, "/init net/mail")
    street.cast.issue("ada", "It is slow.")
    hired = street.hire()
    for _ in range(3):
        assert hired.look_at_all() == []
    assert "net/mail/v1 is there" in ours(street, number)[0]
    assert street.request.source_branch == NEW
    street.cast.lab.log.clear()
    assert hired.look_at_all() == []
    assert sum("/issues" in each.path for each in street.cast.lab.log) == 1
