"""Programs of a package change its resources, say what they print, and end within bounds."""

from dataclasses import replace

import pytest

from bot.packages.documents import Node, parse
from bot.packages.documents.plain import dump
from bot.packages.resource import Resource
from bot.render.bounds import MEGABYTE, Bounds
from bot.render.function import Outcome
from bot.render.functions.starlark import starlark

SMALL = Bounds(seconds=20, processor_seconds=1, memory=256 * MEGABYTE, answer=1 * MEGABYTE)
FAILED = "failed to evaluate function: error: function failure"
TEXT = """\
apiVersion: v1 # of the core
kind: ConfigMap
metadata:
  name: one
data:
  quoted: 'text'   # kept
  number: "007"
  list: [1, 0x1F, 1.50, ~, 18446744073709551615, yes, "true"]
  big: 123456789012345678901234567890

  empty: {}
"""


def program(source: str, name: str = "prog") -> Node:
    run = {"apiVersion": "fn.kpt.dev/v1alpha1", "kind": "StarlarkRun", "metadata": {"name": name}}
    return parse(dump({**run, "source": source, "params": {"to": "x"}}))[0]


def resources(*texts: str) -> list[Resource]:
    return [Resource(parse(text.encode())[0], f"f{index}.yaml", 0) for index, text in enumerate(texts)]


def run(source: str, *texts: str, bounds: Bounds = SMALL) -> Outcome:
    return starlark(resources(*texts), program(source), bounds)


def said(source: str) -> str:
    """What a program prints."""
    outcome = run(source, TEXT)
    assert outcome.results == ()
    return outcome.stderr


def fault(source: str) -> str:
    """Why a program fails."""
    outcome = run(source, TEXT)
    assert (outcome.exit_code, outcome.results[0].severity) == (1, "error")
    assert outcome.stderr.splitlines()[-1] == FAILED
    return outcome.results[0].message


def test_what_is_not_changed_is_as_it_was() -> None:
    outcome = run('ctx.resource_list["items"].reverse() if False else None', TEXT)
    (item,) = outcome.items
    assert not item.is_changed


def test_a_change_leaves_the_rest_as_it_is_written() -> None:
    source = """
for r in ctx.resource_list["items"]:
  r["data"]["zoo"] = {"b": 1, "a": "2"}
  r["data"]["quoted"] = ctx.resource_list["functionConfig"]["params"]["to"]
  r["metadata"].pop("name")
  r["metadata"]["name"] = "other"
"""
    (item,) = run(source, TEXT).items
    changed = TEXT.replace("name: one", "name: other").replace("'text'   #", "x #").replace("\n\n", "\n")
    assert item.emit().decode() == changed + '  zoo:\n    a: "2"\n    b: 1\n'


def test_values_survive_a_move() -> None:
    source = 'for r in ctx.resource_list["items"]:\n  r["copy"] = r["data"]'
    (item,) = run(source, TEXT).items
    values = [node.value for node in item.root.get("copy", "list").content]  # type: ignore[union-attr] # it is there
    assert values == ["1", "31", "1.5", "null", "18446744073709551615", "yes", "true"]
    assert [node.tag for node in item.root.get("copy", "list").content][-2:] == ["!!str", "!!str"]  # type: ignore[union-attr] # it is there
    assert item.root.text("copy", "number") == "007"
    assert '"007"' in item.emit().decode()


