"""A plugin of pytest: gives python-gitlab's functional tests our GitLab instead of a container."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from gitlab import Gitlab

from tests.forges.git_half import HEADS
from tests.forges.gitlab.people import OWNER
from tests.forges.gitlab.server import Server, served
from tests.forges.gitlab.world import World

Thing = Any
TOLD = "--told"
WORLD = "the world"
"""The name by which the world's own lies are told."""
PENDING = ("checking", "unchecked", "preparing")


# What came of each


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(TOLD, type=Path, help="the file that says what came of each test")


class Told:
    """What came of each test, by its name: nothing is nothing wrong."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = report.nodeid.rpartition("/")[2]
        said = "" if report.passed else _reason(report)
        self.found[name] = self.found.get(name) or said


def _reason(report: pytest.TestReport) -> str:
    """The last line of what is wrong, which is never empty."""
    if report.skipped:
        return "skipped by itself"
    crash = getattr(report.longrepr, "reprcrash", None)
    text = crash.message if crash else str(report.longrepr)
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[0] if lines else "it failed"


def pytest_configure(config: pytest.Config) -> None:
    for plan in ("premium", "ultimate"):
        config.addinivalue_line("markers", f"gitlab_{plan}: of what is paid for")
    config.pluginmanager.register(Told(), "told")


def pytest_sessionfinish(session: pytest.Session) -> None:
    session.config.getoption(TOLD).write_text(json.dumps(_told(session.config).found))


def _told(config: pytest.Config) -> Told:
    found = config.pluginmanager.get_plugin("told")
    assert isinstance(found, Told)
    return found


# The instance


@pytest.fixture(scope="session")
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("world")) as server:
        server.world.user("root", "Administrator")
        yield server
        _told(request.config).found[WORLD] = "\n".join(server.recorder.faults(server.world.switchboard))


@pytest.fixture(scope="session")
def world(lab: Server) -> World:
    return lab.world


@pytest.fixture(autouse=True)
def no_waiting(request: pytest.FixtureRequest, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for GitLab lets its clock move, and nothing else."""
    if getattr(request.module, "time", None) is time:
        monkeypatch.setattr(request.module, "time", SimpleNamespace(sleep=world.clock.move))


@pytest.fixture(autouse=True)
def paid(request: pytest.FixtureRequest, world: World) -> None:
    """What needs Premium has it, and nothing else."""
    for each in world.projects.values():
        each.settings.is_paid = request.node.get_closest_marker("gitlab_premium") is not None


@pytest.fixture(scope="session")
def gitlab_url(lab: Server) -> str:
    return lab.url


@pytest.fixture(scope="session")
def gl(lab: Server) -> Gitlab:
    """The administrator's client."""
    made = Gitlab(lab.url, private_token=lab.world.token(lab.world.user("root")))
    made.auth()
    return made


@pytest.fixture(scope="session")
def gitlab_version(gl: Gitlab) -> SimpleNamespace:
    major, minor, patch = gl.version()[0].partition("-")[0].split(".")
    return SimpleNamespace(major=int(major), minor=int(minor), patch=patch)


@pytest.fixture(scope="session")
def temp_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("configuration")


@pytest.fixture(scope="session")
def gitlab_config(gl: Gitlab, temp_dir: Path) -> Path:
    file = temp_dir / "python-gitlab.cfg"
    file.write_text(
        f"[global]\ndefault = local\n\n[local]\nurl = {gl.url}\nprivate_token = {gl.private_token}\n"
    )
    return file


@pytest.fixture(scope="session")
def fixture_dir(request: pytest.FixtureRequest) -> Path:
    return request.config.rootpath / "fixtures"


# What is in it, anew for each module


@pytest.fixture(scope="module")
def group(gl: Gitlab, world: World) -> Thing:
    return gl.groups.get(world.group(f"group-{uuid4().hex}", root=OWNER).id)


@pytest.fixture(scope="module")
def user(gl: Gitlab, world: World) -> Thing:
    return gl.users.get(world.user(f"user{uuid4().hex}").id)


@pytest.fixture(scope="module")
def project(gl: Gitlab, world: World) -> Thing:
    """A project of the administrator's own, in which there is nothing yet."""
    made = world.project(f"root/test-project-{uuid4().hex}")
    made.settings.removes_source = False
    made.bare.git.references.delete(HEADS + made.default_branch)
    return gl.projects.get(made.id)


@pytest.fixture(scope="module")
def project_file(project: Thing) -> Thing:
    return _file(project, "README", project.default_branch)


def _file(project: Thing, path: str, branch: str) -> Thing:
    asked = {"file_path": path, "branch": branch, "content": "Of old", "commit_message": f"Add {path}"}
    return project.files.create(asked)


@pytest.fixture(scope="module")
def issue(project: Thing) -> Thing:
    return project.issues.create({"title": "Something", "description": "Something is amiss."})


@pytest.fixture
def make_merge_request(project: Thing) -> Iterator[Callable[[str], Thing]]:
    """Makes a merge request of a new branch, once it is known whether it can be merged; both go after."""
    made = []

    def make(branch: str) -> Thing:
        source = project.branches.create({"branch": branch, "ref": project.default_branch})
        _file(project, f"README.{branch}", branch)
        asked = {"source_branch": branch, "target_branch": project.default_branch, "title": "Of a branch"}
        opened = project.mergerequests.create({**asked, "remove_source_branch": True})
        made.append((source, opened))
        looks = (project.mergerequests.get(opened.iid) for _ in range(10))
        return next(each for each in looks if each.detailed_merge_status not in PENDING)

    yield make
    for branch, opened in made:
        opened.delete()
        if branch in project.branches.list(get_all=True):
            branch.delete()


@pytest.fixture
def merge_request(make_merge_request: Callable[[str], Thing]) -> Thing:
    return make_merge_request(f"branch-{uuid4().hex}")


@pytest.fixture
def merge_request_with_pipeline(merge_request: Thing, project: Thing) -> Thing:
    """One whose pipeline runs and never ends."""
    asked = {"state": "running", "name": "test", "ref": merge_request.source_branch}
    project.commits.get(merge_request.sha).statuses.create(asked)
    return project.mergerequests.get(merge_request.iid)
