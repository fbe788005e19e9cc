"""Comments and order come back as in the tables of others; sorted fields are those that others sort."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.packages.documents import emit, parse, plain
from bot.packages.resource import Resource
from bot.render.function import Run
from bot.render.functions import format as formatting
from bot.render.functions.annotate_apply_time_mutations import annotate_apply_time_mutations
from bot.render.functions.drop_comments import drop_comments
from bot.render.healing import heal
from bot.render.substitution import Source, Substitution, read_comment, read_mutation, read_reference

SHARED = Path(__file__).parents[2] / "../shared/conformance"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not here")
MUTATIONS = "catalog__contrib__functions__go__annotate-apply-time-mutations__pkg__"


def rows(name: str, table: int = 0) -> list[Any]:
    place = SHARED / f"tables/{name}.json"
    found = json.loads(place.read_text())[table]["rows"] if place.is_file() else {}
    return [pytest.param(row, id=key) for key, row in found.items() if "$go" not in str(row)]


def resources(*texts: str) -> list[Resource]:
    return [
        Resource(document, f"file-{number}.yaml", index)
        for number, text in enumerate(texts)
        for index, document in enumerate(parse(text.encode()))
    ]


def text_of(items: list[Resource]) -> str:
    return emit([item.document for item in items]).decode()


@pytest.mark.parametrize(
    "row", rows("kustomize__kyaml__comments__comments") + rows("kustomize__kyaml__order__syncorder")
)
def test_healed(row: dict[str, str]) -> None:
    new, old = (parse(row[key].encode())[0] for key in ("to", "from"))
    heal(new, old)
    wanted = row["from"] if row["expected"] == "test.from" else row["expected"]
    assert emit([new]).decode().strip() == emit(parse(wanted.encode())).decode().strip()


@pytest.mark.parametrize("row", rows("kustomize__kyaml__kio__filters__fmtr"))
def test_formatted(row: dict[str, Any]) -> None:
    items = resources(row["input"])
    assert (formatting.format(items, None).exit_code == 1) is row["expectError"]


def test_the_order_of_fields_is_kyamls() -> None:
    order = json.loads((SHARED / "schema/format_field_order.json").read_text())
    last = {name: rank for rank, name in enumerate(order)}
    assert sorted(formatting.RANKS, key=formatting.RANKS.__getitem__) == sorted(last, key=last.__getitem__)


def substitution(row: dict[str, Any]) -> Substitution:
    place = row["SourceRef"]
    words = {"api_version": "APIVersion", "group": "Group", "namespace": "Namespace"}
    source = Source(place["Kind"], place["Name"], **{key: place.get(word, "") for key, word in words.items()})
    return Substitution(source, row["SourcePath"], row["TargetPath"], row.get("Token", ""))


@pytest.mark.parametrize("row", rows(f"{MUTATIONS}comment_scanner"))
def test_references(row: dict[str, Any]) -> None:
    source, path = read_reference(row["s"].removeprefix("${").removesuffix("}"))
    wanted = {key.lower(): text for key, text in row["wantStruct"].items()}
    assert (source.told(), path) == (wanted, row["wantPath"])


@pytest.mark.parametrize("row", rows(f"{MUTATIONS}comment_scanner", 1))
def test_tokens(row: dict[str, Any]) -> None:
    (found,), value = read_comment(row["s"], "$.a", row["givenIndex"])
    assert (found.token, value) == (row["wantToken"], row["wantValue"])


@pytest.mark.parametrize("row", rows(f"{MUTATIONS}comment_scanner", 2))
def test_comments(row: dict[str, Any]) -> None:
    (item,) = resources(row["config"])
    assert annotate_apply_time_mutations([item], None).exit_code == 0
    noted = parse(item.annotations["config.kubernetes.io/apply-time-mutation"].encode())[0]
    wanted = [substitution(one["Substitution"]).told() for one in row["expectResults"]]
    assert plain(noted) == wanted


@pytest.mark.parametrize("row", rows(f"{MUTATIONS}annotation"))
def test_annotations(row: dict[str, Any]) -> None:
    (one,) = row["subs"].values()
    place = one["SourceRef"]
    names = (place["APIVersion"], "namespaces", place["Namespace"], place["Kind"], place["Name"])
    comment = f"# apply-time-mutation: ${{{'/'.join(names)}:{one['SourcePath']}}}"
    text = row["config"].replace("spec: {}", f"spec:\n  a: 0 {comment}")
    items = resources(text)
    assert annotate_apply_time_mutations(items, None).exit_code == 0
    assert text_of(items).partition("spec:")[0].strip() == row["expectedResult"].partition("spec:")[0].strip()


@pytest.mark.parametrize("row", rows(f"{MUTATIONS}object_scanner"))
def test_objects(row: dict[str, Any]) -> None:
    target, found = read_mutation(parse(row["config"].encode())[0].root)
    spec = row["expectResult"]["Spec"]
    assert target.told() == {key.lower(): text for key, text in spec["TargetRef"].items()}
    assert found == [substitution(one) for one in spec["Substitutions"]]


@pytest.mark.parametrize("row", rows(f"{MUTATIONS}function"))
def test_mutations(row: dict[str, Any]) -> None:
    items = resources(*("---\n".join(texts) for texts in row["configs"]))
    outcome = annotate_apply_time_mutations(items, None)
    assert text_of(items) == "---\n".join(text for texts in row["expectedConfigs"] for text in texts)
    said = [(one.message, one.severity, one.file, one.resource) for one in outcome.results]
    assert said == [
        (
            one["Message"],
            one["Severity"],
            one["File"]["Path"],
            (
                one["ResourceRef"]["TypeMeta"]["APIVersion"],
                one["ResourceRef"]["TypeMeta"]["Kind"],
                one["ResourceRef"]["NameMeta"]["Name"],
                one["ResourceRef"]["NameMeta"].get("Namespace", ""),
            ),
        )
        for one in row["expectedResults"].values()
    ]


@pytest.mark.parametrize(
    ("case", "run"),
    [
        ("kpt-fn-eval/preserve-comments", drop_comments),
        (
            "catalog-contrib-examples/examples-annotate-apply-time-mutations-custom-resource",
            annotate_apply_time_mutations,
        ),
    ],
)
def test_packages(case: str, run: Run) -> None:
    place = SHARED / "packages" / case
    items = resources((place / "input/resources.yaml").read_text())
    assert run(items, None).exit_code == 0
    assert b"---\n".join(item.emit() for item in items) == (place / "expected/resources.yaml").read_bytes()
