"""The package cases of others, each run through the command line as kpt would be."""

import os
import re
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import yaml

SHARED = Path(__file__).parents[2] / "../shared/conformance"
PACKAGES = SHARED / "packages"
_DURATION = re.compile(r"in [\d.]+m?s\b")


class Case(NamedTuple):
    """One case: `family` and `name` are its folders, `spec` its case.yaml."""

    family: str
    name: str
    spec: dict[str, Any]

    @property
    def folder(self) -> Path:
        return PACKAGES / self.family / self.name

    @property
    def wanted(self) -> dict[str, bytes]:
        expected = self.folder / "expected"
        return tree(expected if expected.is_dir() else self.folder / "input")

    @property
    def results(self) -> object:
        place = self.folder / "results.yaml"
        return load(place.read_bytes()) if place.exists() else None

    def arguments(self, place: Path) -> list[str]:
        """The command line for the package in `place`; what it writes beside goes next to it."""
        spec = self.spec
        words = ["fn", spec["command"], str(place)]
        if self.results is not None:
            words += ["--results-dir", str(place.parent / "results")]
        if spec["command"] == "render" and not spec["kptfileStatus"]:
            words.append("--no-status")
        if any(path.startswith("out/") for path in self.wanted) and not (place / "out").is_dir():
            words += ["-o", str(place / "out")]
        options = {"image": "--image", "tag": "--tag", "imagePullPolicy": "--image-pull-policy"}
        for key, option in options.items():
            words += [option, spec[key]] if spec.get(key) else []
        flags = {
            "allowExec": "--allow-exec",
            "includeMetaResources": "--include-meta-resources",
            "network": "--network",
        }
        words += [flag for key, flag in flags.items() if spec.get(key)]
        if spec.get("fnConfig"):
            inside = spec["fnConfig"].startswith("input/")
            config = place / spec["fnConfig"][6:] if inside else self.folder / spec["fnConfig"]
            words += ["--fn-config", str(config)]
        pairs = spec.get("args", {}).items()
        return [*words, "--", *(f"{key}={value}" for key, value in pairs)] if pairs else words


def cases() -> list[Case]:
    """Every case, in the order of its folder."""
    places = sorted(PACKAGES.glob("*/*/case.yaml"))
    return [Case(place.parts[-3], place.parts[-2], yaml.safe_load(place.read_bytes())) for place in places]


def prepare(case: Case, folder: Path) -> Path:
    """A copy of the case's package, which may be written to."""
    place = folder / str(case.spec["id"]).rpartition("/")[2]
    shutil.copytree(case.folder / "input", place, copy_function=shutil.copyfile)
    for here, _, _ in os.walk(place):
        Path(here).chmod(0o755)
    return place


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with durations made equal."""
    files = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def difference(case: Case, got: dict[str, bytes]) -> str:
    """In what the trees differ in meaning; '' in nothing."""
    wanted = case.wanted
    if got.keys() != wanted.keys():
        return (
            f"files: missing {sorted(wanted.keys() - got.keys())}, extra {sorted(got.keys() - wanted.keys())}"
        )
    wrong = [
        path for path in got if got[path] != wanted[path] and _meaning(path, got) != _meaning(path, wanted)
    ]
    return f"content: {wrong}" if wrong else ""


def load(data: bytes) -> object:
    """All documents of a text, its durations made equal; the text itself where it is no YAML."""
    text = _DURATION.sub("in 0s", data.decode())
    try:
        return list(yaml.load_all(text, _Loader))
    except yaml.YAMLError:
        return text


def squashed(text: str) -> str:
    """A text without the blanks and durations that may differ."""
    lines = _DURATION.sub("in 0s", text).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


class _Loader(yaml.SafeLoader):
    """Reads tags that nobody knows as what they stand on."""


def _plain(loader: Any, _suffix: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True)


_Loader.add_multi_constructor("", _plain)


def _meaning(path: str, files: dict[str, bytes]) -> object:
    is_yaml = path.endswith((".yaml", ".yml", ".json", "Kptfile"))
    return load(files[path]) if is_yaml else files[path]
