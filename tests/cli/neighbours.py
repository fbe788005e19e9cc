"""Two repositories of which one follows the other, and a person who has both registered."""

from pathlib import Path

from tests.cli.following import KPTFILE, Origin, config, followed
from tests.cli.person import Person, git


class World:
    """A person with two registered repositories: `edge/dns` follows `blueprints/dns`, which has v1 to v3."""

    def __init__(self, portico: Person, tmp_path: Path) -> None:
        self.portico = portico
        self.up = Origin(tmp_path / "srv" / "blueprints.git")
        self.first = self.up.put(
            {"dns/Kptfile": KPTFILE.format(name="dns"), "dns/a.yaml": config(ttl="60", zone="x")},
            tag="dns/v1",
        )
        self.second = self.up.put({"dns/a.yaml": config(ttl="120", zone="x")}, tag="dns/v2")
        self.up.put(
            {"dns/a.yaml": config(ttl="180", zone="x"), "dns/b.yaml": config("b", new="1")}, tag="dns/v3"
        )
        self.down = Origin(tmp_path / "srv" / "edge.git")
        self.down.put(
            {
                "dns/Kptfile": followed(self.up.bare, "dns", "v1", self.first),
                "dns/a.yaml": config(ttl="60", zone="mine"),
            },
            tag="dns/v1",
        )
        portico.did("repo", "register", str(self.up.bare))
        portico.did("repo", "register", str(self.down.bare))

    def upgrade(self, *words: str) -> str:
        return self.portico.did("rpkg", "upgrade", *words, "--workspace", "follow")

    def refused(self, *words: str) -> str:
        """What is said of an upgrade that must fail, and must write nothing."""
        before = git(self.down.bare, "for-each-ref")
        answer = self.portico("rpkg", "upgrade", *words, "--workspace", "follow")
        assert (answer.code, answer.out) == (1, ""), answer
        assert git(self.down.bare, "for-each-ref") == before
        return answer.err

    def show(self, path: str, ref: str = "drafts/dns/follow") -> str:
        return git(self.down.bare, "show", f"{ref}:dns/{path}")

    def replace(self, files: dict[str, str | None], tag: str = "dns/v2") -> None:
        """Publish another revision of the downstream package."""
        self.down.put(files, tag=tag)
