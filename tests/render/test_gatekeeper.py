"""gatekeeper beyond the conformance cases: templates as people write them, and those made to harm."""

import subprocess
import sys
from textwrap import indent

import pytest

from bot.packages.documents import parse
from bot.packages.resource import Resource
from bot.render.bounds import Bounds
from bot.render.function import Outcome
from bot.render.functions.gatekeeper import gatekeeper

HEAD = 'package p\nviolation[{"msg": m}] { '
SAYS = HEAD + 'm := "x" }'
CONFIG_MAP = """\
---
apiVersion: v1
kind: ConfigMap
metadata: {name: a, namespace: n, labels: {app: web}}
data: {x: "a\\nb\\"c\\\\", y: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!}
list: [ok/a, b]
"""
CONSTRAINT = """\
---
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: K
metadata: {name: c}
spec:
  match: {kinds: [{kinds: [ConfigMap]}]}
  parameters: {repos: [ok/], text: x, number: 3}
"""


def template(rego: str, *libs: str) -> str:
    target = "targets:\n- target: admission.k8s.gatekeeper.sh\n  rego: |\n" + indent(rego, "    ") + "\n"
    if libs:
        target += "  libs:\n" + "".join(f"  - |\n{indent(lib, '    ')}\n" for lib in libs)
    return (
        "apiVersion: templates.gatekeeper.sh/v1\nkind: ConstraintTemplate\nmetadata: {name: k}\nspec:\n"
        "  crd: {spec: {names: {kind: K}}}\n" + indent(target, "  ")
    )


def run(text: str, bounds: Bounds | None = None) -> Outcome:
    items = [Resource(document, "r.yaml", index) for index, document in enumerate(parse(text.encode()))]
    return gatekeeper(items, None, bounds) if bounds else gatekeeper(items, None)


def said(rego: str, *libs: str) -> list[str]:
    """The violations that a template finds in the ConfigMap, and nothing else."""
    outcome = run(template(rego, *libs) + CONSTRAINT + CONFIG_MAP)
    for result in outcome.results:
        assert result.message.endswith("\nviolatedConstraint: c"), result.message
    return [result.message.removesuffix("\nviolatedConstraint: c") for result in outcome.results]


@pytest.mark.parametrize(
    ("rego", "wanted"),
    [
        (SAYS, ["x"]),
        (HEAD + 'm := "x" } { m := "y" }', ["x", "y"]),
        ('package p\nviolation[{"msg": "x"}]', ["x"]),
        ('package p\nviolation contains {"msg": "x"} if { true }', ["x"]),
        ('package a.b\nimport rego.v1\nviolation contains {"msg": m} if some m, _ in {"x": 1}', ["x"]),
        # A rule with a key is a set, also where it is looked into.
        (HEAD + "parts[m] }\nparts[x] { x := input.review.object.list[_] }", ["b", "ok/a"]),
        (HEAD + "m := parts[_] }\nparts[x] { x := input.review.object.list[_] }", ["b", "ok/a"]),
        (HEAD + 'pairs[m] == 1 }\npairs[k] = v { k := "x"; v := 1 }', ["x"]),
        # The most usual line of all libraries of policies.
        (
            HEAD + "i := input.review.object.list[_]\n"
            "  good := [y | repo = input.parameters.repos[_] ; y = startswith(i, repo)]\n"
            '  not any(good)\n  m := sprintf("bad %v", [i]) }',
            ["bad b"],
        ),
        (HEAD + 'all([true, true]); not all([true, false]); m := "x" }', ["x"]),
        (HEAD + 're_match("^a", "ab"); not re_match("^b", "ab"); m := "x" }', ["x"]),
        (HEAD + 'set_diff({1, 2}, {1}) == {2}; trace("t"); print("p"); m := "x" }', ["x"]),
        (HEAD + 'any(1); m := "own" }\nany(x) { x == 1 }', ["own"]),
        # OPA's way: what a function cannot answer is undefined.
        (HEAD + 'not to_number("abc"); m := "x" }', ["x"]),
        (HEAD + "m := input.review.nothing }", []),
        (HEAD + 'm := sprintf("%d %d%% %s", ["a", 3, {"k": [1, null]}]) }', ['a 3% {"k": [1, null]}']),
        (HEAD + 'm := sprintf("%v", [{"b", "a"}]) }', ['{"a", "b"}']),
        (HEAD + "m := input.review.object.data.x }", ['a\nb"c\\']),
        (HEAD + 'input.review.object.data.x == "a\\nb\\"c\\\\"; m := "same" }', ["same"]),
        (
            HEAD + 'r := input.review; m := sprintf("%v %v %v", [r.name, r.namespace, r.kind]) }',
            ['a n {"group": "", "kind": "ConfigMap", "version": "v1"}'],
        ),
        (HEAD + 'm := sprintf("%v", [input.parameters.number + 1]) }', ["4"]),
        (HEAD + 'x := data.inventory.namespace[n]["v1"].ConfigMap[k]; m := concat("/", [n, k]) }', ["n/a"]),
        (HEAD + 'l := input.review.object.list; l[i] != l[j]; i < j; m := sprintf("%d%d", [i, j]) }', ["01"]),
        (HEAD + 'startswith(input.review.object.list[i], input.parameters.repos[j]); m := "x" }', ["x"]),
        ("# package q\n" + SAYS + " # { [ `", ["x"]),
        (HEAD + 'm := `{["` }', ['{["']),
    ],
)
def test_templates(rego: str, wanted: list[str]) -> None:
    assert said(rego) == wanted


