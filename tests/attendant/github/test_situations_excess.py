"""Situations S49 and S50: packages that are too large, and people who talk too much."""

from pathlib import Path

import pygit2
from pygit2.enums import FileMode

from bot.git.trees import changed_files
from tests.attendant.conftest import POLICY, ZONE
from tests.attendant.github.hands import (
    approved,
    living_on,
    propose,
    pushed,
    tags,
    writes,
)
from tests.attendant.github.street import BRANCH, Street
from tests.attendant.github.test_situations_hostile import cannot_be_published


def test_s49_a_package_that_is_too_large(street: Street) -> None:
    """Its draft says how large a package may be; other packages are published meanwhile."""
    other = approved(street, "drafts/blue/one", {"blue/zone.yaml": ZONE.encode()})
    street.cast.commit("ada", BRANCH, {f"net/dns/{'deep/' * 300}file.yaml": ZONE.encode()})

    assert street.attendant.look_at_all() == []

    assert tags(street) == {"blue/v1": other.merge_commit}
    assert street.pull.head_ref == BRANCH
    assert "is too large" in living_on(street, street.pull)
    cannot_be_published(street, street.pull)


def test_s49_a_few_trees_that_name_billions_of_files(tmp_path: Path) -> None:
    """What a draft changes beside its package is not counted to its end."""
    repository = pygit2.init_repository(str(tmp_path), bare=True)
    empty = repository.TreeBuilder().write()
    below, mode = repository.create_blob(b"boom\n"), FileMode.BLOB
    for _ in range(6):
        builder = repository.TreeBuilder()
        for number in range(300):
            builder.insert(f"f{number}", below, mode)
        below, mode = builder.write(), FileMode.TREE

    found = list(changed_files(repository, str(empty), str(below), "f7"))

    assert len(found) == 300
    assert not any(path.startswith("f7/") for path in found)


def test_s49_a_file_of_many_bytes(street: Street) -> None:
    """A YAML file above the bound is not parsed, and named."""
    pull = pushed(street, {"net/dns/big.yaml": b"# " + b"x" * 12_000_000})

    assert "big.yaml" in living_on(street, pull).partition("Difference")[0]
    cannot_be_published(street, pull)


def test_s50_a_hundred_words_of_a_stranger(street: Street) -> None:
    """One look attends to a few of them; who may speak is heard in the same look."""
    pull = propose(street)
    for _ in range(100):
        street.cast.comment("eve", pull, "/approve")
    street.cast.comment("grace", pull, "/approve")
    writes(street)

    street.look()

    assert tags(street) == {"net/dns/v1": pull.merge_commit}
    assert len([each for each in writes(street) if "/reactions" in each]) <= 40


def test_s50_what_a_stranger_said_is_not_done_later(street: Street) -> None:
    """Somebody who may push from now on must say it again."""
    pull = propose(street)
    street.cast.comment("eve", pull, "/delete")
    street.look()
    street.cast.repo.collaborators["eve"] = "write"
    street.cast.commit(
        "root", "main", {".portico.yaml": (POLICY + "# eve\n").replace("grace", "eve").encode()}
    )

    street.look()

    assert pull.is_open
