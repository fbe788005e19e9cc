"""Situations S49 and S50: packages that are too large, and people who talk too much, on both forges."""

from pathlib import Path

import pygit2
from pygit2.enums import FileMode

from bot.git.trees import changed_files
from tests.attendant.conftest import POLICY, ZONE
from tests.attendant.contract.driver import DRAFT, Stands
from tests.attendant.contract.hosted import Hosted
from tests.attendant.situations.acts import V1, approved, cannot_be_published, drafted, proposed


def test_s49_a_package_that_is_too_large(forge: Hosted) -> None:
    """Its draft says how large a package may be; other packages are published meanwhile."""
    approved(forge, {"blue/zone.yaml": ZONE.encode()}, "blue/one")
    forge.write("ada", {f"net/dns/{'deep/' * 300}file.yaml": ZONE.encode()})
    assert forge.rest() == []
    assert forge.tags().keys() == {"blue/v1"}
    assert "is too large" in forge.told()
    cannot_be_published(forge)


def test_s49_a_file_of_many_bytes(forge: Hosted) -> None:
    """A YAML file above the bound is not parsed, and named."""
    drafted(forge, {"net/dns/big.yaml": b"# " + b"x" * 12_000_000})
    assert "big.yaml" in forge.told().partition("Difference")[0]
    cannot_be_published(forge)


def test_s50_a_hundred_words_of_a_stranger(forge: Hosted) -> None:
    """One look attends to a few of them; who may speak is heard in the same look."""
    proposed(forge)
    for _ in range(100):
        forge.say("eve", "/portico approve")
    forge.say("grace", "/portico approve")
    forge.sent("mark")
    forge.look_at()
    assert forge.tags().keys() == {V1}
    assert forge.sent("mark") <= 40


def test_s50_what_a_stranger_said_is_not_done_later(forge: Hosted) -> None:
    """Somebody who may push from now on must say it again."""
    proposed(forge)
    forge.say("eve", "/delete")
    forge.look_at()
    forge.promote("eve")
    forge.write_main({".portico.yaml": POLICY.replace("grace", "eve").encode()})
    forge.look_at(DRAFT, forge.hire("anew"))
    assert forge.stands() is Stands.PROPOSED


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