def test_resources_come_and_go() -> None:
    source = """
items = ctx.resource_list["items"]
new = {"kind": "New", "apiVersion": "v1", "metadata": {"name": "new"}}
ctx.resource_list["items"] = [items[1], new, items[1]]
"""
    outcome = run(source, TEXT, TEXT.replace("one", "two"))
    assert [item.name for item in outcome.items] == ["two", "new", "two"]
    assert [item.path for item in outcome.items[:2]] == ["f1.yaml", ""]
    assert outcome.items[1].emit() == b"apiVersion: v1\nkind: New\nmetadata:\n  name: new\n"


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("print(1, (1,), 'a', None, {'b': [True]}, 1.0, sep='|')", '1|(1,)|a|None|{"b": [True]}|1.0'),
        (
            "x = set(['foo', 'bar', 'foo'])\nprint(x, len(x), 'foo' in x, type(x))",
            'set(["foo", "bar"]) 2 True set',
        ),
        ("print(str(set([1]) | set([2])), set([1, 2]) == set([2, 1]))", "set([1, 2]) True"),
        ("print(sorted(set([2, 1])), [x for x in set([3])], type(1))", "[1, 2] [3] int"),
        ("def fib(n):\n  return n if n < 2 else fib(n-1) + fib(n-2)\nprint(fib(10))", "55"),
        ("x = 1\nx += 1\nif x == 2:\n  print(x)", "2"),
        ("x = 0\nwhile x < 3:\n  x += 1\n  if x == 2:\n    continue\n  print(x)", "1\n3"),
        ("x = 0\nwhile True: x += 1; break\nprint(x)", "1"),
        ("x = 5\nwhile (x >\n    3):\n\tx -= 1\n\twhile lambda: x:\n\t\tbreak\nprint(x)", "3"),
        ("s = 'while x:'\nprint(s) # while\n", "while x:"),
        ("def f():\n\tif True:\n\t\treturn '''\tx'''\nprint(f())", "\tx"),
        ("print(ctx.environment, ctx.open_api)", '{} {"definitions": {}}'),
        ("print(ctx.resource_list['kind'])", "ResourceList"),
    ],
)
def test_the_original_dialect(source: str, printed: str) -> None:
    assert said(source) == printed


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("fail('no', 1)", "fail: no 1"),
        ("x = 1\ny = x and\n", "prog:2:10: got newline, want primary expression"),
        ("while True:\n\tx = 1\ny = (1,\n", "prog:4:1: got end of file, want ')'"),
        ("while x and:\n  pass", "prog:1:12: got ':', want primary expression"),
        ("x = 1 2", "prog:1:7: got int literal, want newline"),
        ("def f(:\n  pass", "prog:1:7: got ':', want ')' or '*' or '**' or identifier"),
        ("\n\nwhile True:\n  undefined()", "prog:4:3: undefined: undefined"),
        ("return 1", "prog:1:1: `return` cannot be used outside of a `def` function"),
        ("{}['a']", 'key "a" not in dict'),
        ("[][3]", "index 3 out of range"),
        ("None.x", "NoneType has no .x field or method"),
        ("1 + 'a'", "unknown binary op: int + string"),
        ("1 < 'a'", "int < string not implemented"),
        ("1()", "invalid call of non-function (int)"),
        ("1 // 0", "floored division by zero"),
        ("f'{1}'", "prog:1:1: got string literal, want newline"),
        ("x = [1]\nfor y in x:\n  x.append(y)", "cannot change what is iterated over, during the iteration"),
        ("def f(n):\n  return f(n + 1)\nf(0)", "the calls are nested too deeply; call less deeply"),
        ("ctx.resource_list['items'] = 1", '`ctx.resource_list["items"]` must be a list of dicts'),
        ("ctx.resource_list['items'][0]['x'] = {None: 2}", "the keys of a resource must be strings"),
        ("ctx.resource_list.clear()", '`ctx.resource_list["items"]` must be a list of dicts'),
    ],
)
def test_faults_of_programs(source: str, why: str) -> None:
    assert fault(source) == why


@pytest.mark.parametrize("value", ["set([1])", "lambda: 1", "ctx"])
def test_what_no_resource_may_hold(value: str) -> None:
    assert fault(f"ctx.resource_list['items'][0]['x'] = {value}").startswith(
        "a value of type " if value != "ctx" else "a value that contains itself"
    )


def test_what_was_printed_before_a_failure_is_told() -> None:
    assert run("print('a')\nprint('b')\nfail('c')").stderr == f"a\nb\n{FAILED}"


def test_a_failure_leaves_everything_as_it_was() -> None:
    items = resources(TEXT)
    outcome = starlark(items, program("ctx.resource_list['items'].clear()\nfail('x')"))
    assert outcome.items == items
    assert not items[0].is_changed


ITEMS = "\nctx.resource_list['items'] = [x]"


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("while True: pass", "used more than 1 s of the processor"),
        ("x = 'x' * 1000000\nl = []\nwhile True: l.append(x + str(len(l)))", "used more than 256 MB"),
        ("x = [0]\nfor _ in range(60): x = x + x", "used more than 256 MB"),
        ("x = 'x' * 10000\nwhile True: print(x)", "prints more than 1000000 characters; print less"),
        ("x = {'x': 'x' * 2000000}" + ITEMS, "returned more than 1 MB"),
        ("x = {}\nfor _ in range(1000000): x = {'x': x}" + ITEMS, "crashed"),
        ("x = " + "[" * 100000 + "]" * 100000, "crashed"),
    ],
)
def test_hostile_programs(source: str, why: str) -> None:
    assert fault(source) == f"the program {why}"


@pytest.mark.parametrize("depth", [100, 200])
def test_a_resource_that_is_too_deep(depth: int) -> None:
    source = f"x = {{}}\nfor _ in range({depth}): x = {{'x': x}}" + ITEMS
    assert fault(source) == "a resource must be at most 100 levels deep"


def test_few_values_that_stand_for_too_many() -> None:
    source = "x = {}\nfor _ in range(60): x = {'a': x, 'b': x}\nctx.resource_list['items'] = [x]"
    assert fault(source).startswith("the program used more than ")  # time or memory, whatever is less


