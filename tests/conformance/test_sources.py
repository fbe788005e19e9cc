"""kpt's own tables of what is fetched: arguments, refs, and packages made of several repositories."""

import json
from pathlib import Path
from typing import Any

import pygit2
import pytest

from bot.errors import InvalidName
from bot.git.remote import default_branch, list_refs
from bot.git.trees import write_files
from bot.git.upstream import Upstreams
from bot.packages.acquisition import acquire
from bot.packages.canonical import format_kptfile, kptfile_values
from bot.packages.documents import parse
from bot.packages.kptfile import Upstream
from bot.packages.layout import HEADS, TAGS
from bot.packages.package import File
from bot.packages.provenance import Strategy
from bot.packages.source import (
    ROOT,
    PackageAt,
    Standing,
    destination,
    read_github_page,
    read_package_at,
    read_source,
)

SHARED = Path(__file__).parents[2] / "../shared/conformance"
TABLES = SHARED / "tables"
WHO = pygit2.Signature("Ada", "ada@example.com", 1_700_000_000, 0)
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not here")


def _rows(file: str, name: str) -> list[Any]:
    place = TABLES / f"kpt__{file}.json"
    tables = json.loads(place.read_text()) if place.is_file() else []
    return [
        pytest.param(row, id=key)
        for table in tables
        if table["table"].partition(".")[0] == name
        for key, row in table["rows"].items()
    ]


def _written(upstream: Upstream) -> str:
    directory = "" if upstream.directory == ROOT else upstream.directory
    return f"{upstream.repo}.git{directory}" + (f"@{upstream.ref}" if upstream.ref else "")


@needs_shared
@pytest.mark.parametrize("row", _rows("pkg__lib__util__parse__parse", "Test_pkgURLFromGHURL"))
def test_pages_of_github(row: dict[str, Any]) -> None:
    def read() -> Upstream:
        return read_github_page(row["ghURL"], lambda _: row["branches"] or [])

    if row["errS"]:
        with pytest.raises(InvalidName, match=row["errS"]):
            read()
    else:
        assert _written(read()) == row["want"]


@needs_shared
@pytest.mark.parametrize("row", _rows("pkg__lib__util__parse__parse", "Test_parseURL"))
def test_addresses(row: dict[str, Any]) -> None:
    expected = row["expected"]
    found = read_source(row["ghURL"], lambda _: [], lambda _: False)
    assert found == Upstream(expected["repo"], expected["dir"], expected["version"])


@needs_shared
@pytest.mark.parametrize("row", _rows("pkg__lib__util__parse__parse", "Test_GitParseArgs"))
def test_arguments(row: dict[str, Any]) -> None:
    """The ref is that of the real repository, which is not asked: here it is still the default branch."""
    expected = row["expected"]
    found = read_source(row["ghURL"], lambda _: [], lambda _: False)
    assert found == Upstream(expected["Git"]["Repo"], expected["Git"]["Directory"], "")
    assert destination(found, ".", lambda _: Standing.EMPTY) == expected["Destination"]


@needs_shared
@pytest.mark.parametrize(
    ("row", "folder", "ref"),
    [
        *((row.values[0], "", "") for row in _rows("pkg__lib__util__args__args", "TestParseDirVersion")),
        *(
            (row.values[0], "./", "master")
            for row in _rows("pkg__lib__util__args__args", "TestParseDirVersionWithDefaults")
        ),
    ],
)
def test_packages_and_versions(row: dict[str, Any], folder: str, ref: str) -> None:
    if row["expErr"]:
        with pytest.raises(InvalidName, match="at most one version permitted"):
            read_package_at(row["in"], folder=folder, ref=ref)
    else:
        assert read_package_at(row["in"], folder=folder, ref=ref) == PackageAt(row["expDir"], row["expVer"])


class Repositories:
    """The repositories of a row, made: `{{repo:NAME}}` and `{{commit:NAME:INDEX}}` stand for what is here."""

    def __init__(self, place: Path, contents: dict[str, list[Any]]) -> None:
        self._place = place
        self._commits: dict[str, list[str]] = {}
        waiting = dict(contents)
        while waiting:
            # Those that others speak of come first.
            name = next(
                name
                for name, rows in waiting.items()
                if not any(self._speaks(rows, o, name) for o in waiting)
            )
            self._make(name, waiting.pop(name))

    def path(self, name: str) -> str:
        return str(self._place / name)

    def filled(self, text: str, package: str) -> str:
        text = text.replace("{{pkg}}", package)
        for name, commits in self._commits.items():
            text = text.replace(f"{{{{repo:{name}}}}}", self.path(name))
            for index, commit in enumerate(commits):
                text = text.replace(f"{{{{commit:{name}:{index}}}}}", commit)
        return text

    def files(self, package: dict[str, Any], name: str) -> dict[str, File]:
        inner = package["$pkg"]
        files = {path: File(self.filled(text, name).encode()) for path, text in inner["files"].items()}
        for below in inner["subpackages"]:
            own = below["$pkg"]["name"]
            files |= {f"{own}/{path}": file for path, file in self.files(below, own).items()}
        return files

    @staticmethod
    def _speaks(rows: list[Any], other: str, name: str) -> bool:
        return other != name and f"{{{{repo:{other}}}}}" in json.dumps(rows)

    def _make(self, name: str, rows: list[Any]) -> None:
        first = rows[0].get("Branch") or "main"
        repository = pygit2.init_repository(self.path(name), bare=True, initial_head=first)
        commits = self._commits.setdefault(name, [])
        branch = first
        for row in rows:
            branch = row.get("Branch") or branch
            files = self.files(row["Pkg"], name) if "Pkg" in row else {"data": File(row["Data"].encode())}
            tree = pygit2.Oid(hex=write_files(repository, files))
            parents = [pygit2.Oid(hex=commits[-1])] if commits else []
            made = repository.create_commit(None, WHO, WHO, "m", tree, parents)
            commits.append(str(made))
            repository.references.create(HEADS + branch, made, force=True)
            if row.get("Tag"):
                repository.references.create(TAGS + row["Tag"], made)


