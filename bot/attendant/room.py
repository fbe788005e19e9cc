"""What the attendant of one repository works with."""

from dataclasses import dataclass

from bot.forges.ledger import MayWrite
from bot.forges.source import ChangeSource
from bot.lifecycle.change import Change
from bot.lifecycle.policy import NARROWS_NOTHING, Policy
from bot.packages.layout import Layout
from bot.ports import Branches, Forge, Renderer, Renderings, Source


@dataclass(frozen=True, slots=True)
class Room:
    """One repository: its changes (`forge`), its refs as fetched (`branches`, `git`), a renderer.

    `server` is the policy of whoever runs this; it can only narrow the repository's. `deployment` says that
    clones that are begun here are to be deployed from here.
    """

    forge: Forge
    branches: Branches
    git: Source
    layout: Layout
    renderer: Renderer
    renderings: Renderings
    server: Policy = NARROWS_NOTHING
    deployment: bool = False

    def source(
        self, change: Change, may_write: MayWrite, kind: type[ChangeSource] = ChangeSource
    ) -> ChangeSource:
        """What the repository says about the revision of a change; `kind` is another one for its deletion."""
        me = self.forge.home().me
        return kind(self.git, self.branches, self.layout, self.renderings, change, me, may_write)
