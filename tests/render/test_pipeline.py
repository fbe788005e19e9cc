"""A package is rendered as kpt does it, and what nobody changed is left alone to the byte."""

import time

import pytest

from bot.packages.documents import parse
from bot.packages.documents.node import Node
from bot.packages.function import Function
from bot.packages.package import LINK, File, Files
from bot.packages.rendering import Rendering, Result
from bot.packages.resource import Resource
from bot.render.catalog import built_in
from bot.render.function import Outcome, Run, Runner, failed
from bot.render.limits import Limits
from bot.render.pipeline import Pipeline

PREFIX = "ghcr.io/kptdev/krm-functions-catalog/"
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\n"


def kptfile(*mutators: str, validators: tuple[str, ...] = ()) -> str:
    lists = {"mutators": mutators, "validators": validators}
    text = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: p\n  annotations:\n"
    text += '    config.kubernetes.io/local-config: "true"\npipeline:\n'
    return text + "".join(
        f"  {key}:\n" + "".join(f"    - {{{one}}}\n" for one in lists[key]) for key in lists
    )


def package(**files: str | bytes) -> dict[str, File]:
    """Files by name, where '__' stands for '/' and '_' for '.'."""
    names = {name: name.replace("__", "/").replace("_", ".") for name in files}
    return {
        names[name]: File(text.encode() if isinstance(text, str) else text) for name, text in files.items()
    }


def render(files: Files, **functions: Run) -> Rendering:
    def find(function: Function) -> Runner:
        run = functions.get(function.image)
        return Runner(function.image, run) if run else built_in(function)

    return Pipeline(find).render(files)


def texts(rendering: Rendering) -> dict[str, str]:
    assert [str(problem) for problem in rendering.problems] == []
    return {path: data.decode() if data is not None else "" for path, data in rendering.changes.items()}


def said(rendering: Rendering) -> list[str]:
    assert not rendering.changes
    return [str(problem) for problem in rendering.problems]


def test_what_no_function_changed_is_left_alone() -> None:
    odd = "apiVersion: v1\nkind:   Secret\nmetadata: {  name: x }\n\n\nlist:\n    - a\n"
    files = package(
        Kptfile=kptfile("image: set-namespace, configMap: {namespace: prod}"),
        a_yaml="# head\n\n" + MAP.format("a"),
        odd_yaml=odd.replace("Secret", "Odd"),
        notes_txt="a: [",
        same_yaml=MAP.format("s") + "  namespace:   prod\n",
    )
    files["link.yaml"] = File(b"a.yaml", LINK)
    changed = texts(render(files))
    assert changed == {"a.yaml": "# head\n" + MAP.format("a") + "  namespace: prod\n"}


def test_a_change_and_back_is_no_change() -> None:
    inner = kptfile("image: set-namespace, configMap: {namespace: inner}")
    outer = kptfile("image: set-namespace, configMap: {namespace: outer}")
    odd = MAP.format("a") + "  namespace: outer   # stays\n"
    assert texts(render(package(Kptfile=outer, sub__Kptfile=inner, sub__a_yaml=odd))) == {}


def test_subpackages_come_first_and_see_only_their_own() -> None:
    seen: list[tuple[str, list[str]]] = []

    def watch(items: list[Resource], config: Node | None) -> Outcome:
        seen.append((config.root.text("data", "who") if config else "", [item.path for item in items]))
        return Outcome(items)

    one = "image: watch, configMap: {{who: {}}}"
    files = package(
        Kptfile=kptfile(one.format("root"), validators=(one.format("check"),)),
        z_yaml=MAP.format("z"),
        dir__a_yaml=MAP.format("a"),
        b__Kptfile=kptfile(one.format("b")),
        b__c__x__Kptfile=kptfile(one.format("x")),
        a__Kptfile=kptfile(one.format("a")),
    )
    rendering = render(files, watch=watch)
    deep = ["b/Kptfile", "b/c/x/Kptfile"]
    everything = ["Kptfile", "dir/a.yaml", "z.yaml", "a/Kptfile", *deep]
    assert seen == [
        ("a", ["a/Kptfile"]),
        ("x", ["b/c/x/Kptfile"]),
        ("b", deep),
        ("root", everything),
        ("check", everything),
    ]
    assert [step.package for step in rendering.steps] == ["a", "b/c/x", "b", "", ""]


