"""What hooks write is read again by Porch's rules: every state of a package's life, exactly."""

import json

import pygit2

from bot.git.catalog import discover
from bot.git.details import read_details
from bot.packages.annotation import read_annotations
from bot.packages.layout import Layout
from tests.hooks.world import World, published

PATH = "networking/dns"


def rows(world: World) -> list[str]:
    repository = pygit2.Repository(str(world.server.path))
    catalog = discover(repository, Layout())
    assert not catalog.problems
    return [
        f"{r.path} {r.workspace}:{r.revision} {r.lifecycle}{' latest' * r.latest}" for r in catalog.revisions
    ]


def test_every_state_of_a_life_is_read_back(world: World) -> None:
    published(world, PATH, "first")
    ada, grace = world["ada"], world["grace"]
    ada.start()
    ada.package(PATH, namespace="other")
    ada.commit()
    ada.draft(PATH, "second")
    assert rows(world) == [
        f"{PATH} first:1 Published latest",
        f"{PATH} main:-1 Published",
        f"{PATH} second:0 Draft",
    ]
    ada.ask("propose", f"{PATH}/second")
    assert f"{PATH} second:0 Proposed" in rows(world)
    grace.ask("approve", f"{PATH}/second")
    assert f"{PATH} second:2 Published latest" in rows(world)
    ada.ask("propose-delete", f"{PATH}/v1")
    assert f"{PATH} first:1 DeletionProposed" in rows(world)
    grace.ask("approve", f"{PATH}/v1")
    assert rows(world) == [f"{PATH} main:-1 Published", f"{PATH} second:2 Published latest"]


def test_a_publication_is_written_as_porch_writes_it(world: World) -> None:
    """Facts: Porch §1.4 and §12: lightweight tag on the merge, two parents, one annotation without a task."""
    merge = published(world, PATH, "first")
    git = world.server.git
    assert git("cat-file", "-t", f"refs/tags/{PATH}/v1") == "commit"
    message = git("show", "-s", "--format=%B", merge)
    (annotation,) = read_annotations(message)
    assert (annotation.package, annotation.workspace, annotation.revision) == (PATH, "first", "1")
    assert annotation.task is None
    line = next(line for line in message.splitlines() if line.startswith("kpt:"))
    assert list(json.loads(line.removeprefix("kpt:"))) == ["package", "workspaceName", "revision"]
    assert git("show", "-s", "--format=%ae %ce", merge) == "grace@example.com portico@localhost"
    assert git("rev-parse", f"{merge}:{PATH}") == git("rev-parse", f"{merge}^2:{PATH}")
    assert git("fsck", "--strict", "--no-dangling") == ""


def test_publisher_and_time_are_the_approver_and_the_merge(world: World) -> None:
    merge = published(world, PATH, "first")
    repository = pygit2.Repository(str(world.server.path))
    revision = discover(repository, Layout()).revisions[0]
    (read,) = read_details(repository, Layout(), [revision])
    details = read.details
    assert details.published_by == "grace@example.com"
    assert details.published_at is not None
    assert details.published_at.timestamp() == int(world.server.git("show", "-s", "--format=%at", merge))
