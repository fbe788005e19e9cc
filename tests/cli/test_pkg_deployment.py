"""`portico pkg get --for-deployment` gives packages their own context, as kpt does."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.person import Person, git

KPTFILE = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n    name: {} # theirs\n"
CONTEXT = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: kptfile.kpt.dev\n{}data:\n  name: {}\n"
LOCAL = '  annotations:\n    config.kubernetes.io/local-config: "true"\n'
ZONE = "# zones\n\napiVersion: v1\nkind: ConfigMap\nmetadata:\n    name: zone\ndata:\n    ttl:   '60' # s\n"
FILES = {
    "Kptfile": KPTFILE.format("dns"),
    "package-context.yaml": CONTEXT.format("", "example"),
    "zone.yaml": ZONE,
    "also.yaml": f"{CONTEXT.format('', 'x')}---\n{ZONE}",
    "README.md": "# dns\r\n",
    "comment.yaml": "# nothing else\n",
    "data.json": '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"j"}}',
    "sub/Kptfile": KPTFILE.format("sub"),
    "sub/package-context.yaml": CONTEXT.format("", "example"),
    "sub/deep/zone.yaml": ZONE.replace("zone", "deep"),
    "bare/Kptfile": KPTFILE.format("bare"),
}


@pytest.fixture
def upstream(tmp_path: Path, portico: Person) -> Path:  # noqa: ARG001 the home must be there first
    """A repository with a package that has packages below it."""
    for path, text in FILES.items():
        place = tmp_path / "work/dns" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())
    git(tmp_path / "work", "init", "-q")
    git(tmp_path / "work", "add", "-A")
    git(tmp_path / "work", "commit", "-q", "-m", "dns")
    git(tmp_path, "clone", "-q", "--bare", "work", "blueprints.git")
    return tmp_path / "blueprints.git"


def read(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_every_package_gets_its_own_context(portico: Person, upstream: Path, tmp_path: Path) -> None:
    got = portico("pkg", "get", f"{upstream}/dns", "edge", "--for-deployment")
    assert got.code == 0, got.err
    found = read(tmp_path / "edge")
    for place, name in {"": "edge", "sub/": "sub", "bare/": "bare"}.items():
        assert found[f"{place}package-context.yaml"].decode() == CONTEXT.format(LOCAL, name)
    assert b"kptfile.kpt.dev" not in found["also.yaml"]
    assert b"metadata: # kpt-merge: /zone\n" in found["also.yaml"]
    assert found["README.md"] == b"# dns\r\n"
    assert got.err.endswith(
        "\n\nFetched 1 package(s).\n\nCustomizing package for deployment.\n"
        '[RUNNING] "builtins/gen-pkg-context"\n[PASS] "builtins/gen-pkg-context" in 0s\n  [Results]:\n'
        "    [info]: generated package context\n    [info]: generated package context\n"
        "    [info]: generated package context\n\nCustomized package for deployment.\n"
    )


@pytest.mark.skipif(
    not shutil.which("kpt"), reason="kpt is not installed here, so there is nothing to compare with"
)
def test_every_byte_is_kpts(portico: Person, upstream: Path, tmp_path: Path) -> None:
    for folder in ("ours", "theirs"):
        (tmp_path / folder).mkdir()
    source = f"{upstream}/dns@main"
    kpt = ["kpt", "pkg", "get", source, "dns", "--for-deployment"]
    done = subprocess.run(kpt, cwd=tmp_path / "theirs", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert portico("pkg", "get", source, "ours/dns", "--for-deployment").code == 0
    assert read(tmp_path / "ours/dns") == read(tmp_path / "theirs/dns")


@pytest.mark.parametrize(
    ("text", "says"), [("a: b\n", "must contain only KRM resources: bad.yaml"), ("a: [\n", "bad.yaml")]
)
def test_what_cannot_be_customized_is_not_written(
    portico: Person, upstream: Path, tmp_path: Path, text: str, says: str
) -> None:
    (tmp_path / "work/dns/bad.yaml").write_text(text)
    git(tmp_path / "work", "add", "-A")
    git(tmp_path / "work", "commit", "-q", "-m", "bad")
    git(tmp_path / "work", "push", "-q", str(upstream), "main")
    (tmp_path / "empty").mkdir()
    got = portico("pkg", "get", f"{upstream}/dns", "empty/dns", "--for-deployment")
    assert (got.code, got.out) == (1, "")
    assert says in got.err
    assert got.err.endswith("Nothing was written; without `--for-deployment`, 'dns' can be got as it is.\n")
    assert list((tmp_path / "empty").iterdir()) == []
    assert portico("pkg", "get", f"{upstream}/dns", "empty/dns").code == 0
