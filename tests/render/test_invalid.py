"""Packages that kpt refuses end in clear problems with kpt's words, and none makes a render raise."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.packages.package import LINK, File
from bot.packages.problem import PACKAGE, Problem
from bot.render.hydration import hydrate
from bot.render.pipeline import Pipeline

HEAD = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: dns\n"
PIPELINE = HEAD + "pipeline:\n  mutators:\n"
CONFIG = PIPELINE + "    - {image: set-labels, configPath: c.yaml}\n"
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n"
UNREAD = 'Error: Kptfile at "/p" can\'t be read.\n\nDetails:\n'
UNFIT = UNREAD + "yaml: unmarshal errors:\n"


def problems(**files: str | bytes) -> list[Problem]:
    """The problems of a package; '__' stands for '/' in the names of its files, and '_' for '.'."""
    rendering = Pipeline().render(
        {
            name.replace("__", "/").replace("_", "."): File(
                text if isinstance(text, bytes) else text.encode()
            )
            for name, text in files.items()
        }
    )
    assert not rendering.changes or not rendering.problems
    return list(rendering.problems)


def said(found: list[Problem]) -> str:
    """What kpt says; it stops at the first fault."""
    return next((problem.kpt_of("/p") for problem in found if problem.kpt), "")


# Each was given to kpt itself.
UNREADABLE: dict[str | bytes, str] = {
    "": UNREAD + "EOF",
    "# a comment\n": UNREAD + "EOF",
    "just words\n": UNREAD + "missing Resource metadata",
    "- a\n": UNREAD + "missing Resource metadata",
    "a:\n\tb: c\n": UNREAD + "yaml: line 2: found character that cannot start any token",
    "a: [\n": UNREAD + "yaml: line 1: did not find expected node content",
    "# c\na: b\nc\n;d\n": UNREAD + "yaml: line 3: could not find expected ':'",
    HEAD + "info: *x\n": UNREAD + "yaml: unknown anchor 'x' referenced",
    b"a: \xff\n": UNREAD + "yaml: invalid leading UTF-8 octet",
    b"a: \xc3(\n": UNREAD + "yaml: invalid trailing UTF-8 octet",
    b"a: \xe2\x82": UNREAD + "yaml: incomplete UTF-8 octet sequence",
    b"a: \x01\n": UNREAD + "yaml: control characters are not allowed",
    HEAD + "kind: Kptfile\n": UNFIT + '  line 5: mapping key "kind" already defined at line 2',
    "kind: Kptfile\n": 'Error: Kptfile at "/p" has an unknown resource type ("/, Kind=Kptfile").',
    "apiVersion: v1\nkind: Map\n": 'Error: Kptfile at "/p" has an unknown resource type ("/v1, Kind=Map").',
    "apiVersion: a/b/c\nkind: Kptfile\n": UNREAD + "unexpected GroupVersion string: a/b/c",
    "apiVersion: kpt.dev/v1alpha1\nkind: Kptfile\n": (
        'Error: Kptfile at "/p" has an old version ("v1alpha1") of the Kptfile schema.'
    ),
    "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: x\n  foo: y\n": (
        UNFIT + "  line 5: field foo not found in type yaml.ObjectMeta"
    ),
    HEAD + "foo: 1\ninfo: {bar: 1, emails: x, 1: y}\nupstream: {git: {c: d}}\nstatus: 1234567890123\n": (
        UNFIT + "  line 5: field foo not found in type v1.KptFile\n"
        "  line 6: field bar not found in type v1.PackageInfo\n"
        "  line 6: cannot unmarshal !!str `x` into []string\n"
        "  line 6: field 1 not found in type v1.PackageInfo\n"
        "  line 7: field c not found in type v1.Git\n"
        "  line 8: cannot unmarshal !!int `1234567...` into v1.Status"
    ),
    PIPELINE + "    - a\n    - image: [a]\n      configMap: [1]\n      selectors: {}\n      [x]: y\n": (
        UNFIT + "  line 7: cannot unmarshal !!str `a` into v1.Function\n"
        "  line 8: cannot unmarshal !!seq into string\n"
        "  line 9: cannot unmarshal !!seq into map[string]string\n"
        "  line 10: cannot unmarshal !!map into []v1.Selector\n"
        "  line 11: cannot unmarshal !!seq into string"
    ),
}


@pytest.mark.parametrize(("kptfile", "words"), UNREADABLE.items())
def test_kptfiles_that_cannot_be_read(kptfile: str | bytes, words: str) -> None:
    found = problems(Kptfile=kptfile)
    assert said(found) == words
    assert [problem.kpt for problem in found[1:]] == [""] * (len(found) - 1)


def _invalid(field: str, value: str, reason: str) -> str:
    shown = f'Value: "{value}"\n' if value else ""
    return f"Kptfile is invalid:\nField: `pipeline.{field}`\n{shown}Reason: {reason}\n"


PATH = "mutators[0].configPath"


@pytest.mark.parametrize(
    ("pipeline", "words"),
    [
        ("{name: x}", _invalid("mutators[0]", "", "must specify a functon (`image` or `exec`) to execute")),
        (
            "{image: a, exec: b}",
            _invalid("mutators[0]", "", "must not specify both `image` and `exec` at the same time"),
        ),
        (
            "{image: 'a:'}",
            _invalid(
                "mutators[0].image",
                "a:",
                'function image reference "a:" is invalid: invalid reference format',
            ),
        ),
        (
            "{image: a/B}",
            _invalid(
                "mutators[0].image",
                "a/B",
                'function image reference "a/B" is invalid: repository name must be lowercase',
            ),
        ),
        (
            "{image: a, configMap: {a: b}, configPath: /x}",
            _invalid(
                "mutators[0]",
                "",
                "functionConfig must not specify both `configMap` and `configPath` at the same time",
            ),
        ),
        ("{image: a, configPath: /x}", _invalid(PATH, "/x", "path must be relative")),
        ("{image: a, configPath: ' '}", _invalid(PATH, " ", "path must not be empty")),
        (
            '{image: a, configPath: "../\\t\\"\\u0001"}',
            _invalid(PATH, '../\\t\\"\\x01', "path must not be outside the package"),
        ),
        (
            "{image: a, configPath: no.yaml}",
            _invalid(
                PATH,
                "no.yaml",
                'failed to open functionConfig from path "no.yaml": '
                "open /p/no.yaml: no such file or directory",
            ),
        ),
        (
            "{image: a, configPath: sub}",
            _invalid(PATH, "sub", 'failed to read functionConfig "sub": read /p/sub: is a directory'),
        ),
        (
            "{image: set-labels, configPath: sub/c.yaml}",
            (
                'Error: functionConfig resource for mutator "set-labels" is missing from path "sub/c.yaml", '
                'this also occurs if "sub/c.yaml" is part of a subpackage'
            ),
        ),
    ],
)
def test_pipelines_that_are_not_valid(pipeline: str, words: str) -> None:
    found = problems(Kptfile=f"{PIPELINE}    - {pipeline}\n", sub__Kptfile=HEAD, sub__c_yaml=MAP)
    assert said(found) == words


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ("", 'functionConfig "c.yaml" must not contain more than one config, got 0'),
        (f"{MAP}---\n{MAP}", 'functionConfig "c.yaml" must not contain more than one config, got 2'),
        ("a: b\n", 'functionConfig "c.yaml": resource must have `apiVersion`'),
        ("apiVersion: v1\n", 'functionConfig "c.yaml": resource must have `kind`'),
        ("apiVersion: v1\nkind: x\n", 'functionConfig "c.yaml": resource must have `metadata.name`'),
        (
            MAP + "foo: [\n",
            (
                'failed to read functionConfig "c.yaml": MalformedYAMLError: '
                "yaml: line 5: did not find expected node content"
            ),
        ),
        (
            "words\n",
            (
                'failed to read functionConfig "c.yaml": wrong node kind: '
                "expected MappingNode but got ScalarNode: node contents:\nwords\n"
            ),
        ),
    ],
)
def test_configs_that_are_not_valid(config: str, reason: str) -> None:
    found = problems(Kptfile=CONFIG, c_yaml=config)
    assert said(found) == _invalid(PATH, "c.yaml", reason)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a_yaml": MAP}, 'Error: No Kptfile found at "/p".'),
        (
            {"Kptfile": HEAD, "d__a_yaml": f"{MAP}---\na:\nb: [\n"},
            "Error: /p/d/a.yaml: MalformedYAMLError: yaml: line 2: did not find expected node content",
        ),
        ({"Kptfile": HEAD, "a_yaml": "a: 1\na: 2\n"}, ""),
        (
            {"Kptfile": HEAD, "s__t__Kptfile": "- a\n"},
            'Error: Kptfile at "/p/s/t" can\'t be read.\n\nDetails:\nmissing Resource metadata',
        ),
        (
            {"Kptfile": f"{PIPELINE}    - image: a\n    - exec: ''\n", "A_yaml": "[", "s__Kptfile": ""},
            _invalid("mutators[1]", "", "must specify a functon (`image` or `exec`) to execute"),
        ),
        ({"Kptfile": CONFIG + "    -\n", "c_yaml": MAP}, ""),
        ({"Kptfile": HEAD + "pipeline:\n  mutators: [&f {image: no-op}, *f]\n"}, ""),
        ({"Kptfile": HEAD + "pipeline:\n  mutators: [&f {image: no-op}, {<<: *f}]\n"}, ""),
    ],
)
def test_what_kpt_says_first(files: dict[str, str], words: str) -> None:
    found = problems(**files)
    assert found
    assert said(found) == words


def test_aliases_outside_the_pipeline_are_nobodys_business() -> None:
    text = HEAD + "  labels: &l {a: b}\n  annotations: *l\ninfo: {man: &m x, site: *m}\nstatus: {<<: *l}\n"
    assert problems(Kptfile=text) == []


def test_a_link_is_no_config() -> None:
    found: list[Problem] = []
    hydrate({"Kptfile": File(CONFIG.encode()), "c.yaml": File(b"d.yaml", LINK)}, found)
    assert [problem.where for problem in found] == ["Kptfile", "Kptfile"]


def test_a_hundred_faults_tell_enough() -> None:
    fields = "".join(f"x{number}: 1\n" for number in range(5000))
    found = problems(Kptfile=HEAD + fields)
    assert len(found) == 100
    assert said(found).count("\n  line ") == 100


WHOLE = CONFIG + (
    "      selectors: [{kind: Service, labels: {a: b}}]\n"
    "    - image: set-annotations\n      configMap: {a: b}\n      exclude:\n        - name: x\n"
    "  validators:\n    - exec: ./check\n"
    "info:\n  site: s\n  emails: [a]\n  readinessGates:\n    - conditionType: r\n"
    "upstream:\n  type: git\n  git: {repo: r, directory: /, ref: v1}\n"
    "status:\n  conditions:\n    - {type: r, status: 'True'}\n"
)
PIECES = st.sampled_from(
    ["", "x", "1", "~", "[", "]", "{", "}", "- ", ": ", "&a ", "*a", "<<: ", "!x ", "!!str ", "#", "'", '"',
     "|", "\t", "\n", "\n---\n", "  ", "\0", "\x01", "é", "\ud83c", "\x85", "image", "configPath: c.yaml\n",
     "[a]: b\n", "../", "/", "v1alpha2", "apiVersion: v1\n"]
)  # fmt: skip


@st.composite
def mutants(draw: st.DrawFn) -> bytes:
    """A whole Kptfile in which a few places are changed."""
    text = WHOLE
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 0, 1, 2, 5, 20])))
        text = text[:start] + draw(PIECES) + text[end:]
    return text.encode("utf-8", "surrogatepass")


@given(mutants(), mutants(), st.sampled_from([MAP, "", "words", "a: [", "- a\n", MAP + "---\n" + MAP]))
@settings(max_examples=150)
def test_no_kptfile_makes_a_render_raise(root: bytes, child: bytes, config: str) -> None:
    for found in (
        problems(Kptfile=root, c_yaml=config),
        problems(Kptfile=HEAD, s__Kptfile=child, c_yaml=MAP),
    ):
        for problem in found:
            assert problem.message.endswith(".")
            assert PACKAGE not in str(problem)
            assert PACKAGE not in problem.kpt_of("/p")
            assert problem.where


def test_what_has_no_words_has_none() -> None:
    found: list[Problem] = []
    hydrate({"Kptfile": File(HEAD.encode()), "a.yaml": File(b"--- \n--- x\n")}, found)
    assert [problem.kpt for problem in found] == [""]
