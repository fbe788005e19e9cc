"""Of a list of issues only those are looked at that changed lately, and may hold a word."""

from bot.forges.recent import may_ask, reaches_back, worth_a_look
from bot.lifecycle.issue import IssueAt

NEW, THEN, OLD = "2026-03-04T12:00:00Z", "2026-03-01T12:00:00.000000Z", "2026-03-01T11:59:59Z"


def test_what_changed_lately_is_measured_by_what_changed_last() -> None:
    newest, lately, old = IssueAt(9, NEW, asks=False), IssueAt(3, THEN), IssueAt(4, OLD)
    assert worth_a_look([newest, lately, old]) == [lately]
    assert worth_a_look([old]) == [old]
    assert worth_a_look([]) == []
    assert reaches_back(newest, old)
    assert not reaches_back(newest, lately)
    assert reaches_back(newest, IssueAt(5, ""))


def test_a_word_stands_in_the_text_or_may_stand_in_a_comment() -> None:
    assert may_ask("We need it.\n\n/init net/mail", 0)
    assert may_ask("It is slow.", 1)
    assert not may_ask("It is slow, /init is said within a line.", 0)
