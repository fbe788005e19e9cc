"""What a person names to get a package: every form, and what is said of those that are none."""

import pytest

from bot.errors import InvalidName, Refused
from bot.packages.kptfile import Upstream
from bot.packages.source import (
    LONGEST,
    PackageAt,
    Standing,
    destination,
    directory_path,
    read_package_at,
    read_source,
    without_credentials,
)

HERE = frozenset({"/r/x", "r", "/r/two", "/r/two.git", "/r/at@home"})


def _read(text: str, *branches: str) -> Upstream:
    return read_source(text, lambda _: branches, lambda path: path in HERE)


@pytest.mark.parametrize(
    ("text", "repo", "directory", "ref"),
    [
        ("https://h/o/r.git", "https://h/o/r", "/", ""),
        ("https://h/o/r.git/", "https://h/o/r", "/", ""),
        ("https://h/o/r.git@v1", "https://h/o/r", "/", "v1"),
        ("https://h/o/r.git/a//b/./c/@a/v1", "https://h/o/r", "/a/b/c", "a/v1"),
        ("https://h/o/r.git/a@", "https://h/o/r", "/a", ""),
        ("https://x.git@h/o/r.git/a@v1", "https://x.git@h/o/r", "/a", "v1"),
        ("https://u:p@h/o/r.git/a@v1", "https://u:p@h/o/r", "/a", "v1"),
        ("https://h/o/r.gitops.git/a", "https://h/o/r.gitops", "/a", ""),
        ("git@h:o/r.git/a@v1", "git@h:o/r", "/a", "v1"),
        ("h:r.git", "h:r", "/", ""),
        ("ssh://git@h:22/o/r.git/a@v1", "ssh://git@h:22/o/r", "/a", "v1"),
        ("file:///r/x.git/a@v1", "file:///r/x", "/a", "v1"),
        ("file:///r/x/a@v1", "file:///r/x", "/a", "v1"),
        ("/r/x/.git/a@v1", "/r/x/", "/a", "v1"),
        ("/r/x.git/a@v1", "/r/x", "/a", "v1"),
        ("/r/x", "/r/x", "/", ""),
        ("/r/x/", "/r/x", "/", ""),
        ("/r/x/a/b@v1", "/r/x", "/a/b", "v1"),
        ("/r/x@feature/one", "/r/x", "/", "feature/one"),
        ("/r/at@home", "/r/at@home", "/", ""),
        ("/r/at@home/a@v1", "/r/at@home", "/a", "v1"),
        ("r/a", "r", "/a", ""),
        (".git/a", ".", "/a", ""),
        # Without `.git` it would be the working tree beside it.
        ("/r/two.git/a", "/r/two.git", "/a", ""),
        ("https://github.com/o/r/tree/main/a/b", "https://github.com/o/r", "/a/b", "main"),
        ("https://github.com/o/r/tree", "https://github.com/o/r", "/tree", ""),
        ("https://github.com/o/r@v1", "https://github.com/o/r", "/", "v1"),
        ("https://github.com/o/r/a@v1", "https://github.com/o/r", "/a", "v1"),
        ("https://github.com/o/r.git/a@v1", "https://github.com/o/r", "/a", "v1"),
        ("git@github.com:o/r.git/a@v1", "git@github.com:o/r", "/a", "v1"),
    ],
)
def test_what_is_named(text: str, repo: str, directory: str, ref: str) -> None:
    assert _read(text) == Upstream(repo, directory, ref)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not the address"),
        ("-", "not the address"),
        ("--upload-pack=touch x", "not the address"),
        ("https://h/o/r", "ambiguous repo/dir@version specify '.git' in argument"),
        ("git@h:o/r@v1", "ambiguous repo/dir@version"),
        ("/nowhere/a", "ambiguous repo/dir@version"),
        ("foo", "write REPO.git"),
        ("/r/x.git/a@v1@v2", "ambiguous repo/dir@version"),
        ("https://", "ambiguous"),
        ("https://.git", "ambiguous"),
        ("ext::sh -c x.git", "must be a path, or a URL"),
        ("git://h/x.git", "must be a path, or a URL"),
        ("/r/x.git/../y", "without '..'"),
        ("/r/x.git@-o", "the spelling that Git allows"),
        ("/r/x.git@--upload-pack=touch x", "the spelling that Git allows"),
        ("/r/x.git@a..b", "the spelling that Git allows"),
        ("/r/x.git@" + "a" * (LONGEST + 1), "the spelling that Git allows"),
        ("/r/x.git/" + "a" * (LONGEST + 1), "must be a path inside"),
        ("/" + "r" * LONGEST + ".git", f"at most {LONGEST}"),
        ("https://github.com/o", "invalid GitHub pkg url"),
        ("https://github.com//r", "invalid GitHub pkg url"),
        ("github.com/o/r", "invalid GitHub url"),
        ("https://github.com/o/r@v1/a", "ambiguous"),
        ("https://github.com/o/r/tree/main/a@v1", "ambiguous"),
        ("https://github.com.evil.org/o/r", "ambiguous"),
    ],
)
def test_what_is_none(text: str, said: str) -> None:
    with pytest.raises(InvalidName, match=said):
        _read(text)


