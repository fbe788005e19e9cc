"""What is remembered of earlier renderings changes how long one takes, and never what comes of it."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.lifecycle.policy import AS_IT_IS, RenderPolicy
from bot.packages.documents import Node, dump
from bot.packages.function import Function
from bot.packages.package import LINK, File, Files
from bot.packages.resource import Resource
from bot.render.function import Find, Outcome, Runner
from bot.render.memory import Memory
from bot.render.pipeline import Pipeline
from bot.render.renderer import PackageRenderer
from bot.render.rest import EACH, can_rest
from bot.render.runners import functions

CONFIGS = {
    "set-labels": {"tier": "backend"},
    "set-annotations": {"by": "ada"},
    "set-namespace": {"namespace": "dev"},
    "apply-setters": {"image": "nginx"},
    "search-replace": {"by-value": "old", "put-value": "new"},
    "set-image": {"name": "nginx", "newTag": "v2"},
    "delete-annotations": {"annotationKeys": "gone"},
}
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, annotations: {{gone: x}}}}
spec:
  template:
    spec:
      containers: [{{name: a, image: {image}}}]
value: {value} # kpt-set: ${{image}}
"""
texts = st.builds(
    DEPLOYMENT.format,
    name=st.sampled_from(["a", "b"]),
    image=st.sampled_from(["nginx", "nginx:v1"]),
    value=st.sampled_from(["old", "new"]),
)


def kptfile(names: Sequence[str]) -> bytes:
    entries = [{"image": name, "configMap": CONFIGS[name]} for name in names]
    return dump(
        {
            "apiVersion": "kpt.dev/v1",
            "kind": "Kptfile",
            "metadata": {"name": "p"},
            "pipeline": {"mutators": entries},
        }
    )


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from(sorted(CONFIGS)), min_size=1, max_size=4),
    st.lists(texts, min_size=6, max_size=10),
    st.lists(st.tuples(st.integers(0, 9), texts), max_size=4),
)
def test_edits_come_out_as_without_a_memory(
    names: list[str], contents: list[str], edits: list[tuple[int, str]]
) -> None:
    files = {f"r{number}.yaml": File(text.encode()) for number, text in enumerate(contents)}
    files["Kptfile"] = File(kptfile(names))
    with TemporaryDirectory() as folder:
        renderer = PackageRenderer(functions, Memory(Path(folder) / "memory"))
        for number, text in [(0, contents[0]), *edits]:
            files[f"r{number}.yaml"] = File(text.encode())
            rendering = renderer.render(files, (), AS_IT_IS)
            assert rendering.problems == ()
            assert rendering.changes == Pipeline().render(files).changes
            for path, data in rendering.changes.items():
                files[path] = File(data or b"")


def test_only_what_moved_is_run(tmp_path: Path) -> None:
    given: list[int] = []

    def counting(images: Sequence[Sequence[str]]) -> Find:
        find = functions(images)

        def found(function: Function) -> Runner:
            runner = find(function)

            def run(items: list[Resource], config: Node | None) -> Outcome:
                given.append(len(items))
                return runner.run(items, config)

            return Runner(runner.title, run)

        return found

    renderer = PackageRenderer(counting, Memory(tmp_path / "memory"))
    files = {
        f"r{n}.yaml": File(DEPLOYMENT.format(name="a", image="x", value="v").encode()) for n in range(20)
    }
    files["Kptfile"] = File(kptfile(["set-labels"]))
    for path, data in renderer.render(files, (), AS_IT_IS).changes.items():
        files[path] = File(data or b"")
    assert renderer.render(files, (), AS_IT_IS).changes == {}
    files["r7.yaml"] = File(DEPLOYMENT.format(name="c", image="x", value="v").encode())
    assert list(renderer.render(files, (), AS_IT_IS).changes) == ["r7.yaml"]
    renderer.render(files, (), AS_IT_IS)
    assert given == [
        21,
        21,
        2,
    ]  # all, all as they came out, one file and the Kptfile; what was rendered, not at all


@pytest.mark.parametrize(
    ("functions_of", "more"),
    [
        (["image: starlark"], ""),
        (["image: set-labels", "image: apply-replacements"], ""),
        (["exec: ./x"], ""),
        (["image: example.com/set-labels"], ""),
        (["image: set-labels:v9"], ""),
        (["image: set-namespace"], "metadata: {annotations: {config.kubernetes.io/depends-on: x}}"),
        (["image: [broken"], ""),
        ([], ""),
    ],
)
def test_packages_of_which_everything_is_run(functions_of: list[str], more: str) -> None:
    head = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata: {name: p}\npipeline:\n  mutators:\n"
    text = head + "".join(f"    - {entry}\n" for entry in functions_of)
    assert not can_rest({"Kptfile": File(text.encode()), "a.yaml": File(more.encode())})


