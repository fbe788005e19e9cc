"""What people do more than once in situations."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.attendant.attendant import Attendant
from bot.lifecycle.policy import RenderPolicy
from bot.packages.package import Files as PackageFiles
from bot.packages.rendering import Rendering
from bot.ports import Renderer
from tests.attendant.conftest import ZONE
from tests.attendant.contract.driver import DRAFT, OTHER, Files, Stands, zone
from tests.attendant.contract.hosted import Hosted

V1 = "net/dns/v1"
MX: Files = {"net/dns/mx.yaml": ZONE.replace("zone", "mx").encode()}


def drafted(forge: Hosted, files: Files | None = None, draft: str = DRAFT) -> None:
    """A draft of ada's that was looked at; without `files` it is the package with another value."""
    forge.write("ada", zone("60") if files is None else files, draft)
    forge.look_at_branch(draft)


def proposed(forge: Hosted, files: Files | None = None, draft: str = DRAFT) -> None:
    drafted(forge, files, draft)
    forge.propose(draft)
    forge.look_at(draft)


def approved(forge: Hosted, files: Files | None = None, draft: str = DRAFT) -> None:
    """A proposal that grace has approved, and that nobody has looked at since."""
    proposed(forge, files, draft)
    forge.approve("grace", draft)


def two_approved(forge: Hosted) -> None:
    """Two drafts of one package that do not touch one another's files."""
    approved(forge)
    approved(forge, MX, OTHER)


def cannot_be_published(forge: Hosted, draft: str = DRAFT) -> None:
    """Whoever proposes and approves it: it is a draft again, and the verdict is bad."""
    assert forge.verdict(draft) == "bad"
    forge.propose(draft)
    forge.approve("grace", draft)
    forge.look_at(draft)
    assert forge.stands(draft) is Stands.DRAFT
    assert V1 not in forge.tags()


class Meanwhile:
    """A Renderer during whose first work something happens."""

    def __init__(self, renderer: Renderer, happens: Callable[[], object]) -> None:
        self._renderer, self._happens = renderer, happens
        self.renderings = 0

    def render(
        self, files: PackageFiles, functions: Sequence[Sequence[str]], policy: RenderPolicy
    ) -> Rendering:
        self.renderings += 1
        if self.renderings == 1:
            self._happens()
        return self._renderer.render(files, functions, policy)


def while_rendering(forge: Hosted, happens: Callable[[], object]) -> tuple[Attendant, Meanwhile]:
    """An attendant whose first rendering takes as long as `happens`."""
    room = forge.hire().room
    slow = Meanwhile(room.renderer, happens)
    return Attendant(replace(room, renderer=slow)), slow
