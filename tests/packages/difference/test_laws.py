"""What must hold for any two values, texts and packages."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.packages.difference import FileChange, ResourceChange, difference
from bot.packages.difference.change import Difference, FieldChange, Missing
from bot.packages.difference.fields import field_changes
from bot.packages.documents import dump, load
from bot.packages.package import EXECUTABLE, REGULAR, File, Files
from bot.packages.schema import UNKNOWN, Shape
from tests.packages.difference.patch import patched, patched_lines

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(0, 3),
    st.sampled_from([0.0, 1.0, float("nan")]),
    st.sampled_from("abc"),
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "b", "token"]), inner, max_size=3)
    ),
    max_leaves=12,
)
ports = st.fixed_dictionaries(
    {"containerPort": st.sampled_from([80, 81, "80"])},
    optional={"protocol": st.sampled_from(["TCP", "UDP"]), "name": st.sampled_from("xy")},
)
containers = st.fixed_dictionaries(
    {"name": st.sampled_from(["a", "b", "c", "d"])},
    optional={
        "image": st.sampled_from("xy"),
        "args": st.lists(st.sampled_from("xyz"), max_size=4),
        "ports": st.lists(ports, max_size=3),
        "env": st.lists(
            st.fixed_dictionaries({"name": st.sampled_from(["A", "TOKEN"])}, optional={"value": scalars})
        ),
    },
)
PODS = Shape("Pod")
pods = st.fixed_dictionaries(
    {},
    optional={
        "metadata": st.fixed_dictionaries({"finalizers": st.lists(st.sampled_from("abc"), max_size=3)}),
        "spec": st.fixed_dictionaries({"containers": st.lists(containers, max_size=4)}),
    },
)


def told(change: FieldChange) -> str:
    sides = [
        side if isinstance(side, Missing) else json.dumps(side, sort_keys=True)
        for side in (change.before, change.after)
    ]
    return repr((change.path, *sides, change.guarded, change.at, change.reordered))


def swapped(change: FieldChange) -> FieldChange:
    return FieldChange(change.path, change.after, change.before, change.guarded, change.at, change.reordered)


def assert_laws(one: Any, other: Any, shape: Shape) -> None:
    assert field_changes(one, one, shape) == ()
    there = field_changes(one, other, shape)
    assert json.dumps(patched(one, there, shape), sort_keys=True) == json.dumps(other, sort_keys=True)
    back = field_changes(other, one, shape)
    assert sorted(map(told, back)) == sorted(told(swapped(change)) for change in there)


@given(values, values)
def test_any_values(one: object, other: object) -> None:
    assert_laws(one, other, UNKNOWN)


@given(pods, pods)
def test_lists_that_are_merged_by_keys(one: object, other: object) -> None:
    assert_laws(one, other, PODS)


texts = st.lists(st.sampled_from("abcdef"), max_size=30).map("\n".join) | st.text(
    alphabet="ab\n", max_size=60
)


@given(texts, texts)
def test_the_blocks_of_two_texts_make_one_the_other(one: str, other: str) -> None:
    assert patched_lines(one, other) == other
    assert patched_lines(other, one) == one


metadata = st.fixed_dictionaries(
    {"name": st.sampled_from("abc")}, optional={"namespace": st.sampled_from("xy"), "labels": values}
)
resources = st.fixed_dictionaries(
    {
        "apiVersion": st.sampled_from(["v1", "apps/v1"]),
        "kind": st.sampled_from(["A", "Secret"]),
        "metadata": metadata,
    },
    optional={"data": values},
)
documents = st.builds(
    lambda value, note: dump(value).replace(b"metadata:", f"metadata:{note}".encode()),
    resources,
    st.sampled_from(["", "", " # kpt-merge: x/a", " # kpt-merge: /b"]),
)
yaml_files = st.lists(documents | values.map(dump), max_size=3).map(b"---\n".join)
contents = yaml_files | texts.map(str.encode) | st.binary(max_size=5)
files = st.builds(File, contents, st.sampled_from([REGULAR, REGULAR, EXECUTABLE]))
packages = st.dictionaries(st.sampled_from(["a.yaml", "b.yaml", "c/d.yaml", "Kptfile", "e.txt", "f"]), files)


@given(packages)
def test_a_package_does_not_differ_from_itself(package: Files) -> None:
    assert not difference(package, dict(package))


def _file(change: FileChange) -> str:
    return repr((change.before, change.after, change.content, change.formatting, bool(change.note)))


def _resource(change: ResourceChange) -> str:
    fields = sorted(map(told, change.fields))
    flags = change.is_moved, change.comments, change.formatting, json.dumps(change.content, sort_keys=True)
    return repr((change.before, change.after, fields, flags))


def _swapped_file(change: FileChange) -> FileChange:
    return FileChange(change.after, change.before, change.content, (), change.note, change.formatting)


def _swapped_resource(change: ResourceChange) -> ResourceChange:
    fields = tuple(map(swapped, change.fields))
    flags = change.is_moved, change.comments, change.formatting
    return ResourceChange(change.after, change.before, fields, *flags, change.content)


def all_told(found: Difference) -> list[str]:
    return sorted([*map(_file, found.files), *map(_resource, found.resources)])


@given(packages, packages)
def test_swapping_the_packages_gives_the_inverse(one: Files, other: Files) -> None:
    there, back = difference(one, other), difference(other, one)
    inverse = Difference(
        tuple(map(_swapped_file, there.files)), tuple(map(_swapped_resource, there.resources))
    )
    assert all_told(back) == all_told(inverse)


@given(resources, resources)
def test_the_fields_of_a_resource_make_it_the_other(one: dict[str, Any], other: dict[str, Any]) -> None:
    one["metadata"]["name"] = other["metadata"]["name"] = "same"
    before, after = dump(one), dump(other)
    found = difference({"a.yaml": File(before)}, {"a.yaml": File(after)})
    for change in found.resources:
        if change.before and change.after:
            value = patched(load(before), change.fields, UNKNOWN)
            assert json.dumps(value, sort_keys=True) == json.dumps(load(after), sort_keys=True)


@given(packages, packages)
def test_everything_that_is_not_the_same_is_told(one: Files, other: Files) -> None:
    assert bool(difference(one, other)) == (dict(one) != dict(other))