def test_a_rendering_that_failed_is_tried_again(tmp_path: Path) -> None:
    renderer = PackageRenderer(functions, Memory(tmp_path / "memory"))
    files = {"Kptfile": File(kptfile(["set-labels"]).replace(b"backend", b"[]"))}
    assert renderer.render(files, (), AS_IT_IS).failed
    assert renderer.render(files, (), AS_IT_IS).failed
    assert not list((tmp_path / "memory").glob("*")) or all(
        path.stat().st_size < 100 for path in (tmp_path / "memory").iterdir()
    )


def test_other_habits_are_another_rendering(tmp_path: Path) -> None:
    renderer = PackageRenderer(functions, Memory(tmp_path / "memory"))
    files = {"Kptfile": File(kptfile(["set-labels"]))}
    plain = renderer.render(files, (), AS_IT_IS)
    assert b"status" not in (plain.changes["Kptfile"] or b"")
    noted = renderer.render(files, (), RenderPolicy(reformat=True, status=True))
    assert b"RenderSuccess" in (noted.changes["Kptfile"] or b"")


def test_every_function_that_is_run_for_each_is_built_in() -> None:
    assert set(CONFIGS) < EACH


def settled(files: Files) -> dict[str, File]:
    """What a package comes to, rendered until nothing changes."""
    now = dict(files)
    while changes := Pipeline().render(now).changes:
        now |= {path: now[path]._replace(content=data or b"") for path, data in changes.items()}
    return now


def many(text: bytes, **more: str) -> dict[str, File]:
    """A package of this Kptfile with so many resources that a few that moved are run alone."""
    files = {f"r{number}.yaml": DEPLOYMENT.format(name="a", image="x", value="v") for number in range(12)}
    files |= {name.replace("_", "."): text for name, text in more.items()}
    return settled({"Kptfile": File(text), **{path: File(text.encode()) for path, text in files.items()}})


def by_path(name: str, path: str) -> bytes:
    return kptfile([name]).replace(b"configMap:\n      tier: backend", f"configPath: {path}".encode())


MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {}, namespace: {}}}\ndata: {{tier: {}}}\n"
TIED = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: dev\n  annotations:\n"
    '    "config.kubernetes.io/depend\\x73-on": /namespaces/old/ConfigMap/b\n'
)


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        (many(by_path("set-labels", "c.yaml"), c_yaml=MAP.format("c", "d", "x")), "c.yaml", "y"),
        (many(by_path("set-labels", "c.yaml/"), c_yaml=MAP.format("c", "d", "x")), "c.yaml", "y"),
        (many(by_path("set-labels", "./c.yaml/."), c_yaml=MAP.format("c", "d", "x")), "c.yaml", "y"),
        (many(kptfile(["set-namespace"]), a_yaml=TIED, b_yaml=MAP.format("b", "dev", "x")), "b.yaml", "x"),
    ],
)
def test_what_one_file_says_of_others_is_not_missed(
    tmp_path: Path, before: dict[str, File], path: str, after: str
) -> None:
    renderer = PackageRenderer(functions, Memory(tmp_path / "memory"))
    assert renderer.render(before, (), AS_IT_IS).changes == {}
    files = {**before, path: File(MAP.format(path[0], "old", after).encode())}
    rendering = renderer.render(files, (), AS_IT_IS)
    assert len(rendering.changes) > 1
    assert rendering.changes == Pipeline().render(files).changes


def test_a_link_with_the_text_of_a_resource_says_nothing_of_it(tmp_path: Path) -> None:
    text = DEPLOYMENT.format(name="new", image="x", value="v").encode()
    files = many(kptfile(["set-labels"]))
    renderer = PackageRenderer(functions, Memory(tmp_path / "memory"))
    assert renderer.render({**files, "new.yaml": File(text, LINK)}, (), AS_IT_IS).changes == {}
    assert list(renderer.render({**files, "new.yaml": File(text)}, (), AS_IT_IS).changes) == ["new.yaml"]


@pytest.mark.parametrize(
    ("entry", "runs"),
    [
        ("set-labels", 1),
        ("set-labels:v0.2", 1),
        (f"example.com/fn@sha256:{'a' * 64}", 1),
        ("example.com/fn", 2),
        ("example.com/fn:v1", 2),
    ],
)
def test_what_may_come_out_otherwise_the_next_time_is_run_again(
    tmp_path: Path, entry: str, runs: int
) -> None:
    """Tags of images move, and plug-ins are upgraded; digests and what is built in stay what they are."""
    ran: list[str] = []

    def counting(_: Sequence[Sequence[str]]) -> Find:
        def run(items: list[Resource], config: Node | None) -> Outcome:
            assert config is None
            ran.append(entry)
            return Outcome(items)

        return lambda function: Runner(function.image, run)

    entries = {"mutators": [{"image": entry}]}
    text = dump(
        {"apiVersion": "kpt.dev/v1", "kind": "Kptfile", "metadata": {"name": "p"}, "pipeline": entries}
    )
    renderer = PackageRenderer(counting, Memory(tmp_path / "memory"))
    for _ in range(2):
        assert not renderer.render({"Kptfile": File(text)}, (), AS_IT_IS).failed
    assert len(ran) == runs
