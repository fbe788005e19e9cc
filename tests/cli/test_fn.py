"""`portico fn` does in folders what kpt's does, and leaves nothing half done."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import indent

import pytest

from tests.cli.person import Person

KPTFILE = """\
apiVersion: kpt.dev/v1
kind: Kptfile # ours
metadata:
  name: dns
pipeline:
  mutators:
    - image: set-labels:v0.2
      configMap:
        tier: backend
"""
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n    name: {}\n\ndata: {{a: b}} # kept\n"
NAMESPACE = ("fn", "eval", "dns", "--image", "set-namespace")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with one function, two resources, and files that are none."""
    folder = tmp_path / "dns"
    folder.mkdir()
    (folder / "Kptfile").write_text(KPTFILE)
    (folder / "a.yaml").write_text(MAP.format("a"))
    (folder / "b.yaml").write_text(MAP.format("b"))
    (folder / "b.yaml").chmod(0o600)
    (folder / "README.md").write_text("# DNS\n")
    return folder


def texts(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def timeless(text: str) -> str:
    return re.sub(r"in [\d.]+m?s\b", "in 0s", text)


def pipe(cwd: Path, *words: str, given: str = "", code: str = "") -> subprocess.CompletedProcess[str]:
    """Run `portico`, or other code, as a process of its own."""
    command = [sys.executable, *(("-c", code) if code else ("-m", "bot", *words))]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run(command, cwd=cwd, input=given, env=env, capture_output=True, text=True, check=False)


def test_a_package_is_rendered_where_it_is(portico: Person, package: Path) -> None:
    answer = portico("fn", "render", "dns", "--results-dir", "out")
    assert answer.code == 0, answer.err
    assert answer.err.splitlines()[:2] == [
        'Package "dns": ',
        '[RUNNING] "ghcr.io/kptdev/krm-functions-catalog/set-labels:v0.2" on package "dns"',
    ]
    assert "Successfully executed 1 function(s) in 1 package(s).\n" in answer.err
    assert answer.err.endswith("For complete results, see out/results.yaml\n")
    after = texts(package)
    assert "    tier: backend\ndata: {a: b} # kept\n" in after["a.yaml"]
    assert after["README.md"] == "# DNS\n"
    assert "reason: RenderSuccess" in after["Kptfile"]
    assert "# ours" not in after["Kptfile"]
    assert (package / "b.yaml").stat().st_mode & 0o777 == 0o600
    assert sorted(after) == ["Kptfile", "README.md", "a.yaml", "b.yaml"]
    assert "set 3 labels in total" in (package.parent / "out/results.yaml").read_text()


def test_without_status_the_kptfile_keeps_its_comments(portico: Person, package: Path) -> None:
    assert portico("fn", "render", "dns", "--no-status").code == 0
    assert "# ours" in texts(package)["Kptfile"]
    assert "status" not in texts(package)["Kptfile"]


def test_a_package_may_be_rendered_elsewhere(portico: Person, package: Path) -> None:
    before = texts(package)
    assert portico("fn", "render", "dns", "-o", "new").code == 0
    assert sorted(texts(package.parent / "new")) == ["Kptfile", "a.yaml", "b.yaml"]
    refused = portico("fn", "render", "dns", "-o", "new")
    assert (refused.code, refused.err) == (
        1,
        'Error: directory "new" already exists, please delete the directory and retry\n',
    )
    assert texts(package) == before
    listed = pipe(package.parent, "fn", "render", "dns", "-o", "stdout").stdout
    assert listed.startswith("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n")
    assert "internal.config.kubernetes.io/path: 'a.yaml'" in listed
    plain = pipe(package.parent, "fn", "render", "dns", "-o", "unwrap").stdout
    assert plain.count("---\n") == 2
    assert "kubernetes.io" not in plain


def test_what_is_no_package_is_told(portico: Person, tmp_path: Path) -> None:
    (tmp_path / "dns").mkdir()
    answer = portico("fn", "render", "dns")
    assert (answer.code, answer.out) == (1, "")
    assert "No Kptfile found at" in answer.err
    assert "The package has no Kptfile at its root; add one." in answer.err
    assert "'nowhere' is no folder" in portico("fn", "render", "nowhere").err.replace(f"{tmp_path}/", "")


def test_nothing_is_written_behind_a_link(portico: Person, package: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "c.yaml").write_text(MAP.format("c"))
    (package / "linked").symlink_to(elsewhere)
    (package / "d.yaml").symlink_to(elsewhere / "c.yaml")
    assert portico("fn", "render", "dns").code == 0
    assert texts(elsewhere) == {"c.yaml": MAP.format("c")}
    before = texts(package)
    config = tmp_path / "new.yaml"
    config.write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  annotations:\n"
        "    config.kubernetes.io/target-path: linked/x.yaml\n"
    )
    answer = portico("fn", "eval", "dns", "--image", "upsert-resource", "--fn-config", str(config))
    assert answer.code == 1
    assert "lies behind a link, so nothing was written" in answer.err
    assert (texts(package), sorted(texts(elsewhere))) == (before, ["c.yaml"])


