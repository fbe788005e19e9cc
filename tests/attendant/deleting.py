"""What people do at a village to have revisions of the package, and to have them deleted."""

from contextlib import suppress

from bot import compose
from bot.errors import UserError
from bot.git.branches import RemoteBranches
from bot.lifecycle.change import Opinion
from bot.packages.layout import Layout
from tests.attendant.conftest import KPTFILE, ZONE, Scene
from tests.attendant.machine import Died, Mortal
from tests.attendant.village import git

DOOMED = "deletionProposed/net/dns/{}"


def publish(scene: Scene, ttl: str, workspace: str = "ttl") -> int:
    """A new revision of the package, by mel and grace; the number of its change."""
    branch = f"drafts/net/dns/{workspace}"
    scene.push(branch, {"net/dns/zone.yaml": ZONE.replace("300", ttl)})
    scene.village.pushed_by(branch, "mel")
    scene.attendant.look_at_branch(branch)
    number = scene.village.change_of(branch)
    scene.village.ready(number)
    scene.village.review(number, "grace", Opinion.APPROVED)
    scene.attendant.look(number)
    assert not scene.village.change(number).open
    return number


def publish_anew(scene: Scene) -> None:
    files = {"net/dns/Kptfile": KPTFILE, "net/dns/zone.yaml": ZONE}
    branch = "drafts/net/dns/anew"
    scene.push(branch, files)
    scene.attendant.look_at_branch(branch)
    number = scene.village.change_of(branch)
    scene.village.ready(number)
    scene.village.review(number, "grace", Opinion.APPROVED)
    scene.attendant.look(number)


def ask(scene: Scene, revision: str, by: str = "mel") -> int:
    """Push a tag as its deletion's branch, and have a look at that; the number of its change."""
    branch = DOOMED.format(revision)
    git(scene.clone, "fetch", "-q", "--tags", "--prune", "origin")
    git(scene.clone, "push", "-q", "origin", f"refs/tags/net/dns/{revision}^{{}}:refs/heads/{branch}")
    scene.village.pushed_by(branch, by)
    scene.attendant.look_at_branch(branch)
    return scene.village.change_of(branch)


def tags(scene: Scene) -> list[str]:
    return git(scene.village.bare, "tag").split()


def shown(scene: Scene, commit: str, form: str) -> str:
    return git(scene.village.bare, "log", "-1", f"--format={form}", commit)


def holds(scene: Scene, path: str) -> bool:
    return bool(git(scene.village.bare, "ls-tree", "main", "--", path))


def approve(scene: Scene, number: int, by: str = "grace") -> None:
    scene.village.review(number, by, Opinion.APPROVED)
    scene.attendant.look(number)


def dying(scene: Scene, left: int, *, after: bool) -> None:
    """Look at everything with a bot that dies; it has nothing but what is on disk."""
    place = scene.root / "state"
    branches = RemoteBranches(str(scene.village.bare), Layout(), place)
    mortal = Mortal(scene.village, left, after=after)
    attendant = compose.attendant(mortal, branches, place)
    with suppress(Died, UserError):
        attendant.look_at_all()
