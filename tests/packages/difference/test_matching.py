"""Which resource is which, and what is told of it."""

import pytest

from bot.packages.difference import Difference, difference
from bot.packages.package import File


def resource(name: str, *, kind: str = "A", note: str = "", spec: str = "", version: str = "x.io/v1") -> str:
    namespace, _, name = name.rpartition("/")
    place = f"\n  namespace: {namespace}" if namespace else ""
    comment = f" # kpt-merge: {note}" if note else ""
    fields = "".join(f"\n  {field}" for field in spec.split("; ") if field)
    return (
        f"apiVersion: {version}\nkind: {kind}\nmetadata:{comment}\n  name: {name}{place}\n"
        f"spec:\n  fixed: {kind}{fields}\n"
    )


def package(**texts: str | list[str]) -> dict[str, File]:
    joined = {name: text if isinstance(text, str) else "---\n".join(text) for name, text in texts.items()}
    return {f"{name}.yaml": File(text.encode()) for name, text in joined.items()}


def told(found: Difference) -> list[str]:
    """Each resource as 'words: name@file -> name@file'."""
    lines = []
    for change in found.resources:
        sides = [f"{p.identity.name}@{p.path[:-5]}" for p in (change.before, change.after) if p]
        lines.append(f"{' '.join(change.words)}: {' -> '.join(dict.fromkeys(sides))}")
    return lines


a, b = resource("a"), resource("b", kind="B")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (package(f=a), package(f=[a, b]), ["added: b@f"]),
        (package(f=[a, b]), package(f=b), ["removed: a@f"]),
        (package(f=[a, b]), package(f=[b, a]), []),
        (package(f=[a, b]), package(f=a, g=b), ["moved: b@f -> b@g"]),
        (package(f=a), package(f=resource("a", spec="x: 1")), ["changed: a@f"]),
        (package(f=a), package(f=resource("a", version="x.io/v2")), ["changed: a@f"]),
        (package(f=a), package(f=resource("a", version="y.io/v2")), ["changed: a@f"]),
        # By what kpt noted, whatever else changed.
        (
            package(f=resource("a", note="/a", spec="x: 1")),
            package(f=resource("z", note="/a", spec="y: 2")),
            ["renamed changed: a@f -> z@f"],
        ),
        (
            package(f=resource("a", note="/a")),
            package(f=[resource("z", note="/a"), resource("a", spec="y: 1")]),
            ["renamed changed: a@f -> z@f", "added: a@f"],
        ),
        (
            package(f=resource("a", note="/a", spec="x: 1")),
            package(g=resource("z", note="/a", spec="y: 2"), h=resource("a", spec="w: 3")),
            ["renamed changed: a@f -> z@g", "added: a@h"],
        ),
        # A name that is the upstream's, where the upstream has no notes.
        (package(f=a), package(f=resource("z", note="/a", spec="y: 2")), ["renamed changed: a@f -> z@f"]),
        # Two with one note: each goes to its like.
        (
            package(f=[resource("a", note="/a"), resource("z", note="/a")]),
            package(f=[resource("z", note="/a", spec="x: 1"), resource("a", note="/a")]),
            ["changed: z@f"],
        ),
        # By content: equal, or mostly so.
        (package(f=a), package(f=resource("z")), ["renamed changed: a@f -> z@f"]),
        (package(f=a), package(f=resource("n/a")), ["renamed changed: a@f"]),
        (
            package(f=resource("a", spec="p: 1; q: 2; r: 3; s: 4")),
            package(f=resource("z", spec="p: 1; q: 2; r: 3; s: 5")),
            ["renamed changed: a@f -> z@f"],
        ),
        (
            package(f=resource("a", spec="p: 1; q: 2")),
            package(f=resource("z", spec="p: 7; q: 8")),
            ["added: z@f", "removed: a@f"],
        ),
        (package(f=a), package(f=b), ["added: b@f", "removed: a@f"]),
        # What is no resource is known by its place.
        (package(f="x: 1\n"), package(f="x: 2\n"), ["changed: @f"]),
        (package(f=["x: 1\n", "y: 1\n"]), package(f=["y: 1\n"]), ["removed: @f"]),
    ],
)
def test_resources(before: dict[str, File], after: dict[str, File], expected: list[str]) -> None:
    assert told(difference(before, after)) == expected