def test_a_branch_that_could_be_a_directory_is_not_guessed() -> None:
    page = "https://github.com/o/r/tree/feature/one/a"
    assert _read(page, "main", "features/x").directory == "/one/a"
    with pytest.raises(InvalidName, match="ambiguous"):
        _read(page, "main", "feature/one")


@pytest.mark.parametrize(
    "text",
    [
        "https://u:s3cret@h/r",
        "https://u:s3cret@h/r.git/a@v1@v2",
        "https://s3cret@github.com/o",
        "https://h/r.git/../a?token=s3cret",
        "https://u:p@s3cret/t@h/r.git/a@v1",
        "https://u:s3cret/t@h/r.git/a",
        "https://u:s3cret@h/r.git@-o",
        "u:s3cret@h:r@v1",
    ],
)
def test_no_secret_is_repeated(text: str) -> None:
    with pytest.raises(InvalidName) as caught:
        _read(text)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "recorded"),
    [
        ("https://u:p@h/r", "https://h/r"),
        ("https://token@h:8443/r", "https://h:8443/r"),
        ("https://u:p%40q@h/a@b", "https://h/a@b"),
        ("ssh://git:p@h/r", "ssh://git@h/r"),
        ("ssh://git@h/r", "ssh://git@h/r"),
        ("git@h:r", "git@h:r"),
        ("file:///a@b/c", "file:///a@b/c"),
        ("/a@b/c", "/a@b/c"),
    ],
)
def test_credentials_are_not_written_down(url: str, recorded: str) -> None:
    assert without_credentials(url) == recorded


@pytest.mark.parametrize(("directory", "path"), [("/", ""), ("", ""), ("a/b", "a/b"), ("/a//b/.", "a/b")])
def test_recorded_directories(directory: str, path: str) -> None:
    assert directory_path(directory) == path


@pytest.mark.parametrize("directory", ["..", "/a/../b", "a\nb", "a\0b"])
def test_directories_that_are_none(directory: str) -> None:
    with pytest.raises(InvalidName, match="inside the repository"):
        directory_path(directory)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", PackageAt("", "")),
        ("a/b", PackageAt("a/b", "")),
        ("@v1", PackageAt("", "v1")),
        ("a@v1", ("a", "v1")),
    ],
)
def test_packages_to_be_updated(text: str, expected: PackageAt) -> None:
    assert read_package_at(text) == expected


@pytest.mark.parametrize("text", ["a@v1@v2", "a@-o", "a@b c"])
def test_packages_that_are_none(text: str) -> None:
    with pytest.raises(InvalidName):
        read_package_at(text)


NETWORKING = Upstream("https://h/blueprints", "/networking/dns")


@pytest.mark.parametrize(
    ("named", "standing", "place"),
    [
        ("", {}, "dns"),
        ("mine", {}, "mine"),
        ("a/../mine/", {}, "mine"),
        ("there", {"there": Standing.FULL}, "there/dns"),
        ("there", {"there": Standing.EMPTY}, "there/dns"),
        (".", {".": Standing.EMPTY}, "."),
    ],
)
def test_where_a_package_goes(named: str, standing: dict[str, Standing], place: str) -> None:
    assert destination(NETWORKING, named, lambda at: standing.get(at, Standing.NOTHING)) == place


@pytest.mark.parametrize(
    ("named", "standing", "said"),
    [
        ("", {"dns": Standing.FULL}, 'destination directory "dns" already exists'),
        ("", {"dns": Standing.EMPTY}, 'destination directory "dns" already exists'),
        (".", {".": Standing.FULL}, 'destination directory "." already exists'),
        ("t", {"t": Standing.FULL, "t/dns": Standing.FULL}, 'destination directory "t/dns" already exists'),
        ("f", {"f": Standing.FILE}, "LOCAL_PKG_DEST must be a directory"),
        ("no/such", {"no/such": Standing.NO_PARENT}, 'parent directory "no" does not exist'),
    ],
)
def test_where_it_cannot_go(named: str, standing: dict[str, Standing], said: str) -> None:
    with pytest.raises(Refused, match=said):
        destination(NETWORKING, named, lambda at: standing.get(at, Standing.NOTHING))


@pytest.mark.parametrize(
    ("upstream", "name"),
    [
        (Upstream("https://h/o/r", "/"), "r"),
        (Upstream("git@h:r", "/"), "r"),
        (Upstream("/r/x/", "/"), "x"),
        (Upstream("/r/x", "a/b"), "b"),
    ],
)
def test_a_package_is_called_as_its_folder(upstream: Upstream, name: str) -> None:
    assert destination(upstream, "", lambda _: Standing.NOTHING) == name


@pytest.mark.parametrize("repo", [".", "..", "/"])
def test_a_package_without_a_name_is_to_be_given_one(repo: str) -> None:
    with pytest.raises(InvalidName, match="name its destination"):
        destination(Upstream(repo, "/"), "", lambda _: Standing.NOTHING)
    assert destination(Upstream(repo, "/"), "mine", lambda _: Standing.NOTHING) == "mine"
