"""fix beyond the catalog's example: what v1 has no place for, substitutions, subpackages."""

import json
from collections.abc import Mapping

import pytest

from bot.packages.documents import load, parse
from bot.packages.resource import Resource
from bot.render.function import Outcome
from bot.render.functions.apply_setters import apply_setters
from bot.render.functions.fix import fix

KPTFILE = "apiVersion: kpt.dev/v1alpha1\nkind: Kptfile\nmetadata:\n  name: p\n"
FIXED = KPTFILE.replace("v1alpha1", "v1")
PIPELINE = (
    "pipeline:\n  mutators:\n  - image: gcr.io/kpt-fn/apply-setters:v0.2\n    configPath: setters.yaml\n"
)
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\n"


def setter(name: str, **fields: object) -> dict[str, object]:
    return {f"io.k8s.cli.setters.{name}": {"x-k8s-cli": {"setter": {"name": name, **fields}}}}


def substitution(name: str, pattern: str, **markers: str) -> dict[str, object]:
    values = [
        {"marker": marker, "ref": f"#/definitions/io.k8s.cli.{reference}"}
        for marker, reference in markers.items()
    ]
    inner = {"substitution": {"name": name, "pattern": pattern, "values": values}}
    return {f"io.k8s.cli.substitutions.{name}": {"x-k8s-cli": inner}}


def kptfile(*definitions: Mapping[str, object]) -> str:
    merged = {key: value for each in definitions for key, value in each.items()}
    return KPTFILE + "openAPI:\n  definitions: " + json.dumps(merged) + "\n"


def run(files: Mapping[str, str]) -> tuple[Outcome, dict[str, str]]:
    items = [
        Resource(document, path, index)
        for path, text in files.items()
        for index, document in enumerate(parse(text.encode()))
    ]
    outcome = fix(items, None)
    return outcome, {item.path: item.emit().decode() for item in outcome.items}


def test_what_v1_has_no_place_for_is_named() -> None:
    text = KPTFILE + (
        "packageMetadata:\n  shortDescription: text # why\n  email: a@example.com\n  url: u\n  tags: [a]\n"
        "  version: v1\n  man: [x]\ndependencies:\n- name: d\nfunctions: null\n"
    )
    outcome, after = run({"Kptfile": text})
    assert after["Kptfile"] == FIXED + (
        "info:\n  site: u\n  emails:\n  - a@example.com\n  description: text # why\n  keywords: [a]\n"
    )
    assert [(result.message, result.severity) for result in outcome.results] == [
        ('transformed "packageMetadata" to "info"', "info"),
        ("`packageMetadata.version` has no place in kpt.dev/v1; it is left out", "warning"),
        ("`packageMetadata.man` has no place in kpt.dev/v1; it is left out", "warning"),
        ("`dependencies` has no place in kpt.dev/v1; it is left out", "warning"),
    ]
    assert all(result.line for result in outcome.results)


def test_what_v1_has_too_stays() -> None:
    text = KPTFILE + "inventory:\n  name: i # that\ninfo:\n  site: s\npipeline:\n  mutators:\n  - image: a\n"
    assert run({"Kptfile": text})[1] == {"Kptfile": text.replace("v1alpha1", "v1")}


def test_setters_come_first_in_a_pipeline() -> None:
    text = kptfile(setter("a", value="b")) + "pipeline:\n  mutators:\n  - image: a\n"
    wanted = FIXED + PIPELINE + "  - image: a\n"
    assert run({"Kptfile": text})[1]["Kptfile"] == wanted


def test_an_upstream_without_a_commit_has_no_lock() -> None:
    text = KPTFILE + "upstream:\n  type: git\n  git:\n    repo: r\n    ref: [x]\n"
    wanted = "upstream:\n  type: git\n  git:\n    repo: r\n  updateStrategy: resource-merge\n"
    assert run({"Kptfile": text})[1] == {"Kptfile": FIXED + wanted}


def test_values_of_setters() -> None:
    definitions = (
        setter("text", value="a"),
        setter("number", value=3),
        setter("empty"),
        setter("list", value="", listValues=["x", "y"]),
        setter("flow", value="[x, 'y']"),
        setter("none", listValues=[]),
        setter("size", value="small", enumValues={"small": "0.5"}),
    )
    _, after = run({"Kptfile": kptfile(*definitions)})
    assert load(after["setters.yaml"].encode()) == {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "setters"},
        "data": {
            "text": "a",
            "number": "3",
            "empty": "",
            "list": '- x\n- "y"\n',
            "flow": "- x\n- 'y'\n",
            "none": "[]",
            "size": "0.5",
        },
    }


