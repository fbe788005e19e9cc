"""One line to GitLab: nothing is sent twice that may have been done, and no secret goes astray."""

from itertools import pairwise

import pytest

from bot.errors import AccessDenied, InvalidName, Later, Moved, NotFound, Refused, UserError
from bot.forges.gitlab.credentials import Token
from bot.forges.gitlab.forge import GitLab
from bot.forges.gitlab.session import Session
from bot.forges.patience import Unclear
from tests.forges.github.adapter.line import BREAK, Line, Said
from tests.forges.gitlab.adapter.conftest import address

WEAK = (500, 502, 503, BREAK)


@pytest.fixture
def session(line: Line) -> Session:
    return Session(address(line), Token("secret-token"), lambda _: None)


@pytest.mark.parametrize("status", WEAK)
def test_a_reading_is_asked_for_again(line: Line, session: Session, status: int) -> None:
    line.on("GET /user", Said(status), Said(status), {"username": "ada"})
    assert session.get("/user").body == {"username": "ada"}
    assert session.requests == len(line.asked) == 3


@pytest.mark.parametrize("status", WEAK)
@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE"])
def test_a_write_is_sent_once(line: Line, session: Session, status: int, verb: str) -> None:
    line.on(f"{verb} /user", Said(status))
    for send in (session.write, session.attempt):
        with pytest.raises(Unclear):
            send(verb, "/user", {"a": 1})
    assert len(line.asked) == 2


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_who_is_asked_to_wait_is_told_how_long(line: Line, session: Session, verb: str) -> None:
    line.on(
        f"{verb} /user",
        Said(429, {"message": "Too many"}, {"Retry-After": "7"}),
        Said(429, None, {"RateLimit-Reset": "1772366400", "Date": "Sun, 01 Mar 2026 11:59:30 GMT"}),
        Said(429),
    )
    waits = []
    for _ in range(3):
        with pytest.raises(Later) as raised:
            session.get("/user") if verb == "GET" else session.write("POST", "/user")
        assert not isinstance(raised.value, Unclear)
        waits.append(raised.value.seconds)
    assert waits == [7, 31, 60]
    assert len(line.asked) == 3


@pytest.mark.parametrize(
    ("status", "kind", "body", "words"),
    [
        (401, AccessDenied, {"error": "invalid_token", "error_description": "Token is expired."}, "expired"),
        (403, Refused, {"error": "insufficient_scope"}, "scope 'api'"),
        (404, NotFound, {"message": "404 Project Not Found"}, "404 Project"),
        (409, Moved, {"message": ["Another open merge request already exists"]}, "Another open"),
        (400, Refused, {"message": {"title": ["is too long"], "base": ["no"]}}, "title: is too long; no"),
        (422, Refused, {"message": {"a": {"b": "c"}}}, "does not allow"),
        (302, Refused, None, "renamed"),
    ],
)
def test_a_refusal_is_said_in_gitlabs_words(
    line: Line, session: Session, status: int, kind: type[UserError], body: object, words: str
) -> None:
    line.on("POST /user", Said(status, body, {"Location": f"{line.address}/elsewhere"}))
    with pytest.raises(kind, match=words):
        session.write("POST", "/user", {})
    assert line.names() == ["POST /user"]


def test_a_redirection_is_not_followed(line: Line, session: Session) -> None:
    line.on("GET /user", Said(301, None, {"Location": f"{line.address}/elsewhere"}))
    with pytest.raises(Refused, match="renamed or moved"):
        session.get("/user")
    assert line.names() == ["GET /user"]


@pytest.mark.parametrize("body", [b"<html>", b"\xff", b"[" * 100_000])
def test_another_address_is_found_out(line: Line, session: Session, body: bytes) -> None:
    line.on("GET /user", Said(200, body))
    with pytest.raises(Later, match="check that it is GitLab's"):
        session.get("/user")


def test_lists_are_read_page_by_page(line: Line, session: Session) -> None:
    links = [{"Link": f'<{line.address}/user?page={page}&per_page=100>; rel="next"'} for page in (2, 3)]
    line.on("GET /user", Said(200, [1], links[0]), Said(200, [2], links[1]), [3])
    assert session.pages("/user", state="all", mine=True) == [1, 2, 3]
    assert [asked.query.get("page") for asked in line.asked] == [None, "2", "3"]
    assert all(asked.query["mine"] == "true" for asked in line.asked)


def test_the_token_is_sent_as_a_bearers_and_never_shown(line: Line, session: Session) -> None:
    session.get("/user")
    assert line.asked[0].headers["authorization"] == "Bearer secret-token"
    assert "private-token" not in line.asked[0].headers
    assert session.git_credentials() == ("oauth2", "secret-token")
    assert "secret-token" not in repr(session.git_credentials()) + repr(Token("secret-token"))


def test_nobody_there(line: Line) -> None:
    session = Session("http://127.0.0.1:1", Token("secret-token"), lambda _: None)
    with pytest.raises(Unclear, match="could not be reached") as raised:
        session.get("/user")
    assert "127.0.0.1" not in str(raised.value)
    assert session.requests == 3
    assert not line.asked


@pytest.mark.parametrize("token", ["", " ", "é", "a\nb"])
def test_a_token_that_is_none(token: str) -> None:
    with pytest.raises(AccessDenied, match="scope 'api'"):
        GitLab("acme/packages", Token(token))


@pytest.mark.parametrize("url", ["", "gitlab.com", "file:///etc", "https://"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(Refused, match="https://"):
        GitLab("acme/packages", Token("secret"), url=url)


@pytest.mark.parametrize("name", ["", "packages", "acme/", "a/../b", "acme/pack ages", "/acme/x", "a/.."])
def test_a_project_that_is_none(name: str) -> None:
    with pytest.raises(InvalidName, match="<group>/<name>"):
        GitLab(name, Token("secret"))


def test_pauses_grow(line: Line) -> None:
    pauses: list[float] = []
    line.on("GET /user", Said(500))
    with pytest.raises(Unclear):
        Session(address(line), Token("secret"), pauses.append).get("/user")
    assert len(pauses) == 2
    assert all(first < second for first, second in pairwise(pauses))
