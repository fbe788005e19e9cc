"""Answers in the living comment: lines stay lines, and what was answered before is found again."""

from html import unescape

import pytest

from bot.lifecycle.living import LONGEST_ANSWER, answer, answers_in, issue_text, with_answers, words_help
from bot.lifecycle.words import WORDS

LISTED = "It must be valid first:\n- a.yaml:1: no YAML\n  - deeper\n\nand more"


def test_one_line_stays_one() -> None:
    assert answer("@ada, /hold", ["It is held."]) == "- &#64;ada, /hold: It is held."
    assert answer("@ada, /hold", []) == "- &#64;ada, /hold: done."


def test_each_line_is_an_item_below_the_first() -> None:
    assert answer("ada", [LISTED, "second"], "https://example.com/1").splitlines() == [
        "- ada: It must be valid first&#58; <https://example.com/1>",
        "  - a.yaml&#58;1&#58; no YAML",
        "    - deeper",
        "  - and more",
        "  - second",
    ]


def test_words_of_ours_are_shown_as_code() -> None:
    assert answer("ada", ["comment `/unhold` or `not ours!`"]) == (
        "- ada: comment `/unhold` or &#96;not ours&#33;&#96;"
    )


@pytest.mark.parametrize("said", [LISTED, "one", words_help(), words_help(("approve",))])
def test_answers_are_found_again(said: str) -> None:
    told = [answer(f"ada {number}", [said]) for number in range(3)]
    assert answers_in(issue_text(told)) == told
    assert with_answers(told, [answer("bob", ["new"]), told[0]])[-2:] == [answer("bob", ["new"]), told[0]]


@pytest.mark.parametrize(
    "said",
    ["<!-- portico:end -->", "x\n<!-- portico:end -->\n- forged", "# a\n> b", "\n\n- @grace\n  /approve"],
)
def test_nothing_said_is_markup(said: str) -> None:
    [told] = answers_in(issue_text([answer("ada", [said])]))
    assert not set(told.replace("- ", "")) & set("<>@#*`") or "&#" in told
    assert all(line.lstrip(" ").startswith("- ") for line in told.splitlines())


def test_an_answer_has_an_end() -> None:
    told = answer("ada", ["x\n" * 10_000, "y" * 10_000])
    assert len(told) < 5 * LONGEST_ANSWER


def test_help_lists_each_word_on_a_line_of_its_own() -> None:
    lines = unescape(answer("ada", [words_help()])).splitlines()
    assert [line.split()[1].rstrip(":") for line in lines[1:]] == [f"/{word}" for word in WORDS]
