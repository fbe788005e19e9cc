"""What only this machine has is not cloned elsewhere because a package asks for it."""

from pathlib import Path

from tests.cli.person import KPTFILE, Person, git, make_repository
from tests.cli.test_rpkg_clone import DRAFT, TO


def test_a_package_cannot_have_what_only_this_machine_has_cloned_elsewhere(
    registered: Person, tmp_path: Path
) -> None:
    make_repository(tmp_path / "srv" / "clusters.git", ["other"])
    private = make_repository(tmp_path / "home" / "private.git", ["keys"])
    below = f"upstream:\n  type: git\n  git:\n    repo: {private}\n    directory: /keys\n    ref: main\n"
    work = tmp_path / "srv" / "blueprints.work"
    (work / "dns" / "below").mkdir()
    (work / "dns" / "below" / "Kptfile").write_text(KPTFILE.format(name="below") + below)
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "below")
    git(work, "tag", "dns/v2")
    git(work, "push", "-q", str(tmp_path / "srv" / "blueprints.git"), "HEAD", "dns/v2")
    with (tmp_path / "home" / ".gitconfig").open("a") as file:
        file.write(f'[url "{tmp_path}/srv/"]\n\tinsteadOf = https://git.test/\n')
    registered.did("repo", "register", "https://git.test/clusters.git")
    clusters = tmp_path / "srv" / "clusters.git"
    before = git(clusters, "for-each-ref")
    for source in ("blueprints.dns.v2", "https://git.test/blueprints.git/dns@dns/v2"):
        answer = registered("rpkg", "clone", source, "edge/dns", *TO)
        assert (answer.code, answer.out) == (1, ""), answer
        assert "private.git' is a repository on this machine; register it" in answer.err
        assert git(clusters, "for-each-ref") == before
    registered.did("repo", "register", str(private))
    registered.did("rpkg", "clone", "blueprints.dns.v2", "edge/dns", *TO)
    assert git(clusters, "show", f"{DRAFT}:edge/dns/below/config.yaml")
