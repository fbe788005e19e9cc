"""What the README says of GitLab is what the code does: its component, its webhook, its settings."""

import re
from pathlib import Path

import yaml

from bot.forges.gitlab.quick import TAKEN
from bot.forges.gitlab.requirements import EVENTS, SCOPE
from bot.web.config import read_config
from tests.house.sources import ROOT

SECTION = (ROOT / "README.md").read_text().partition("\n## On GitLab\n")[2].partition("\n## ")[0]


def test_the_component_is_included_with_inputs_that_it_has() -> None:
    [text] = re.findall(r"```yaml\n(# \.gitlab-ci.*?)```", SECTION, re.DOTALL)
    [included] = yaml.safe_load(text)["include"]
    specified, _ = yaml.safe_load_all((ROOT / "templates" / "portico.yml").read_text())
    inputs = specified["spec"]["inputs"]
    assert included["inputs"].keys() <= inputs.keys()
    assert included["inputs"].keys() >= {name for name, each in inputs.items() if "default" not in each}
    commit = included["component"].rpartition("@")[2]
    assert included["inputs"]["package"].endswith(f"/portico@{commit}"), "what runs is what was read"


def test_the_settings_can_be_read(tmp_path: Path) -> None:
    [text] = re.findall(r"```yaml\n( *# serve\.yaml\n.*?)```", SECTION, re.DOTALL)
    for name in ("token", "hook"):
        (tmp_path / name).write_text("secret\n")
        (tmp_path / name).chmod(0o600)
    (tmp_path / "serve.yaml").write_text(text)
    found = read_config(tmp_path / "serve.yaml", {}).gitlab
    assert found is not None
    assert found.url == "https://gitlab.example.com"


def test_events_scope_and_the_words_that_gitlab_takes_are_told() -> None:
    assert [name for name in EVENTS.values() if f"`{name}`" not in SECTION] == []
    assert f"the scope `{SCOPE}`" in SECTION
    assert [word for word in TAKEN if f"`/portico {word}`" not in SECTION] == []