def test_comments_name_setters_as_v1_does() -> None:
    text = MAP.format('a # {"$kpt-set":"name"}') + (
        'spec:\n  a: x:1 # {"$openapi":"full"}\n  b: dev-x:1 '
        '# { "$ref" : "#/definitions/io.k8s.cli.substitutions.id" }\n'
        '  c: # {"$kpt-set":"list"}\n  - d\n  e: [f] # {"$kpt-set":"list"}\n'
        '  g: h # {"type":"string"}\n  i: j # {"$kpt-set":"bad name"}\n  k: l # kpt-set: ${name}\n'
    )
    definitions = (
        setter("name", value="a"),
        substitution("full", "IMAGE:TAG", IMAGE="setters.image", TAG="setters.tag"),
        substitution("id", "dev-${full}", **{"${full}": "substitutions.full"}),
    )
    files = {"Kptfile": kptfile(*definitions), "r.yaml": text}
    outcome, after = run(files)
    assert after["r.yaml"] == MAP.format("a # kpt-set: ${name}") + (
        "spec:\n  a: x:1 # kpt-set: ${image}:${tag}\n  b: dev-x:1 # kpt-set: dev-${image}:${tag}\n"
        "  c: # kpt-set: ${list}\n  - d\n  e: [f] # kpt-set: ${list}\n"
        '  g: h # {"type":"string"}\n  i: j # {"$kpt-set":"bad name"}\n  k: l # kpt-set: ${name}\n'
    )
    said = sorted((result.field, result.line) for result in outcome.results if result.file == "r.yaml")
    assert said == [("metadata.name", 4), ("spec.a", 6), ("spec.b", 7), ("spec.c", 8), ("spec.e", 10)]
    again, same = run(after)
    assert (same, again.results) == (after, ())


def test_what_is_fixed_can_be_set() -> None:
    text = MAP.format('a # {"$kpt-set":"name"}') + 'spec:\n  c: # {"$kpt-set":"list"}\n  - d\n'
    files = {
        "Kptfile": kptfile(setter("name", value="n"), setter("list", listValues=["x", "y"])),
        "r.yaml": text,
    }
    _, after = run(files)
    (item,) = [Resource(document, "r.yaml") for document in parse(after["r.yaml"].encode())]
    assert apply_setters([item], parse(after["setters.yaml"].encode())[0]).exit_code == 0
    assert item.emit().decode() == MAP.format("n # kpt-set: ${name}") + (
        'spec:\n  c: # kpt-set: ${list}\n  - x\n  - "y"\n'
    )


def test_each_package_has_its_own_setters() -> None:
    inner = kptfile(substitution("x", "${b}-b", **{"${b}": "setters.b"}), setter("a", value="1"))
    bound = MAP.format('a # {"$kpt-set":"x"}')
    files = {
        "Kptfile": kptfile(substitution("x", "${a}-a", **{"${a}": "setters.a"})),
        "r.yaml": bound,
        "sub/Kptfile": inner,
        "sub/setters.yaml": bound,
        "sub/deep/r.yaml": bound,
        "other/r.yaml": bound,
    }
    _, after = run(files)
    assert after.keys() - files.keys() == {"sub/setters-1.yaml"}
    assert "configPath: setters-1.yaml" in after["sub/Kptfile"]
    assert after["Kptfile"] == FIXED
    comments = {path: text.partition("# ")[2].strip() for path, text in after.items() if "kpt-set" in text}
    outer, nested = "kpt-set: ${a}-a", "kpt-set: ${b}-b"
    assert {path: text.partition("\n")[0] for path, text in comments.items()} == {
        "r.yaml": outer,
        "other/r.yaml": outer,
        "sub/setters.yaml": nested,
        "sub/deep/r.yaml": nested,
    }


def test_a_kptfile_of_the_second_version() -> None:
    text = (
        KPTFILE.replace("v1alpha1", "v1alpha2 # old") + "upstreamLock:\n  type: git\n  gitLock:\n    ref: r\n"
    )
    outcome, after = run({"Kptfile": text})
    assert after == {"Kptfile": text.replace("v1alpha2", "v1").replace("gitLock", "git")}
    assert outcome.results[0].message == 'transformed "kpt.dev/v1alpha2" to "kpt.dev/v1"'


