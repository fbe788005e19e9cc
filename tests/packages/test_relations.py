"""Who comes from whom: by address, path, ref and commit, over all registered repositories."""

import pytest

from bot.packages.address import canonical_address
from bot.packages.kptfile import Upstream
from bot.packages.objects import name_of
from bot.packages.registration import Registration
from bot.packages.relations.family import Member
from bot.packages.relations.lineage import NONE, Lineage, read_lineage
from bot.packages.relations.relations import Relations
from bot.packages.revision import Lifecycle, PackageRevision

URL = "https://git.example.com/team/blueprints.git"
BLUEPRINTS = Registration("blueprints", URL)
SITES = Registration("sites", "/srv/git/sites.git", directory="edge")
COMMITS = [f"{number:040x}" for number in range(100)]
KPTFILE = b"""apiVersion: kpt.dev/v1
kind: Kptfile
metadata: {name: web}
upstream:
  type: git
  git: {repo: https://git.example.com/team/blueprints, directory: /net/dns, ref: v1}
  updateStrategy: fast-forward
upstreamLock:
  type: git
  git:
    repo: https://git.example.com/team/blueprints
    directory: /net/dns
    ref: net/dns/v1
    commit: '0123456789012345678901234567890123456789'
"""


def lock(ref: str, commit: str = "", directory: str = "/net/dns", repo: str = URL) -> Lineage:
    return Lineage(lock=Upstream(repo, directory, ref, commit))


def tag(
    where: Registration, path: str, number: int, lineage: Lineage = NONE, *, latest: bool = False
) -> Member:
    ref = f"refs/tags/{where.layout.full_path(path)}/v{number}"
    revision = PackageRevision(
        path, f"ws-{number}", number, Lifecycle.PUBLISHED, COMMITS[number], ref, latest=latest
    )
    return member(where, revision, lineage)


def draft(where: Registration, path: str, workspace: str, lineage: Lineage = NONE) -> Member:
    ref = f"refs/heads/drafts/{where.layout.full_path(path)}/{workspace}"
    return member(
        where, PackageRevision(path, workspace, 0, Lifecycle.DRAFT, COMMITS[50], ref, latest=False), lineage
    )


def branch(where: Registration, path: str, lineage: Lineage = NONE, commit: str = COMMITS[60]) -> Member:
    revision = PackageRevision(path, "main", -1, Lifecycle.PUBLISHED, commit, "refs/heads/main", latest=False)
    return member(where, revision, lineage)


def member(where: Registration, revision: PackageRevision, lineage: Lineage) -> Member:
    return Member(name_of(where, revision), where, revision, lineage)


V1, V2, V3 = (tag(BLUEPRINTS, "net/dns", number, latest=number == 3) for number in (1, 2, 3))
MAIN = branch(BLUEPRINTS, "net/dns")
DRAFT = draft(BLUEPRINTS, "net/dns", "add-mx")


def told(lineage: Lineage, *others: Member) -> tuple[str, list[int]]:
    """How the upstream of a package is shown, and the numbers of what is newer."""
    one = tag(SITES, "web", 1, lineage, latest=True)
    link = Relations([V1, V2, V3, MAIN, DRAFT, one, *others]).link(one)
    assert link is not None
    return str(link), [newer.revision.revision for newer in link.newer]


@pytest.mark.parametrize(
    "url",
    [
        "https://git.example.com/team/blueprints",
        "https://git.example.com/team/blueprints/",
        "https://git.example.com:443/team/blueprints.git/",
        "HTTPS://Git.Example.com/team/blueprints.git",
        "https://ada:s3cret@git.example.com/team/blueprints.git",
        "https://git.example.com/team/blueprints.git?token=s3cret#x",
        "https://git.example.com/team//./blueprints.git",
        "http://git.example.com/team/%62lueprints.git",
        "git@git.example.com:team/blueprints.git",
        "git.example.com:/team/blueprints",
        "ssh://git@git.example.com/team/blueprints.git",
        "ssh://git.example.com:22/team/blueprints",
        "ssh://git@git.example.com/~/team/blueprints",
        "git@git.example.com:~/team/blueprints",
    ],
)
def test_one_repository_has_one_address(url: str) -> None:
    assert canonical_address(url) == canonical_address(URL)
    assert told(lock("net/dns/v2", repo=url)) == ("blueprints/net/dns@v2", [3])


