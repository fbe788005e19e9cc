"""set-project-id: setters, annotations, and what it refuses."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.packages.documents import parse
from bot.packages.package import File
from bot.packages.resource import Resource
from bot.render.config import config_map_of
from bot.render.function import Outcome
from bot.render.functions.set_project_id import set_project_id
from bot.render.pipeline import Pipeline

CASE = Path(__file__).parents[2] / "../shared/conformance/packages/catalog-examples/set-project-id-simple"
KPTFILE = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: p\n"
SETTING = "    - image: gcr.io/kpt-fn/apply-setters:v0.2\n"
BUCKET = "apiVersion: storage.cnrm.cloud.google.com/v1beta1\nkind: StorageBucket\nmetadata:\n  name: b\n"
PUT = "  annotations:\n    cnrm.cloud.google.com/project-id: foo\n"


def run(files: Mapping[str, str], project: str = "foo") -> tuple[Outcome, dict[str, str]]:
    items = [
        Resource(document, path, index)
        for path, text in files.items()
        for index, document in enumerate(parse(text.encode()))
    ]
    outcome = set_project_id(items, config_map_of((("project-id", project),)))
    return outcome, {item.path: item.emit().decode() for item in items}


@pytest.mark.skipif(not CASE.is_dir(), reason=f"{CASE} is not here")
def test_the_catalogs_example_comes_out_the_same() -> None:
    def read(folder: Path) -> dict[str, str]:
        return {path.name: path.read_text() for path in folder.iterdir() if path.suffix != ".md"}

    before, wanted = read(CASE / "input"), read(CASE / "expected")
    before.pop(".krmignore", None)
    kptfile = before["Kptfile"]
    function = "    - image: set-project-id:v0.2\n      configMap:\n        project-id: foo\n"
    before["Kptfile"] = kptfile.split("pipeline:")[0] + "pipeline:\n  mutators:\n" + function
    before["sub/Kptfile"], before["sub/setters.yaml"] = kptfile, before.pop("setters.yaml")
    changes = Pipeline().render({path: File(text.encode()) for path, text in before.items()}).changes
    assert changes["sub/setters.yaml"] == wanted["setters.yaml"].encode()
    assert changes["resources.yaml"] == wanted["resources.yaml"].encode()


def test_each_package_gets_its_setter() -> None:
    inline = KPTFILE + "pipeline:\n  mutators:\n" + SETTING + "      configMap:\n        a: b\n"
    by_file = KPTFILE + "pipeline:\n  mutators:\n" + SETTING + "      configPath: ./s.yaml\n"
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: s\ndata:\n  project-id: 'old' # why\n"
    outcome, after = run({"Kptfile": inline, "x/Kptfile": by_file, "x/s.yaml": config, "y/Kptfile": KPTFILE})
    assert after == {
        "Kptfile": inline + "        project-id: foo\n",
        "x/Kptfile": by_file,
        "x/s.yaml": config.replace("old", "foo"),
        "y/Kptfile": KPTFILE
        + "pipeline:\n  mutators:\n"
        + SETTING.replace("    -", "  -")
        + "    configMap:\n      project-id: foo\n",
    }
    assert outcome.results[0].message == 'set 3 setter(s) and 0 annotation(s) to project-id "foo"'
    assert run(after)[1] == after


def test_annotations_are_put_where_there_are_none() -> None:
    there = BUCKET + PUT.replace("foo", "other")
    core = BUCKET.replace("storage.", "core.")
    outcome, after = run({"a": BUCKET, "b": there, "c": core, "d": BUCKET.replace("cnrm", "x")})
    assert after == {"a": BUCKET + PUT, "b": there, "c": core, "d": BUCKET.replace("cnrm", "x")}
    assert "0 setter(s) and 1 annotation(s)" in outcome.results[0].message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            KPTFILE + "pipeline:\n  mutators:\n" + SETTING + "      configPath: s.yaml\n",
            "'s.yaml' is no resource",
        ),
        (KPTFILE + "pipeline:\n  mutators: x\n", "`mutators` must be a list."),
        (KPTFILE + "pipeline: [a]\n", "`pipeline` must be a mapping."),
        (KPTFILE + "pipeline:\n  mutators:\n" + SETTING + "      configMap: [a]\n", "must be a mapping."),
        (BUCKET + "  annotations: [a]\n", "`metadata.annotations` must be a mapping."),
    ],
)
def test_what_is_in_the_way_is_said(text: str, said: str) -> None:
    outcome, after = run({"Kptfile": text})
    assert (outcome.exit_code, after) == (1, {"Kptfile": text})
    assert said in outcome.results[0].message
    assert outcome.results[0].line


def test_a_project_must_be_given() -> None:
    assert run({"Kptfile": KPTFILE}, project="")[0].exit_code == 1
    assert set_project_id([], None).results[0].message == "`data.project-id` must name the project"
