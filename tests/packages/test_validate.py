"""What is taken in is a package: everything else is refused by name, with line where there is one."""

import pytest

from bot.packages.package import EXECUTABLE, LINK, SUBMODULE, File
from bot.packages.validate import Bounds, problems

KPTFILE = File(b"apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: p\n")
GOOD = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


def _said(path: str, file: File) -> list[str]:
    return [str(problem) for problem in problems({"Kptfile": KPTFILE, path: file})]


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("a.yaml", File(GOOD)),
        ("a.yaml", File(b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n"))),
        ("a.yaml", File(b"")),
        ("a.yaml", File(b"words: are no resource\n---\n- but\n- no problem here\n")),
        ("logo.png", File(bytes(range(256)))),
        ("run.sh", File(b"#!/bin/sh\n", EXECUTABLE)),
        ("chart/values.txt", File(b"{{ not yaml")),
        ("sub/Kptfile", KPTFILE),
        ("a/b/link", File(b"../../Kptfile", LINK)),
        ("link", File(b"a/b", LINK)),
        ("grün/ä.yaml", File(GOOD)),
    ],
)
def test_what_a_package_may_hold(path: str, file: File) -> None:
    assert _said(path, file) == []


@pytest.mark.parametrize(
    ("path", "file", "said"),
    [
        ("a.yaml", File(b"a: b\n\tc: d\n"), "a.yaml:2: "),
        ("a.yaml", File(b"a: 1\nb: 2\na: 3\n"), "a.yaml:3: "),
        ("a.yaml", File(b"a: [\n"), "a.yaml"),
        ("a.yml", File(b"\xff\xfe"), "a.yml"),
        (
            "a.yaml",
            File(GOOD + b"<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> b\n"),
            "a.yaml:4: Here stand the markers",
        ),
        (
            "a.yaml",
            File(b"a: &a [x]\nb: &b [" + b"*a," * 30 + b"*a]\nc: [" + b"*b," * 1000 + b"*b]\n"),
            "a.yaml",
        ),
        ("link", File(b"/etc/passwd", LINK), "link: The link to '/etc/passwd' must not leave the package"),
        ("link", File(b"../x", LINK), "must not leave"),
        ("a/link", File(b"../../x", LINK), "must not leave"),
        ("link", File(b"d/../../x", LINK), "must not leave"),
        ("link", File(b"d/../x", LINK), "must not leave"),
        ("link", File(b"", LINK), "no target"),
        ("sub/Kptfile", File(b"../Kptfile", LINK), "must be a file, not a link"),
        ("module", File(b"0" * 40, SUBMODULE), "module: Submodules are not part"),
        ("dir", File(b"", 0o40000), "mode 40000"),
        ("a/../b", File(b""), "must not have the parts"),
        ("a//b", File(b""), "must not have the parts"),
        ("a/.GIT/config", File(b""), "'.git'"),
        ("a\0b", File(b""), "control characters"),
        ("a\nb", File(b""), "control characters"),
        ("..\\b", File(b""), "backslashes"),
        ("a\udcff.yaml", File(GOOD), "must be UTF-8"),
        ("sub/Kptfile", File(b""), "sub/Kptfile: The Kptfile is empty"),
        (".krmignore", File(b"a*b*c*d*e\n"), ".krmignore:1: The pattern"),
        (".krmignore", File(b"# fine\n" + b"a" * 300 + b"\n"), ".krmignore:2: The pattern"),
    ],
)
def test_what_is_refused(path: str, file: File, said: str) -> None:
    found = _said(path, file)
    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize(
    "kptfile", [None, File(b""), File(b"- a\n"), File(b"x"), File(b"README", LINK), File(b"a: [")]
)
def test_a_package_has_a_kptfile(kptfile: File | None) -> None:
    assert len(problems({"Kptfile": kptfile} if kptfile else {})) == 1


def test_a_pipeline_that_cannot_run_can_be_saved() -> None:
    kptfile = File(KPTFILE.content + b"pipeline: {mutators: [{image: no/such, configPath: /x}]}\n")
    assert problems({"Kptfile": kptfile}) == []


def test_sizes_are_bounded() -> None:
    files = {"Kptfile": KPTFILE, "a.yaml": File(b"a: " + b"x" * 100), "b.bin": File(b"x" * 300)}
    bounds = Bounds(yaml_file=80, file=200, package=250, files=2)
    assert [problem.where for problem in problems(files, bounds=bounds)] == ["", "", "a.yaml", "b.bin"]
    assert problems({"Kptfile": KPTFILE, "a.yaml": File(b"a: " + b"x" * 11 * 2**20)})[0].where == "a.yaml"


def test_ignored_files_are_not_read() -> None:
    bad = File(b"a: [")
    files = {"Kptfile": KPTFILE, ".krmignore": File(b"templates/\n*.tpl.yaml\n"), "templates/a.yaml": bad}
    assert problems({**files, "x/b.tpl.yaml": bad}) == []
    # A subpackage has a .krmignore of its own, or none.
    below = {"sub/Kptfile": KPTFILE, "sub/templates/a.yaml": bad}
    assert [problem.where for problem in problems({**files, **below})] == ["sub/templates/a.yaml"]


def test_what_was_admitted_is_not_read_again() -> None:
    files = {"Kptfile": KPTFILE, "a.yaml": File(b"a: ["), "b.yaml": File(b"a: [")}
    assert [problem.where for problem in problems(files, admitted={"a.yaml"})] == ["b.yaml"]


def test_a_thousand_problems_are_not_all_said() -> None:
    files = {"Kptfile": KPTFILE, **{f"{number}.yaml": File(b"a: [") for number in range(1000)}}
    found = problems(files)
    assert len(found) == 101
    assert "more than 100" in found[-1].message