def test_selectors_and_exclusions() -> None:
    files = package(
        Kptfile=kptfile(
            "image: set-labels, configMap: {x: z}, "
            "selectors: [{name: a}, {kind: Odd}], exclude: [{name: b}, {}]"
        ),
        r_yaml="---\n".join((MAP.format("a"), MAP.format("b").replace("ConfigMap", "Odd"), MAP.format("c"))),
    )
    labelled = MAP.format("a") + "  labels:\n    x: z\n"
    rest = MAP.format("b").replace("ConfigMap", "Odd") + "---\n" + MAP.format("c")
    assert texts(render(files)) == {"r.yaml": labelled + "---\n" + rest}


def test_selectors_see_labels() -> None:
    one = "image: set-labels, configMap: {{new: l}}, selectors: [{{labels: {{{}}}, annotations: {{}}}}]"
    item = MAP.format("a") + "  labels:\n    x: y\n"
    files = package(Kptfile=kptfile(one.format("x: z"), one.format("x: y, z: z")), a_yaml=item)
    assert texts(render(files)) == {}
    assert texts(render(package(Kptfile=kptfile(one.format("x: y")), a_yaml=item))) == {
        "a.yaml": item + "    new: l\n"
    }


def test_a_config_is_read_as_earlier_functions_left_it() -> None:
    config = MAP.format("c") + "data:\n  tier: old # kpt-set: ${tier}\n"
    files = package(
        Kptfile=kptfile(
            "image: apply-setters, configMap: {tier: new}",
            "image: set-labels, configPath: ./c.yaml, selectors: [{name: a}]",
        ),
        c_yaml=config,
        a_yaml=MAP.format("a"),
    )
    assert texts(render(files)) == {
        "a.yaml": MAP.format("a") + "  labels:\n    tier: new\n",
        "c.yaml": config.replace("old", "new"),
    }


def test_files_are_made_emptied_and_deleted() -> None:
    def replace(items: list[Resource], config: Node | None) -> Outcome:
        del config
        new = [
            Resource(parse((MAP.format(name) + "  namespace: n\n").encode())[0]) for name in ("one", "two")
        ]
        return Outcome([item for item in items if item.name in {"p", "b"}] + new)

    files = package(
        Kptfile=kptfile("image: replace"),
        gone_yaml=MAP.format("a"),
        half_yaml=MAP.format("a") + "---\n" + MAP.format("b"),
        sub__Kptfile=kptfile("image: replace"),
        sub__n__configmap_yaml=MAP.format("p"),
    )
    # The root's function drops what the subpackage's one made, and makes its own.
    made = {f"n/configmap_{name}.yaml": MAP.format(name) + "  namespace: n\n" for name in ("one", "two")}
    assert texts(render(files, replace=replace)) == {"gone.yaml": "", "half.yaml": MAP.format("b"), **made}


def test_a_function_stays_in_the_package() -> None:
    def leave(items: list[Resource], config: Node | None) -> Outcome:
        del config
        return Outcome([*items, Resource(parse(MAP.format("x").encode())[0], "../x.yaml")])

    def double(items: list[Resource], config: Node | None) -> Outcome:
        del config
        return Outcome([*items, Resource(parse(MAP.format("x").encode())[0], "Kptfile")])

    for run in (leave, double):
        (problem,) = said(render(package(Kptfile=kptfile("image: run")), run=run))
        assert problem.startswith("Kptfile:9: The function 'run' failed: ")


def test_a_validator_changes_nothing_and_may_refuse() -> None:
    def spoil(items: list[Resource], config: Node | None) -> Outcome:
        del config
        for item in items:
            item.edit().drop("kind")
        return Outcome([])

    def refuse(items: list[Resource], config: Node | None) -> Outcome:
        del config
        return Outcome(items, (Result("too short", "error", "a.yaml", line=4),), 1)

    files = package(Kptfile=kptfile(validators=("image: spoil",)), a_yaml=MAP.format("a"))
    assert texts(render(files, spoil=spoil)) == {}
    files = package(Kptfile=kptfile(validators=("image: refuse", "image: spoil")), a_yaml=MAP.format("a"))
    rendering = render(files, refuse=refuse, spoil=spoil)
    assert said(rendering) == [
        "Kptfile:10: The function 'refuse' failed: too short",
        "a.yaml:4: refuse: too short",
    ]
    assert [step.exit_code for step in rendering.steps] == [1]


