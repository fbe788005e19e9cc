"""Packages put together from several repositories."""

import pytest

from bot.errors import InvalidDocument, NotFound, Refused
from bot.packages.acquisition import MOST_PACKAGES, Acquired, Fetched, acquire, unfetched
from bot.packages.kptfile import Upstream, read_kptfile
from bot.packages.package import File, Files
from bot.packages.provenance import new_kptfile, with_lock, with_upstream


def _of(repo: str) -> Upstream:
    return Upstream(repo, "/", "v1")


def _following(name: str, repo: str) -> File:
    return File(with_upstream(new_kptfile(name), _of(repo)))


def _acquire(repositories: dict[str, Files], asked: list[str] | None = None) -> Acquired:
    def fetch(upstream: Upstream) -> Fetched:
        if asked is not None:
            asked.append(upstream.repo)
        if upstream.repo not in repositories:
            raise NotFound(upstream.repo)
        lock = upstream._replace(commit="1" * 40)
        return Fetched(repositories[upstream.repo], upstream, lock)

    return acquire("mine", _of("root"), fetch)


def test_one_package() -> None:
    found = _acquire({"root": {"x.yaml": File(b"a: b\n"), "run": File(b"#!", 0o100755)}})
    kptfile = read_kptfile(found.files["Kptfile"].content)
    assert (kptfile.name, kptfile.upstream, kptfile.upstream_lock) == (
        "mine",
        _of("root"),
        _of("root")._replace(commit="1" * 40),
    )
    assert found.files["run"] == File(b"#!", 0o100755)
    assert [arrival.directory for arrival in found.arrivals] == [""]


def test_packages_below_are_fetched_from_where_they_come() -> None:
    found = _acquire(
        {
            "root": {
                "Kptfile": File(new_kptfile("root")),
                "a/Kptfile": _following("a", "one"),
                "a/old.txt": File(b"of the root"),
                "a/x.yaml": File(b"of: root\n"),
                "b/Kptfile": File(new_kptfile("b")),
                "b/c/Kptfile": _following("c", "two"),
                "locked/Kptfile": File(with_lock(_following("l", "never").content, _of("never"))),
            },
            "one": {
                "Kptfile": File(new_kptfile("one")),
                "x.yaml": File(b"of: one\n"),
                "d/Kptfile": _following("d", "two"),
            },
            "two": {"y.yaml": File(b"of: two\n")},
        }
    )
    assert [arrival.directory for arrival in found.arrivals] == ["", "a", "a/d", "b/c"]
    assert found.files["a/old.txt"].content == b"of the root"
    assert found.files["a/x.yaml"].content == b"of: one\n"
    assert found.files["a/d/y.yaml"] == found.files["b/c/y.yaml"]
    kptfiles = {
        path: read_kptfile(found.files[f"{path}/Kptfile"].content) for path in ("a", "a/d", "b", "b/c")
    }
    assert [kptfile.name for kptfile in kptfiles.values()] == ["a", "d", "b", "c"]
    assert [bool(kptfile.upstream_lock) for kptfile in kptfiles.values()] == [True, True, False, True]


def test_each_source_is_fetched_once() -> None:
    asked: list[str] = []
    root = {f"p{index}/Kptfile": _following("p", "one") for index in range(5)}
    assert len(_acquire({"root": root, "one": {"x.yaml": File(b"a: b\n")}}, asked).arrivals) == 6
    assert asked == ["root", "one"]


def test_packages_that_hold_themselves_or_too_many_are_refused() -> None:
    with pytest.raises(Refused, match="holds itself"):
        _acquire(
            {"root": {"a/Kptfile": _following("a", "one")}, "one": {"b/Kptfile": _following("b", "root")}}
        )
    many = {f"p{index}/Kptfile": _following("p", "one") for index in range(MOST_PACKAGES)}
    with pytest.raises(Refused, match="at most 100"):
        _acquire({"root": many, "one": {}})
    # Ten levels of ten each would be ten thousand million.
    wide = {
        f"l{level}": {f"p{index}/Kptfile": _following("p", f"l{level + 1}") for index in range(10)}
        for level in range(10)
    }
    with pytest.raises(Refused, match="at most 100"):
        _acquire({"root": wide["l0"], **wide, "l10": {}})


def test_what_cannot_be_fetched_or_read_is_told() -> None:
    with pytest.raises(NotFound, match="away"):
        _acquire({"root": {"a/Kptfile": _following("a", "away")}})
    with pytest.raises(InvalidDocument, match="a/Kptfile"):
        unfetched({"a/Kptfile": File(b"a: [")})
