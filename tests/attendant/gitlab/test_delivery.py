"""Being told by GitLab: twice, by two hooks, late, never, after days, or by words that it takes itself."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.attendant.bureau import Bureau, gitlab_bureau
from tests.attendant.contract.driver import DRAFT, Stands, zone
from tests.attendant.contract.gitlab_driver import GitLabDriver
from tests.attendant.contract.test_life import V1, proposed
from tests.forges.git_half import HEADS, ZERO, Change
from tests.forges.gitlab.cast import TOKEN
from tests.forges.gitlab.pushing import after_push, move
from tests.forges.gitlab.webhooks import Switchboard
from tests.forges.gitlab.world import signing_key

SIGNING = "whsec_dGhpcnR5LXR3byBieXRlcyBmb3IgYSBrZXkgb2YgYSB0ZXN0"
Open = Callable[..., Bureau]


@pytest.fixture
def open_bureau(town: GitLabDriver, tmp_path: Path) -> Iterator[Open]:
    made: list[Bureau] = []

    def opened(*secrets: str) -> Bureau:
        made.append(gitlab_bureau(town.street, tmp_path / f"bureau-{len(made)}", *(secrets or (TOKEN,))))
        return made[-1]

    yield opened
    for each in made:
        each.close()


def board(town: GitLabDriver) -> Switchboard:
    return town.street.cast.world.switchboard


def approved(town: GitLabDriver) -> None:
    """A proposal that grace has approved, of which only that is told."""
    proposed(town)
    board(town).waiting.clear()
    town.approve("grace")


def test_s01_a_delivery_comes_twice(town: GitLabDriver, open_bureau: Open) -> None:
    """The same delivery comes twice at once, and again when it has been dealt with: then nothing is done."""
    bureau = open_bureau()
    approved(town)
    [once] = board(town).select("merge_request")
    board(town).double("merge_request")
    town.sent("merge")
    assert bureau.deliver() == [202, 202]
    assert bureau.waiting() == 1
    bureau.work()
    assert town.tags().keys() == {V1}
    assert town.sent("merge") == 1

    board(town).waiting.clear()
    before = town.written()
    board(town).again(once)
    assert bureau.deliver() == [200]
    bureau.work()
    assert town.written() == before


def test_s02_an_event_comes_by_two_hooks(town: GitLabDriver, open_bureau: Open) -> None:
    """A hook of the project and one of its group tell the same: one look, no word about it."""
    world = town.street.cast.world
    world.hook(world.groups["acme"], TOKEN)
    bureau = open_bureau()
    approved(town)
    assert len({each.key for each in board(town).waiting}) == 2
    assert bureau.deliver() == [202, 202]
    assert bureau.waiting() == 1
    town.sent("merge")
    bureau.rest()
    assert town.stands() is Stands.PUBLISHED
    assert town.sent("merge") == 1
    assert bureau.looks("failed") == bureau.looks("given_up") == 0


def test_s06_git_is_ahead_of_the_api(town: GitLabDriver, open_bureau: Open) -> None:
    """Git has a commit that the API does not show yet: nothing is decided on the older one, later it is."""
    bureau = open_bureau()
    approved(town)
    cast, old, before = town.street.cast, town.head(), town.bare.refs()
    made = town.bare.make(
        town.bare.tree(zone("5"), old), [old], "More", cast.user("ada").person, cast.world.clock.tick()
    )
    town.bare.move([Change(f"{HEADS}drafts/{DRAFT}", old, made)])
    asked = len(cast.lab.writes())
    bureau.deliver()
    bureau.work()
    assert bureau.looks("failed") == 1
    assert len(cast.lab.writes()) == asked

    after_push(cast.world, cast.project, cast.user("ada"), before)
    town.events()
    bureau.pass_time(60)
    assert bureau.looks("done") == 1
    assert town.tags() == {}
    assert f"stale approval by @grace at {old[:10]}" in town.told()


@pytest.mark.parametrize(("age", "status"), [(0, 202), (299, 202), (301, 401), (86_400, 401)])
def test_s08_a_signed_delivery_is_sent_again_later(
    town: GitLabDriver, open_bureau: Open, age: int, status: int
) -> None:
    """Who caught a delivery and sends it again after five minutes is not believed."""
    cast = town.street.cast
    cast.hook.token, cast.hook.key = "", signing_key(SIGNING)
    bureau = open_bureau(SIGNING)
    approved(town)
    [caught] = board(town).select("merge_request")
    headers = caught.headers
    cast.world.clock.move(age)
    assert bureau.post(caught.body, headers).status == status
    assert bureau.waiting() == (status == 202)


def test_s08_with_a_plain_token_a_replay_does_no_harm(town: GitLabDriver, open_bureau: Open) -> None:
    """An approval that was taken back since is told again under another name: what is there now counts."""
    bureau = open_bureau()
    approved(town)
    [caught] = board(town).select("merge_request")
    town.ask("POST", "/unapprove", DRAFT, "grace")
    board(town).waiting[:] = [replace(caught, key="another", event_uuid="another")]
    bureau.rest()
    assert town.stands() is Stands.PROPOSED
    assert town.tags() == {}


def test_s09_a_push_of_many_branches_is_told_to_nobody(town: GitLabDriver, open_bureau: Open) -> None:
    """Of more than three branches at once GitLab tells no hook: the next tick finds the drafts."""
    bureau, cast = open_bureau(), town.street.cast
    made = town.bare.make(
        town.bare.tree(zone("60"), town.main()),
        [town.main()],
        "Many",
        cast.user("ada").person,
        cast.world.clock.tick(),
    )
    names = [f"net/dns/w{number}" for number in range(4)]
    with cast.world.lock:
        changes = [Change(f"{HEADS}drafts/{name}", ZERO, made) for name in names]
        move(cast.world, cast.project, cast.user("ada"), changes)
    assert board(town).waiting == []
    bureau.tick()
    assert [town.stands(name) for name in names] == [Stands.DRAFT] * 4


def test_s11_what_the_bot_does_is_told_to_it(town: GitLabDriver, open_bureau: Open) -> None:
    """The bot's notes, marks, merges and tags come back as events: it comes to rest, and stays there."""
    bureau = open_bureau()
    town.write("ada", zone("60"))
    bureau.rest()
    town.propose()
    bureau.rest()
    town.say("grace", "/portico approve")
    bureau.rest()
    assert town.stands() is Stands.PUBLISHED
    before = town.written()
    board(town).waiting += [replace(each, key=f"again-{each.key}") for each in board(town).tried]
    bureau.rest()
    bureau.tick()
    assert town.written() == before


