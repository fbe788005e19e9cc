"""Healing beyond the conformance tables: what kpt does with these very texts, and what not."""

import pytest

from bot.packages.documents import dump, emit, parse
from bot.render.healing import heal

HEAD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata:\n  name: s\nspec:\n  ports:\n"


def healed(new: str, old: str) -> str:
    after, before = (parse(text.encode())[0] for text in (new, old))
    heal(after, before)
    return emit([after]).decode()


def test_items_of_kubernetes_lists_match_by_place_and_then_by_key() -> None:
    old = (
        "spec:\n  containers:\n  # 1\n  - name: a # A\n    image: x # X\n  - name: b # B\n    tty: true # T\n"
    )
    new = "spec:\n  containers:\n  - tty: true\n    name: b\n  - image: x\n    name: a\n"
    assert healed(HEAD + new, HEAD + old) == HEAD + (
        "spec:\n  containers:\n  # 1\n  - name: b # A\n    tty: true # T\n  # 1\n  - name: a # B\n"
        "    image: x # X\n"
    )


def test_items_of_other_lists_match_by_place_alone() -> None:
    old = "list:\n- name: a # A\n- name: b # B\n  size: 1 # one\n"
    new = "list:\n- name: b\n  size: 1\n- name: a\n"
    assert healed(HEAD + new, HEAD + old) == HEAD + "list:\n- name: b # A\n  size: 1\n- name: a # B\n"


@pytest.mark.parametrize(
    ("old", "new", "after"),
    [
        # No port 80 has a protocol, so the port alone tells; the comment by place came first.
        ("80 # a", "81\n  - port: 82\n  - port: 80", "81 # a\n  - port: 82\n  - port: 80 # a"),
        # One port 80 has a protocol, so those without are like none.
        (
            "80 # a",
            "81\n  - port: 82\n  - port: 80\n  - port: 80\n    protocol: UDP",
            "81 # a\n  - port: 82\n  - port: 80\n  - port: 80\n    protocol: UDP",
        ),
        # Of two that say the same, the first.
        ("81\n  - port: 80 # a\n  - port: 80 # b", "80", "80 # a"),
    ],
)
def test_lists_with_two_keys(old: str, new: str, after: str) -> None:
    found = healed(f"{SERVICE}  - port: {new}\n", f"{SERVICE}  - port: {old}\n")
    assert found == f"{SERVICE}  - port: {after}\n"


def test_finalizers_match_by_themselves() -> None:
    old, new = "  finalizers:\n  - a # A\n  - b # B\n", "  finalizers:\n  - b\n  - a\n"
    assert healed(HEAD + new, HEAD + old) == HEAD + "  finalizers:\n  - b # B\n  - a # A\n"


@pytest.mark.parametrize(
    ("old", "new", "after"),
    [
        ("a: # key\n  b: 1 # one\n", "a:\n  b: 1\n", "a: # key\n  b: 1 # one\n"),
        ("a: 1 # one\n", "a: 2 # mine\n", "a: 2 # mine\n"),
        ("a: # key\n  b: 1 # one\n", "a: null\n", "a: null # key\n"),
        ("a: null # none\n", "a:\n  b: 1\n", "a:\n  b: 1\n"),
        ("a: b\n", "a: >\n  x\n  y\nb: >-\n  z\n", 'a: "x y\\n"\nb: "z"\n'),
        ("l:\n- x\n", "l:\n- >-\n  x\n- >-\n  y\n", 'l:\n- "x"\n- >-\n  y\n'),
        ("a: 1\n# end\n\nb: 1\n", "b: 1\na: 1\n", "a: 1\n# end\n\nb: 1\n"),
        # The comment above a key that came first in an item belongs to the item.
        (
            "l:\n- b: 1\n  a: 2\n",
            "l:\n# item\n- a: 2\n  # one\n  b: 1\n",
            "l:\n# item\n# one\n- b: 1\n  a: 2\n",
        ),
    ],
)
def test_as_kpt_heals(old: str, new: str, after: str) -> None:
    assert healed(new, old) == after


@pytest.mark.parametrize(
    ("old", "new", "after"),
    [
        # kpt fails where the kind of a value changed.
        ("a: # key\n  b: 1\n", "a: text\n", "a: text # key\n"),
        ("l:\n- a: 1 # one\n", "l:\n- - 1\n", "l:\n- - 1\n"),
        # kpt loses the comment of a flow collection that became a block, or gives it to the next key.
        ("a: {b: 1} # c\nd: 1\n", "a:\n  b: 1\nd: 1\n", "a: # c\n  b: 1\nd: 1\n"),
        ("l: [a, b] # c\n", "l:\n- a\n- b\n", "l: # c\n- a\n- b\n"),
        ("l: # c\n- a\n", "l: [a]\n", "l: [a] # c\n"),
        ("l: # c\n- a\nz: 1\n", "l: []\nz: 1\n", "l: [] # c\nz: 1\n"),
        ("l:\n- {a: 1} # c\n", "l:\n- a: 1\n", "l:\n# c\n- a: 1\n"),
        # kpt writes the comment twice.
        ("l:\n- a: 1\n", "l:\n- # c\n  a: 1\n", "l:\n# c\n- a: 1\n"),
        # An alias must not come before its anchor.
        ("a: 1 # one\nb: 1\n", "b: &x 1\na: *x\n", "b: &x 1\na: *x\n"),
    ],
)
def test_where_kpt_does_harm(old: str, new: str, after: str) -> None:
    assert healed(new, old) == after


def test_what_stands_above_the_document_comes_back() -> None:
    assert (
        healed(HEAD, "# licence\n\n# why\n" + HEAD + "# end\n") == "# licence\n\n# why\n" + HEAD + "# end\n"
    )


def test_lists_in_lists_cost_no_more_than_they_hold() -> None:
    # Were inner resources known by themselves, each level would be walked twice as often as the last.
    inner: object = "a"
    for _ in range(24):
        inner = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a", "inner": inner}]}}
    old = dump(inner).decode().replace("name: a\n", "name: a # c\n")
    assert healed(dump(inner).decode(), old) == old