def test_libraries() -> None:
    rego = 'package p\nimport data.lib.words as w\nviolation[{"msg": m}] { m := w.big("x") }'
    assert said(rego, "package lib.words\nbig(x) = y { y := upper(x) }") == ["X"]


def test_code_with_an_engine() -> None:
    text = template(SAYS).replace("rego: |", "unused: |")
    code = (
        "    code:\n    - {engine: K8sNativeValidation, source: {}}\n"
        "    - engine: Rego\n      source:\n        rego: |\n" + indent(SAYS, " " * 10) + "\n"
    )
    target = "  - target: admission.k8s.gatekeeper.sh\n"
    outcome = run(text.replace(target, target + code) + CONSTRAINT + CONFIG_MAP)
    assert outcome.stderr == "[error] v1/ConfigMap/n/a : x\nviolatedConstraint: c"


CANNOT = "the ConstraintTemplate 'k' cannot be compiled: its `rego`: "


@pytest.mark.parametrize(
    ("rego", "why"),
    [
        (
            HEAD + 'http.send({"url": "x"}, m) }',
            CANNOT + "`http.send` is refused: a policy here reaches no network",
        ),
        (
            HEAD + "opa.runtime(m) }",
            CANNOT + "`opa.runtime` is refused: a policy here sees nothing of where it runs",
        ),
        (HEAD + "m := time.now_ns() }", "so that it says the same today and tomorrow"),
        # Undefined in the interpreter, so that the policy would never object.
        (HEAD + 'm := net.cidr_contains("10.0.0.0/8", "x") }', "`net.cidr_contains` is not to be had here"),
        (HEAD + "m := nothing.of(1) }", CANNOT + "the function `nothing.of` is not to be had here"),
        (HEAD + "m := nothing(1) }", "cannot be evaluated: Function not found: nothing"),
        (HEAD + 'regex.match("(?i)a", "A"); m := "x" }', '"(?i)a" has a part that is not to be had here'),
        (HEAD + 'regex.match("[", "A"); m := "x" }', '"[" is no regular expression here'),
        (
            HEAD + 'x := concat("", ["[", "a"]); regex.match(x, "A"); m := "x" }',
            "maybe with a regular expression",
        ),
        (
            HEAD + "m := data.secrets }",
            CANNOT + "of `data`, only `data.inventory` and `data.lib` can be seen",
        ),
        (HEAD + 'x := "inventory"; m := data[x] }', "only `data.inventory` and `data.lib`"),
        (HEAD + "\n m :=\n}", CANNOT + "line 3: Invalid assignment operator"),
        (HEAD + '\n m := "x\n}', CANNOT + "line 3: a text must end with the quote that it began with"),
        (HEAD, CANNOT + "line 2: '{' is never closed"),
        (SAYS + "\n]", CANNOT + "line 3: nothing is open that ']' could close"),
        (HEAD + "m := f(1) }\nf(x) = y { y := f(x) }", "Recursion detected"),
        (HEAD + "m := x }\nx = 1 { true }\nx = 2 { true }", "gives two different values"),
        (HEAD + "m := 1 }", "each `violation` must be an object with a text `msg`"),
        ("package p\ndeny[m] { m := 1 }", "its `rego` must have a rule `violation`"),
        ("violation[m] { m := 1 }", CANNOT + "it must begin with `package` and a name"),
        ("package p\n#" + "x" * 200_000, "it must have at most 200000 characters"),
    ],
)
def test_what_cannot_run_is_told(rego: str, why: str) -> None:
    outcome = run(template(rego) + CONSTRAINT + CONFIG_MAP)
    (result,) = outcome.results
    assert why in result.message
    assert (outcome.exit_code, outcome.stderr) == (1, f"[error]: {result.message}")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (template(SAYS).replace("name: k}", "name: other}"), "`metadata.name` must be 'k'"),
        (template(SAYS).replace("kind: K}", "kind: ''}"), "`spec.crd.spec.names.kind` must be"),
        (template(SAYS).replace("rego:", "rega:"), "`spec.targets[0].rego` must be a program in Rego"),
        (template(SAYS).replace("admission.k8s", "admission.k9s"), "`spec.targets[0].target` must be"),
        (template(SAYS).replace("targets:", "target:"), "`spec.targets` must be a list of exactly one"),
        ("a: b\n", "the kind 'K' of this constraint must be made by a ConstraintTemplate"),
    ],
)
def test_resources_that_are_no_policies(text: str, why: str) -> None:
    outcome = run(text + CONSTRAINT + CONFIG_MAP)
    (result,) = outcome.results
    assert why in result.message
    assert result.file == "r.yaml"
    assert outcome.exit_code == 1


