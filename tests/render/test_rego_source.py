"""What is changed of a template's Rego before the interpreter reads it, and what is left."""

import pytest

from bot.render.workers.fault import Fault
from bot.render.workers.rego_source import read

NAME = "named_by_portico_"


def changed(source: str) -> str:
    """The module without its first line."""
    return read(f"package p\n{source}", lambda name: not name.startswith("unknown.")).text.partition("\n")[2]


@pytest.mark.parametrize(
    "source",
    [
        "p { true }",
        "p = 1",
        "p[x] = y { y := x }",
        "p contains x if { x := 1 }",
        "f(x) = x[0] { true }",
        "p := [\n  q[1],\n]",
        'p { input.review.x["a"] == 1 }',
        "p { x := input.list[_]; y := input.list[_]; x == y }",
        "p { input.a[i].k = input.b[j].k }",
        "p { not input.a[i] == input.b[i] }",
        "p { x := input.a with input as {} }",
        "p { [x | x = input.a; x = input.b] }",
        "x = 1\np { y := [x | x = 1] }",
        "p { set[{1}] }",
        "# p[x] { a[i] == b[j] }",
        'p { x := "p[x] { a[i] == b[j] }" }',
        "default p = false",
    ],
)
def test_left_as_it_is(source: str) -> None:
    assert changed(source) == source


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("p[x] { x := 1 }", "p contains x if  { x := 1 }"),
        ("p[1]\np[2]", "p contains 1 \np contains 2 "),
        ("p { true } q[x] { x := 1 }", "p { true } q contains x if  { x := 1 }"),
        ("p { x := [y | y = f(z)] }", "p { x := [y | y := f(z)] }"),
        ("p {\n a[i] == b[j] }", f"p {{\n {NAME}2 := b[j]; {NAME}1 := a[i]; {NAME}1 == {NAME}2 }}"),
        ("p { f(a[i]) }", f"p {{ {NAME}1 := a[i]; f({NAME}1) }}"),
        ("p { x := a[i] +\n 1 + 2 }", f"p {{ {NAME}1 := a[i]; x := {NAME}1 +\n 1 + 2 }}"),
        ("p { x := {y | f(a[y])} }", f"p {{ x := {{y | {NAME}1 := a[y]; f({NAME}1)}} }}"),
        ('p { x := sprintf("%d%% %s %05d", []) }', 'p { x := sprintf("%v%% %v %05d", []) }'),
        ("p { any(x) }", "p { any(x) }\nany(x) := count([1 | y := x[_]; y == true]) > 0"),
    ],
)
def test_changed(source: str, wanted: str) -> None:
    assert changed(source) == wanted


def test_what_is_known_of_a_module() -> None:
    source = (
        "# package q\npackage a.b\nimport data.lib.x\nimport data.lib.y as z\n"
        'p { regex.match("a", b); re_match(`c`, d); regex.split(e, f); x.g(1); z.h(2) }\ndefault q = 1\n'
    )
    module = read(source, lambda name: name.startswith("regex."))
    assert (module.package, module.rules) == ("a.b", frozenset({"p", "q"}))
    assert (module.patterns, module.computes) == (('"a"', "`c`"), True)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("p { unknown.f(1) }", "the function `unknown.f` is not to be had here"),
        ("p { time.clock(1) }", "the function `time.clock` is not to be had here"),
        ("p { x := data }", "only `data.inventory` and `data.lib`"),
        ("p { x := data[inventory] }", "only `data.inventory` and `data.lib`"),
        ("p { x := `a }", "line 2: a text must end with the quote that it began with"),
        ("p { x := ( }", "line 2: nothing is open that '}' could close"),
    ],
)
def test_refused(source: str, why: str) -> None:
    with pytest.raises(Fault, match=why.replace("(", r"\(")):
        changed(source)


@pytest.mark.parametrize(
    "part", ["[", "p[", "a[i]==", "{|", "(", "]", "p{a[i]==b[j]}\n", "[x|x=f(x)]", '"', "x.", "."]
)
def test_what_repeats_ends_soon(part: str) -> None:
    source = "package p\n" + part * (150_000 // len(part))
    try:
        read(source, lambda _: True)
    except Fault as fault:
        assert str(fault)  # noqa: PT017 some of these are modules, some are not
