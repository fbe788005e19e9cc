"""The village as the machine of interleavings knows it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pygit2

from bot import compose
from bot.attendant.attendant import Attendant
from bot.git.branches import RemoteBranches
from bot.lifecycle.change import Opinion
from bot.packages.layout import Layout
from bot.ports import Forge
from tests.attendant.conftest import make_scene
from tests.attendant.town import Said, state_of

OPINIONS = {
    Said.APPROVED: Opinion.APPROVED,
    Said.REJECTED: Opinion.REJECTED,
    Said.TAKEN_BACK: Opinion.DISMISSED,
}


class VillageTown:
    words: Sequence[str] = (
        "/propose",
        "/approve",
        "/reject no",
        "/delete",
        "> /approve",
        "/propose-delete",
        "/propose-delete v1",
    )
    weathers: Sequence[str] = ()

    def __init__(self, root: Path) -> None:
        self.root = root
        self.scene = make_scene(root)
        self.village = self.scene.village
        self.attendant = self.scene.attendant

    @property
    def repository(self) -> pygit2.Repository:
        return self.village.repository

    def another(self, forge: Forge | None = None) -> Attendant:
        place = state_of(self.root)
        branches = RemoteBranches(str(self.village.bare), Layout(), place)
        return compose.attendant(forge or self.village, branches, place)

    def forge(self) -> Forge:
        return self.village

    def land(self, branch: str, commit: str, by: str) -> None:
        self.repository.references.create(f"refs/heads/{branch}", commit, force=True)
        self.village.pushed_by(branch, by)

    def numbers(self) -> Sequence[int]:
        return [*self.village.kept]

    def head(self, number: int) -> str:
        return self.village.change(number).head

    def branch(self, number: int) -> str:
        return self.village.kept[number].branch

    def is_open(self, number: int) -> bool:
        return self.village.change(number).open

    def is_draft(self, number: int) -> bool:
        return self.village.change(number).draft

    def review(self, number: int, by: str, said: Said) -> bool:
        self.village.review(number, by, OPINIONS[said])
        return True

    def write(self, number: int, by: str, text: str) -> None:
        self.village.write(number, by, text)

    def ready(self, number: int) -> None:
        self.village.ready(number)

    def press_merge(self, number: int, by: str) -> None:
        self.village.press_merge(number, by)

    def close(self, number: int) -> None:
        self.village.close(self.village.kept[number])

    def let(self, weather: str) -> None:
        raise AssertionError(weather)

    def refs(self) -> Mapping[str, str]:
        return {ref: self.village.tip(ref) for ref in self.repository.references}

    def writes(self) -> Sequence[str]:
        return self.village.writes

    def pushers(self, merge: str) -> set[str]:
        change = next(each for each in self.village.kept.values() if each.merged == merge)
        return {push.by.login for push in change.arrivals}