@pytest.mark.parametrize(
    "body",
    [
        'regex.match("^(a+)+$", input.review.object.data.y); m := "x"',
        'm := sprintf("%v", [count(numbers.range(1, 1000000000))])',
        "m := " + "[" * 50_000 + "]" * 50_000,
        'x := numbers.range(1, 100000)[_]; y := numbers.range(1, 100000)[_]; x + y == 0; m := "x"',
    ],
    ids=["backtracks", "fills the memory", "is deep", "never ends"],
)
def test_harm_ends_soon_and_clearly(body: str) -> None:
    bounds = Bounds(seconds=30, processor_seconds=1, memory=Bounds().memory // 4)
    outcome = run(template(HEAD + body + " }") + CONSTRAINT + CONFIG_MAP, bounds)
    (result,) = outcome.results
    assert result.message.startswith("the policies' program ")
    assert outcome.exit_code == 1


def test_a_policy_is_not_held_against_policies() -> None:
    text = template(SAYS) + CONSTRAINT.replace("  match: {kinds: [{kinds: [ConfigMap]}]}\n", "") + CONFIG_MAP
    assert [result.resource.kind for result in run(text).results if result.resource] == ["ConfigMap"]


def test_nothing_to_hold_against_nothing() -> None:
    assert run(CONFIG_MAP).results == ()
    assert run(template(SAYS) + CONFIG_MAP).results == ()
    assert run("a: b\n").exit_code == 0


def test_numbers_that_json_lacks() -> None:
    (result,) = run(template(SAYS) + CONSTRAINT + CONFIG_MAP.replace("[ok/a, b]", "[.inf]")).results
    assert result.message.startswith("a policy can be shown no `.inf`")


def test_warnings_do_not_fail() -> None:
    policy = CONSTRAINT.replace("spec:\n", "spec:\n  enforcementAction: warn\n")
    outcome = run(template(SAYS) + policy + CONFIG_MAP)
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    assert [result.severity for result in outcome.results] == ["warning"]


def test_where_the_library_is_missing() -> None:
    program = (
        "import sys\nsys.modules['regopy'] = None\n"
        "from bot.packages.documents import parse\nfrom bot.packages.resource import Resource\n"
        "from bot.render.functions.gatekeeper import gatekeeper\n"
        "items = [Resource(document) for document in parse(sys.stdin.buffer.read())]\n"
        "print(gatekeeper(items, None).stderr)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], input=template(SAYS).encode(), capture_output=True, check=True
    ).stdout.decode()
    assert answer.startswith("[error]: gatekeeper needs the library `regopy`, which is not here; install it")