@pytest.mark.parametrize("text", ["/approve", "Fine.\n\n/approve\n", "/approve\n/portico explain"])
def test_s59_gitlab_takes_the_word_for_itself(town: GitLabDriver, open_bureau: Open, text: str) -> None:
    """`/approve` is swallowed, and is GitLab's own approval: the event of that is heard instead."""
    bureau = open_bureau()
    proposed(town)
    town.events()
    town.say("grace", text)
    assert "/approve" not in "".join(each.body for each in town.request().notes.values())
    bureau.rest()
    assert town.tags().keys() == {V1}


@pytest.mark.parametrize("word", ["/draft", "/close"])
def test_s59_words_of_gitlabs_that_are_none_of_ours(town: GitLabDriver, open_bureau: Open, word: str) -> None:
    """What GitLab does at its own words is seen, as if a person had pressed the button."""
    bureau = open_bureau()
    proposed(town)
    town.street.cast.settle(town.request())
    town.say("mia", word)
    bureau.rest()
    expected = {"/draft": Stands.DRAFT, "/close": Stands.GONE}
    assert town.stands() is expected[word]
    assert town.tags() == {}


def test_s59_a_merge_of_gitlabs_waits_for_our_status(town: GitLabDriver, open_bureau: Open) -> None:
    """GitLab merges by itself what `/merge` was said to, once nothing runs: not before it is approved."""
    bureau = open_bureau()
    proposed(town)
    town.street.cast.settle(town.request())
    town.say("mia", "/merge")
    bureau.rest()
    assert (town.stands(), town.tags()) == (Stands.PROPOSED, {})
    town.approve("grace")
    bureau.rest()
    assert town.tags().keys() == {V1}