def test_configs_of_functions_that_ran_by_themselves_are_named() -> None:
    text = MAP.format("a") + "  annotations:\n    config.kubernetes.io/function: |\n      container: {}\n"
    outcome, after = run({"f.yaml": text})
    assert after == {"f.yaml": text}
    assert [(result.severity, result.file) for result in outcome.results] == [("warning", "f.yaml")]


def test_aliases_are_written_out_since_their_anchors_may_go() -> None:
    text = KPTFILE + (
        "dependencies: &d [{name: &n i}]\ninventory:\n  name: *n\nopenAPI:\n  definitions:\n"
        "    io.k8s.cli.setters.a:\n      x-k8s-cli:\n        setter: {name: a, value: *n}\n"
    )
    _, after = run({"Kptfile": text})
    assert after["Kptfile"] == FIXED + "inventory:\n  name: i\n" + PIPELINE
    assert after["setters.yaml"].endswith("data:\n  a: i\n")


def test_nothing_to_do_is_no_failure() -> None:
    assert fix([], None) == Outcome([])
    assert run({"Kptfile": FIXED})[1] == {"Kptfile": FIXED}


@pytest.mark.parametrize(
    "text",
    [
        "openAPI: x\n",
        "openAPI:\n  definitions: [a]\n",
        "upstream: x\n",
        "upstream:\n  git: [a]\n",
        "packageMetadata: [a]\n",
        "nonsense: 1\n",
    ],
)
def test_fields_of_other_kinds_are_lost_with_a_word(text: str) -> None:
    outcome, after = run({"Kptfile": KPTFILE + text})
    assert after == {"Kptfile": FIXED}
    name = text.partition(":")[0]
    assert [result.message for result in outcome.results] == [
        f"`{name}` has no place in kpt.dev/v1; it is left out"
    ]


LONG = [
    substitution(f"s{n}", "ab", a=f"substitutions.s{n + 1}", b=f"substitutions.s{n + 1}") for n in range(15)
]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (kptfile(setter("a b", value="x")), "The setter 'a b' must have a name of letters"),
        (kptfile(setter("a}${b", value="x")), "The setter 'a}${b' must have a name of letters"),
        (kptfile(substitution("a\n", "x")), "The substitution 'a\\x0a' must have a name of letters"),
        (kptfile(setter("a", value="[x,")), 'failed to parse the array node value "[x," with error "yaml: '),
        (kptfile(substitution("a", "")), "The substitution 'a' must have a pattern of one line"),
        (kptfile(substitution("a", "x\ny")), "The substitution 'a' must have a pattern of one line"),
        (kptfile(substitution("a", "x" * 1_001)), "The substitution 'a' must have a pattern of one line"),
        (kptfile(substitution("a", "x", x="setters.")), "The reference 'io.k8s.cli.setters.' leads to no"),
        (
            kptfile(substitution("a", "x", x="substitutions.b")),
            "The reference 'io.k8s.cli.substitutions.b' leads",
        ),
        (
            kptfile(substitution("a", "x", x="substitutions.a")),
            "The substitution 'a' must not be made of others",
        ),
        (kptfile(*LONG, substitution("s15", "x" * 100)), "must have a pattern of one line"),
        (kptfile() + "---\n" + KPTFILE, "A package must have one Kptfile; remove the others."),
    ],
)
def test_definitions_that_are_none(text: str, said: str) -> None:
    bound = MAP.format('a # {"$kpt-set":"name"}')
    outcome, after = run({"r.yaml": bound, "Kptfile": text})
    assert (outcome.exit_code, after["r.yaml"], len(outcome.results)) == (1, bound, 1)
    assert said in outcome.results[0].message
    assert (outcome.results[0].file, outcome.stderr) == ("Kptfile", outcome.results[0].message)
    assert not any(item.is_edited for item in outcome.items)


def test_chains_and_crowds_of_definitions_take_no_time_of_their_own() -> None:
    chain = [substitution(f"s{n}", "x", x=f"substitutions.s{n + 1}") for n in range(1_000)]
    outcome, _ = run({"Kptfile": kptfile(*chain)})
    assert "more than 20 deep" in outcome.results[0].message
    crowd = [setter(f"s{n}", value="x") for n in range(1_000)]
    _, after = run({"Kptfile": kptfile(*crowd)})
    assert after["setters.yaml"].count(": x\n") == 1_000
