"""What becomes of the other files of a package, and of packages as a whole."""

import pytest

from bot.errors import InvalidDocument, UserError
from bot.packages.merge import Conflict, Merged, Side, Strategy, merge
from bot.packages.package import EXECUTABLE, LINK, File
from tests.packages.merging import config, edited, merged, merged_files, text_of

KPTFILE = File(b"apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: web\n")


@pytest.mark.parametrize("broken", ["a: {{ x }}\nb: 1\nc: 1\nd: 1\n", "\tno: yaml\nb: 1\nc: 1\nd: 1\n"])
def test_what_is_no_yaml_is_merged_by_its_lines(broken: str) -> None:
    result = merged(broken, edited(broken, ("b: 1", "b: 2")), edited(broken, ("d: 1", "d: 2")))
    assert text_of(result) == edited(broken, ("b: 1", "b: 2"), ("d: 1", "d: 2"))


README = "".join(f"line {number}\n" for number in range(1, 8))


def _texts(origin: str, local: str, upstream: str) -> Merged:
    return merged_files(*({"README.md": File(text.encode())} for text in (origin, local, upstream)))


def test_texts_are_merged_by_their_lines() -> None:
    local, upstream = edited(README, ("line 2", "two")), edited(README, ("line 6\n", "six\nmore\n"))
    assert text_of(_texts(README, local, upstream), "README.md") == edited(local, ("line 6\n", "six\nmore\n"))


def test_a_line_that_both_changed_stays_and_is_told() -> None:
    local = edited(README, ("line 2", "two"))
    result = _texts(README, local, edited(README, ("line 2", "zwei"), ("line 6", "sechs")))
    assert text_of(result, "README.md") == edited(local, ("line 6", "sechs"))
    assert result.conflicts == (
        Conflict("README.md", None, "line 2", "line 2\n", "two\n", "zwei\n", Side.LOCAL),
    )


def test_bytes_are_one_value() -> None:
    trees = ({"logo.png": File(b"\0" + data)} for data in (b"old", b"mine", b"theirs"))
    result = merged_files(*trees)
    assert result.files["logo.png"].content == b"\0mine"
    assert result.conflicts == (Conflict("logo.png", None, "", "", "", "", Side.LOCAL),)


def test_a_text_that_moved_is_followed() -> None:
    local, upstream = edited(README, ("line 2", "two")), edited(README, ("line 6", "six"))
    files = [{"README.md": File(text.encode())} for text in (README, local)]
    result = merged_files(*files, {"docs/README.md": File(upstream.encode())})
    assert {path: file.content.decode() for path, file in result.files.items()} == {
        "docs/README.md": edited(local, ("line 6", "six"))
    }


def test_modes_and_links_survive() -> None:
    origin = {"run.sh": File(b"a\n"), "link": File(b"x", LINK)}
    local = {"run.sh": File(b"b\n"), "link": File(b"x", LINK)}
    upstream = {"run.sh": File(b"a\n", EXECUTABLE), "link": File(b"y", LINK)}
    result = merge(origin, local, upstream)
    assert result.files == {"run.sh": File(b"b\n", EXECUTABLE), "link": File(b"y", LINK)}
    assert result.conflicts == ()


def test_a_link_that_both_changed_is_a_conflict() -> None:
    result = merged_files(*({"a.yaml": File(target, LINK)} for target in (b"x", b"y", b"z")))
    assert (result.files["a.yaml"].content, len(result.conflicts)) == (b"y", 1)


def test_a_subpackage_with_its_own_upstream_is_left_alone() -> None:
    text = KPTFILE.content + b"upstream:\n  type: git\n  git: {repo: r, directory: /, ref: v1}\n"
    inner = {"sub/Kptfile": File(text), "sub/a.yaml": File(config("app").encode())}
    upstream = inner | {"sub/a.yaml": File(config("app", "7").encode()), "b.yaml": File(config("b").encode())}
    for strategy in Strategy:
        result = merge(
            {"Kptfile": KPTFILE} | inner,
            {"Kptfile": KPTFILE} | inner,
            {"Kptfile": KPTFILE} | upstream,
            strategy,
        )
        assert text_of(result, "sub/a.yaml") == config("app")
        assert text_of(result, "b.yaml") == config("b")


def test_a_subpackage_that_both_added_is_refused() -> None:
    local, upstream = ({"sub/Kptfile": KPTFILE, "sub/x": File(data)} for data in (b"a", b"b"))
    with pytest.raises(UserError, match=r'^subpackage "sub" added in both upstream and local\n'):
        merge({}, local, upstream)


def test_fast_forward_refuses_what_was_changed_and_names_it() -> None:
    files = {"Kptfile": KPTFILE, "a.yaml": File(config("app").encode()), "x": File(b"x")}
    changed = files | {"a.yaml": File(config("app", "7").encode()), "x": File(b"y")}
    with pytest.raises(
        UserError, match=r"^local package files have been modified: \[a.yaml x\]\.\n  use a different"
    ):
        merge(files, changed, files, Strategy.FAST_FORWARD)


def test_fast_forward_does_not_mind_what_kpt_noted() -> None:
    files = {"Kptfile": KPTFILE, "a.yaml": File(config("app").encode())}
    noted = config("app", note=" # kpt-merge: /app\n  annotations: {cnrm.cloud.google.com/blueprint: x}")
    status = b"status:\n  conditions:\n  - type: Rendered\n    status: 'True'\n  renderStatus: {x: 1}\n"
    local = {
        "Kptfile": File(KPTFILE.content.replace(b"web", b"mine") + status),
        "a.yaml": File(noted.encode()),
    }
    upstream = files | {"a.yaml": File(config("app", "7").encode())}
    result = merge(files, local, upstream, Strategy.FAST_FORWARD)
    assert result.files == upstream | {"Kptfile": File(KPTFILE.content.replace(b"web", b"mine"))}


def test_a_kptfile_that_is_none_is_refused_in_the_words_of_kpt() -> None:
    trees = ({"Kptfile": File(data)} for data in (b"a: 1\n", b"a: 2\n", b"a: 3\n"))
    with pytest.raises(InvalidDocument, match="Kptfile has no `apiVersion`"):
        merged_files(*trees)


def test_comments_of_a_kptfile_stay() -> None:
    text = KPTFILE.content.decode() + "# how it is made\npipeline:\n  mutators:\n  - image: a:v1 # first\n"
    origin, local, upstream = (
        text,
        text.replace("first", "mine"),
        text.replace("a:v1", "a:v2") + "  - image: b:v1\n",
    )
    result = merged_files(*({"Kptfile": File(each.encode())} for each in (origin, local, upstream)))
    assert text_of(result, "Kptfile") == local.replace("a:v1", "a:v2") + "  - image: b:v1\n"


def test_hostile_texts_are_merged_quickly() -> None:
    origin, local, upstream = ("".join(f"{(n * step) % 97}\n" for n in range(60_000)) for step in (1, 5, 7))
    assert len(_texts(origin, local, upstream).conflicts) > 0
