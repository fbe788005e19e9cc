"""The village, driven."""

import html
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pygit2

from bot.attendant.rests import Rests
from bot.errors import UserError
from bot.lifecycle.change import Answered, Change, Opinion
from tests.attendant.conftest import Scene, make_scene
from tests.attendant.contract.driver import DRAFT, ZONE_FILE, Files, Sparse, Stands, Trait

MARKS = {Answered.DONE: "done", Answered.REFUSED: "refused"}


class VillageDriver(Sparse):
    lacks: ClassVar[Mapping[Trait, str]] = {
        Trait.WEBHOOKS: "nobody in the village is told anything; whoever wants to know looks, as a tick does",
    }

    def __init__(self, scene: Scene) -> None:
        self.scene, self.village = scene, scene.village

    @classmethod
    @contextmanager
    def opened(cls, folder: Path) -> Iterator["VillageDriver"]:
        scene = make_scene(folder)
        made = cls(scene)
        made.write_main({"blue/Kptfile": b"apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: blue\n"})
        yield made

    def write(self, by: str, files: Files, draft: str = DRAFT) -> str:
        start = f"origin/drafts/{draft}" if self.head(draft) else "origin/main"
        texts = {path: (content or b"").decode() for path, content in files.items()}
        made = self.scene.push(f"drafts/{draft}", texts, by, start=start)
        self.village.pushed_by(f"drafts/{draft}", by)
        return made

    def write_main(self, files: Files) -> None:
        self.scene.push("main", {path: (content or b"").decode() for path, content in files.items()})

    def rest(self) -> list[str]:
        return self.scene.attendant.look_at_all()

    def restart(self) -> None:
        self.scene.attendant = replace(self.scene.attendant, rests=Rests())

    def propose(self, draft: str = DRAFT) -> None:
        self.village.ready(self._number(draft))

    def approve(self, by: str, draft: str = DRAFT) -> None:
        self.village.review(self._number(draft), by, Opinion.APPROVED)

    def reject(self, by: str, reason: str, draft: str = DRAFT) -> None:
        self.village.review(self._number(draft), by, Opinion.REJECTED, reason)

    def merge_by_hand(self, draft: str = DRAFT) -> None:
        with suppress(UserError):
            self.village.press_merge(self._number(draft), "mel")

    def close(self, draft: str = DRAFT) -> None:
        self.village.close(self._change(draft))

    def reopen(self, draft: str = DRAFT) -> None:
        self.village.reopen(self._number(draft))

    def say(self, by: str, text: str, draft: str = DRAFT) -> None:
        self.village.write(self._number(draft), by, text)

    def reword(self, text: str, draft: str = DRAFT) -> None:
        self.village.reword(self._number(draft), text)

    def marks(self, draft: str = DRAFT) -> list[str]:
        return [MARKS.get(each.answered, "") for each in self._change(draft).remarks]

    def allow_tags(self, *, allowed: bool) -> None:
        self.village.refuse_tags = not allowed

    def stands(self, draft: str = DRAFT) -> Stands:
        change = self._change(draft)
        if change.merged:
            return Stands.PUBLISHED if change.merged in self.tags().values() else Stands.MERGED
        if not change.open:
            return Stands.GONE
        return Stands.DRAFT if change.draft else Stands.PROPOSED

    def told(self, draft: str = DRAFT) -> str:
        living = self._change(draft).living
        return html.unescape(living.text) if living else ""

    def head(self, draft: str = DRAFT) -> str:
        return self.village.tip(f"refs/heads/drafts/{draft}")

    def main(self) -> str:
        return self.village.tip("refs/heads/main")

    def tags(self) -> dict[str, str]:
        found = [ref for ref in self.village.repository.references if ref.startswith("refs/tags/")]
        return {ref.removeprefix("refs/tags/"): self.village.tip(ref) for ref in found}

    def show(self, commit: str, path: str = ZONE_FILE) -> str:
        found = self.village.repository[commit].peel(pygit2.Commit).tree[path]
        assert isinstance(found, pygit2.Blob)
        return found.data.decode()

    def message(self, commit: str) -> str:
        return self.village.repository[commit].peel(pygit2.Commit).message

    def author(self, commit: str) -> str:
        return self.village.repository[commit].peel(pygit2.Commit).author.name

    def create_tag(self, name: str, commit: str) -> None:
        self.village.repository.references.create(f"refs/tags/{name}", commit)

    def written(self) -> object:
        return list(self.village.writes)

    def _number(self, draft: str) -> int:
        return self._change(draft).number

    def _change(self, draft: str) -> Change:
        changes = (each for each in self.village.kept.values() if each.branch == f"drafts/{draft}")
        return max(changes, key=lambda change: change.number)