@pytest.mark.parametrize(
    "url",
    [
        "https://git.example.com/team/Blueprints.git",
        "https://git.example.com:8443/team/blueprints.git",
        "https://git.example.org/team/blueprints.git",
        "/git.example.com/team/blueprints",
        "git.example.com/team/blueprints",
        "file:///git.example.com/team/blueprints",
        "",
        ".",
        "https://",
        "https://git.example.com",
    ],
)
def test_another_repository_has_another(url: str) -> None:
    assert canonical_address(url) != canonical_address(URL)


@pytest.mark.parametrize(
    "url",
    [
        "/srv/git/sites",
        "file:///srv/git/sites.git/",
        "/srv/git/../git/sites.git/",
        "//srv/git/sites.git",
        "/srv/git/sites/.git",
        "file://localhost/srv/git/sites",
        "file:///srv/git/%73ites",
    ],
)
def test_a_path_is_a_path_however_it_is_written(url: str) -> None:
    assert canonical_address(url) == canonical_address(SITES.url)


@pytest.mark.parametrize(
    ("lineage", "answer"),
    [
        (lock("net/dns/v1"), ("blueprints/net/dns@v1", [2, 3])),
        (lock("v1", directory="net/dns/"), ("blueprints/net/dns@v1", [2, 3])),
        (lock("refs/tags/net/dns/v3"), ("blueprints/net/dns@v3", [])),
        (lock(COMMITS[2], COMMITS[2]), ("blueprints/net/dns@v2", [3])),
        (lock(COMMITS[2]), ("blueprints/net/dns@v2", [3])),
        (lock("net/v1", COMMITS[1]), ("blueprints/net/dns@v1", [2, 3])),
        (lock("v1", COMMITS[2]), ("blueprints/net/dns@v2", [3])),
        (lock("v1", COMMITS[90]), ("blueprints/net/dns@v1", [2, 3])),
        (lock("main", COMMITS[90]), ("blueprints/net/dns@main", [])),
        (lock("main", COMMITS[2]), ("blueprints/net/dns@main", [3])),
        (lock("net/dns/v9"), ("blueprints/net/dns@v9", [])),
        (lock("nonsense"), ("blueprints/net/dns@nonsense", [])),
        (lock(""), ("blueprints/net/dns", [])),
        (lock("drafts/net/dns/add-mx"), ("blueprints/net/dns@add-mx", [])),
        (lock("drafts/net/dns/ws-2"), ("blueprints/net/dns@drafts/net/dns/ws-2", [2, 3])),
        (lock("proposed/net/dns/ws-2", COMMITS[2]), ("blueprints/net/dns@v2", [3])),
        (lock("drafts/net/dns/gone"), ("blueprints/net/dns@drafts/net/dns/gone", [1, 2, 3])),
        (
            lock("net/dns/v1", directory="/net/ntp"),
            ("https://git.example.com/team/blueprints.git/net/ntp@net/dns/v1", []),
        ),
        (lock("v1", directory="../.."), ("https://git.example.com/team/blueprints.git/../..@v1", [])),
        (
            lock("main", directory="/", repo="https://ada:s3cret@elsewhere.example.com/x.git"),
            ("https://elsewhere.example.com/x.git@main", []),
        ),
        (lock("", COMMITS[1], repo="/gone"), ("/gone/net/dns@0000000000", [])),
        (Lineage(Upstream(URL, "/net/dns", "v2"), Upstream("", "", "v9")), ("blueprints/net/dns@v2", [3])),
    ],
)
def test_an_upstream_is_found_by_what_its_lock_says(lineage: Lineage, answer: tuple[str, list[int]]) -> None:
    assert told(lineage) == answer


def test_a_revision_that_is_gone_still_says_what_came_after_it() -> None:
    one = tag(SITES, "web", 1, lock("net/dns/v1"), latest=True)
    relations = Relations([V2, V3, one])
    link = relations.link(one)
    assert link is not None
    assert (link.upstream, str(link), link.newer) == (None, "blueprints/net/dns@v1", (V2, V3))
    assert relations.downstream("blueprints.net.dns") == (one,)
    assert relations.downstream(V2.name) == ()
    assert relations.downstream(V1.name) is None


