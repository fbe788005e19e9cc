"""A Kptfile is read whole, and what is wrong with it is said with its line."""

import pytest

from bot.errors import InvalidDocument
from bot.packages.function import Function, Selector, is_image, path_fault
from bot.packages.kptfile import Condition, Info, Kptfile, Upstream, read_kptfile, validate_kptfile
from bot.packages.package import LINK, File

START = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: dns\n"
WHOLE = START + (
    "  labels: {team: net}\n  annotations:\n    a: b\n"
    "upstream:\n  type: git\n  git: {repo: https://x/y, directory: /dns, ref: v1}\n"
    "upstreamLock:\n  type: git\n  git: {repo: https://x/y, directory: /dns, ref: dns/v1, commit: abc}\n"
    "info:\n  description: names\n  keywords: [a, b]\n  site: https://s\n"
    "  readinessGates:\n    - conditionType: ready\n"
    "pipeline:\n  mutators:\n"
    "    - image: set-labels:v0.2\n      configMap: {tier: db}\n      name: labels\n"
    "      selectors: [{kind: Service, labels: {x: y}}]\n      exclude: [{name: n}]\n"
    "  validators:\n    - exec: ./check\n"
    "status:\n  conditions:\n    - {type: ready, status: 'True', reason: R, message: M}\n"
)


def test_everything_is_read() -> None:
    kptfile = read_kptfile(WHOLE.encode())
    assert kptfile == Kptfile(
        name="dns",
        labels={"team": "net"},
        annotations={"a": "b"},
        upstream=Upstream("https://x/y", "/dns", "v1"),
        upstream_lock=Upstream("https://x/y", "/dns", "dns/v1", "abc"),
        info=Info("names", ("a", "b"), "https://s"),
        readiness_gates=("ready",),
        conditions=(Condition("ready", "True", "R", "M"),),
        mutators=(
            Function(
                image="set-labels:v0.2",
                config_map=(("tier", "db"),),
                name="labels",
                selectors=(Selector(kind="Service", labels=(("x", "y"),)),),
                exclude=(Selector(name="n"),),
                line=22,
            ),
        ),
        validators=(Function(exec="./check", line=28),),
    )
    assert [function.title for function in kptfile.functions] == ["labels", "./check"]


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("", "is empty", 0),
        ("# only a comment\n", "is empty", 0),
        ("just words\n", "not a mapping", 1),
        ("- a\n- b\n", "not a mapping", 1),
        (START + "---\n" + START, "2; keep the Kptfile only", 6),
        ("kind: Kptfile\n", "has no `apiVersion`", 1),
        ("apiVersion: kpt.dev/v1alpha2\nkind: Kptfile\n", "old version 'kpt.dev/v1alpha2'", 1),
        ("apiVersion: v1\nkind: ConfigMap\n", "unknown type 'v1, ConfigMap'", 1),
        ("apiVersion: kpt.dev/v1\nkind: Kptfile\nkind: Kptfile\n", "", 3),
        ("a: [\n", "", 0),
        ("a:\n\tb: c\n", "", 2),
    ],
)
def test_what_is_no_kptfile_is_refused(text: str, said: str, line: int) -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_kptfile(text.encode(), path="pkg/Kptfile")
    assert said in caught.value.reason
    assert caught.value.path == "pkg/Kptfile"
    assert line in {0, caught.value.line}


def _problems(rest: str) -> list[tuple[int, str]]:
    kptfile = read_kptfile((START + rest).encode())
    return [
        (problem.line, problem.message) for problem in validate_kptfile(kptfile, {"there.yaml": File(b"")})
    ]


