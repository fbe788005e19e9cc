"""What a reader is sent to is there, and the command they are told to run is the one CI runs."""

import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")


def broken_links(text: str, root: Path) -> list[str]:
    """The relative links, and anchors within `text`, that lead nowhere; the web is not followed."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    anchors = {_anchor(title) for title in re.findall(r"^#+ (.*)$", prose, re.MULTILINE)}
    targets = [target for target in re.findall(r"\]\(([^)\s]+)\)", prose) if not re.match(r"[a-z]+:", target)]
    return [target for target in targets if not _leads_somewhere(target, anchors, root)]


def _leads_somewhere(target: str, anchors: set[str], root: Path) -> bool:
    path, _, anchor = target.partition("#")
    return (root / path).exists() if path else anchor in anchors


def _anchor(title: str) -> str:
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    assert broken_links((ROOT / document).read_text(encoding="utf-8"), ROOT) == []


def test_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in readme
    assert "make test" in readme


def test_ci_runs_what_readme_says() -> None:
    commands = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert commands[-1] == "exec make test </dev/null"


def test_the_licence_is_the_one_that_is_declared() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")[:200]
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "HERE.md").touch()
    text = "# A `title`\n[a](HERE.md) [b](GONE.md) ![c](HERE.md#x) [d](#a-title) [e](#gone) [f](https://example.com/)\n"
    assert broken_links(text, tmp_path) == ["GONE.md", "#gone"]


def test_a_link_in_a_code_block_is_none(tmp_path: Path) -> None:
    assert broken_links("```\n[a](GONE.md)\n```\n", tmp_path) == []