def test_a_failure_changes_nothing_and_stops() -> None:
    def fail(items: list[Resource], config: Node | None) -> Outcome:
        del config
        return failed(items, "no")

    one = "image: set-labels, configMap: {x: y}"
    rendering = render(package(Kptfile=kptfile(one, "image: fail", one), a_yaml=MAP.format("a")), fail=fail)
    assert said(rendering) == ["Kptfile:10: The function 'fail' failed: no"]
    assert [step.exit_code for step in rendering.steps] == [0, 1]


def test_what_is_wrong_is_all_said_at_once() -> None:
    files = package(
        Kptfile=kptfile(
            "image: set-labels, configPath: no.yaml", "image: example.com/x, configMap: {a: [b]}"
        ),
        a_yaml="a: [\n",
        sub__Kptfile="kind: Kptfile\n",
        b_yaml="---\na: 1\na: 2\n",
    )
    assert [(problem.where, problem.line) for problem in render(files).problems] == [
        ("Kptfile", 10),
        ("Kptfile", 9),
        ("a.yaml", 2),
        ("b.yaml", 3),
        ("sub/Kptfile", 1),
    ]


@pytest.mark.parametrize(
    ("image", "why"),
    [
        ("image: no-such", "no-such:latest' is unknown here"),
        ("image: example.com/set-labels", "The function 'example.com/set-labels:latest' is unknown here"),
        (f"image: '{PREFIX}set-labels@sha256:{'a' * 64}'", "use a tag"),
        ("image: 'set-labels:evil'", "not its version 'evil'"),
        ("image: set-labels, tag: '~0.2 || x y z!'", "must be a valid image tag"),
        ("exec: ./run", "is an executable (`exec`)"),
    ],
)
def test_functions_that_may_not_run(image: str, why: str) -> None:
    (problem,) = said(render(package(Kptfile=kptfile(image))))
    assert problem.startswith("Kptfile:9: ")
    assert why in problem


@pytest.mark.parametrize(
    "image",
    [
        "image: set-labels",
        "image: 'set-labels:v0.2'",
        "image: gcr.io/kpt-fn/set-labels:v0.2.1",
        f"image: '{PREFIX}set-labels:latest'",
        f"image: {PREFIX}set-labels, tag: '>=0.1 <0.3'",
    ],
)
def test_images_that_are_built_in(image: str) -> None:
    files = package(Kptfile=kptfile(image + ", configMap: {x: y}"), a_yaml=MAP.format("a"))
    assert list(texts(render(files))) == ["a.yaml"]


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("c_yaml", MAP.format("a") + "---\n" + MAP.format("b"), "must hold one config, but holds 2"),
        ("sub__c_yaml", MAP.format("a"), "belongs to a subpackage"),
        ("c_txt", MAP.format("a"), "is no YAML file"),
    ],
)
def test_configs_that_are_none(name: str, text: str, why: str) -> None:
    path = name.replace("__", "/").replace("_", ".")
    files = package(
        Kptfile=kptfile(f"image: set-labels, configPath: {path}"), sub__Kptfile=kptfile(), **{name: text}
    )
    (problem,) = said(render(files))
    assert why in problem


def test_what_is_no_resource_is_refused() -> None:
    files = package(Kptfile=kptfile(), a_yaml="a: 1\n", b_yaml="- x\n", kustomization_yaml="resources: []\n")
    assert [problem[:40] for problem in said(render(files))] == [
        "a.yaml:1: This is not a Kubernetes resou",
        "b.yaml:1: This is not a Kubernetes resou",
    ]
    (problem,) = said(render(package(a_yaml="a: 1\n")))
    assert "has no Kptfile" in problem


def test_ignored_files_are_no_resources() -> None:
    files = package(Kptfile=kptfile(), a_yaml="a: [", sub__a_yaml="a: [")
    ignore = File(b"a.yaml\nKptfile\n")
    assert texts(render({**files, ".krmignore": ignore})) == {}
    assert len(said(render({**files, ".krmignore": File(b"/a.yaml\n")}))) == 1
    assert "too many wildcards" in said(render({**files, ".krmignore": File(b"*a*b*c*d")}))[0]


def test_line_endings_marks_and_licences_stay() -> None:
    text = "# Licence\n---\n# of a\n\n" + MAP.format("a")
    files = package(
        Kptfile=kptfile("image: set-namespace, configMap: {namespace: prod}"),
        a_yaml=b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
    )
    after = "# Licence\n---\n# of a\n" + MAP.format("a") + "  namespace: prod\n"
    assert render(files).changes == {"a.yaml": b"\xef\xbb\xbf" + after.replace("\n", "\r\n").encode()}


