"""Packages that are none, by real pushes: each is refused with the file, the line and what to do."""

from collections.abc import Callable, Iterator

import pytest

from tests.hooks.gate import house, kept, refused
from tests.hooks.world import Human, World, run

KPTFILE = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: app\n"
PATH = "bad/input"
Writer = Callable[[Human], None]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from house(tmp_path_factory.mktemp("bad"))


def file(path: str, content: str | bytes) -> Writer:
    return lambda human: human.write(f"{PATH}/{path}", content)


def link(path: str, target: str) -> Writer:
    def write(human: Human) -> None:
        place = human.clone / PATH / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        place.symlink_to(target)

    return write


def submodule(human: Human) -> None:
    head = human.head()
    human.git("update-index", "--add", "--cacheinfo", f"160000,{head},{PATH}/vendor")


def odd_name(human: Human) -> None:
    blob = run("git", "hash-object", "-w", "item-0.yaml", cwd=human.clone / PATH).text.strip()
    entry = b"100644 blob " + blob.encode() + b"\t" + PATH.encode() + b"/caf\xe9.yaml\n"
    (human.clone / "entry").write_bytes(entry)
    run("sh", "-c", "git update-index --index-info <entry && rm entry", cwd=human.clone)


def without_kptfile(human: Human) -> None:
    (human.clone / PATH / "Kptfile").unlink()


