"""Which repositories are let in: none by default, and the last line that matches decides."""

import pytest

from bot.web.registrations import Entry, Registrations


def listed(*lines: str) -> Registrations:
    return Registrations(tuple(Entry(line.removeprefix("!"), refused=line.startswith("!")) for line in lines))


@pytest.mark.parametrize(
    ("lines", "repository", "name"),
    [
        ((), "a/b", ""),
        (("a/b",), "a/b", "a/b"),
        (("a/b",), "A/B", "a/b"),
        (("a/b",), "a/bc", ""),
        (("a/b",), "xa/b", ""),
        (("a/*",), "A/B", "A/B"),
        (("a/*",), "a/b/c", ""),
        (("a/*/c",), "a/b/c", "a/b/c"),
        (("a/b.c",), "a/bxc", ""),
        (("a/*", "!a/b"), "a/b", ""),
        (("!a/b", "a/*"), "a/b", "a/b"),
        (("a/*", "!a/b*", "a/bc"), "a/bc", "a/bc"),
        (("a/**",), "a/b", "a/b"),
        (("a/*",), "a/" + "b" * 600, ""),
        (("a/*",), "a/b\n", ""),
    ],
)
def test_the_last_line_that_matches_decides(lines: tuple[str, ...], repository: str, name: str) -> None:
    known = listed(*lines).of(repository)
    assert (known.name if known else "") == name


def test_what_is_named_in_full_is_listed_unless_it_is_kept_out() -> None:
    registrations = listed("a/b", "a/c", "a/d*", "!a/c", "!x/*")
    assert [*registrations.named()] == ["a/b"]
    assert registrations.has_patterns
    assert not listed("a/b", "!a/*").has_patterns
