"""A request is sent twice only where that is harmless, and every answer is one of this house's errors."""

import logging
import time

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.errors import AccessDenied, InvalidName, Later, Moved, NotFound, Refused, UserError
from bot.forges.github.credentials import App, Bearer, Token
from bot.forges.github.forge import GitHub
from bot.lifecycle.change import Answered, Change, Remark, Rights
from bot.lifecycle.person import Person
from tests.forges.github.adapter.line import BREAK, Line, Said, listening
from tests.forges.github.adapter.shapes import answer, errors, pull

ADA = Person("ada")
PERMISSION = "GET /repos/acme/packages/collaborators/ada/permission"
ADMIN = {"permission": "admin", "role_name": "admin"}
REFS = "POST /repos/acme/packages/git/refs"
REACTIONS = "POST /repos/acme/packages/issues/comments/5/reactions"
WEAK = Said(502, b"<html>Bad Gateway</html>")
CHANGE = Change(number=7, title="", branch="drafts/web/x", head="a" * 40, target="main", author=ADA)
REMARK = Remark("5", ADA, "/approve", "")
DATE = "Sun, 01 Mar 2026 12:00:00 GMT"
NOON = 1772366400


@pytest.mark.parametrize("weakness", [WEAK, Said(503), Said(BREAK), Said(200, b"<html>")])
def test_a_reading_is_asked_again_and_at_last_put_off(line: Line, forge: GitHub, weakness: Said) -> None:
    line.on(PERMISSION, weakness, weakness, ADMIN)
    assert forge.rights(ADA) is Rights.ADMIN
    assert forge.requests == 3
    line.on("Change", weakness)
    with pytest.raises(Later):
        forge.change(7)
    assert line.names().count("Change") == 3


@pytest.mark.parametrize("weakness", [WEAK, Said(503), Said(500, {}), Said(BREAK), Said(200, b"<html>")])
def test_a_writing_is_sent_once(line: Line, forge: GitHub, weakness: Said) -> None:
    line.on(REACTIONS, weakness)
    with pytest.raises(Later):
        forge.react(CHANGE, REMARK, Answered.SEEN)
    assert line.names().count(REACTIONS) == 1


SPENT = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(NOON + 90), "Date": DATE}
SECONDARY = {"message": "You have exceeded a secondary rate limit. Please wait."}


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (Said(403, SECONDARY, {"Retry-After": "17"}), 17),
        (Said(403, SECONDARY), 60),
        (Said(429, {"message": "Too many"}, {"Retry-After": "3"}), 3),
        (Said(429), 60),
        (Said(403, {"message": "API rate limit exceeded"}, SPENT), 91),
        (Said(403, {"message": "API rate limit exceeded"}, {**SPENT, "Date": "yesterday"}), 60),
        (Said(503, {}, {"Retry-After": "30"}), 30),
    ],
)
def test_a_limit_says_how_long_to_wait_and_nothing_is_sent_again(
    line: Line, forge: GitHub, said: Said, seconds: float
) -> None:
    for name in (PERMISSION, "Change", REFS):
        line.on(name, Said(said.status, said.body, {"Date": DATE, **said.headers}))
    for ask in (
        lambda: forge.rights(ADA),
        lambda: forge.change(7),
        lambda: forge.create_tag("web/v1", "a" * 40),
    ):
        with pytest.raises(Later) as caught:
            ask()
        assert caught.value.seconds == seconds
    assert line.names() == [PERMISSION, "Change", REFS]


def test_a_limit_of_graphql_is_one(line: Line, forge: GitHub) -> None:
    line.on("Change", {"errors": errors("RATE_LIMITED", "API rate limit exceeded")})
    with pytest.raises(Later) as caught:
        forge.change(7)
    assert caught.value.seconds == 60
    assert line.names() == ["Change"]


@pytest.mark.parametrize(
    ("said", "kind", "text"),
    [
        (Said(401, {"message": "Bad credentials"}), AccessDenied, "Bad credentials. They may have ended"),
        (
            Said(
                403,
                {"message": "Resource not accessible by integration"},
                {"X-Accepted-GitHub-Permissions": "contents=write"},
            ),
            Refused,
            "the permission 'contents=write'",
        ),
        (Said(404, {"message": "Not Found"}), NotFound, "Not Found"),
        (Said(307, {"message": "Moved Permanently"}), Refused, "under its new name"),
        (Said(422, {"message": "Validation Failed", "errors": ["a", {"message": "b"}]}), Refused, "a; b"),
        (Said(422, b"<html>"), Refused, "status 422"),
        (Said(400, {"message": 5, "errors": {"code": "x"}}), Refused, "x"),
    ],
)
def test_what_an_answer_means(
    line: Line, forge: GitHub, said: Said, kind: type[UserError], text: str
) -> None:
    line.on(REFS, said)
    with pytest.raises(kind, match=text) as caught:
        forge.create_tag("web/v1", "a" * 40)
    assert "secret-token" not in str(caught.value)


def test_a_conflict_is_moved(line: Line, forge: GitHub) -> None:
    line.on(REACTIONS, Said(409, {"message": "Conflict"}))
    with pytest.raises(Moved, match="Conflict"):
        forge.react(CHANGE, REMARK, Answered.SEEN)


def test_a_server_that_is_not_there_is_waited_for() -> None:
    with listening() as line:
        gone = GitHub("acme/packages", Token("secret-token"), api=line.address)
    gone._session._pause = lambda _: None
    with pytest.raises(Later, match=f"could not be reached at '{line.address[7:]}'"):
        gone.change(7)


