"""Laws of merging, on packages that nobody wrote by hand."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from bot.packages.documents import emit, parse, plain
from bot.packages.merge import OnConflict, merge
from bot.packages.merge.digest import Digests
from bot.packages.merge.merge_comment import all_with_merge_comments, with_merge_comments
from bot.packages.merge.piece import Piece
from bot.packages.package import File

NAMES = ("alpha", "beta", "gamma", "delta")
WORDS = st.sampled_from(["x", "y", "2", "true", "a b", "nginx:1.2", "#no", ""])
COMMENTS = st.sampled_from(["", " # why", " # kpt-set: ${x}"])
HEADS = st.sampled_from(["", "# head\n", "# two\n\n"])


@st.composite
def containers(draw: st.DrawFn) -> str:
    """A list that is merged by its items' names."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3))
    lines = [
        f"    - name: {name}\n      image: {draw(WORDS)!r}{draw(COMMENTS)}\n      args: [{draw(WORDS)!r}]\n"
        for name in names
    ]
    return "".join(["    containers:\n", *lines]) if lines else "    hostNetwork: true\n"


@st.composite
def resources(draw: st.DrawFn, name: str) -> str:
    """A pod; its parts stand or not, in any order."""
    labels = draw(st.dictionaries(st.sampled_from(NAMES), WORDS, max_size=3))
    inside = "".join(f"    {key}: {value!r}{draw(COMMENTS)}\n" for key, value in labels.items())
    metadata = f"metadata:{draw(COMMENTS)}\n  name: {name}\n" + (f"  labels:\n{inside}" if inside else "")
    spec = f"{draw(HEADS)}spec:\n  tolerations: {draw(st.sampled_from(['[]', '[{key: a}]', 'null']))}\n"
    spec += "  template:\n" + draw(containers()) + draw(st.sampled_from(["", "\n", "    # foot\n"]))
    return f"{draw(HEADS)}apiVersion: v1\nkind: Pod\n" + "".join(draw(st.permutations([metadata, spec])))


@st.composite
def packages(draw: st.DrawFn) -> dict[str, File]:
    """A package with subpackages, resources, texts and bytes."""
    files = {"Kptfile": _kptfile("root", draw(st.sampled_from(["a", "b"])))}
    directories = ["", *draw(st.lists(st.sampled_from(["one/", "one/two/"]), unique=True))]
    for directory in directories:
        if directory:
            files[f"{directory}Kptfile"] = _kptfile("sub", draw(st.sampled_from(["a", "b"])))
        for path in draw(st.lists(st.sampled_from(["a.yaml", "b.yaml"]), unique=True)):
            names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=3))
            text = "---\n".join(draw(resources(name)) for name in names)
            files[directory + path] = File(text.encode(), draw(st.sampled_from([0o100644, 0o100755])))
        if draw(st.booleans()):
            lines = draw(st.lists(st.sampled_from(["one\n", "two\n", "three\n"]), max_size=5))
            files[directory + "README.md"] = File("".join(lines).encode())
        if draw(st.booleans()):
            files[directory + "logo.png"] = File(draw(st.sampled_from([b"\0\1", b"\0\2"])))
    return files


def _kptfile(name: str, word: str) -> File:
    text = f"apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: {name}\n"
    return File(f"{text}pipeline:\n  mutators:\n  - image: {word} # fn\n".encode())


@given(packages(), packages())
def test_what_only_the_upstream_changed_is_the_upstreams(x: dict[str, File], y: dict[str, File]) -> None:
    assert merge(x, x, y) == (dict(sorted(y.items())), (), False)


@given(packages(), packages())
def test_what_only_the_package_changed_is_kept(x: dict[str, File], y: dict[str, File]) -> None:
    assert merge(x, y, x) == (dict(sorted(y.items())), (), False)


@given(packages(), packages())
def test_what_both_changed_alike_is_so(x: dict[str, File], y: dict[str, File]) -> None:
    assert merge(x, y, y) == (dict(sorted(y.items())), (), False)


def _values(files: Mapping[str, File]) -> set[str]:
    """Every scalar of a package, and every line of its texts."""
    found: set[str] = set()
    for path, file in files.items():
        if path.endswith((".yaml", "Kptfile")):
            waiting = [plain(document) for document in parse(file.content)]
            while waiting:
                value = waiting.pop()
                if isinstance(value, dict):
                    waiting += [*value, *value.values()]
                elif isinstance(value, list):
                    waiting += value
                else:
                    found.add(repr(value))
        else:
            found |= {repr(line) for line in file.content.splitlines()}
    return found