@pytest.mark.parametrize(
    ("rest", "line", "said"),
    [
        ("pipelines: {}\n", 5, "`Kptfile.pipelines` is not known here"),
        ("pipeline: [a]\n", 5, "`pipeline` must be a mapping"),
        ("pipeline:\n  mutators: {}\n", 6, "`pipeline.mutators` must be a list"),
        ("pipeline:\n  mutaters: []\n", 6, "`pipeline.mutaters` is not known here"),
        ("pipeline:\n  mutators:\n    - a\n", 7, "`pipeline.mutators[0]` must be a mapping"),
        ("pipeline:\n  mutators:\n    - name: x\n", 7, "must name the function to run"),
        ("pipeline:\n  mutators:\n    - {image: a, exec: b}\n", 7, "must not name both `image` and `exec`"),
        ("pipeline:\n  mutators:\n    - image: 'a b'\n", 7, "must be a reference to an image, but is 'a b'"),
        (
            "pipeline:\n  mutators:\n    - image: a\n      foo: b\n",
            8,
            "`pipeline.mutators[0].foo` is not known",
        ),
        ("pipeline:\n  mutators:\n    - image: [a]\n", 7, "`pipeline.mutators[0].image` must be a string"),
        ("pipeline:\n  mutators:\n    - image: a\n      configMap:\n        x: [1]\n", 9, "not allowed"),
        ("pipeline:\n  mutators:\n    - image: a\n      configMap: [1]\n", 8, "must be a mapping of strings"),
        ("pipeline:\n  mutators:\n    - {image: a, configPath: /x}\n", 7, "must be relative to the package"),
        ("pipeline:\n  mutators:\n    - {image: a, configPath: a/../../x}\n", 7, "must not be outside"),
        ("pipeline:\n  mutators:\n    - {image: a, configPath: ' '}\n", 7, "must not be empty"),
        ("pipeline:\n  mutators:\n    - {image: a, configPath: no.yaml}\n", 7, "not a file of the package"),
        (
            "pipeline:\n  mutators:\n    - {image: a, configPath: there.yaml, configMap: {a: b}}\n",
            7,
            "must not have both",
        ),
        (
            "pipeline:\n  validators:\n    - {image: a, selectors: [{knd: x}]}\n",
            7,
            "selectors[0].knd` is not known",
        ),
    ],
)
def test_faults_of_the_pipeline_stop_no_reading(rest: str, line: int, said: str) -> None:
    assert [(at, said in message) for at, message in _problems(rest)] == [(line, True)]


def test_nulls_are_nothing() -> None:
    assert _problems("pipeline:\n  mutators:\n  validators: ~\ninfo:\nupstream:\n") == []
    assert _problems("pipeline:\n") == []


def test_what_is_odd_outside_the_pipeline_is_left_out() -> None:
    kptfile = read_kptfile((START + "info: 3\nstatus: []\nupstream: {git: [x]}\n").encode())
    assert (kptfile.info, kptfile.conditions, kptfile.upstream) == (Info(), (), None)


def test_a_config_must_be_a_file() -> None:
    kptfile = read_kptfile((START + "pipeline:\n  mutators: [{image: a, configPath: c.yaml}]\n").encode())
    assert len(validate_kptfile(kptfile, {"c.yaml": File(b"/etc", LINK)})) == 1
    assert validate_kptfile(kptfile, {"sub/c.yaml": File(b"")}, directory="sub") == []


@pytest.mark.parametrize(
    ("image", "good"),
    [
        ("set-labels", True),
        ("ghcr.io/kptdev/krm-functions-catalog/set-labels:v0.2", True),
        ("a.b.c:1234/foo/bar/x", True),
        ("registry.io/foo/project--id.module--name.ver---sion--name", True),
        ("example:v0.1.0@sha256:" + "a" * 64, True),
        ("a::@!", False),
        ("a:", False),
        ("ab-.b/c", False),
        ("", False),
        ("a" * 600, False),
        ("a-" * 250 + "!", False),
        (("a." * 120 + "/") * 2 + "!", False),
    ],
)
def test_images(image: str, *, good: bool) -> None:
    assert is_image(image) is good


def test_paths() -> None:
    assert [path_fault(path) for path in ("a/b/", "./a", ".", "a\\b")] == [""] * 4
    assert all(path_fault(path) for path in ("", "/a", "../a", "./a/.../b", "a/../.."))


def test_an_image_is_read_in_no_time() -> None:
    for text in ("a" * 500 + "!", "a-" * 250 + "!", "a." * 250 + "!", "a_" * 250 + "!", "a/" * 250 + "!"):
        assert not is_image(text)


def test_numbers_of_a_config_are_their_text() -> None:
    text = "a: 1\n        b: true\n        c: 0x1F\n        d: ~\n        e: 1.50\n"
    head = "apiVersion: kpt.dev/v1\nkind: Kptfile\npipeline:\n  mutators:\n    - image: a\n      configMap:\n"
    (function,) = read_kptfile(f"{head}        {text}".encode()).mutators
    # Seen in kpt, which hands on the text of whatever stands there.
    assert function.config_map == (("a", "1"), ("b", "true"), ("c", "0x1F"), ("d", ""), ("e", "1.50"))