def test_an_enterprise_server_has_all_below_its_own_name() -> None:
    with listening("/api") as line:
        forge = GitHub("acme/packages", Token("secret-token"), branch="main", api=f"{line.address}/v3/")
        line.root = "/api/v3"
        line.on(PERMISSION, ADMIN)
        assert forge.rights(ADA) is Rights.ADMIN
        line.root = "/api"
        line.on("Change", answer(pull()))
        assert forge.change(7).number == 7
        assert line.asked[1].path == "/graphql"


@pytest.mark.parametrize(
    ("api", "url"),
    [
        ("https://api.github.com", "https://github.com/acme/packages.git"),
        ("https://git.example.com/api/v3", "https://git.example.com/acme/packages.git"),
        ("https://api.acme.ghe.com/", "https://acme.ghe.com/acme/packages.git"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/acme/packages.git"),
    ],
)
def test_where_git_is(api: str, url: str) -> None:
    assert GitHub("acme/packages", Token("t"), api=api)._url == url


@pytest.mark.parametrize("name", ["", "packages", "acme/packages/x", "../x", "acme/..", "acme/a b", "a/b\n"])
def test_a_repository_has_an_owner_and_a_name(name: str) -> None:
    with pytest.raises(InvalidName, match="<owner>/<name>"):
        GitHub(name, Token("t"))


@pytest.mark.parametrize("api", ["", "github.com", "ftp://x/", "https://"])
def test_an_api_is_at_a_web_address(api: str) -> None:
    with pytest.raises(Refused, match="must begin with 'https://'"):
        GitHub("acme/packages", Token("t"), api=api)


def pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


INSTALLATION = "GET /repos/acme/packages/installation"
TOKENS = "POST /app/installations/12/access_tokens"


def granted(token: str, expires: str = "2026-03-01T13:00:00Z") -> Said:
    return Said(201, {"token": token, "expires_at": expires}, {"Date": DATE})


@pytest.fixture
def app(line: Line) -> GitHub:
    line.on(INSTALLATION, {"id": 12, "app_slug": "portico"})
    line.on(TOKENS, granted("ghs_first"), granted("ghs_second"))
    line.on(PERMISSION, ADMIN)
    forge = GitHub("acme/packages", App("1", pem()), branch="main", api=line.address)
    forge._session._pause = lambda _: None
    return forge


def used(line: Line) -> list[str]:
    """The tokens that came with requests, signatures left out."""
    tokens = [asked.headers["authorization"].removeprefix("Bearer ") for asked in line.asked]
    return [token for token in tokens if token.startswith("ghs_")]


def test_an_app_asks_for_a_token_of_this_repository_alone(line: Line, app: GitHub) -> None:
    assert app.rights(ADA) is Rights.ADMIN
    assert app.git_credentials() == ("x-access-token", "ghs_first")
    assert line.names() == [INSTALLATION, TOKENS, PERMISSION]
    assert line.bodies(TOKENS) == [{"repositories": ["packages"]}]
    assert used(line) == ["ghs_first"]
    assert app.requests == 3


def test_tokens_are_not_logged(app: GitHub, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    app.rights(ADA)
    assert caplog.text  # of the connection itself
    assert "ghs_" not in caplog.text


def test_a_token_that_was_revoked_is_replaced_once(line: Line, app: GitHub) -> None:
    line.on(PERMISSION, Said(401, {"message": "Bad credentials"}), ADMIN)
    assert app.rights(ADA) is Rights.ADMIN
    assert used(line) == ["ghs_first", "ghs_second"]
    line.on(PERMISSION, Said(401, {"message": "Bad credentials"}))
    app._rights.clear()
    with pytest.raises(AccessDenied):
        app.rights(ADA)
    assert line.names().count(PERMISSION) == 4


def test_a_token_that_is_about_to_end_is_replaced(line: Line, app: GitHub) -> None:
    # Six minutes from GitHub's own now: with the five that are kept free, one is left.
    line.on(TOKENS, granted("ghs_first", "2026-03-01T12:06:00Z"), granted("ghs_second"))
    app.git_credentials()
    until = app._session._bearer._until - time.monotonic()
    assert 50 < until <= 60
    app._session._bearer.renew("ghs_first", 300)  # as if that minute were over
    assert app.git_credentials() == ("x-access-token", "ghs_second")


def test_a_clock_that_goes_wrong_does_not_make_a_token_for_each_request(line: Line, app: GitHub) -> None:
    line.on(TOKENS, granted("ghs_first", "2020-01-01T00:00:00Z"), granted("ghs_second"))
    app.git_credentials()
    assert app.git_credentials() == ("x-access-token", "ghs_first")


def test_an_app_that_is_installed_anew_is_found(line: Line, app: GitHub) -> None:
    line.on(TOKENS, Said(404, {"message": "Not Found"}), granted("ghs_first"))
    with pytest.raises(AccessDenied, match="not installed"):
        app.rights(ADA)
    assert app.rights(ADA) is Rights.ADMIN
    assert line.names().count(INSTALLATION) == 2


def test_a_key_that_is_none_is_refused_at_once() -> None:
    for key in ("", "secret words", "-----BEGIN RSA PRIVATE KEY-----\nAA==\n-----END RSA PRIVATE KEY-----\n"):
        with pytest.raises(AccessDenied, match="PEM") as caught:
            GitHub("acme/packages", App("1", key))
        assert "secret words" not in str(caught.value)


def test_a_token_that_is_empty_is_refused_at_once() -> None:
    with pytest.raises(AccessDenied, match="empty"):
        GitHub("acme/packages", Token(" \n"))


def test_secrets_are_not_shown(app: GitHub) -> None:
    shown = [Token("ghp_secret"), App("1", "secret"), app.git_credentials(), Bearer("ghs_first")]
    assert not any("secret" in repr(one) or "ghs_" in repr(one) for one in shown)