def _comments(files: Mapping[str, File]) -> set[str]:
    return {
        line.partition("#")[2].strip()
        for path, file in files.items()
        if path.endswith((".yaml", "Kptfile"))
        for line in file.content.decode().splitlines()
        if "#" in line and "'#" not in line
    }


@given(packages(), packages(), packages(), st.sampled_from(OnConflict))
def test_the_result_is_read_and_holds_nothing_of_its_own(
    x: dict[str, File], y: dict[str, File], z: dict[str, File], on_conflict: OnConflict
) -> None:
    y = {path: file for path, file in y.items() if "/" not in path or path in x}
    z = {path: file for path, file in z.items() if "/" not in path or path in x}
    merged = merge(x, y, z, on_conflict=on_conflict)
    assert _values(merged.files) <= _values(x) | _values(y) | _values(z)
    assert _comments(merged.files) <= _comments(x) | _comments(y) | _comments(z)
    assert set(merged.files) <= set(x) | set(y) | set(z)
    assert merged.stopped is (on_conflict is OnConflict.STOP and bool(merged.conflicts))


BASE = """# The web server.
apiVersion: example.com/v1
kind: Web
metadata:
  name: web # the name

spec:
  # how many
  replicas: 1
  image: web:1   # pinned
  level: low
  ports:
  - port: 80
  key: {a: 1, b: 2}
"""


def _edited(field: str, value: int) -> bytes:
    edits = {
        "replicas": ("replicas: 1", f"replicas: {value}"),
        "image": ("web:1", f"web:{value}"),
        "level": ("low", f"level{value}"),
    }
    edits |= {"port": ("80", f"{value}"), "a": ("a: 1", f"a: {value}"), "b": ("b: 2", f"b: {value}")}
    edits |= {"new": ("  level", f"  new: {value} # new\n  level"), "name": ("# the name", f"# name {value}")}
    edits |= {"gone": ("  level: low\n", ""), "head": ("# how many", f"# {value}")}
    old, new = edits[field]
    assert old in BASE
    return BASE.replace(old, new, 1).encode()


@given(resources("alpha"), WORDS, st.sampled_from(["y", "3", "false", "nginx:9", "x-1", "0x1f"]))
def test_a_document_made_of_another_is_as_it_is_read(text: str, old: str, new: str) -> None:
    origin = emit(parse(text.encode())).decode()
    noted = with_merge_comments({"a.yaml": File(origin.encode())})["a.yaml"].content.decode()
    local = Piece("a.yaml", noted.replace("image: nginx:1.2", "image: other"))
    for other, here in ((origin, local), (origin.replace(old, new) if old else origin, Piece("", origin))):
        made = Piece("a.yaml", other)
        made.read_like(here, noted=here is local)
        (read,) = parse(other.encode())
        digests = Digests()
        assert digests.full(made.document) == digests.full(read)


@given(packages(), packages())
def test_states_of_a_package_are_noted_together_as_each_alone(
    before: dict[str, File], after: dict[str, File]
) -> None:
    noted = with_merge_comments(before)
    trees = (before, noted, noted | {"more.yaml": File(BASE.encode())}, after)
    assert all_with_merge_comments(trees) == [with_merge_comments(tree) for tree in trees]


def test_a_document_is_made_of_another_where_only_values_differ() -> None:
    noted = with_merge_comments({"a.yaml": File(BASE.encode())})["a.yaml"].content.decode()
    origin = Piece("a.yaml", emit(parse(BASE.encode())).decode())
    origin.read_like(Piece("a.yaml", noted.replace("web:1", "web:2")), noted=True)
    upstream = Piece("a.yaml", origin.text.replace("replicas: 1", "replicas: 4"))
    upstream.read_like(origin)
    # What is the same in both is there once.
    assert upstream.document.get("metadata") is origin.document.get("metadata")
    assert (origin.document.text("spec", "image"), upstream.document.text("spec", "replicas")) == (
        "web:1",
        "4",
    )


EDITS = ("replicas", "image", "port", "a", "b", "new", "name", "head")


@given(st.lists(st.sampled_from(EDITS), min_size=2, max_size=2, unique=True), st.integers(5, 9))
def test_independent_edits_commute(fields: list[str], value: int) -> None:
    base, one, other = (
        {"a.yaml": File(data)} for data in (BASE.encode(), *(_edited(f, value) for f in fields))
    )
    there, back = merge(base, one, other), merge(base, other, one)
    assert there == back
    assert there.conflicts == ()
    # Both edits are in it, and all else is as it was, to the byte.
    assert merge(one, there.files, base).files == other
    assert merge(other, there.files, base).files == one