def test_a_function_runs_over_a_folder(portico: Person, package: Path) -> None:
    answer = portico(*NAMESPACE, "--", "namespace=dev")
    assert answer.code == 0, answer.err
    assert answer.err.startswith(
        '[RUNNING] "ghcr.io/kptdev/krm-functions-catalog/set-namespace:latest"\n[PASS]'
    )
    assert "  namespace: dev\n" in texts(package)["a.yaml"]
    assert texts(package)["Kptfile"] == KPTFILE


def test_a_function_runs_over_what_is_chosen(portico: Person, package: Path) -> None:
    answer = portico(*NAMESPACE, "--match-kind", "ConfigMap", "--exclude-name", "b", "--", "namespace=dev")
    assert "on 1 resource(s)\n" in answer.err
    assert "namespace: dev" in texts(package)["a.yaml"]
    assert "namespace: dev" not in texts(package)["b.yaml"]


def test_a_function_is_saved(portico: Person, package: Path) -> None:
    answer = portico(*NAMESPACE, "--save", "-t", "mutator", "--match-name", "a", "--", "namespace=dev")
    assert answer.err.endswith('Added "set-namespace" as mutator in the Kptfile.\n')
    entry = "- image: set-namespace\n  configMap:\n    namespace: dev\n  selectors:\n    - name: a\n"
    assert texts(package)["Kptfile"] == KPTFILE + indent(entry, "    ")
    answer = portico(
        "fn", "eval", "dns", "-i", "set-namespace:v0.4", "-s=true", "--type=mutator", "--", "namespace=qa"
    )
    assert answer.err.endswith('Updated "set-namespace:v0.4" as mutator in the Kptfile.\n')
    assert texts(package)["Kptfile"].endswith(
        "    - image: set-namespace:v0.4\n      configMap:\n        namespace: qa\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("dns", "--", "a=b"), "must specify --image"),
        (("dns", "--image", "no-op", "--", "a=b", "c"), "must have keys and values separated by"),
        (("dns", "--image", "no-op", "--fn-config", "a/b/c"), "missing function config file: a/b/c"),
        (("dns", "--image", "no-op", "--exec", "cat"), "must specify only one of --image and --exec"),
        (("dns", "other", "--image", "no-op"), "unexpected extra argument"),
        (("dns", "--image", "no-op", "-s"), "must specify --type"),
        (("dns", "--image", "no-op", "-s", "-t", "mutator", "--", "Kind", "a=b"), "use `--fn-config`"),
        (("dns", "--image", "no-op", "--results-dir", "dns/Kptfile"), "must name a folder"),
        (("dns", "--image", "no-op", "--match-labels", "x"), "must be given `key=value`"),
    ],
)
def test_what_cannot_be_evaluated_is_told(
    portico: Person, package: Path, words: Sequence[str], said: str
) -> None:
    before = texts(package)
    answer = portico("fn", "eval", *words)
    assert answer.code == 1
    assert said in answer.err
    assert texts(package) == before


def test_lists_go_through_pipes(portico: Person, package: Path, tmp_path: Path) -> None:
    del portico, package
    listed = pipe(tmp_path, "fn", "source", "dns").stdout
    changed = pipe(
        tmp_path, "fn", "eval", "-", "--image", "set-namespace", "--", "namespace=dev", given=listed
    )
    assert changed.returncode == 0, changed.stderr
    done = pipe(tmp_path, "fn", "sink", "copy", given=changed.stdout)
    assert done.returncode == 0, done.stderr
    copied = texts(tmp_path / "copy")
    assert sorted(copied) == ["Kptfile", "a.yaml", "b.yaml"]
    assert copied["Kptfile"] == KPTFILE
    assert "  namespace: dev\ndata: {a: b} # kept\n" in copied["a.yaml"]
    again = pipe(tmp_path, "fn", "sink", "copy", given=changed.stdout)
    assert (again.returncode, "already exists" in again.stderr) == (1, True)


@pytest.mark.parametrize("path", ["../out.yaml", "/srv/out.yaml", "a/../../out.yaml", ".git/hooks/x.yaml"])
def test_a_list_stays_in_its_folder(tmp_path: Path, portico: Person, path: str) -> None:
    del portico
    note = f"    config.kubernetes.io/path: '{path}'\n"
    item = MAP.format("a").replace("    name: a\n", f"    name: a\n    annotations:\n  {note}")
    done = pipe(tmp_path, "fn", "sink", "copy", given=item)
    assert done.returncode == 1
    assert "function must" in done.stderr
    assert not (tmp_path / "copy").exists()


