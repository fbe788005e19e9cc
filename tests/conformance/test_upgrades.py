"""Packages are upgraded as kpt upgrades them: its own tables of what becomes of whom."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.errors import UserError
from bot.packages.acquisition import Fetched
from bot.packages.canonical import kptfile_values
from bot.packages.documents import Node, dump, emit, parse, plain
from bot.packages.kptfile import Upstream
from bot.packages.merge import OnConflict, Strategy, merge
from bot.packages.merge.conflict import Arbiter, Place
from bot.packages.merge.fields import FieldMerge, Sides
from bot.packages.merge.guide import NameGuide, ResourceGuide, kubernetes_guide
from bot.packages.merge.kptfile import merge_kptfile
from bot.packages.merge.merge_comment import with_merge_comments
from bot.packages.merge.trees import States, Trees
from bot.packages.merge.update import merge_trees
from bot.packages.merge.upgrade import upgrade
from bot.packages.package import KPTFILE, File

TABLES = Path(__file__).parents[2] / "../shared/conformance/tables"
pytestmark = pytest.mark.skipif(not TABLES.is_dir(), reason=f"{TABLES} is not here")
UPDATE = "kpt__pkg__lib__update__"


def _rows(file: str, table: str = "") -> list[Any]:
    place = TABLES / f"{file}.json"
    tables = json.loads(place.read_text()) if place.is_file() else []
    return [
        pytest.param(row, id=f"{each['table'].partition('.')[0]}:{name}")
        for each in tables
        if each["table"].startswith(table)
        for name, row in each["rows"].items()
    ]


def _tree(package: Any, name: str = "local", repos: Mapping[str, str] | None = None) -> dict[str, File]:
    """The files of a package that a table describes; its name, where it has none, is `name`."""
    inner = package["$pkg"]
    own = inner.get("name", name)
    files: dict[str, File] = {}
    for path, text in inner["files"].items():
        files[path] = File(_filled(text, own, repos or {}).encode())
    if "status" in inner.get("kptfile", {}):
        files[KPTFILE] = File(dump(_rendered_kptfile(own, inner["kptfile"])))
    for each in inner["subpackages"]:
        below = each["$pkg"]["name"]
        files |= {f"{below}/{path}": file for path, file in _tree(each, below, repos).items()}
    return files


def _rendered_kptfile(name: str, spec: Mapping[str, Any]) -> dict[str, object]:
    """A Kptfile with the status of a rendering, which rows describe by code."""
    values: dict[str, object] = {"apiVersion": "kpt.dev/v1", "kind": "Kptfile", "metadata": {"name": name}}
    for key in ("upstream", "upstreamLock"):
        if key in spec:
            each = spec[key]
            git = {"repo": each["repo"], "directory": each["dir"], "ref": each["ref"]}
            values[key] = {
                "type": "git",
                "git": git | ({"commit": each["commit"]} if "commit" in each else {}),
            }
            if "strategy" in each:
                values[key] = {"type": "git", "git": git, "updateStrategy": each["strategy"]}
    conditions = [{"type": "Rendered", "status": "True", "reason": "RenderSuccess"}]
    return values | {"status": {"conditions": conditions, "renderStatus": {"errorSummary": ""}}}


def _filled(text: str, name: str, values: Mapping[str, str]) -> str:
    for hole, value in {"pkg": name, **values}.items():
        text = text.replace(f"{{{{{hole}}}}}", value)
    return text


def _meaning(files: Mapping[str, File]) -> dict[str, object]:
    """What files say; of Kptfiles what kpt reads in them."""
    return {path: _said(path, file) for path, file in files.items()}


def _said(path: str, file: File) -> object:
    if path.rpartition("/")[2] == KPTFILE:
        return [kptfile_values(document.root) for document in parse(file.content)]
    if path.endswith(".yaml"):
        return [plain(document) for document in parse(file.content)]
    return file.content.decode().strip()


def _comments(node: Node) -> list[str]:
    return sorted(re.findall("#.*", emit([node]).decode()))


FIELDS = ("scalar", "list", "map", "element", "kustomization")


@pytest.mark.parametrize(
    "row", [r for name in FIELDS for r in _rows(f"kustomize__kyaml__yaml__merge3__{name}")]
)
def test_fields_are_merged(row: dict[str, Any]) -> None:
    roots = Sides(*(parse(row[side].encode())[0].root for side in ("origin", "local", "update")))
    assert roots.local is not None
    infers = row.get("infer", "Generator" in row["description"])
    guide = NameGuide() if infers else ResourceGuide(kubernetes_guide(roots.local))
    merged = FieldMerge(Arbiter(OnConflict.UPSTREAM), Place("x")).merge(roots, guide)
    assert merged is not None
    (wanted,) = parse(row["expected"].encode())
    assert plain(merged) == plain(wanted)
    # kpt sorts new keys, and puts them last; here they stand where the upstream has them.
    assert _comments(merged) == _comments(wanted)


@pytest.mark.parametrize("row", _rows("kpt__pkg__kptfile__kptfileutil__util"))
def test_kptfiles_are_merged(row: dict[str, Any]) -> None:
    texts = (row["origin"], row["local"], row.get("updated") or row["update"])
    states = States(*(File(text.encode()) for text in texts))
    merged = merge_kptfile(
        KPTFILE, states, Arbiter(OnConflict.UPSTREAM), with_upstream=row.get("updateUpstream", False)
    )
    assert merged is not None
    wanted = parse(row["expected"].strip("\t\n").encode())[0]
    assert kptfile_values(parse(merged.content)[0].root) == kptfile_values(wanted.root)


@pytest.mark.parametrize("row", _rows("kpt__pkg__lib__util__addmergecomment__addmergecomment"))
def test_merge_comments_are_added(row: dict[str, Any]) -> None:
    noted = with_merge_comments({"a.yaml": File(row["input"].encode())})
    assert noted["a.yaml"].content.decode().strip() == row["expected"].strip()


def _strategy_rows() -> Iterator[Any]:
    for strategy, file in zip(
        Strategy, ("resource-merge", "fastforward", "replace", "copy-merge"), strict=True
    ):
        for row in _rows(UPDATE + file):
            if "expected" in row.values[0]:
                yield pytest.param(strategy, row.values[0], id=f"{strategy}:{row.id}")


@pytest.mark.parametrize(("strategy", "row"), list(_strategy_rows()))
def test_strategies(strategy: Strategy, row: dict[str, Any]) -> None:
    trees = Trees(*(_tree(row[side]) for side in ("origin", "local", "updated")))
    merged = merge_trees(trees, strategy, is_root=row["isRoot"])
    assert _meaning(merged.files) == _meaning(_tree(row["expected"]))


@pytest.mark.parametrize("row", _rows(UPDATE + "update", "TestCommand_Run_localPackageChanges"))
def test_packages_that_were_changed(row: dict[str, Any]) -> None:
    if "Pkg" not in row["initialUpstream"]:
        pytest.skip("the package of the row is not here")
    origin, local, updated, wanted = (
        _tree(row[name]["Pkg"])
        for name in ("initialUpstream", "updatedLocal", "updatedUpstream", "expectedLocal")
    )
    assert _meaning(merge(origin, local, updated, Strategy(row["strategy"])).files) == _meaning(wanted)


class Repositories:
    """The repositories that a row describes, to be fetched from."""

    def __init__(self, changes: Mapping[str, list[Any]], *, latest: bool) -> None:
        self.commits: dict[str, dict[str, Any]] = {}
        self.refs: dict[tuple[str, str], str] = {}
        self.values = {f"repo:{name}": f"git/{name}" for name in changes}
        for name, steps in changes.items():
            self.values |= {f"commit:{name}:{index}": f"{name}-{index}" for index in range(len(steps))}
        for name, steps in changes.items():
            branch = ""
            for index, step in enumerate(steps):
                branch = step.get("Branch") or branch
                self.commits[f"{name}-{index}"] = _tree(step["Pkg"], name, self.values)
                if latest or not index:
                    self.refs[f"git/{name}", branch] = f"{name}-{index}"
                if "Tag" in step:
                    self.refs[f"git/{name}", step["Tag"]] = f"{name}-{index}"

    def __call__(self, wanted: Upstream) -> Fetched:
        commit = wanted.commit or self.refs[wanted.repo, wanted.ref]
        inside = wanted.directory.strip("/")
        start = f"{inside}/" if inside else ""
        files = {
            path[len(start) :]: file for path, file in self.commits[commit].items() if path.startswith(start)
        }
        return Fetched(files, wanted, wanted._replace(commit=commit))


def _upgraded(row: dict[str, Any], strategy: Strategy | None) -> Mapping[str, File]:
    """What becomes of the package of a row: it is cloned, changed, and upgraded."""
    changes = row["reposChanges"]
    before, after = Repositories(changes, latest=False), Repositories(changes, latest=True)
    start = {
        KPTFILE: File(START.format(ref=_branch(changes), strategy=strategy or "resource-merge").encode())
    }
    local = upgrade(start, before).files
    if "updatedLocal" in row:
        # The row's own Kptfile may say nothing of where it comes from: that is left as it was.
        changed = dict(_tree(row["updatedLocal"]["Pkg"], "local", after.values))
        if b"upstream:" not in changed[KPTFILE].content:
            changed[KPTFILE] = local[KPTFILE]
        local = changed
    # kpt notes in every resource which one it was, here that is done where something came or changed.
    return with_merge_comments(upgrade(local, after, strategy=strategy).files)


def _branch(changes: Mapping[str, list[Any]]) -> str:
    return str(changes["upstream"][0]["Branch"])


START = """apiVersion: kpt.dev/v1
kind: Kptfile
metadata:
  name: local
