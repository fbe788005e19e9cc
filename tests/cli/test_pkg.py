"""`portico pkg` makes, gets, updates and draws packages in folders, with real repositories."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.person import Person, git

KPTFILE = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: dns\n"
ZONE = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: zone\ndata:\n  ttl: '{}' # seconds\n  mode: {}\n"


@pytest.fixture
def upstream(tmp_path: Path, portico: Person) -> Path:  # noqa: ARG001 the home must be there first
    """A repository with the package `dns` as v1 and v2, which changes two fields."""
    work = tmp_path / "work"
    (work / "dns").mkdir(parents=True)
    git(work, "init", "-q")
    for version, (ttl, mode) in {"v1": ("60", "a"), "v2": ("120", "b")}.items():
        (work / "dns/Kptfile").write_text(KPTFILE)
        (work / "dns/zone.yaml").write_text(ZONE.format(ttl, mode))
        git(work, "add", "-A")
        git(work, "commit", "-q", "-m", version)
        git(work, "tag", f"dns/{version}")
    bare = tmp_path / "blueprints.git"
    git(tmp_path, "clone", "-q", "--bare", str(work), str(bare))
    return bare


def test_a_package_is_got_and_updated(portico: Person, upstream: Path, tmp_path: Path) -> None:
    got = portico("pkg", "get", f"{upstream}/dns@v1", "mine")
    assert got.code == 0, got.err
    assert got.err.startswith('Package "mine":\nFetching ')
    assert got.err.endswith('Adding package "dns".\n\nFetched 1 package(s).\n')
    kptfile = (tmp_path / "mine/Kptfile").read_text()
    assert "    ref: dns/v1\n    commit: " in kptfile
    assert "  updateStrategy: resource-merge\n" in kptfile
    zone = tmp_path / "mine/zone.yaml"
    assert "metadata: # kpt-merge: /zone\n" in zone.read_text()
    zone.write_text(zone.read_text().replace("mode: a", "mode: a\n  mine: kept # by hand"))
    updated = portico("pkg", "update", "mine@v2")
    assert updated.code == 0, updated.err
    assert updated.err.endswith('Updated package "mine".\n\nUpdated 1 package(s).\n')
    after = zone.read_text()
    assert "  ttl: '120' # seconds\n  mode: b\n  mine: kept # by hand\n" in after
    assert "    ref: dns/v2\n" in (tmp_path / "mine/Kptfile").read_text()


@pytest.mark.parametrize(
    ("answer", "mode", "code"), [("upstream", "b", 0), ("local", "mine", 0), ("stop", "mine", 1)]
)
def test_a_conflict_is_told(
    portico: Person, upstream: Path, tmp_path: Path, answer: str, mode: str, code: int
) -> None:
    assert portico("pkg", "get", f"{upstream}/dns@v1").code == 0
    zone = tmp_path / "dns/zone.yaml"
    zone.write_text(zone.read_text().replace("mode: a", "mode: mine"))
    before = zone.read_text()
    updated = portico("pkg", "update", "dns@v2", "--on-conflict", answer)
    assert updated.code == code
    assert "conflict: 'zone.yaml', ConfigMap 'zone', `data.mode`" in updated.err
    assert f"  mode: {mode}\n" in zone.read_text()
    assert (zone.read_text() == before) is (answer == "stop")


def test_what_differs_is_shown(portico: Person, upstream: Path, tmp_path: Path) -> None:
    assert portico("pkg", "get", f"{upstream}/dns@v1").code == 0
    assert portico.did("pkg", "diff", "dns") == ""
    zone = tmp_path / "dns/zone.yaml"
    zone.write_text(zone.read_text().replace("mode: a", "mode: mine"))
    local = portico.did("pkg", "diff", "dns")
    assert "ConfigMap zone in zone.yaml" in local
    assert "data.mode" in local
    assert "ttl" not in local
    remote = portico.did("pkg", "diff", "dns@v2", "--diff-type", "remote")
    assert "data.ttl" in remote
    assert "mine" not in remote
    combined = portico.did("pkg", "diff", "dns@v2", "-o", "stat")
    assert "zone" in combined
    both = portico.did("pkg", "diff", "dns@v2", "--diff-type", "3way")
    assert both.startswith("local:\n")
    assert "\nremote:\n" in both


def test_what_cannot_be_got_or_updated_is_told(portico: Person, upstream: Path, tmp_path: Path) -> None:
    assert portico("pkg", "get", f"{upstream}/dns@v9").code == 1
    assert portico("pkg", "get", f"{upstream}/nothing@main").code == 1
    assert portico("pkg", "get", str(tmp_path / "nowhere.git/dns")).code == 1
    assert not (tmp_path / "dns").exists()
    assert portico("pkg", "get", f"{upstream}/dns@v1").code == 0
    again = portico("pkg", "get", f"{upstream}/dns@v1")
    assert (again.code, "already exists" in again.err) == (1, True)
    assert portico("pkg", "init", "own").code == 0
    refused = portico("pkg", "update", "own")
    assert (refused.code, "must have an upstream reference" in refused.err) == (1, True)


def test_a_package_is_made_and_nothing_is_overwritten(portico: Person, tmp_path: Path) -> None:
    (tmp_path / "dns").mkdir()
    (tmp_path / "dns/README.md").write_text("mine\n")
    made = portico("pkg", "init", "dns", "--description", "our zones", "--keywords", "dns, zones")
    assert made.err == "writing dns/Kptfile\nwriting dns/package-context.yaml\n"
    assert (tmp_path / "dns/README.md").read_text() == "mine\n"
    assert (
        "  description: our zones\n  keywords:\n  - dns\n  - zones\n"
        in (tmp_path / "dns/Kptfile").read_text()
    )


def test_a_package_is_drawn(portico: Person, tmp_path: Path) -> None:
    for path in ("dns/a/b/x.yaml", "dns/sub/z.yaml", "dns/m.yaml", "dns/j.json"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        text = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "n"}}\n'
        (tmp_path / path).write_text(text)
    for path in ("dns/Kptfile", "dns/sub/Kptfile"):
        (tmp_path / path).write_text(KPTFILE)
    drawn = portico.did("pkg", "tree", "dns")
    assert drawn == (
        'Package "dns"\n'
        "├── [Kptfile]  Kptfile dns\n"
        "├── [m.yaml]  ConfigMap n/c\n"
        "├── b\n"
        "│   └── [x.yaml]  ConfigMap n/c\n"
        '└── Package "sub"\n'
        "    ├── [Kptfile]  Kptfile dns\n"
        "    └── [z.yaml]  ConfigMap n/c\n"
    )
    if kpt := shutil.which("kpt"):
        done = subprocess.run(
            [kpt, "pkg", "tree", "dns"], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert done.stdout == drawn