def test_json_stays_json() -> None:
    text = '{"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": "a"}}'
    files = package(Kptfile=kptfile("image: set-namespace, configMap: {namespace: n}"), a_json=text)
    assert texts(render(files))["a.json"].startswith('{\n  "apiVersion": "v1",\n  "kind": "ConfigMap",')


@pytest.mark.parametrize(
    ("limits", "what"),
    [
        (Limits(functions_per_package=2), "3 functions; it must have at most 2"),
        (Limits(functions=2), "3 functions; it must have at most 2"),
        (Limits(resources=1), "2 resources"),
        (Limits(packages=0), "1 subpackages"),
        (Limits(work=5), "functions and selectors times resources"),
    ],
)
def test_a_package_may_not_ask_for_everything(limits: Limits, what: str) -> None:
    files = package(Kptfile=kptfile(*["image: set-labels, configMap: {x: y}"] * 3), sub__Kptfile=kptfile())
    problems = Pipeline(limits=limits).render(files).problems
    assert any(what in problem.message for problem in problems)


def test_selectors_count_as_functions_do() -> None:
    selectors = ", ".join(["{kind: ConfigMap, labels: {a: b}}"] * 9)
    files = package(Kptfile=kptfile(f"image: no-op, selectors: [{selectors}], exclude: [{selectors}]"))
    assert not Pipeline(limits=Limits(work=20)).render(files).problems
    (problem,) = said(Pipeline(limits=Limits(work=19)).render(files))
    assert "has 20 functions and selectors times resources; it must have at most 19" in problem


def test_ten_thousand_functions_are_refused_and_deep_directories_are_not() -> None:
    many = package(Kptfile=kptfile(*["image: set-labels, configMap: {x: y}"] * 10_000))
    assert "10000 functions" in said(render(many))[0]
    deep = {"a/" * depth + "Kptfile": File(kptfile().encode()) for depth in range(900)}
    assert texts(render(deep)) == {}


def test_a_config_that_a_function_moved_still_configures() -> None:
    def moved(items: list[Resource], config: Node | None) -> Outcome:
        assert config is None
        for item in items:
            item.path = item.path.replace("config.yaml", "moved.yaml")
        return Outcome(items)

    files = package(
        Kptfile=kptfile("image: moved", "image: set-labels, configPath: config.yaml"),
        config_yaml=MAP.format("c") + "data: {tier: backend}\n",
    )
    rendering = render(files, moved=moved)
    assert [str(problem) for problem in rendering.problems] == []
    assert rendering.changes["config.yaml"] is None
    assert "  labels:\n    tier: backend\n" in (rendering.changes["moved.yaml"] or b"").decode()


def test_functions_that_take_too_long_together_are_stopped() -> None:
    def endless(items: list[Resource], config: Node | None) -> Outcome:
        assert config is None
        time.sleep(0.02)
        return Outcome(items)

    ran: list[str] = []

    def find(function: Function) -> Runner:
        def run(items: list[Resource], config: Node | None) -> Outcome:
            ran.append(function.image)
            return endless(items, config)

        return Runner(function.image, run)

    files = package(Kptfile=kptfile("image: a", "image: b", validators=("image: c",)))
    (problem,) = said(Pipeline(find, Limits(seconds=0.01)).render(files))
    assert ran == ["a"]
    assert problem == (
        "Kptfile:10: The function 'b' failed: the functions before it took longer than 0.01 s together; they "
        "must be quicker, or fewer."
    )


def test_functions_make_no_more_resources_than_a_package_may_have() -> None:
    def doubled(items: list[Resource], config: Node | None) -> Outcome:
        assert config is None
        more = [Resource(parse(MAP.format(f"m{number}").encode())[0]) for number in range(len(items))]
        return Outcome([*items, *more])

    def find(function: Function) -> Runner:
        return Runner(function.image, doubled)

    files = package(Kptfile=kptfile("image: a"), x_yaml=MAP.format("x"))
    assert not Pipeline(find, Limits(resources=4)).render(files).problems
    (problem,) = said(Pipeline(find, Limits(resources=3)).render(files))
    assert problem.endswith("it left 4 resources; a package must have at most 3.")
