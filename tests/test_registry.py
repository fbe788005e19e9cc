"""The registrations file belongs to the person: it is read mildly and edited without touching the rest."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.errors import NotFound, Refused, UserError
from bot.packages.registration import Registration
from bot.registry import Registry
from tests.cli.schemas import REPOSITORY, faults

ONE, TWO = Registration("one", "/srv/one"), Registration("two", "https://h/two", "dev", "a/b", upstream="one")


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "deep" / "repositories.yaml")


def documents(registry: Registry) -> list[Any]:
    return [document for document in yaml.safe_load_all(registry.path.read_text()) if document]


def test_no_file_is_no_registration(registry: Registry) -> None:
    assert registry.read() == ((), ())


def test_what_is_added_is_read_and_fit_for_a_cluster(registry: Registry) -> None:
    registry.add(ONE)
    registry.add(TWO)
    assert registry.read() == ((ONE, TWO), ())
    assert [faults(REPOSITORY, document) for document in documents(registry)] == [[], []]


def test_the_same_twice_and_overlaps_are_refused(registry: Registry) -> None:
    registry.add(TWO)
    for again in (
        TWO,
        Registration("other", "https://h/two", "dev"),
        Registration("x", "https://h/two", "dev", "a"),
    ):
        with pytest.raises(Refused):
            registry.add(again)
    assert registry.read().found == (TWO,)


def test_a_persons_comments_and_order_survive(registry: Registry) -> None:
    registry.add(ONE)
    text = registry.path.read_text().replace("spec:", "spec: # mine\n  # ours\n") + "# end"
    registry.path.write_text(text)
    registry.add(TWO)
    assert registry.path.read_text().startswith(text + "\n---\n")
    registry.remove("two")
    assert registry.path.read_text() == text + "\n"


def test_a_list_as_kubectl_prints_it_is_read_and_edited(registry: Registry) -> None:
    registry.add(ONE)
    registry.add(TWO)
    both = {"apiVersion": "v1", "kind": "List", "items": documents(registry)}
    registry.path.write_text("# mine\n" + yaml.safe_dump(both))
    assert registry.read() == ((ONE, TWO), ())
    registry.remove("one")
    assert registry.read() == ((TWO,), ())
    assert registry.path.read_text().startswith("# mine\n")


def test_one_bad_document_hides_no_other(registry: Registry) -> None:
    registry.add(ONE)
    leaky = "apiVersion: config.porch.kpt.dev/v1alpha1\nkind: Repository\nmetadata: {name: leaky}\n"
    bad = f"---\na: [\n---\nkind: Other\n---\n{leaky}"
    registry.path.write_text(
        registry.path.read_text() + bad + "spec: {type: git, git: {repo: 'https://u:hunter2@h/r'}}\n"
    )
    registry.add(TWO)
    found, problems = registry.read()
    assert found == (ONE, TWO)
    assert len(problems) == 3
    assert all(problem.where == str(registry.path) and problem.line for problem in problems)
    assert "'leaky'" in str(problems[2])
    assert "hunter2" not in str(problems)


def test_what_is_not_there_cannot_be_removed(registry: Registry) -> None:
    with pytest.raises(NotFound, match="portico repo get"):
        registry.remove("one")


def test_a_link_stays_a_link(registry: Registry, tmp_path: Path) -> None:
    registry.path.parent.mkdir()
    registry.path.symlink_to(tmp_path / "dotfiles.yaml")
    registry.add(ONE)
    assert registry.path.is_symlink()
    assert registry.read().found == (ONE,)


def test_many_at_once_lose_nothing(registry: Registry) -> None:
    many = [Registration(f"r{number}", f"/srv/{number}") for number in range(20)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(registry.add, many))
    assert set(registry.read().found) == set(many)


def test_a_file_that_cannot_be_read_is_named(registry: Registry) -> None:
    registry.path.mkdir(parents=True)
    with pytest.raises(UserError, match=r"repositories\.yaml"):
        registry.read()