def bomb() -> str:
    """A thousandfold alias, eight levels deep."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    return "\n".join(lines) + "\n"


LARGE = b"# " + b"x" * 78 + b"\n"
LARGE *= 11 * 1024 * 1024 // len(LARGE)
CASES: dict[str, tuple[Writer, tuple[str, ...]]] = {
    "no Kptfile": (without_kptfile, ("Kptfile: The package has no Kptfile at its root; add one",)),
    "Kptfile empty": (file("Kptfile", ""), ("Kptfile: The Kptfile is empty", "must begin with `apiVersion")),
    "Kptfile of comments": (file("Kptfile", "# soon\n"), ("The Kptfile is empty",)),
    "Kptfile no mapping": (file("Kptfile", "- a\n- b\n"), ("Kptfile:1: The Kptfile is not a mapping",)),
    "Kptfile a word": (file("Kptfile", "kptfile\n"), ("Kptfile:1: The Kptfile is not a mapping",)),
    "Kptfile of two documents": (
        file("Kptfile", f"{KPTFILE}---\n{KPTFILE}"),
        ("Kptfile:6: A Kptfile must be one document, but here are 2",),
    ),
    "Kptfile a link": (link("Kptfile", "other"), ("Kptfile: A Kptfile must be a file, not a link",)),
    "Kptfile of another kind": (
        file("Kptfile", "apiVersion: v1\nkind: ConfigMap\n"),
        ("Kptfile:1: The Kptfile has the unknown type 'v1, ConfigMap'",),
    ),
    "Kptfile of an old version": (
        file("Kptfile", "apiVersion: kpt.dev/v1alpha1\nkind: Kptfile\n"),
        ("has the old version 'kpt.dev/v1alpha1'; migrate it",),
    ),
    "Kptfile of a subpackage": (file("sub/Kptfile", "a: [\n"), ("sub/Kptfile:",)),
    "link out of the package": (
        link("out.yaml", "../../README.md"),
        ("out.yaml: The link to '../../README.md' must not leave the package",),
    ),
    "link out by a name": (link("out", "sub/../../x"), ("out: The link to", "must not leave the package")),
    "absolute link": (link("etc", "/etc/passwd"), ("etc: The link to '/etc/passwd' must not leave",)),
    "submodule": (submodule, ("vendor: Submodules are not part of a package; copy the files here",)),
    "11 MB of YAML": (file("large.yaml", LARGE), ("large.yaml: The file has", "must have at most 10485760")),
    "aliases": (file("bomb.yaml", bomb()), ("bomb.yaml:", "alias")),
    "tabs": (file("tabs.yaml", "a:\n\tb: 1\n"), ("tabs.yaml:2:", "tab")),
    "twice the same key": (
        file("twice.yaml", "a: 1\nb: 2\na: 3\n"),
        ("twice.yaml:3:", "'a'", "after line 1"),
    ),
    "no YAML": (file("broken.yaml", "a: [1, 2\nb: 3\n"), ("broken.yaml:2:",)),
    "YAML that is not UTF-8": (file("latin.yaml", b"a: caf\xe9\n"), ("latin.yaml:1:", "UTF-8")),
    "YAML with a NUL": (file("nul.yaml", b"a: \0\n"), ("nul.yaml:1:",)),
    "a thousand brackets": (file("deep.yaml", "[" * 1000 + "]" * 1000), ("deep.yaml:",)),
    "conflict": (
        file("merge.yaml", "a: 1\n<<<<<<< ours\nb: 2\n=======\nb: 3\n>>>>>>> theirs\n"),
        ("merge.yaml:2: Here stand the markers of a merge conflict; resolve it",),
    ),
    "a name that is not UTF-8": (odd_name, ("The name of a file must be UTF-8; rename it",)),
    "a name with a backslash": (file("a\\b.yaml", "a: 1\n"), ("must not have control characters or back",)),
    "a name with a bell": (file("a\ab.txt", "x"), ("must not have control characters", "a\\x07b.txt")),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_no_package_is_refused_with_its_place(shared: World, case: str) -> None:
    write, says = CASES[case]
    ada = shared["ada"]
    commit = prepared(ada, write)
    says = ("The package must be valid first", *says)
    refused(ada, f"HEAD:refs/heads/drafts/{PATH}/ws", says=says)
    assert not kept(shared, commit)


def prepared(human: Human, *writers: Writer) -> str:
    human.git("reset", "-q", "--hard")
    human.start()
    human.git("clean", "-fdxq")
    human.package(PATH)
    human.git("add", "-A")
    for write in writers:
        write(human)
    if submodule not in writers and odd_name not in writers:
        human.git("add", "-A")
    human.git("commit", "-q", "-m", "Bad")
    return human.head()


def test_every_fault_is_told_at_once(shared: World) -> None:
    writers = [CASES[case][0] for case in ("tabs", "absolute link", "twice the same key", "Kptfile empty")]
    prepared(shared["ada"], *writers)
    says = ("- Kptfile: ", "- etc: ", "- tabs.yaml:2: ", "- twice.yaml:3: ")
    refused(shared["ada"], f"HEAD:refs/heads/drafts/{PATH}/ws", says=says)


def test_a_hundred_faults_are_cut(shared: World) -> None:
    prepared(shared["ada"], *(file(f"f{n}.yaml", "a: [\n") for n in range(150)))
    answer = refused(shared["ada"], f"HEAD:refs/heads/drafts/{PATH}/ws", says="- f0.yaml:")
    assert "and 81 more" in answer.text
    assert len(answer.text) < 5000


def test_words_from_a_package_cannot_move_the_cursor(shared: World) -> None:
    prepared(shared["ada"], link("evil", "/\x1b[2J\r\nremote: portico: published"))
    answer = refused(shared["ada"], f"HEAD:refs/heads/drafts/{PATH}/ws", says="must not leave the package")
    assert "\x1b" not in answer.text
    assert "\nremote: portico: published" not in answer.text


def test_what_looks_odd_and_is_well_is_taken_as_it_is(shared: World) -> None:
    """CRLF, BOM, binary files, modes, links inside, tabs where they may stand, files that are not YAML."""
    ada, grace = shared["ada"], shared["grace"]
    map_ = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: team}\n"
    contents = {
        "crlf.yaml": map_.replace(b"\n", b"\r\n"),
        "bom.yaml": b"\xef\xbb\xbf" + map_,
        "tab.yaml": map_ + b"data:\n  a: |\n    x\ty\n  b: c\t# tab\n",
        "empty.yaml": b"",
        "many.yaml": b"---\n" + map_ + b"---\n" + map_.replace(b"name: x", b"name: y"),
        "logo.png": bytes(range(256)) * 100,
        "run.sh": b"#!/bin/sh\n",
        "broken.txt": b"a: [\n<<<<<<< ours\n",
        "name with spaces é.txt": b"x",
    }
    ada.git("config", "core.autocrlf", "false")
    prepared(ada, *(file(path, content) for path, content in contents.items()))
    (ada.clone / PATH / "run.sh").chmod(0o755)
    link("sub/inside", "../run.sh")(ada)
    ada.commit("As it is")
    ada.draft(PATH, "odd")
    ada.ask("propose", f"{PATH}/odd")
    assert "is published as bad/input/v1" in grace.ask("approve", f"{PATH}/odd").text
    grace.start()
    for path, content in contents.items():
        assert (grace.clone / PATH / path).read_bytes() == content, path
    assert (grace.clone / PATH / "run.sh").stat().st_mode & 0o111
    assert not (grace.clone / PATH / "logo.png").stat().st_mode & 0o111
    assert (grace.clone / PATH / "sub/inside").readlink().as_posix() == "../run.sh"
    assert grace.git("diff", "--stat", "bad/input/v1", "origin/main").text == ""