upstream:
  type: git
  git:
    repo: git/upstream
    directory: /
    ref: {ref}
  updateStrategy: {strategy}
"""


def _wanted(row: Any, changes: Mapping[str, list[Any]], strategy: str = "") -> dict[str, object]:
    values = Repositories(changes, latest=True).values
    files = _tree(row, "local", values)
    files = {
        path: file._replace(content=file.content.replace(b"PLACEHOLDER", strategy.encode()))
        for path, file in files.items()
    }
    return _meaning(with_merge_comments(files))


def _local_rows() -> Iterator[Any]:
    for row in _rows(UPDATE + "update", "TestCommand_Run_local_subpackages"):
        for result in row.values[0]["expectedResults"]:
            for strategy in result["strategies"]:
                name = f"{row.id}:{strategy}"
                yield pytest.param(row.values[0], result, Strategy(strategy), id=name)


@pytest.mark.parametrize(("row", "result", "strategy"), list(_local_rows()))
def test_subpackages_of_the_package(row: dict[str, Any], result: dict[str, Any], strategy: Strategy) -> None:
    if "expectedErrMsg" in result:
        with pytest.raises(UserError, match=re.escape(result["expectedErrMsg"])):
            _upgraded(row, strategy)
        return
    wanted = _wanted(result["expectedLocal"], row["reposChanges"], strategy)
    assert _meaning(_upgraded(row, strategy)) == wanted


REMOTE = ("TestRun_remote_subpackages", "TestRootPackageIsUnfetched")


@pytest.mark.parametrize("row", [row for name in REMOTE for row in _rows(UPDATE + "update", name)])
def test_subpackages_with_upstreams_of_their_own(row: dict[str, Any]) -> None:
    if "expectedErrMsg" in row:
        with pytest.raises(UserError, match=re.escape(row["expectedErrMsg"])):
            _upgraded(row, None)
        return
    assert _meaning(_upgraded(row, None)) == _wanted(row["expectedLocal"], row["reposChanges"])


@pytest.mark.parametrize("row", _rows(UPDATE + "update", "TestCommand_Run_toBranchRefWithSubpkgs"))
def test_subpackages_from_the_same_repository_follow(row: dict[str, Any]) -> None:
    changes, strategy = row["reposChanges"], Strategy(row.get("strategy", "resource-merge"))
    fetch = Repositories(changes, latest=True)
    local = dict(
        upgrade({KPTFILE: File(START.format(ref="master", strategy="resource-merge").encode())}, fetch).files
    )
    inner = START.format(ref="master", strategy="resource-merge").replace(
        "directory: /", "directory: /subpkg"
    )
    test = {KPTFILE: File(inner.replace("name: local", "name: test").encode())}
    local |= {f"test/{path}": file for path, file in upgrade(test, fetch).files.items()}
    merged = upgrade(local, fetch, ref=row["updateRef"], strategy=strategy)
    assert _meaning(with_merge_comments(merged.files)) == _wanted(row["expectedLocal"], changes)
