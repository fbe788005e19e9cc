"""Images, tags and constraints come out as in kpt's tables.

Where a row names an image or its tags by a variable of the test that it was, a stand-in is used.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import InvalidName, UserError
from bot.packages.documents import load
from bot.packages.function import Function, is_image
from bot.packages.version import read_version
from bot.render.image import CATALOG, Lister, check_prefix, in_full, parts_of, resolve_image, versions_of
from bot.render.versions import resolve

SHARED = Path(__file__).parents[2] / "../shared/conformance"
RUNTIME = "kpt__pkg__fn__runtime__"
IMAGE = "example.com/fns/fn"
TAGS = [
    "v0.1.0",
    "v0.1.2",
    "v0.1",
    "v0.2.2",
    "v0.2.3",
    "v0.3.1",
    "master-git-38f885f",
    "sha256-aa.sig",
    "latest",
]
IMAGES = {
    "digest replaced correctly": f"{IMAGE}@sha256:{'a' * 64}",
    "image preserved on empty tag": f"{IMAGE}:v0.3.1",
    "with digest, no tag": f"apply-setters@sha256:{'a' * 64}",
    "with registry, no tag": f"{CATALOG}apply-setters",
    "with registry, with tag": f"{CATALOG}apply-setters:v0.2.3",
}
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not here")


def rows(name: str, table: str) -> list[Any]:
    place = SHARED / f"tables/{name}.json"
    tables = json.loads(place.read_text()) if place.is_file() else []
    found: dict[str, Any] = next((one["rows"] for one in tables if one["table"].startswith(table)), {})
    return [pytest.param({"name": key} | row, id=key) for key, row in found.items()]


def lister(row: dict[str, Any]) -> Lister:
    def tags(_repository: str) -> list[str]:
        if "err" in row:
            raise UserError(row["err"])
        return list(row["tags"]["image"])

    return tags


@needs_shared
@pytest.mark.parametrize("row", rows(f"{RUNTIME}tag_resolution", "TestFilterParseSortTags"))
def test_tags_that_are_versions(row: dict[str, Any]) -> None:
    versions = sorted(versions_of(row["tags"]), key=lambda version: version.order, reverse=True)
    assert [version.text for version in versions] == row["expected"]


@needs_shared
@pytest.mark.parametrize("row", rows(f"{RUNTIME}tag_resolution", "TestResolveFunctionImage.testCases"))
def test_tags_are_resolved(row: dict[str, Any]) -> None:
    image = row["functionImage"] if isinstance(row["functionImage"], str) else IMAGES.get(row["name"], IMAGE)
    fault = {"err": row["repoErr"]} if "repoErr" in row else {}
    found = lister({"tags": {"image": [] if row.get("repoTags") == [] else TAGS}} | fault)
    if "expectedErr" in row:
        with pytest.raises(UserError) as raised:
            resolve_image(image, row["functionTag"], [found])
        assert str(raised.value).startswith(row["expectedErr"])
    else:
        assert (
            str(resolve_image(image, row.get("functionTag", ""), [found])) == f"{IMAGE}:{row['expectedTag']}"
        )


@needs_shared
@pytest.mark.parametrize("row", rows(f"{RUNTIME}tag_resolution", "TestResolveFunctionImageMultipleListers"))
def test_all_listers_are_asked(row: dict[str, Any]) -> None:
    found = resolve_image(IMAGE, row["functionTag"], [lister(one) for one in row["listers"]])
    assert found.tag == row["expectedTag"]


@needs_shared
@pytest.mark.parametrize("row", rows(f"{RUNTIME}runner", "TestHasTagOrDigest"))
def test_images_have_tags_or_digests(row: dict[str, Any]) -> None:
    parts = parts_of(row["image"])
    assert bool(parts.tag or parts.digest) is row["want"]
    assert str(parts) == row["image"]


@needs_shared
@pytest.mark.parametrize("row", rows(f"{RUNTIME}runner", "TestBaseNameAndTag"))
def test_names_and_tags(row: dict[str, Any]) -> None:
    parts = parts_of(row["input"] if isinstance(row["input"], str) else IMAGES[row["name"]])
    assert (parts.name, parts.tag) == (row["expectedName"], row.get("expectedTag", ""))


@needs_shared
@pytest.mark.parametrize("row", rows(f"{RUNTIME}runner", "TestRunnerOptions_InitDefaults"))
def test_prefixes_end_in_a_slash(row: dict[str, Any]) -> None:
    assert check_prefix(row["prefix"]) == "example.org/kpt-fn/"


@needs_shared
@pytest.mark.parametrize("row", rows("kpt__pkg__lib__runneroptions__runneroptions", "TestValidatePrefix"))
def test_prefixes(row: dict[str, Any]) -> None:
    if row["wantErr"]:
        with pytest.raises(InvalidName, match="must be a registry and a path"):
            check_prefix(row["prefix"])
    else:
        assert check_prefix(row["prefix"]).rstrip("/") == row["prefix"].rstrip("/")


@needs_shared
@pytest.mark.parametrize("row", rows("kpt__pkg__lib__runneroptions__runneroptions", "TestResolveToImage"))
def test_short_names(row: dict[str, Any]) -> None:
    prefix = row["prefix"] if isinstance(row["prefix"], str) else CATALOG
    assert in_full(row["image"], prefix) == row["expected"]


@needs_shared
@pytest.mark.parametrize("row", rows("kpt__api__kptfile__v1__validation", "TestValidateFunctionName"))
def test_what_is_an_image(row: dict[str, Any]) -> None:
    assert is_image(row["Path"]) is row["Valid"]


@needs_shared
@pytest.mark.parametrize("row", rows(f"{RUNTIME}container", "TestIsSupportedDockerVersion"))
def test_versions_of_docker(row: dict[str, Any]) -> None:
    found = read_version(row["inputV"])
    assert (found is not None and found.order >= (20, 10, 0)) is ("errMsg" not in row)


@needs_shared
def test_the_images_that_kpt_shows() -> None:
    case = SHARED / "packages/kpt-fn-render/basicpipeline-semver/expected/Kptfile"
    kptfile: Any = load(case.read_bytes())
    functions = [Function(entry["image"], tag=entry["tag"]) for entry in kptfile["pipeline"]["mutators"]]
    shown = [step["image"] for step in kptfile["status"]["renderStatus"]["mutationSteps"]]
    assert [str(resolve(function).image) for function in functions] == shown
    assert [resolve(function).name for function in functions] == ["set-namespace", "set-labels"]
