"""A real repository of kpt packages with published tags: every tag of a package is found."""

import subprocess
import sys
from pathlib import Path

import pygit2
import pytest

from bot.git.catalog import discover
from bot.packages.layout import Layout
from bot.packages.revision import Lifecycle

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples" / "kpt-samples.bundle"


@pytest.mark.skipif(not SAMPLES.exists(), reason=f"the samples are not beside the repository: {SAMPLES}")
def test_every_tag_of_the_samples_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "samples.git"
    subprocess.run(["git", "clone", "-q", "--bare", SAMPLES, path], check=True, capture_output=True)
    git = ["git", "--git-dir", str(path)]
    tags = subprocess.run([*git, "tag", "--list"], check=True, capture_output=True, text=True).stdout.split()
    packages = {
        tag
        for tag in tags
        if "/" in tag
        and subprocess.run(
            [*git, "cat-file", "-e", f"{tag}:{tag.rpartition('/')[0]}/Kptfile"], check=False
        ).returncode
        == 0
    }
    catalog = discover(pygit2.Repository(str(path)), Layout())
    found = {r.ref.removeprefix("refs/tags/") for r in catalog.revisions if r.ref.startswith("refs/tags/")}
    assert found == packages
    assert {r.lifecycle for r in catalog.revisions} == {Lifecycle.PUBLISHED}
    with capsys.disabled():
        sys.stdout.write(f"\nsamples: {len(found)} of {len(packages)} tagged revisions found\n")