@needs_shared
@pytest.mark.parametrize("row", _rows("internal__gitutil__gitutil", "TestNewGitUpstreamRepo"))
def test_branches_and_tags(row: dict[str, Any], tmp_path: Path) -> None:
    url = Repositories(tmp_path, {"x": row["repoContent"]}).path("x")
    assert Upstreams(tmp_path / "cache").branches(url) == row["expectedHeads"]
    assert [name.removeprefix(TAGS) for name in list_refs(url, f"{TAGS}*")] == row["expectedTags"]


@needs_shared
@pytest.mark.parametrize("row", _rows("internal__gitutil__gitutil", "TestGitUpstreamRepo_GetDefaultBranch"))
def test_default_branches(row: dict[str, Any], tmp_path: Path) -> None:
    url = Repositories(tmp_path, {"x": row["repoContent"]}).path("x")
    assert default_branch(url) == row["expectedRef"]


@needs_shared
@pytest.mark.parametrize("row", _rows("internal__gitutil__gitutil", "TestGitUpstreamRepo_GetRepo"))
def test_refs_that_are_got(row: dict[str, Any], request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """The refs are code; what they are is in the rows' names."""
    repositories = Repositories(tmp_path, {"x": row["repoContent"]})
    commit = repositories.filled("{{commit:x:0}}", "")
    ref = {"get branch": "foo", "get short commit": commit[:7]}[request.node.callspec.id]
    found = Upstreams(tmp_path / "cache").fetch(Upstream(repositories.path("x"), "/", ref))
    assert (found.lock.ref, found.lock.commit) == (ref, commit)
    assert found.files == repositories.files(row["repoContent"][0]["Pkg"], "x")


@needs_shared
@pytest.mark.parametrize(
    "row", _rows("internal__gitutil__gitutil", "TestGitUpstreamRepo_GetRepo_rejectsOptionInjectionVariants")
)
def test_refs_that_are_options(row: dict[str, Any], tmp_path: Path) -> None:
    for ref in row["refs"]:
        with pytest.raises(InvalidName):
            Upstreams(tmp_path / "cache").fetch(Upstream(str(tmp_path), "/", ref))


@needs_shared
@pytest.mark.parametrize("row", _rows("pkg__lib__util__fetch__fetch", "TestCommand_Run_subdir_at_tag"))
def test_a_directory_at_a_tag(row: dict[str, Any], tmp_path: Path) -> None:
    content = {"Pkg": row["upstreamPkg"], "Tag": row["tag"], "Branch": "main"}
    repositories = Repositories(tmp_path, {"x": [content]})
    named = Upstream(repositories.path("x"), row["dir"], row["tag"].rpartition("/")[2])
    found = Upstreams(tmp_path / "cache").fetch(named)
    whole = repositories.files(row["upstreamPkg"], "x")
    inside = row["dir"].strip("/") + "/"
    expected = {path.removeprefix(inside): file for path, file in whole.items() if path.startswith(inside)}
    assert (found.files, found.lock.ref) == (expected, row["tag"])


@needs_shared
@pytest.mark.parametrize(
    "row",
    [
        *_rows("pkg__lib__util__get__get", "TestCommand_Run_ref"),
        *_rows("pkg__lib__util__get__get", "TestCommand_Run_subpackages"),
    ],
)
def test_packages_that_are_got(row: dict[str, Any], tmp_path: Path) -> None:
    """All but the comments for merges; Kptfiles are compared as kpt writes them, which the rows do not."""
    repositories = Repositories(tmp_path / "repositories", row["reposContent"])
    # Where the ref is code, the expectation tells what it is.
    expected = repositories.files(row.get("expectedResult") or row["expected"], "mine")
    ref = row["ref"] if isinstance(row["ref"], str) else repositories.filled("{{commit:upstream:0}}", "")
    named = Upstream(repositories.path("upstream"), row["directory"], ref)
    strategy = Strategy(row.get("updateStrategy") or Strategy.RESOURCE_MERGE)
    found = acquire("mine", named, Upstreams(tmp_path / "cache").fetch, strategy=strategy)
    assert found.files.keys() == expected.keys()
    for path, file in expected.items():
        wanted = file.content
        # A Kptfile that nothing was fetched for is as it was.
        if path.endswith("Kptfile") and found.files[path].content != wanted:
            wanted = format_kptfile(kptfile_values(parse(wanted)[0].root))
        assert found.files[path].content == wanted
