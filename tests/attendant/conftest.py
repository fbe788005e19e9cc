"""A village with one package on its branch, and the attendant that looks after it."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import compose
from bot.attendant.attendant import Attendant
from bot.git.branches import RemoteBranches
from bot.packages.layout import Layout
from tests.attendant.village import Village, git

KPTFILE = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: dns\n"
PIPELINE = (
    KPTFILE + "pipeline:\n  mutators:\n    - image: set-labels:v0.2\n      configMap:\n        team: net\n"
)
ZONE = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: zone\ndata:\n  ttl: '300'\n"
POLICY = "approvals: 1\napprovers: [ada, grace]\n"


@dataclass
class Scene:
    """Everything that a test of the attendant needs."""

    root: Path
    village: Village
    attendant: Attendant

    @property
    def clone(self) -> Path:
        return self.root / "clone"

    def push(self, branch: str, files: dict[str, str], by: str = "mel", *, start: str = "origin/main") -> str:
        """Commit `files` on top of `start` as `by`, push it to `branch`, and say which commit it is."""
        git(self.clone, "fetch", "-q", "--prune", "origin")
        git(self.clone, "switch", "-q", "--detach", start)
        for path, content in files.items():
            place = self.clone / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content)
        git(self.clone, "add", ".")
        who = {"GIT_AUTHOR_NAME": by, "GIT_AUTHOR_EMAIL": f"{by}@example.com"}
        who |= {"GIT_COMMITTER_NAME": by, "GIT_COMMITTER_EMAIL": f"{by}@example.com"}
        git(self.clone, "commit", "-q", "--allow-empty", "-m", f"{by} writes", **who)
        git(self.clone, "push", "-q", "origin", f"HEAD:refs/heads/{branch}")
        return git(self.clone, "rev-parse", "HEAD")

    def draft(self, by: str = "mel", ttl: str = "60") -> int:
        """A draft of the package, looked at once; the number of its change."""
        self.push("drafts/net/dns/ttl", {"net/dns/zone.yaml": ZONE.replace("300", ttl)}, by)
        self.attendant.look_at_branch("drafts/net/dns/ttl")
        return self.village.change_of("drafts/net/dns/ttl")

    def living(self, number: int) -> str:
        living = self.village.kept[number].living
        return living.text if living else ""


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return make_scene(tmp_path)


def make_scene(tmp_path: Path) -> Scene:
    """A village in a folder of its own."""
    bare = tmp_path / "team.git"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(bare))
    git(tmp_path, "clone", "-q", str(bare), "clone")
    scene_of = Scene(tmp_path, Village(bare), None)  # type: ignore[arg-type] # made below, of what is pushed
    clone = scene_of.clone
    git(clone, "switch", "-q", "--orphan", "main")
    for path, content in (
        (".portico.yaml", POLICY),
        ("net/dns/Kptfile", KPTFILE),
        ("net/dns/zone.yaml", ZONE),
    ):
        (clone / path).parent.mkdir(parents=True, exist_ok=True)
        (clone / path).write_text(content)
    git(clone, "add", ".")
    who = {"GIT_AUTHOR_NAME": "o", "GIT_AUTHOR_EMAIL": "o@example.com"}
    git(clone, "commit", "-q", "-m", "Our packages", GIT_COMMITTER_NAME="o", GIT_COMMITTER_EMAIL="o@x", **who)
    git(clone, "push", "-q", "origin", "HEAD:refs/heads/main")
    place = tmp_path / "state"
    branches = RemoteBranches(str(bare), Layout(), place)
    scene_of.attendant = compose.attendant(scene_of.village, branches, place)
    return scene_of
