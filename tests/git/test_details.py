"""Who published what and when, and how a revision began: Porch's rules, on Porch's repositories and ours."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pygit2
import pytest

from bot.git.catalog import discover
from bot.git.details import Detailed, read_details
from bot.git.repository import open_repository
from bot.git.trees import write_files, write_tree_at
from bot.packages.layout import Layout
from bot.packages.package import File

BUNDLES = Path(__file__).parents[2] / ".." / "shared" / "conformance" / "porch"
LAYOUT = Layout()

needs_porch = pytest.mark.skipif(not BUNDLES.exists(), reason=f"Porch's repositories are not at {BUNDLES}")


def _porch(name: str, tmp_path: Path) -> dict[tuple[str, str], Detailed]:
    bare = str(tmp_path / "bare")
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", bare], check=True)
    bundle = str(BUNDLES / f"{name}.bundle")
    subprocess.run(["git", "-C", bare, "fetch", "-q", bundle, "+refs/*:refs/*"], check=True)
    return _details(open_repository(bare))


def _details(repository: pygit2.Repository) -> dict[tuple[str, str], Detailed]:
    revisions = discover(repository, LAYOUT).revisions
    found = list(read_details(repository, LAYOUT, revisions))
    assert [one.revision for one in found] == list(revisions)
    for one in found:  # asked alone or together, the answer is the same
        assert list(read_details(repository, LAYOUT, [one.revision])) == [one]
    return {(one.revision.path, one.revision.workspace): one for one in found}


@needs_porch
def test_publishers_are_those_that_porch_names(tmp_path: Path) -> None:
    found = _porch("publishinfo", tmp_path)
    tag = found["pkg-with-anno", "v1"].details
    assert tag.published_by == "pkg-with-anno-author@example.com"
    assert tag.published_at == datetime(2022, 8, 26, 22, 47, 35, tzinfo=UTC)
    placeholder = found["pkg-with-anno", "main"].details
    assert (placeholder.published_by, placeholder.published_at) == (tag.published_by, tag.published_at)
    for nothing in (("draft-pkg", "v1"), ("pkg-without-anno", "main")):
        assert found[nothing].details.published_by == ""
        assert found[nothing].details.published_at is None


@needs_porch
def test_a_story_from_before_workspaces_is_recovered(tmp_path: Path) -> None:
    found = _porch("drafts", tmp_path)
    task = found["pkg-with-history", "v1"].details.task
    assert task is not None
    assert task["type"] == "init"
    kptfile = found["basens", "v1"].details.kptfile
    assert kptfile is not None
    assert kptfile.name == "basens"


class Story:
    """A repository in which commits follow each other by the minute."""

    def __init__(self, path: Path) -> None:
        self.git = pygit2.init_repository(str(path), bare=True)
        self.now = 1_700_000_000

    def commit(self, message: str, *parents: str, kptfile: bytes = b"") -> str:
        self.now += 60
        who = pygit2.Signature("Ada", "ada@example.com", self.now, 120)
        content = kptfile or b"apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: a\n"
        tree = write_tree_at(self.git, None, "a", write_files(self.git, {"Kptfile": File(content)}))
        ids = [pygit2.Oid(hex=parent) for parent in parents]
        return str(self.git.create_commit(None, who, who, message, pygit2.Oid(hex=tree), ids))

    def ref(self, name: str, target: str) -> None:
        self.git.create_reference(name, pygit2.Oid(hex=target))


def _note(workspace: str, task: str) -> str:
    body = f'"type":"{task}","n":"{workspace}"'
    return f'x\n\nkpt:{{"package":"a","workspaceName":"{workspace}","task":{{{body}}}}}'


def test_only_what_led_to_a_revision_is_its_story(tmp_path: Path) -> None:
    story = Story(tmp_path)
    base = story.commit("base")
    first = story.commit(_note("w", "edit"), base)
    second = story.commit(_note("w", "render"), first)
    third = story.commit(_note("w", "upgrade"), second)
    merge = story.commit('kpt:{"package":"a","workspaceName":"w","revision":"1"}', base, third)
    elsewhere = story.commit(_note("w", "init"), base)
    story.ref("refs/heads/main", merge)
    story.ref("refs/tags/a/v1", merge)
    story.ref("refs/heads/drafts/a/other", elsewhere)
    found = _details(story.git)
    assert found["a", "w"].details.task == {"type": "edit", "n": "w"}
    assert found["a", "other"].details.task is None
    assert found["a", "main"].details.published_by == "ada@example.com"


def test_a_copy_of_a_far_ancestor_is_still_found(tmp_path: Path) -> None:
    story = Story(tmp_path)
    head = story.commit(_note("w", "clone"))
    for number in range(150):
        head = story.commit(f"{number}", head)
    story.ref("refs/heads/drafts/a/w", head)
    assert _details(story.git)["a", "w"].details.task == {"type": "clone", "n": "w"}


def test_an_unreadable_kptfile_is_a_problem_of_its_own(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.ref("refs/tags/a/v1", story.commit("x", kptfile=b"a: [\n"))
    story.ref("refs/tags/a/v2", story.commit("x"))
    found = _details(story.git)
    problem = found["a", "v1"].problem
    assert problem is not None
    assert problem.where == "refs/tags/a/v1"
    assert "a/Kptfile" in problem.message
    assert found["a", "v1"].details.kptfile is None
    assert found["a", "v2"].problem is None
