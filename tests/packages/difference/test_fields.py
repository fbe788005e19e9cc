"""Each field that changed, with its path."""

import pytest

from bot.packages.difference.field_path import Choice, path_text
from bot.packages.difference.fields import field_changes
from bot.packages.difference.value_text import masked_sides
from bot.packages.documents import load
from bot.packages.schema import UNKNOWN, Shape


def told(before: str, after: str, shape: Shape) -> list[str]:
    """Each change as 'word path before after'."""
    changes = field_changes(load(before.encode()), load(after.encode()), shape)
    sides = [
        [side for side in masked_sides(change) if isinstance(side, str | int | list)] for change in changes
    ]
    return [f"{one.word} {path_text(one.path)} {side}" for one, side in zip(changes, sides, strict=True)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("{a: 1, b: 2}", "{b: 2, a: 1}", []),
        ("{a: 1}", "{a: 2, b: 3}", ["changed a [1, 2]", "added b [3]"]),
        ("{a: 1}", "{a: '1'}", ["changed a [1, '1']"]),
        ("{a: 1}", "{a: true}", ["changed a [1, True]"]),
        ("{a: {b: 1}}", "{a: [1]}", ["changed a [[1]]"]),
        ("{a: null}", "{}", ["removed a []"]),
        ("{a.b/c: {d e: 1}}", "{a.b/c: {d e: 2}}", ['changed ["a.b/c"]["d e"] [1, 2]']),
        ("a", "b", ["changed (all) ['a', 'b']"]),
        # By place, from the start and from the end.
        ("{a: [x, y]}", "{a: [w, x, y]}", ["added a[0] ['w']"]),
        ("{a: [x, y, z]}", "{a: [x, z]}", ["removed a[1] ['y']"]),
        ("{a: [x, {b: 1}, z]}", "{a: [x, {b: 2}, z]}", ["changed a[1].b [1, 2]"]),
        ("{a: [1, 2]}", "{a: [true, 2]}", ["changed a[0] [1, True]"]),
    ],
)
def test_values(before: str, after: str, expected: list[str]) -> None:
    assert told(before, after, UNKNOWN) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "[{name: a, image: x}]",
            "[{name: b}, {name: a, image: y}]",
            ["changed [name=a].image ['x', 'y']", "added [name=b] []"],
        ),
        (
            "[{name: a}, {name: b}]",
            "[{name: b}, {name: a}]",
            ["reordered (all) [['name=a', 'name=b'], ['name=b', 'name=a']]"],
        ),
        ("[{name: a}, {name: b}]", "[{name: b}]", ["removed [name=a] []"]),
        # Where keys do not tell items apart, places do.
        ("[{name: a}, {name: a}]", "[{name: a, image: y}, {name: a}]", ["added [0].image ['y']"]),
        ("[{image: x}]", "[{image: y}]", ["changed [0].image ['x', 'y']"]),
        ("[x]", "[y]", ["changed [0] ['x', 'y']"]),
        (
            "[{name: a, ports: [{containerPort: 80, protocol: TCP}, {containerPort: 80, protocol: UDP}]}]",
            "[{name: a, ports: [{containerPort: 80, protocol: UDP, name: x}]}]",
            [
                "removed [name=a].ports[containerPort=80,protocol=TCP] []",
                "added [name=a].ports[containerPort=80,protocol=UDP].name ['x']",
            ],
        ),
    ],
)
def test_items_that_kubernetes_merges_by_keys(before: str, after: str, expected: list[str]) -> None:
    assert told(before, after, Shape("PodSpec").field("containers")) == expected


def test_items_that_are_their_own_keys() -> None:
    shape = Shape("ObjectMeta").field("finalizers")
    assert told("[a, b]", "[c, b]", shape) == ["removed [=a] ['a']", "added [=c] ['c']"]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("a-b", "a-b"),
        ("a\nb\x1b", '["a\\nb\\x1b"]'),
        ("x y" * 100, f'["{("x y" * 100)[:128]}… (300 characters)"]'),
        (Choice((("name", "a\u202eb"),)), "[name=a\\u202eb]"),
        (Choice((("", "ghp_abcdefghijklmnopqrstuvwxyz0123"),)), "[=<redacted>]"),
        (3, "[3]"),
    ],
)
def test_a_path_is_fit_to_be_shown(step: str | int | Choice, expected: str) -> None:
    assert path_text((step,)) == expected
