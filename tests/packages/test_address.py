"""Addresses compared: spellings of one repository, and repositories that only look alike."""

import pytest

from bot.packages.address import canonical_address, same_repository


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://h/o/r.git", "https://h/o/r"),
        ("https://h/o/r.git/", "https://h/o/r"),
        ("https://h//o/./r", "https://h/o/r"),
        ("HTTPS://H:443/o/r", "https://h/o/r"),
        ("https://ada:secret@h/o/r", "https://h/o/r"),
        ("http://h/o/r", "https://h/o/r"),
        ("git@h:o/r.git", "ssh://git@h/o/r"),
        ("h:o/r", "ssh://h:22/~/o/r.git"),
        ("git@h:/srv/r.git", "ssh://h/srv/r"),
        ("git@h:o/r.git", "https://h/o/r"),
        ("ssh://[::1]:22/r", "ssh://[::1]/r"),
        ("file:///srv/r.git", "/srv/r"),
        ("file://localhost/srv/r", "/srv/r/"),
        ("//srv/x/../r", "/srv/r"),
        ("/srv/r/.git", "/srv/r"),
        ("./r", "r"),
    ],
)
def test_spellings_of_one_repository(one: str, other: str) -> None:
    assert same_repository(one, other)
    assert same_repository(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://h/o/r", "https://h/o/R"),
        ("https://h/o/r", "https://h/o/r/s"),
        ("https://h/o/r", "https://h:8443/o/r"),
        ("https://h:22/o/r", "https://h/o/r"),
        ("https://h/o/r", "https://g/o/r"),
        ("h:srv/r", "/srv/r"),
        ("https://h/r.gitops", "https://h/rops"),
        ("/srv/r", "srv/r"),
        ("/.git", "/"),
        ("", ""),
        ("", "r"),
    ],
)
def test_repositories_that_only_look_alike(one: str, other: str) -> None:
    assert not same_repository(one, other)


def test_no_credentials_are_kept() -> None:
    assert "secret" not in canonical_address("https://ada:secret@h/o/r")