def test_the_annotation_of_kpt_tells_too() -> None:
    note = "  annotations:\n    internal.kpt.dev/upstream-identifier: 'x.io|A|default|a'\nspec:"
    before = resource("a", spec="x: 1").replace("spec:", note)
    after = resource("z", spec="y: 2").replace("spec:", note)
    assert told(difference(package(f=before), package(f=after))) == ["renamed changed: a@f -> z@f"]


def test_a_resource_that_became_one_of_kubernetes_has_its_type_on_both_sides() -> None:
    text = "apiVersion: {}\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers: [{}]\n"
    one = package(f=text.format("x.io/v1", "{name: a}, {name: b}"))
    other = package(f=text.format("v1", "{name: b}, {name: a}"))
    for before, after in ((one, other), (other, one)):
        (change,) = difference(before, after).resources
        assert [str(field.word) for field in change.fields] == ["changed", "reordered"]


def test_comments_and_formatting_are_told_as_such() -> None:
    commented = difference(package(f=a), package(f=a.replace("fixed: A", "fixed: A # why")))
    assert [(one.words, one.comments, one.formatting) for one in commented.resources] == [((), True, False)]
    quoted = difference(package(f=a), package(f=a.replace("fixed: A", 'fixed: "A"')))
    assert [(one.words, one.comments, one.formatting) for one in quoted.resources] == [((), False, True)]
    both = difference(package(f=a), package(f=a.replace("fixed: A", "fixed: C # why")))
    assert [(one.comments, one.formatting, len(one.fields)) for one in both.resources] == [(True, False, 1)]
    spaced = difference(package(f=a), package(f=a.replace("spec:", "\nspec:")))
    assert (spaced.resources, [file.formatting for file in spaced.files]) == ((), [True])


def test_a_number_in_a_file_counts_documents_that_are_not_read_too() -> None:
    before = package(f=["# nothing\n", a, b, resource("c")])
    after = package(f=["# nothing\n", a, b, resource("c", spec="x: 1")])
    (change,) = difference(before, after).resources
    assert (change.place.number, change.place.identity.name) == (2, "c")


def test_files_are_renamed_by_bytes_resources_or_lines() -> None:
    lines = "one\ntwo\nthree\nfour\n"
    before = package(a=[a, resource("c")], b=b) | {"x.txt": File(lines.encode()), "y": File(b"\0y")}
    after = package(z=[a, resource("c", spec="x: 1")], w=b) | {
        "t.txt": File(lines.replace("two", "2").encode()),
        "q": File(b"\0y", 0o100755),
    }
    found = difference(before, after)
    pairs = [
        (one.before.path, one.after.path, str(one.content)) for one in found.files if one.before and one.after
    ]
    assert pairs == [
        ("y", "q", "same"),
        ("x.txt", "t.txt", "lines"),
        ("b.yaml", "w.yaml", "same"),
        ("a.yaml", "z.yaml", "resources"),
    ]
    assert len(found.files) == 4
    assert told(found) == ["changed: c@a -> c@z"]


def test_broken_yaml_is_told_by_lines_and_says_why() -> None:
    found = difference(package(f=a, g=b), package(f=a + "x: y: z\n", g=b.replace("fixed: B", "fixed: C")))
    assert [(str(one.content), "line 7" in one.note, len(one.hunks)) for one in found.files] == [
        ("lines", True, 1),
        ("resources", False, 0),
    ]
    assert told(found) == ["changed: b@g"]


def test_what_is_equal_is_not_read() -> None:
    broken = File(b"a: b: c\n")
    assert not difference({"a.yaml": broken}, {"a.yaml": broken})
    moved = difference({"a.yaml": broken}, {"b.yaml": broken._replace(mode=0o100755)})
    assert [(str(one.word), str(one.content), one.note) for one in moved.files] == [("renamed", "same", "")]


@pytest.mark.parametrize("nowhere", ["default", "~C"])
def test_kpt_s_annotation_is_read_as_it_was_written_formerly_too(nowhere: str) -> None:
    noted = resource("z", spec="y: 2").replace(
        "  name: z\n",
        f"  name: z\n  annotations:\n    internal.kpt.dev/upstream-identifier: 'x.io|A|{nowhere}|a'\n",
    )
    found = difference(package(f=resource("a", note="/a", spec="x: 1")), package(f=noted))
    assert told(found) == ["renamed changed: a@f -> z@f"]