def test_too_many_values() -> None:
    bounds = Bounds(memory=1024 * MEGABYTE)
    outcome = run("ctx.resource_list['items'] = [{'x': [0] * 2000000}]", bounds=bounds)
    assert outcome.results[0].message == "the program makes more than 2000000 values; make fewer"


def test_a_program_that_waits_is_ended() -> None:
    outcome = run("while True: pass", bounds=replace(SMALL, seconds=0.5))
    assert outcome.results[0].message == "the program timed out after 0.5 s"


def test_the_config() -> None:
    items = resources(TEXT)
    data = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "c"},
        "data": {"source": "print(1)"},
    }
    assert starlark(items, parse(dump(data))[0]).stderr == "1"
    data["data"] = {"source": "x = "}
    assert starlark(items, parse(dump(data))[0]).results[0].message.startswith("c:1:5: got ")
    data["kind"] = "Secret"
    message = starlark(items, parse(dump(data))[0]).results[0].message
    assert message.endswith("a `StarlarkRun` of 'fn.kpt.dev/v1alpha1', or a `ConfigMap`, but is 'v1 Secret'")
    assert starlark(items, None).results[0].message.startswith("`functionConfig` must be")


def test_numbers_that_json_lacks() -> None:
    assert run("pass", TEXT + "not: .nan\n").results[0].message.startswith("a program can be given no `.inf`")


LIBRARIES = """
load("encoding/json.star", "json")
print(json.encode({"b": [1, 1.5, None, "é"], "a": True}), json.decode('{"x": [1]}'), json.indent('{"a":1}', indent=" "))
load("encoding/base64.star", "base64")
print(base64.encode("é?>"), base64.decode("aGk="), base64.encode("é?>", "url_raw"), base64.decode("aGk", encoding="standard_raw"))
load("encoding/csv.star", "csv")
print(csv.read_all("a;b\\nc;\\"d;e\\"\\n", comma=";", skip=1), csv.write_all([["x", "y z"], [1, "a,b"]]))
load("encoding/yaml.star", "yaml")
print(yaml.loads("a: [1, x]"), yaml.dumps({"b": 1, "a": "2"}))
load("hash.star", "hash")
print(hash.md5("a"), hash.sha1("a")[:8], hash.sha256("a")[:8])
load("math.star", "math")
print(math.ceil(1.2), math.floor(1.8), math.sqrt(4), math.pow(2, 3), math.round(2.5), math.pi > 3.14, math.mod(7, 4))
load("re.star", "re")
print(re.findall("a.", "abacad"), re.match("(a)(.)?", "ab a"), re.split(",\\\\s*", "a, b,c"), re.sub("a(.)", "${1}$1", "abac"), re.sub("a", "b", "aaa", count=2))
load("krmfn.star", "krmfn")
r = ctx.resource_list["items"][0]
print(krmfn.match_gvk(r, "v1", "ConfigMap"), krmfn.match_name(r, "one"), krmfn.match_namespace(r, "x"))
"""  # noqa: E501 programs in a row
SAID = """\
{"a":true,"b":[1,1.5,null,"é"]} {"x": [1]} {
 "a": 1
}
w6k/Pg== hi w6k_Pg hi
[["c", "d;e"]] x,y z
1,"a,b"

{"a": [1, "x"]} a: "2"
b: 1

0cc175b9c0f1b6a831c399e269772661 86f7e437 ca978112
2 1 2.0 8.0 3.0 True 3.0
["ab", "ac", "ad"] [["ab", "a", "b"], ["a", "a", ""]] ["a", "b", "c"] bbcc bba
True True False"""


def test_libraries() -> None:
    assert said(LIBRARIES) == SAID


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("load('http.star', 'http')\nhttp.get('x')", "http.get: a program here has no network"),
        ("load('time.star', 'time')\ntime.now()", "time.now: a program here has no clock"),
        (
            "load('zipfile.star', 'ZipFile')\nZipFile('x')",
            "ZipFile: this part of starlib is not to be had here",
        ),
        (
            "load('no.star', 'no')",
            "cannot load no.star: there is no such module; there are encoding/base64.star, ",
        ),
        ("load('encoding/json.star', 'json')\njson.decode('{')", "json.decode: "),
        ("load('re.star', 're')\nre.findall('(', '')", "re: error parsing regexp: missing ): ("),
        ("load('math.star', 'math')\nmath.sqrt(-1)", "math.sqrt: math domain error"),
        ("load('encoding/base64.star', 'base64')\nbase64.decode('?')", "base64.decode: "),
    ],
)
def test_what_libraries_refuse(source: str, why: str) -> None:
    assert fault(source).startswith(why)
