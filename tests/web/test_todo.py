"""What every to-do list does, whatever keeps it: what it bounds, forgets, and gives to whom."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest

from bot.web.look import Look
from bot.web.todo import Depth, Full, Taken, Todo
from tests.web.keeping import Keeping

ONE, TWO, OTHER = Look("test", "a/b", 1), Look("test", "a/b", 2), Look("test", "a/c", 1)
DAY = 86_400.0
LEASE = 60.0


@pytest.fixture
def todo(keeping: Keeping) -> Todo:
    return keeping.open(most=3, lease=LEASE)


def take(todo: Todo, now: float = 0) -> Taken:
    taken = todo.take(now)
    assert taken is not None
    return taken


def test_the_list_is_bounded_but_never_for_what_it_holds(todo: Todo) -> None:
    for number in range(3):
        assert todo.ask(Look("test", "a/b", number), f"{number}", 0)
    with pytest.raises(Full):
        todo.ask(OTHER, "x", 0)
    assert todo.ask(Look("test", "a/b", 2), "y", 0)
    assert todo.depth(0) == Depth(3, 0, 0, 0)
    todo.done(take(todo), 0)
    assert todo.ask(OTHER, "x", 0)


def test_what_was_refused_for_want_of_room_is_no_delivery(todo: Todo) -> None:
    for number in range(3):
        todo.ask(Look("test", "a/b", number), f"{number}", 0)
    with pytest.raises(Full):
        todo.ask(OTHER, "x", 0)
    todo.done(take(todo), 0)
    assert todo.ask(OTHER, "x", 0)


def test_reminders_are_kept_however_many_there_are(keeping: Keeping) -> None:
    todo = keeping.open(most=3)
    todo.remind([Look("test", "a/b", number) for number in range(2_500)], 0)
    assert todo.depth(0).waiting == 2_500
    assert todo.ask(Look("test", "a/b", 7), "x", 0)


def test_a_look_comes_back_as_it_was_asked_for(todo: Todo) -> None:
    for look in (
        Look("test", "a/b"),
        Look("test", "a/c.d-e", 2**31 - 1),
        Look("test", "g/Ä/ü", 0, 'drafts/x/y "z"'),
    ):
        todo.ask(look, "", 1_763_762_683.123456)
        taken = take(todo, 1_763_762_683.123457)
        assert taken.look == look
        todo.done(taken, 1_763_762_684)
    assert todo.take(1_763_762_684) is None


def test_how_long_the_oldest_waits_is_known(todo: Todo) -> None:
    todo.ask(ONE, "x", 1_763_762_683.123456)
    todo.ask(ONE, "y", 1_763_762_690)
    todo.ask(OTHER, "z", 1_763_762_691)
    assert todo.depth(1_763_762_700) == Depth(2, 0, 0, 1_763_762_683.123456)
    todo.done(take(todo, 1_763_762_700), 1_763_762_700)
    assert todo.depth(1_763_762_700) == Depth(1, 0, 0, 1_763_762_691)


def test_deliveries_are_forgotten_after_three_days(todo: Todo) -> None:
    todo.ask(ONE, "x", 0)
    todo.done(take(todo), 0)
    todo.sweep(3 * DAY)
    assert not todo.ask(ONE, "x", 3 * DAY)
    todo.sweep(3 * DAY + 1)
    assert todo.ask(ONE, "x", 3 * DAY)


def test_many_deliveries_are_forgotten_at_once(todo: Todo) -> None:
    for number in range(2_100):
        todo.ask(ONE, f"{number}", number / 1_000)
    todo.done(take(todo, 3), 3)
    todo.sweep(3 * DAY + 3)
    assert todo.ask(ONE, "0", 3 * DAY)
    assert todo.ask(ONE, "2099", 3 * DAY)


def test_a_delivery_without_id_is_always_new(todo: Todo) -> None:
    for _ in range(2):
        assert todo.ask(ONE, "", 0)
        todo.done(take(todo), 0)


def test_a_delivery_of_another_forge_is_another_one(todo: Todo) -> None:
    assert todo.ask(ONE, "x", 0)
    todo.done(take(todo), 0)
    assert todo.ask(ONE._replace(forge="other"), "x", 0)
    assert not todo.ask(ONE, "x", 0)


def test_what_was_given_up_is_kept_with_its_reason(todo: Todo) -> None:
    todo.ask(ONE, "x", 0)
    todo.give_up(take(todo), "It is broken.", 5)
    assert [(one.look, one.tries, one.at, one.reason) for one in todo.given_up()] == [
        (ONE, 1, 5, "It is broken.")
    ]
    assert todo.depth(5) == Depth(0, 0, 1, 0)
    assert todo.take(9 * DAY) is None
    todo.sweep(14 * DAY + 6)
    assert todo.given_up() == []


def test_a_reason_that_is_no_text_is_kept_as_far_as_it_is(todo: Todo) -> None:
    todo.ask(ONE, "x", 0)
    # What programs write is not always in the encoding that it should be in.
    todo.give_up(take(todo), "It is br\udcf6ken.", 5)
    assert [one.reason for one in todo.given_up()] == ["It is br?ken."]


def test_a_webhook_and_a_reminder_try_again_what_was_given_up(todo: Todo) -> None:
    todo.ask(ONE, "x", 0)
    todo.again(take(todo), 0, tries=9, rest=False)
    todo.give_up(take(todo), "It is broken.", 0)
    todo.remind([ONE], 1)
    again = take(todo, 1)
    assert again.tries == 10
    todo.give_up(again, "It is still broken.", 1)
    assert todo.ask(ONE, "x", 2)
    assert take(todo, 2).tries == 0
    assert todo.given_up() == []


def test_a_webhook_does_not_wait_for_what_failed_before(todo: Todo) -> None:
    todo.ask(ONE, "x", 0)
    todo.again(take(todo), 500, tries=3, rest=False)
    todo.remind([ONE], 10)
    assert todo.take(10) is None
    todo.ask(ONE, "y", 10)
    assert take(todo, 10).tries == 0


def test_a_repository_that_rests_is_left_alone_whoever_asks(todo: Todo) -> None:
    todo.ask(ONE, "x", 0)
    todo.again(take(todo), 500, tries=0, rest=True)
    todo.ask(ONE, "y", 10)
    todo.ask(TWO, "z", 10)
    todo.ask(OTHER, "w", 10)
    assert take(todo, 10).look == OTHER
    assert todo.take(499) is None
    assert take(todo, 500).look == ONE


def test_a_rest_is_not_shortened_by_a_sweep(todo: Todo) -> None:
    todo.ask(ONE, "x", 0)
    todo.again(take(todo), 500, tries=0, rest=True)
    todo.sweep(499)
    assert todo.take(499) is None


def test_one_that_is_asked_for_again_and_again_lets_others_go_first(todo: Todo) -> None:
    todo.ask(ONE, "x", 0)
    todo.ask(TWO, "y", 0)
    first = take(todo)
    todo.ask(ONE, "z", 0)
    todo.done(first, 0)
    assert take(todo).look == TWO


def test_behind_many_of_a_repository_that_is_held_another_is_found(keeping: Keeping) -> None:
    todo = keeping.open()
    todo.remind([Look("test", "a/b", number) for number in range(1_500)], 0)
    todo.ask(OTHER, "x", 0)
    assert take(todo).look == Look("test", "a/b", 0)
    assert take(todo).look == OTHER
    assert todo.take(0) is None


def test_what_another_process_does_not_renew_is_handed_out(keeping: Keeping, todo: Todo) -> None:
    other = keeping.open()
    todo.ask(ONE, "x", 0)
    late = take(todo)
    todo.renew(50)
    assert other.take(50 + LEASE - 1) is None
    assert todo.take(50 + LEASE) is None  # a process never takes its own twice
    assert todo.depth(50 + LEASE).running == 1
    taken = take(other, 50 + LEASE)
    assert taken.look == ONE
    # The late one ends first: what it did is done, and the repository stays with the other.
    todo.done(late, 200)
    todo.ask(TWO, "y", 50 + LEASE)
    assert todo.take(50 + LEASE) is None
    other.done(taken, 200)
    assert take(todo, 200).look == TWO


def test_a_process_that_is_late_holds_on_to_what_nobody_took(keeping: Keeping, todo: Todo) -> None:
    other = keeping.open()
    todo.ask(ONE, "x", 0)
    take(todo)
    todo.renew(10 * LEASE)
    assert other.take(10 * LEASE + 1) is None


def test_what_a_dead_process_held_is_handed_out(keeping: Keeping, todo: Todo) -> None:
    other = keeping.open()
    todo.ask(ONE, "x", 0)
    take(todo)
    after = keeping.die(todo)
    other.renew(after)
    assert take(other, after).look == ONE


def test_what_is_let_go_is_free_at_once(keeping: Keeping, todo: Todo) -> None:
    other = keeping.open()
    todo.ask(ONE, "x", 0)
    take(todo)
    assert other.take(1) is None
    todo.let_go()
    assert take(other, 1).look == ONE


def test_what_was_let_go_is_done_when_it_ends_nevertheless(keeping: Keeping, todo: Todo) -> None:
    todo.ask(ONE, "x", 0)
    taken = take(todo)
    todo.let_go()
    todo.done(taken, 1)
    assert keeping.open().take(1) is None
    assert not todo.ask(ONE, "x", 1)


def test_an_end_that_is_told_twice_is_told_once(todo: Todo) -> None:
    """The first answer may have been lost on its way."""
    ends: list[Callable[[Taken], None]] = [
        lambda taken: todo.done(taken, 1),
        lambda taken: todo.again(taken, 1, tries=1, rest=False),
        lambda taken: todo.give_up(taken, "It is broken.", 1),
    ]
    for end in ends:
        todo.ask(ONE, "", 0)
        taken = take(todo, 1)
        end(taken)
        before = todo.depth(1), todo.given_up()[:1]
        end(taken)
        assert (todo.depth(1), todo.given_up()[:1]) == before
    assert todo.given_up()[0].tries == 1


def test_threads_and_processes_never_hold_a_repository_twice(keeping: Keeping) -> None:
    todos = [keeping.open(), keeping.open()]
    for number in range(60):
        todos[0].ask(Look("test", f"a/r{number % 3}", number), f"{number}", 0)
    start, held, seen, faults = Barrier(6), set[str](), list[Look](), list[str]()

    def work(todo: Todo) -> None:
        start.wait()
        while sum(todo.depth(0)[:2]):
            if (taken := todo.take(0)) is None:
                continue
            if taken.look.repository in held:
                faults.append(taken.look.repository)
            held.add(taken.look.repository)
            seen.append(taken.look)
            held.discard(taken.look.repository)
            todo.done(taken, 0)

    threads = [Thread(target=work, args=(todos[number % 2],)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert sorted(look.number for look in seen) == [*range(60)]