def test_a_full_disk_changes_nothing(portico: Person, package: Path, tmp_path: Path) -> None:
    del portico
    before = texts(package)
    (package / "big.yaml").write_text(
        MAP.format("big") + "more:\n" + "".join(f"  k{n}: v\n" for n in range(9000))
    )
    before["big.yaml"] = (package / "big.yaml").read_text()
    # A file that may not grow is what a full disk looks like to a program.
    limited = (
        "import resource, runpy, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n"
        "sys.argv = ['portico', 'fn', 'render', 'dns']\n"
        "runpy.run_module('bot', run_name='__main__')\n"
    )
    done = pipe(tmp_path, code=limited)
    assert done.returncode == 1, done.stderr
    assert "cannot be written: File too large; nothing was changed." in done.stderr
    assert texts(package) == before


def test_what_was_rendered_is_told_again_and_not_run_again(portico: Person, package: Path) -> None:
    before = texts(package)
    first = portico("fn", "render", "dns", "--no-status", "--results-dir", "one")
    after = texts(package)
    for path, text in before.items():
        (package / path).write_text(text)
    again = portico("fn", "render", "dns", "--no-status", "--results-dir", "two")
    assert texts(package) == after
    assert timeless(again.err).replace("two/", "one/") == timeless(first.err)
    results = [(package.parent / name / "results.yaml").read_text() for name in ("one", "two")]
    assert results[0] == results[1]
    (package / "a.yaml").write_text(MAP.format("other"))
    assert portico("fn", "render", "dns", "--no-status").code == 0
    assert "name: other" in texts(package)["a.yaml"]


def test_who_has_no_home_still_renders(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HOME", "PORTICO_HOME"):
        monkeypatch.delenv(variable, raising=False)
    done = pipe(package.parent, "fn", "render", "dns")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "command", [("render", "dns"), ("eval", "dns", "--image", "no-op"), ("source", "dns")]
)
@pytest.mark.parametrize("text", ["kind: [\n", "apiVersion: v1\nkind: ConfigMap\n"])
def test_names_of_files_do_not_steer_a_terminal(
    portico: Person, package: Path, command: Sequence[str], text: str
) -> None:
    (package / "\x1b]0;red\x07\x1b[31m\x9b1m.yaml").write_text(text)
    answer = portico("fn", *command)
    assert not {*answer.err} & {"\x1b", "\x07", "\x9b"}
    assert (answer.code == 0) == (command[0] == "source" and "[" not in text)


def test_results_are_not_written_through_a_link(portico: Person, package: Path) -> None:
    mine = package.parent / "mine"
    mine.write_text("mine\n")
    (package / "out").mkdir()
    (package / "out/results.yaml").symlink_to(mine)
    assert portico("fn", "render", "dns", "--results-dir", "dns/out").code == 0
    assert mine.read_text() == "mine\n"
    assert "set 3 labels in total" in (package / "out/results.yaml").read_text()
    assert sorted(path.name for path in (package / "out").iterdir()) == ["results.yaml"]


def test_an_alias_of_another_item_is_not_written(tmp_path: Path) -> None:
    text = "kind: ResourceList\nitems:\n- &a {apiVersion: v1, kind: A, metadata: {name: a}}\n"
    done = pipe(
        tmp_path,
        "fn",
        "sink",
        "new",
        given=text + "- {apiVersion: v1, kind: A, metadata: {name: b}, x: *a}\n",
    )
    assert done.returncode == 1
    assert "standard input:4: The alias '*a' must have its anchor in the same item" in done.stderr
    assert not (tmp_path / "new").exists()
    assert pipe(tmp_path, "fn", "sink", "new", given=text).returncode == 0


@pytest.mark.parametrize(
    "command",
    [
        ("eval", "dns", "--exec", "cat"),
        ("eval", "dns", "--image", "starlark", "--", "source=x = 1"),
        ("source", "dns"),
    ],
)
def test_a_name_that_is_not_utf_8_is_told_where_it_cannot_be_handed_on(
    portico: Person, package: Path, command: Sequence[str]
) -> None:
    Path(os.fsdecode(os.fsencode(package) + b"/\xff.yaml")).write_text(MAP.format("x"))
    answer = portico("fn", *command)
    assert answer.code == 1
    assert r"'\xdcff.yaml' must be UTF-8; rename it." in answer.err


def test_options_are_taken_as_gos_pflag_takes_them(portico: Person, package: Path) -> None:
    words = ("-v", "5", "--kubeconfig=x", "--allow-exec=false", "--truncate-output", "--no-status")
    assert portico("fn", "render", *words, "dns", "-o=new").code == 0
    assert (package.parent / "new/a.yaml").is_file()
    assert portico("fn", "render", "dns", "--truncate-output=false").code == 0


def test_what_is_no_mapping_is_not_lost_in_a_list(portico: Person, package: Path) -> None:
    (package / "list.yaml").write_text("- a\n")
    answer = portico("fn", "source", "dns")
    assert (answer.code, answer.out) == (1, "")
    assert "list.yaml:1: Only mappings can stand in a ResourceList" in answer.err


def test_an_output_that_takes_nothing_is_told(package: Path) -> None:
    command = [sys.executable, "-m", "bot", "fn", "source", "dns"]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command, cwd=package.parent, env=env, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr) == (1, b"Error: The output: No space left on device.\n")