def test_what_is_proposed_for_deletion_is_no_update() -> None:
    doomed = V3._replace(revision=V3.revision._replace(lifecycle=Lifecycle.DELETION_PROPOSED))
    one = tag(SITES, "web", 1, lock("net/dns/v1"))
    link = Relations([V1, V2, doomed, one]).link(one)
    assert link is not None
    assert link.newer == (V2,)


def test_it_is_known_whether_it_is_known() -> None:
    known = {}
    for ref in ("net/dns/v3", "drafts/net/dns/add-mx", "main", "nonsense"):
        one = tag(SITES, "web", 1, lock(ref))
        link = Relations([V1, V3, MAIN, DRAFT, one]).link(one)
        known[ref] = link is not None and link.is_known
    assert list(known.values()) == [True, True, False, False]


def test_a_copy_keeps_its_upstream() -> None:
    """Of a revision that was copied, Porch forgot where it had come from."""
    lineage = lock("net/dns/v1", COMMITS[1])
    first, copied = tag(SITES, "web", 1, lineage), draft(SITES, "web", "copy", lineage)
    relations = Relations([V1, V2, first, copied])
    assert relations.link(copied) == relations.link(first)
    assert relations.downstream(V1.name) == (first, copied)


def test_packages_that_were_cloned_from_each_other_are_no_trouble() -> None:
    one = tag(BLUEPRINTS, "a", 1, lock("b/v1", directory="/b"), latest=True)
    other = tag(BLUEPRINTS, "b", 1, lock("a/v1", directory="/a"), latest=True)
    itself = tag(BLUEPRINTS, "c", 2, lock("c/v1", directory="/c"), latest=True)
    relations = Relations([one, other, itself, tag(BLUEPRINTS, "c", 1)])
    assert relations.downstream(one.name) == relations.downstream("blueprints.a") == (other,)
    assert relations.downstream(other.name) == (one,)
    assert relations.downstream("blueprints.c") == relations.downstream("blueprints.c.ws-1") == ()
    assert str(relations.link(itself)) == "blueprints/c@v1"


def test_only_what_may_be_built_on_is_live() -> None:
    lineage = lock("net/dns/v1")
    old, latest = tag(SITES, "web", 1, lineage), tag(SITES, "web", 2, lineage, latest=True)
    there, only = branch(SITES, "web", lineage), branch(SITES, "shop", lineage)
    begun = draft(SITES, "web", "next", lineage)
    relations = Relations([V1, old, latest, there, only, begun])
    assert relations.downstream(V1.name) == (old, latest, there, only, begun)
    assert relations.live(relations.downstream(V1.name) or ()) == (latest, only, begun)


def test_a_repository_that_is_registered_twice_is_one() -> None:
    lineage = lock("v1", directory="/lab/net/dns", repo="git@git.example.com:team/blueprints")
    inner = Registration("inner", "ssh://git.example.com/team/blueprints", branch="lab", directory="lab")
    upstream = tag(inner, "net/dns", 1, latest=True)
    again = [tag(BLUEPRINTS, "lab/net/dns", 1, latest=True)]
    web = tag(SITES, "web", 1, lineage, latest=True)
    copies = Registration("copies", "file:///srv/git/sites", branch="b", directory="edge")
    relations = Relations([*again, upstream, web, tag(copies, "web", 1, lineage, latest=True)])
    assert str(relations.link(web)) == "blueprints/lab/net/dns@v1"
    for name in (upstream.name, "inner.net.dns", "blueprints.lab.net.dns.ws-1"):
        assert [one.name for one in relations.downstream(name) or ()] == ["sites.web.ws-1", "copies.web.ws-1"]
        assert relations.live(relations.downstream(name) or ()) == (web,)


def test_a_kptfile_says_where_it_comes_from() -> None:
    lineage = read_lineage(KPTFILE)
    assert lineage.upstream == Upstream(URL.removesuffix(".git"), "/net/dns", "v1")
    assert (
        lineage.origin
        == lineage.lock
        == Upstream(
            URL.removesuffix(".git"), "/net/dns", "net/dns/v1", "0123456789012345678901234567890123456789"
        )
    )
    assert (lineage.strategy, lineage.problem) == ("fast-forward", "")
    assert read_lineage(b"apiVersion: kpt.dev/v1\nkind: Kptfile\n") == NONE
    assert read_lineage(b"upstream: [").problem.startswith("Kptfile:")
    assert read_lineage(b"apiVersion: kpt.dev/v1\nkind: Kptfile\nupstreamLock: x\n").origin is None
