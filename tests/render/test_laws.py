"""Laws of rendering that hold for any package: it settles, it leaves alone, it never raises."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.packages.documents import dump, parse
from bot.packages.package import File, Files
from bot.packages.resource import Resource
from bot.render.catalog import BUILT_IN, load
from bot.render.config import config_map_of
from bot.render.pipeline import Pipeline

NAMES = st.sampled_from(["a", "b", "web", "x-1", "true", "1", "é"])
TEXTS = st.one_of(
    NAMES, st.text(max_size=5), st.sampled_from(["", "null", "a: b", "# x", "- a", "two\nlines\n", " s"])
)
KINDS = st.sampled_from(
    [
        ("v1", "Service"),
        ("v1", "ConfigMap"),
        ("v1", "Namespace"),
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("batch/v1", "CronJob"),
        ("batch/v1", "Job"),
        ("networking.k8s.io/v1", "NetworkPolicy"),
        ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
        ("example.com/v1", "Odd"),
    ]
)
MAPS = st.one_of(st.none(), st.dictionaries(NAMES, TEXTS, max_size=3))
VALUES = st.recursive(
    st.one_of(TEXTS, st.integers(), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    [
        "selector",
        "template",
        "jobTemplate",
        "subjects",
        "podSelector",
        "matchLabels",
        "metadata",
        "labels",
        "spec",
    ]
)
SPECS = st.recursive(
    MAPS,
    lambda inner: st.one_of(st.dictionaries(FIELDS, inner, max_size=3), st.lists(inner, max_size=2)),
    max_leaves=8,
)
COMMENTS = st.sampled_from(
    ["", "", "", " # kpt-set: ${a}", " # kpt-set: ${a}-${b}", " # kpt-set: x${list}", " # note"]
)


@st.composite
def resources(draw: st.DrawFn) -> str:
    version, kind = draw(KINDS)
    meta: dict[str, Any] = {"name": draw(NAMES)}
    meta |= draw(
        st.fixed_dictionaries({}, optional={"namespace": TEXTS, "labels": MAPS, "annotations": MAPS})
    )
    text = dump(
        {"apiVersion": version, "kind": kind, "metadata": meta, "spec": draw(SPECS), "data": draw(VALUES)}
    )
    lines = text.decode().split("\n")
    if draw(st.booleans()) and not any("\\" in line or "|" in line or ">" in line for line in lines):
        lines = [line + draw(COMMENTS) if line.strip() else line for line in lines]
    return draw(st.sampled_from(["", "# head\n\n", "# head\n", "\n\n"])) + "\n".join(lines)


@st.composite
def functions(draw: st.DrawFn) -> dict[str, Any]:
    # What a selector hides from upsert-resource, or another function moves, it adds anew each time, as kpt.
    name = draw(st.sampled_from(sorted(BUILT_IN.keys() - {"upsert-resource"})))
    config = draw(
        st.dictionaries(st.sampled_from(["namespace", "a", "b", "list", "tier"]), TEXTS, max_size=4)
    )
    if name == "set-namespace":
        config["namespace"] = draw(NAMES)
    elif name == "delete-annotations":
        config["annotationKeys"] = draw(NAMES)
    elif name == "set-project-id":
        config["project-id"] = draw(NAMES)
    found: dict[str, Any] = {"image": name, "configMap": config or {"a": "b"}}
    if draw(st.booleans()):
        found["selectors"] = [{"kind": draw(KINDS)[1]}]
    return found


@st.composite
def packages(draw: st.DrawFn, most: int, directories: tuple[str, ...]) -> Files:
    files: dict[str, bytes] = {}
    for directory in directories:
        if not directory or draw(st.booleans()):
            kptfile = {"apiVersion": "kpt.dev/v1", "kind": "Kptfile", "metadata": {"name": "p"}}
            files[directory + "Kptfile"] = dump(
                {**kptfile, "pipeline": {"mutators": draw(st.lists(functions(), max_size=most))}}
            )
        for name in ("r.yaml", "s.yml"):
            text = "---\n".join(draw(st.lists(resources(), max_size=2)))
            files[directory + name] = draw(st.sampled_from([text, text.replace("\n", "\r\n")])).encode()
    return {path: File(data) for path, data in files.items()}


def _after(files: Files, changes: Mapping[str, bytes | None]) -> Files:
    assert all(path not in files or files[path].content != data for path, data in changes.items())
    return {**files, **{path: File(data) for path, data in changes.items() if data is not None}}


@settings(deadline=None, max_examples=80)
@given(packages(most=1, directories=("",)))
def test_what_is_rendered_is_rendered(files: Files) -> None:
    first = Pipeline().render(files)
    second = Pipeline().render(_after(files, first.changes))
    assert first.failed is second.failed
    assert second.changes == {}


# A function may find what only a later one made: set-labels the template that set-annotations creates. kpt's
# rendering is one pass, and so is ours; the next one then has more to do, but it comes to rest.
@settings(deadline=None, max_examples=60)
@given(packages(most=3, directories=("", "sub/", "sub/deep/")))
def test_any_package_comes_to_rest(files: Files) -> None:
    for _ in range(4):
        rendering = Pipeline().render(files)
        files = _after(files, rendering.changes)
    assert not rendering.changes


@settings(deadline=None, max_examples=80)
@given(st.lists(resources(), min_size=1, max_size=3), functions())
def test_what_a_function_changes_it_asked_to_edit(texts: list[str], function: dict[str, Any]) -> None:
    items = [Resource(document, "r.yaml") for text in texts for document in parse(text.encode())]
    before = [item.emit() for item in items]
    load(function["image"])(items, config_map_of(tuple(function["configMap"].items())))
    assert [item.is_changed for item in items] == [
        item.emit() != text for item, text in zip(items, before, strict=True)
    ]


@settings(deadline=None, max_examples=80)
@given(
    st.dictionaries(
        st.sampled_from(["Kptfile", "a.yaml", "b.json", ".krmignore", "sub/Kptfile", "sub/c.yml"]),
        st.one_of(
            st.binary(max_size=60),
            VALUES.map(dump),
            st.builds(
                lambda pipeline, rest: dump(
                    {"apiVersion": "kpt.dev/v1", "kind": "Kptfile", "pipeline": pipeline, **rest}
                ),
                st.one_of(VALUES, st.fixed_dictionaries({"mutators": VALUES, "validators": VALUES})),
                st.dictionaries(st.sampled_from(["metadata", "info", "status", "upstream"]), VALUES),
            ),
        ),
    )
)
def test_no_content_makes_it_raise(files: dict[str, bytes]) -> None:
    rendering = Pipeline().render({path: File(data) for path, data in files.items()})
    assert not (rendering.failed and rendering.changes)
