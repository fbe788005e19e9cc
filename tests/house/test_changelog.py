"""The changelog is one that Keep a Changelog would keep."""

import re
import tomllib

import pytest

import bot
from tests.house.sources import ROOT

VERSION = re.compile(r"## \[(?:Unreleased|(\d+\.\d+\.\d+)\] - (?:Unreleased|\d{4}-\d\d-\d\d))\]?")
SECTIONS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
SAMPLE = """\
# Changelog

## [0.2.0] - Unreleased
### Added
- A thing.

## [0.1.0] - 2025-01-31
### Fixed
- A thing.
"""


def faults(text: str) -> list[str]:
    """What is wrong with the shape of a changelog, as sentences."""
    found = [] if text.startswith("# Changelog\n") else ["It must open with `# Changelog`."]
    headings = re.findall(r"^## .*$", text, re.MULTILINE)
    found += [f"No version: {line}" for line in headings if not VERSION.fullmatch(line)]
    sections = re.findall(r"^### (.*)$", text, re.MULTILINE)
    found += [f"No section of Keep a Changelog: {name}" for name in sections if name not in SECTIONS]
    if not headings or not sections:
        found.append("It must have a version with a section.")
    if (listed := versions(text)) != sorted(listed, reverse=True) or len(set(listed)) < len(listed):
        found.append("The newest version must come first, and each once.")
    return found


def versions(text: str) -> list[tuple[int, ...]]:
    numbers = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", text, re.MULTILINE)
    return [tuple(map(int, number.split("."))) for number in numbers]


def test_the_changelog_is_well_shaped() -> None:
    assert faults((ROOT / "CHANGELOG.md").read_text(encoding="utf-8")) == []


def test_its_newest_version_is_the_one_that_runs() -> None:
    newest = versions((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))[0]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert ".".join(map(str, newest)) == bot.__version__ == project["version"]


def test_a_good_sample_is_accepted() -> None:
    assert faults(SAMPLE) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# Changelog", "# History"),
        ("### Fixed", "### Dependencies"),
        ("2025-01-31", "31 January"),
        ("## [0.1.0]", "## 0.1.0"),
        ("[0.2.0]", "[0.0.9]"),
        ("[0.2.0]", "[0.1.0]"),
        ("##", "#"),
    ],
)
def test_a_fault_is_found(old: str, new: str) -> None:
    assert faults(SAMPLE.replace(old, new))
