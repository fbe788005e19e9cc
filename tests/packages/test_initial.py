"""A new package is one that kpt accepts, whatever its description says."""

from typing import Any

import pytest
import yaml

from bot.packages.initial import initial_files
from bot.packages.kptfile import read_kptfile


def test_it_has_the_files_of_kpt_pkg_init() -> None:
    files = initial_files("dns", keywords=["a", "b"], site="https://example.com")
    assert list(files) == ["Kptfile", "README.md", "package-context.yaml"]
    assert files["Kptfile"].content.decode() == (
        "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: dns\n  annotations:\n"
        '    config.kubernetes.io/local-config: "true"\ninfo:\n  site: https://example.com\n'
        "  description: sample description\n  keywords:\n  - a\n  - b\n"
    )
    context: Any = yaml.safe_load(files["package-context.yaml"].content)
    assert context["data"] == {"name": "example"}


@pytest.mark.parametrize("text", ["a: b", "'", '"', "no", "1", "# x", "two\nlines", "- x", "{x", "é"])
def test_any_description_reads_back(text: str) -> None:
    kptfile = read_kptfile(initial_files("p", description=text, keywords=[text])["Kptfile"].content)
    assert (kptfile.info.description, kptfile.info.keywords, kptfile.problems) == (text, (text,), ())
