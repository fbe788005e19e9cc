"""The log: a line each, nothing empty, no secret, and never a reason to stop."""

import io
import json
import logging

from bot.web.log import LibraryHandler, Log

KEY = "-----BEGIN KEY-----\nabcdefgh\nijklmnop\n-----END KEY-----"


def test_a_line_is_a_json_object() -> None:
    stream = io.StringIO()
    Log(stream, lambda: 1.5).note("look", repository="a/b", number=0, branch="", text="two\nlines é \ud800")
    assert stream.getvalue().count("\n") == 1
    assert json.loads(stream.getvalue()) == {
        "time": "1970-01-01T00:00:01.500Z",
        "level": "info",
        "event": "look",
        "repository": "a/b",
        "number": 0,
        "text": "two\nlines é \ud800",
    }


def test_a_person_reads_a_sentence() -> None:
    stream = io.StringIO()
    log = Log(stream, lambda: 0, lines=False)
    log.trouble("look", repository="a/b", seconds=0.5)
    number = log.fault("look", RuntimeError("why\x1b[1m"))
    first, second, *traceback = stream.getvalue().splitlines()
    assert first == '1970-01-01T00:00:00.000Z warning look  repository="a/b" seconds=0.5'
    assert second.endswith(f'error   look  id="{number}"')
    assert traceback == ["  RuntimeError: why�[1m"]


def test_secrets_are_hidden_whole_and_in_pieces() -> None:
    stream = io.StringIO()
    log = Log(stream, lambda: 0, secrets=[KEY, "abcdefgh", "ijklmnop", "token-123456", "token-1234567"])
    log.note("a", text=f"{KEY} and https://u:token-1234567@host and abcdefgh")
    log.fault("b", RuntimeError("no token-123456"))
    assert json.loads(stream.getvalue().splitlines()[0])["text"] == "*** and https://u:***@host and ***"
    assert json.loads(stream.getvalue().splitlines()[1])["traceback"] == "RuntimeError: no ***\n"


def test_a_stream_that_is_closed_stops_nothing() -> None:
    stream = io.StringIO()
    stream.close()
    Log(stream, lambda: 0).note("look")


def test_what_libraries_say_is_a_line_too() -> None:
    stream = io.StringIO()
    logger = logging.Logger("waitress")  # noqa: LOG001 one that nobody else has
    logger.addHandler(LibraryHandler(Log(stream, lambda: 0)))
    logger.info("nothing of interest")
    logger.warning("Task queue depth is %d", 3)
    logger.error("It went wrong", exc_info=ValueError("why"))
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert (first["library"], first["text"]) == ("waitress", "Task queue depth is 3")
    assert "ValueError: why" in second["traceback"]
