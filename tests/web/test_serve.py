"""The bot as a process: what it hears is looked at, whatever happens to it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.web.bot import Place, until

WHOLE = ("0", "")


def test_a_webhook_is_answered_and_looked_at(place: Place) -> None:
    place.settle("acme/*")
    with place.bot() as bot:
        answer = bot.line.deliver("acme/packages", 7)
        assert (answer.status, answer.text) == (202, "This will be looked at.\n")
        until(lambda: place.looks("end"), "the look")
        assert place.looks() == [("begin", "acme/packages", "7", ""), ("end", "acme/packages", "7", "")]
        until(bot.idle, "nothing is left")
        [said] = bot.said("webhook")
        assert (said["repository"], said["number"], said["status"]) == ("acme/packages", 7, 202)
        assert said["delivery"].startswith("delivery-")


def test_repositories_named_in_full_are_looked_at_from_the_start(place: Place) -> None:
    place.settle("acme/packages", "acme/other", "!acme/other")
    with place.bot() as bot:
        until(bot.idle, "the first tick is done")
        until(lambda: place.looks("end"), "the look")
        assert place.looks("end") == [("end", "acme/packages", *WHOLE)]


def test_what_comes_while_a_look_is_running_is_looked_at_once_more(place: Place) -> None:
    place.settle("acme/*")
    with place.bot() as bot:
        assert bot.line.deliver("acme/slow", 1).status == 202
        until(lambda: place.looks("begin"), "the look has begun")
        for _ in range(5):
            assert bot.line.deliver("acme/slow", 1).status == 202
        # Another change waits for the repository, another repository does not.
        assert bot.line.deliver("acme/slow", 2).status == 202
        assert bot.line.deliver("acme/quick", 3).status == 202
        until(lambda: place.looks("end", "acme/quick"), "the other repository")
        assert place.looks("begin", "acme/slow") == [("begin", "acme/slow", "1", "")]
        (place.folder / "go").touch()
        until(bot.idle, "nothing is left")
        assert place.looks("", "acme/slow") == [
            (what, "acme/slow", number, "") for number in "121" for what in ("begin", "end")
        ]


def test_a_delivery_that_comes_again_is_done_once(place: Place) -> None:
    place.settle("acme/*")
    with place.bot() as bot:
        assert bot.line.deliver("acme/packages", 7, delivery="one").status == 202
        until(lambda: place.looks("end") and bot.idle(), "the look")
        again = bot.line.deliver("acme/packages", 7, delivery="one")
        assert (again.status, again.text) == (200, "This delivery was dealt with before.\n")
        assert bot.line.deliver("acme/packages", 7, delivery="two").status == 202
        until(lambda: len(place.looks("end")) == 2, "the look of the other delivery")


def test_killed_between_seen_and_done_it_looks_again(place: Place) -> None:
    place.settle("acme/*")
    with place.bot() as bot:
        assert bot.line.deliver("acme/slow", 1, delivery="one").status == 202
        assert bot.line.deliver("acme/slow", 2).status == 202
        until(lambda: place.looks("begin"), "the look has begun")
        bot.kill()
    (place.folder / "go").touch()
    with place.bot() as bot:
        until(lambda: len(place.looks("end")) == 2, "both looks")
        until(bot.idle, "nothing is left")
        assert [one[2] for one in place.looks("begin")] == ["1", "1", "2"]
        assert bot.line.deliver("acme/slow", 1, delivery="one").status == 200


def test_asked_to_end_it_ends_what_it_has_begun(place: Place) -> None:
    place.settle("acme/*", workers=1)
    with place.bot() as bot:
        bot.line.deliver("acme/slow", 1)
        until(lambda: place.looks("begin"), "the look has begun")
        bot.line.deliver("acme/quick", 2)
        line = bot.line
        bot.ask_to_end()
        until(lambda: bot.said("stopping"), "it has heard")
        with pytest.raises(ConnectionRefusedError):
            line.get("/healthz")
        assert bot.process.poll() is None
        (place.folder / "go").touch()
        assert bot.process.wait(60) == 0
        assert bot.said("stopped")[0]["left"] is False
    assert place.looks("end") == [("end", "acme/slow", "1", "")]
    with place.bot():
        until(lambda: place.looks("end", "acme/quick"), "the rest is done by the next")


def test_a_look_that_does_not_end_is_left_for_the_next(place: Place) -> None:
    place.settle("acme/*", drain=0)
    with place.bot() as bot:
        bot.line.deliver("acme/slow", 1)
        until(lambda: place.looks("begin"), "the look has begun")
        bot.ask_to_end()
        assert bot.process.wait(60) == 0
        assert bot.said("stopped")[0]["left"] is True
    (place.folder / "go").touch()
    with place.bot():
        until(lambda: place.looks("end"), "the look")


def test_two_processes_share_the_work_and_never_a_repository(place: Place) -> None:
    place.settle("acme/*")
    with place.bot() as one, place.bot() as other:
        for number in range(1, 41):
            bot = (one, other)[number % 2]
            assert bot.line.deliver(f"acme/number{number % 4}", number).status == 202
        until(one.idle, "nothing is left")
        until(lambda: len(place.looks("end")) == 40, "all looks")
        for repository in {one[1] for one in place.looks()}:
            words = [what for what, *_ in place.looks("", repository)]
            assert words == ["begin", "end"] * 10


def test_a_forge_that_asks_to_wait_is_given_time(place: Place) -> None:
    place.settle("acme/*")
    with place.bot() as bot:
        bot.line.deliver("acme/later", 1)
        until(lambda: place.looks("end"), "the second try")
        assert [what for what, *_ in place.looks()] == ["begin", "begin", "end"]
        assert 'portico_looks_total{forge="test",outcome="later"} 1.0' in bot.line.get("/metrics").text


def test_an_unexpected_failure_is_tried_again_and_logged_with_an_id(place: Place) -> None:
    place.settle("acme/*")
    (place.folder / "broken").touch()
    with place.bot() as bot:
        bot.line.deliver("acme/broken", 1)
        until(lambda: bot.said("look"), "the failure")
        first = bot.said("look")[0]
        assert (first["level"], first["outcome"], len(first["id"])) == ("error", "failed", 12)
        assert "something that nobody expected" in first["traceback"]
        (place.folder / "broken").unlink()
        until(lambda: place.looks("end"), "the look that went well")
        until(bot.idle, "nothing is left")


def test_no_secret_is_logged(place: Place) -> None:
    place.settle("acme/*")
    with place.bot() as bot:
        bot.line.deliver("acme/leaky", 1)
        until(lambda: bot.said("look"), "the failure")
        assert "the secret is ***" in bot.said("look")[0]["traceback"]
        assert "a secret of the forge" not in bot.log.read_text()


def test_credentials_that_are_not_accepted_make_it_unready_but_alive(place: Place) -> None:
    place.settle("acme/*")
    with place.bot() as bot:
        assert bot.line.get("/readyz").status == 200
        bot.line.deliver("acme/denied", 1)
        until(lambda: bot.line.get("/readyz").status == 503, "it is not ready")
        assert bot.line.get("/readyz").text == "The credentials were not accepted by test.\n"
        assert bot.line.get("/healthz").status == 200
        bot.line.deliver("acme/packages", 1)
        until(lambda: bot.line.get("/readyz").status == 200, "another repository lets us in")


def test_five_hundred_webhooks_at_once(place: Place) -> None:
    place.settle("acme/*")
    start = threading.Barrier(50)
    with place.bot() as bot:
        line = bot.line

        def deliver(number: int) -> int:
            if number < 50:
                start.wait()
            return line.deliver(f"acme/number{number % 10}", number % 100 + 1).status

        with ThreadPoolExecutor(50) as pool:
            assert [*pool.map(deliver, range(500))] == [202] * 500
        until(bot.idle, "nothing is left")
        ended = {(repository, number) for _, repository, number, _ in place.looks("end")}
        assert len(ended) == 100
        assert (
            'portico_webhooks_total{answer="202",event="push",forge="test"} 500.0'
            in line.get("/metrics").text
        )


def test_a_second_bot_at_the_same_address_says_so(place: Place) -> None:
    place.settle("acme/*")
    with place.bot() as bot:
        place.settle("acme/*", listen=f"127.0.0.1:{bot.line.port}")
        with pytest.raises(AssertionError, match="`listen` cannot be had"), place.bot():
            pass
