"""A plain Git server with our hooks, driven: there is nothing but `git push` and what that answers."""

import html
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from bot.hooks.tick import tick
from tests.attendant.conftest import POLICY
from tests.attendant.contract.driver import BEGINNING, DRAFT, ZONE_FILE, Files, Sparse, Stands, Trait
from tests.hooks.gate import close
from tests.hooks.world import Answer, Human, World, make_world


class ServerDriver(Sparse):
    lacks: ClassVar[Mapping[Trait, str]] = {
        Trait.CHANGES: "a draft is its branch and nothing beside it; nobody merges past the hooks, "
        "which tests/hooks/test_gate.py tries",
        Trait.WORDS: "people push to refs/portico/<word>/<path>/<workspace> instead of writing words, "
        "which tests/hooks/test_rows.py tries",
        Trait.PUSHES: "what is proposed is not pushed to until somebody sends it back, "
        "which tests/hooks/test_refusals_rows.py tries",
        Trait.TAG_RULES: "merge and tag are one transaction of the server's own, "
        "which tests/hooks/test_crash.py cuts short",
        Trait.WEBHOOKS: "the push is the event; one that no hook saw is found by a tick, "
        "which tests/hooks/test_tick.py tries",
    }

    def __init__(self, world: World) -> None:
        self.world = world
        self.heard: dict[str, list[str]] = {}
        self.write_main(BEGINNING)

    @classmethod
    @contextmanager
    def opened(cls, folder: Path) -> Iterator["ServerDriver"]:
        world = make_world(folder, policy=POLICY, resident=True)
        try:
            yield cls(world)
        finally:
            close(world)

    def write(self, by: str, files: Files, draft: str = DRAFT) -> str:
        human = self.world[by]
        human.start()
        if self.head(draft):
            human.git("checkout", "-q", "-B", "work", f"origin/drafts/{draft}")
        made = self._commit(human, files)
        self._heard(draft, human.push(f"HEAD:refs/heads/drafts/{draft}", check=False))
        return made

    def write_main(self, files: Files) -> None:
        root = self.world["root"]
        root.start()
        self._commit(root, files)
        root.push("HEAD:refs/heads/main")

    def rest(self) -> list[str]:
        return tick(self.world.server.path)

    def restart(self) -> None:
        """Each push has processes of its own."""

    def propose(self, draft: str = DRAFT) -> None:
        self._ask("ada", "propose", draft)

    def approve(self, by: str, draft: str = DRAFT) -> None:
        self._ask(by, "approve", draft)

    def reject(self, by: str, reason: str, draft: str = DRAFT) -> None:
        self._ask(by, "reject", draft, "-o", f"reason={reason}")

    def stands(self, draft: str = DRAFT) -> Stands:
        refs = self.world.server.refs()
        if f"refs/heads/drafts/{draft}" in refs:
            return Stands.DRAFT
        if f"refs/heads/proposed/{draft}" in refs:
            return Stands.PROPOSED
        workspace = f'"workspaceName":"{draft.rpartition("/")[2]}"'
        published = any(workspace in self.message(commit) for commit in self.tags().values())
        return Stands.PUBLISHED if published else Stands.GONE

    def told(self, draft: str = DRAFT) -> str:
        if self.head(draft):
            self._ask("ada", "explain", draft)
        return html.unescape("\n".join(self.heard[draft]))

    def head(self, draft: str = DRAFT) -> str:
        refs = self.world.server.refs()
        return refs.get(f"refs/heads/drafts/{draft}") or refs.get(f"refs/heads/proposed/{draft}", "")

    def main(self) -> str:
        return self.world.server.refs()["refs/heads/main"]

    def tags(self) -> dict[str, str]:
        found = self.world.server.refs("refs/tags/")
        return {name.removeprefix("refs/tags/"): commit for name, commit in found.items()}

    def show(self, commit: str, path: str = ZONE_FILE) -> str:
        return self.world.server.show(f"{commit}:{path}")

    def message(self, commit: str) -> str:
        return self.world.server.git("show", "-s", "--format=%B", commit)

    def author(self, commit: str) -> str:
        return self.world.server.git("show", "-s", "--format=%an", commit)

    def create_tag(self, name: str, commit: str) -> None:
        self.world.server.git("update-ref", f"refs/tags/{name}", commit)

    def written(self) -> object:
        return self.world.server.refs()

    def _commit(self, human: Human, files: Files) -> str:
        for path, content in files.items():
            human.write(path, content or b"")
        return human.commit()

    def _ask(self, by: str, word: str, draft: str, *options: str) -> None:
        if head := self.head(draft):
            human = self.world[by]
            human.git("fetch", "-q", "--prune", "origin")
            self._heard(draft, human.ask(word, draft, head, *options, check=False))

    def _heard(self, draft: str, answer: Answer) -> None:
        lines = (line.removeprefix("remote:").strip() for line in answer.text.splitlines())
        self.heard.setdefault(draft, []).append("\n".join(lines))
