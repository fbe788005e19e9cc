"""Every dependency is there for a reason that is written down."""

import re
import tomllib

from tests.house.sources import ROOT

LEAST_WORDS = 3


def declared(pyproject: str) -> list[str]:
    """The names of all dependencies, those of the extras too."""
    project = tomllib.loads(pyproject)["project"]
    extras = project.get("optional-dependencies", {}).values()
    lines = [*project["dependencies"], *(line for extra in extras for line in extra)]
    return [re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0] for line in lines]


def without_reason(names: list[str], text: str) -> list[str]:
    """Those `names` for which no bullet of `text` is `- `name`: a reason`; a bullet may share its reason."""
    bullets = re.findall(r"^ *- ((?:`[^`]+`(?:, | and )?)+): (.*)$", text, re.MULTILINE)
    reasoned = {
        name
        for head, reason in bullets
        if len(reason.split()) >= LEAST_WORDS
        for name in re.findall(r"`([^`]+)`", head)
    }
    return [name for name in names if name not in reasoned]


def test_every_dependency_has_its_reason() -> None:
    text = "\n".join(
        (ROOT / name).read_text(encoding="utf-8") for name in ("CHANGELOG.md", "CONTRIBUTING.md")
    )
    names = declared((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "pygit2" in names
    assert without_reason(names, text) == []


BULLETS = """\
- `click`: the command line
- `rich`
- `yaml`: needed
We also use `flask`: it serves well.
- `ruff` and `mypy`: checks of style and types
"""
PYPROJECT = """\
[project]
dependencies = ["click>=8"]
[project.optional-dependencies]
dev = ["ruff==1", "py-x[y]>2"]
"""


def test_a_dependency_without_reason_is_found() -> None:
    names = ["click", "rich", "yaml", "flask", "ruff", "mypy", "pygit2"]
    assert without_reason(names, BULLETS) == ["rich", "yaml", "flask", "pygit2"]


def test_extras_are_dependencies_too() -> None:
    assert declared(PYPROJECT) == ["click", "ruff", "py-x"]
