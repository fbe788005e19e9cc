"""Registrations are legal, hold no secret, and never share packages."""

import pytest

from bot.errors import InvalidName, Refused
from bot.packages.registration import (
    Registration,
    check_conflicts,
    check_registration,
    check_url,
    default_name,
    from_node,
    redacted,
    to_node,
    to_object,
)
from tests.cli.schemas import REPOSITORY, faults

URL = "https://git.example.com/team/packages.git"
FULL = Registration(
    "blueprints",
    URL,
    "release/1",
    "a/b",
    "what: it is",
    deployment=True,
    upstream="up",
    create_branch=True,
    credentials="s",
)


@pytest.mark.parametrize("registration", [Registration("r", "/srv/git/r.git"), FULL])
def test_an_object_is_valid_and_reads_back(registration: Registration) -> None:
    assert faults(REPOSITORY, to_object(registration)) == []
    assert from_node(to_node(registration)) == registration


@pytest.mark.parametrize(
    "url",
    [
        "/srv/git/r.git",
        "file:///srv/git/r.git",
        "ssh://git@git.example.com:2222/r.git",
        "git@git.example.com:team/r.git",
        "http://localhost:8080/r",
        "https://[::1]:8080/r",
        "https://git.example.com/a@b/r",
        "../relative/r",
    ],
)
def test_a_url_may_be_a_path_file_ssh_or_http(url: str) -> None:
    assert check_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "https://ada:hunter2@git.example.com/r.git",
        "https://hunter2@git.example.com/r.git",
        "https://ada:hunter2/x@git.example.com/r.git",
        "https://ada:p@hunter2@git.example.com/r.git",
        "https://git.example.com/r.git?private_token=hunter2",
        "https://git.example.com/r.git#hunter2",
        "ssh://ada:hunter2@git.example.com/r.git",
        "HTTPS://ada:hunter2@git.example.com/r.git",
        "ada:hunter2@git.example.com/r.git",
    ],
)
def test_credentials_are_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(InvalidName, match="credential helper") as refusal:
        check_url(url)
    assert "hunter2" not in str(refusal.value)
    assert "hunter2" not in redacted(url)


@pytest.mark.parametrize(
    "url", ["", "-upload-pack=x", "ext::sh -c x", "git://git.example.com/r", "ftp://h/r", "a\nb"]
)
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(InvalidName):
        check_url(url)


@pytest.mark.parametrize(
    "registration",
    [
        Registration("Upper", URL),
        Registration("a.b", URL),
        Registration("", URL),
        Registration("a" * 64, URL),
        Registration("r", URL, "a..b"),
        Registration("r", URL, "-x"),
        Registration("r", URL, "a b"),
        Registration("r", URL, "x.lock"),
        Registration("r", URL, ""),
        Registration("r", URL, directory="../up"),
        Registration("r", URL, directory="a//b"),
        Registration("r", URL, directory="a/../b"),
        Registration("r", URL, upstream="No"),
    ],
)
def test_bad_parts_are_refused(registration: Registration) -> None:
    with pytest.raises(InvalidName):
        check_registration(registration)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Registration("a", URL), Registration("a", "/elsewhere")),
        (Registration("a", URL), Registration("b", URL)),
        (Registration("a", URL), Registration("b", URL.removesuffix(".git") + "/")),
        (Registration("a", URL), Registration("b", URL.replace("git.example", "GIT.Example"))),
        (Registration("a", "/srv/r"), Registration("b", "file:///srv/r")),
        (Registration("a", URL), Registration("b", URL, directory="x")),
        (Registration("a", URL, directory="x/y"), Registration("b", URL, directory="x")),
    ],
)
def test_what_shares_packages_conflicts(one: Registration, other: Registration) -> None:
    for new, old in ((one, other), (other, one)):
        with pytest.raises(Refused, match=f"already registered|existing repository: default/{old.name} "):
            check_conflicts(new, [old])


@pytest.mark.parametrize(
    "other",
    [
        Registration("b", URL, directory="xy"),
        Registration("b", URL, "release", directory="x"),
        Registration("b", URL + "2", directory="x"),
    ],
)
def test_what_shares_nothing_does_not(other: Registration) -> None:
    check_conflicts(Registration("a", URL, directory="x"), [other])


@pytest.mark.parametrize(
    ("url", "name"),
    [(URL, "packages"), ("/srv/git/r.git/", "r"), ("git@host:r.git", "r"), ("git@host:a/r", "r")],
)
def test_the_name_is_the_last_part_of_the_url(url: str, name: str) -> None:
    assert default_name(url) == name
