"""What may not be moved by hand: the branch, the tags, the server's own refs, and names that are none."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hooks.gate import close, house, kept, refused, set_policy
from tests.hooks.world import POLICY, World, make_world, published, run

TAG = "refs/tags/net/dns/v1"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world with net/dns published as v1 and v2."""
    for world in house(tmp_path_factory.mktemp("gate")):
        published(world, "net/dns", "one")
        published(world, "net/dns", "two", namespace="other")
        yield world


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from house(tmp_path_factory.mktemp("own"))


def test_a_published_tag_never_moves(shared: World) -> None:
    for login in ("ada", "root"):
        human = shared[login]
        human.start()
        says = ("'net/dns/v1' is a published revision and never moves", "publish a new revision")
        refused(human, f"+HEAD:{TAG}", says=says)  # the new commit holds the package
        human.git("rm", "-q", "-r", "net/dns")
        human.commit("Without the package")
        refused(human, f"+HEAD:{TAG}", says=says)
        refused(human, f"+HEAD^{{tree}}:{TAG}", says=says)
        human.git("tag", "-f", "-a", "-m", "annotated", "net/dns/v1", "HEAD")
        refused(human, f"+{TAG}", says=says)


def test_a_published_tag_is_deleted_by_asking(shared: World) -> None:
    says = "`git push origin net/dns/v1:refs/portico/propose-delete/net/dns/v1`"
    for login in ("ada", "root"):
        refused(shared[login], f":{TAG}", says=("'net/dns/v1' is a published revision", says))


def test_a_tag_publishes_nothing_by_hand(shared: World) -> None:
    ada = shared["ada"]
    ada.start()
    says = "would publish a package that nobody approved; push a draft and propose it"
    refused(ada, "HEAD:refs/tags/net/dns/v3", says=("'net/dns/v3'", says))
    refused(ada, "HEAD:refs/tags/net/dns/latest", says=("'net/dns/latest'", says))
    ada.package("net/other")
    ada.commit("Another package, on no branch")
    refused(ada, "HEAD:refs/tags/net/other/v1", says=says)
    ada.git("tag", "-f", "-a", "-m", "annotated", "net/other/v1")
    refused(ada, "refs/tags/net/other/v1", says=says)


def test_a_tag_takes_no_number_of_a_package_that_it_does_not_hold(shared: World) -> None:
    ada = shared["ada"]
    ada.start()
    ada.git("rm", "-q", "-r", "net/dns")
    ada.commit("Without the package")
    refused(ada, "HEAD:refs/tags/net/dns/v999999999", says="would publish a package that nobody approved")


def test_other_tags_are_free(shared: World) -> None:
    ada = shared["ada"]
    ada.start()
    ada.push("HEAD:refs/tags/2026-01", "HEAD:refs/tags/release/v1")
    ada.push(":refs/tags/2026-01", ":refs/tags/release/v1")


def test_the_branch_changes_by_publication_only(shared: World) -> None:
    ada = shared["ada"]
    ada.start()
    ada.write("net/dns/item-0.yaml", "sneaked: in\n")
    commit = ada.commit("Sneak")
    says = ("The branch 'main' changes by publication only", "'drafts/<path>/<workspace>'", "`directPushes`")
    refused(ada, "HEAD:refs/heads/main", says=says)
    assert not kept(shared, commit)


def test_the_branch_never_rewinds_and_is_never_deleted(shared: World) -> None:
    for login in ("ada", "root"):
        human = shared[login]
        human.start()
        says = "The branch 'main' never goes back: fetch it, put your commits on top"
        refused(human, "+origin/main~1:refs/heads/main", says=says)
        human.git("checkout", "-q", "--orphan", f"unrelated-{login}")
        human.commit("Unrelated")
        refused(human, "+HEAD:refs/heads/main", says=says)
        refused(human, "+HEAD^{tree}:refs/heads/main", says="main")
        says = "The branch 'main' holds the published packages and cannot be deleted"
        refused(human, ":refs/heads/main", says=says)


def test_an_admin_may_push_to_the_branch(own: World) -> None:
    root = own["root"]
    root.start()
    root.write("by-hand.txt", "by hand")
    head = root.commit("By hand")
    root.push("HEAD:refs/heads/main")
    assert own.server.refs()["refs/heads/main"] == head


def test_direct_pushes_for_all_for_some_and_for_nobody(own: World) -> None:
    for allowed, may in (
        ("true", "ada linus"),
        ("[ada, '@Linus']", "ada linus"),
        ("[ada@example.com]", "ada"),
    ):
        set_policy(own, f"{POLICY}directPushes: {allowed}\n")
        for login in ("ada", "linus"):
            human = own[login]
            human.start()
            human.write(f"{login}.txt", allowed)
            human.commit(allowed)
            if login in may:
                human.push("HEAD:refs/heads/main")
            else:
                refused(human, "HEAD:refs/heads/main", says="changes by publication only")
    set_policy(own, f"{POLICY}directPushes: true\nunknown: key\n")
    own["ada"].start()
    own["ada"].commit("While the policy cannot be read")
    refused(own["ada"], "HEAD:refs/heads/main", says="changes by publication only")


def test_a_mistake_in_the_policy_is_named_when_it_is_pushed(own: World) -> None:
    root = own["root"]
    root.start()
    root.write(".portico.yaml", "approvels: 2\n")
    root.commit("Policy")
    answer = root.push("HEAD:refs/heads/main")
    assert "Nothing can be published until the policy is mended" in answer.text
    assert ".portico.yaml:1: Unknown key 'approvels'" in answer.text
    root.write(".portico.yaml", own.policy)
    root.commit("Mended")
    assert "portico:" not in root.push("HEAD:refs/heads/main").text


def test_a_policy_does_not_let_its_own_push_in(own: World) -> None:
    ada = own["ada"]
    ada.start()
    ada.write(".portico.yaml", "directPushes: true\nselfApproval: true\n")
    ada.commit("For me")
    refused(ada, "HEAD:refs/heads/main", says="changes by publication only")
    ada.package("net/dns")
    ada.commit("With a package")
    ada.draft("net/dns", "ws")
    says = "also changes '.portico.yaml', outside 'net/dns'"
    refused(ada, f"{ada.standing('net/dns/ws')}:refs/portico/propose/net/dns/ws", says=says)


@pytest.mark.parametrize(
    ("ref", "says"),
    [
        ("refs/portico/publish/net/dns/two", ("'publish' is nothing that can be asked", "propose, approve")),
        ("refs/portico/ledger/drafts/net/dns/two", "'ledger' is nothing that can be asked"),
        ("refs/portico/server", "'server' is nothing that can be asked"),
        ("refs/portico/x", "'x' is nothing that can be asked"),
        ("refs/portico/propose/net", "Name a package revision: 'refs/portico/propose/<path>/<workspace>'"),
        (
            "refs/heads/drafts/x",
            ("'drafts/x' must name a package and a workspace", "'drafts/<path>/<workspace>'"),
        ),
        ("refs/heads/proposed/x", ("'proposed/x' must name", "'proposed/<path>/<workspace>'")),
        ("refs/heads/deletionProposed/x", "'deletionProposed/<path>/<workspace>'"),
        ("refs/heads/drafts", "'drafts'"),
        ("refs/heads/proposed", "'proposed'"),
        ("refs/heads/deletionProposed", "'deletionProposed'"),
        ("refs/heads/drafts/net/Dns/ws", "must be lower-case letters, digits and '-'"),
        ("refs/heads/drafts/net/dns/WS", "The workspace 'WS' must be lower-case letters"),
        ("refs/heads/drafts/net/dns/under_score", "The workspace 'under_score' must be lower-case"),
        ("refs/heads/drafts/net/dns/-x", "The workspace '-x' must be"),
        ("refs/heads/drafts/nét/dns/ws", "'nét'"),
        ("refs/heads/drafts/net/dns/日本", "'日本' must be lower-case letters"),
        ("refs/heads/drafts/net/d.n.s/ws", "'d.n.s'"),
        ("refs/heads/proposed/net/dns/WS", "The workspace 'WS' must be lower-case letters"),
        ("refs/heads/deletionProposed/net/dns/two", "'net/dns/two' stands at"),
        ("refs/heads/deletionProposed/net/dns/v1", "stands at"),
    ],
)
def test_a_name_that_is_none_is_refused_with_a_better_one(
    shared: World, ref: str, says: str | tuple[str, ...]
) -> None:
    ada = shared["ada"]
    ada.start()
    ada.package("net/dns", namespace="named")
    commit = ada.commit(ref)
    refused(ada, f"+HEAD:{ref}", says=says)
    if not ref.startswith(("refs/portico/propose", "refs/heads/deletionProposed/net")):
        assert not kept(shared, commit)  # refused in quarantine; the others are refused by what stands there


@pytest.mark.parametrize(
    "ref",
    [
        "drafts/net/../ws",
        "drafts/net/dns/a b",
        "drafts/net/dns/ws.lock",
        "drafts/net//ws",
        "drafts/a~b/ws",
        "drafts/.x/ws",
    ],
)
def test_git_itself_refuses_what_is_no_ref(shared: World, ref: str) -> None:
    before = shared.server.refs()
    answer = shared["ada"].push(f"HEAD:refs/heads/{ref}", check=False)
    assert not answer.ok
    assert shared.server.refs() == before


def test_a_name_of_300_characters_is_refused(shared: World) -> None:
    """No file can have it, so the refs must not be looked up first."""
    ada = shared["ada"]
    ada.start()
    for name in (f"net/dns/{'x' * 300}", f"net/{'x' * 300}/ws", "/".join(["x" * 60] * 5)):
        says = (
            ("must be lower-case letters", "at most 63") if "x" * 63 in name else ("must have at most 253",)
        )
        refused(ada, f"HEAD:refs/heads/drafts/{name}", says=says)


def test_requests_and_the_servers_refs_are_not_deleted(shared: World) -> None:
    ada = shared["ada"]
    says = "is a request, not a ref: nothing is kept there that could be deleted"
    refused(ada, ":refs/portico/approve/net/dns/two", says=says)
    for ref in ("refs/portico/server", "refs/portico/ledger/drafts/net/dns/two"):
        answer = ada.push(f":{ref}", check=False)
        assert answer.code == 1
    server = shared.server.path
    assert run("git", "--git-dir", server, "rev-parse", "-q", "refs/portico/server", cwd=server).ok


def test_one_refusal_at_the_gate_refuses_the_whole_push(shared: World) -> None:
    ada = shared["ada"]
    ada.start()
    ada.package("net/good")
    ada.commit("Good")
    words = ("HEAD:refs/heads/drafts/net/good/ws", "HEAD:refs/heads/main", "HEAD:refs/heads/drafts/BAD/ws")
    refused(
        ada, *words, says=("refused refs/heads/main: The branch 'main'", "refused refs/heads/drafts/BAD/ws")
    )


def test_all_or_nothing_is_kept_or_refused(shared: World) -> None:
    published(shared, "net/whole", "used")
    ada = shared["ada"]
    ada.start()
    ada.package("net/whole", namespace="new")
    ada.commit("New")
    words = ("HEAD:refs/heads/drafts/net/whole/free", "HEAD:refs/heads/drafts/net/whole/used")
    refused(ada, "--atomic", *words, says="`--atomic` cannot be kept")
    words_with_git = ("HEAD:refs/heads/feature/whole", "HEAD:refs/heads/drafts/net/whole/used")
    refused(ada, "--atomic", *words_with_git, says="its content cannot change")
    answer = ada.push(*words, check=False)
    assert answer.code == 1
    assert "its content cannot change" in answer.text
    assert "refs/heads/drafts/net/whole/free" in shared.server.refs()


def test_a_draft_is_a_commit(shared: World) -> None:
    ada = shared["ada"]
    ada.start()
    ada.package("net/tagged")
    ada.commit("Tagged")
    ada.git("tag", "-f", "-a", "-m", "annotated", "some-tag")
    refused(ada, "refs/tags/some-tag:refs/heads/drafts/net/tagged/ws", says="must be a commit")
    refused(ada, "HEAD^{tree}:refs/heads/drafts/net/tagged/ws", says="must be a commit")
    blob = ada.head("HEAD:net/tagged/Kptfile")
    refused(ada, f"{blob}:refs/heads/drafts/net/tagged/ws", says="must be a commit")


def test_content_is_looked_at_by_whichever_branch_it_comes(shared: World) -> None:
    ada = shared["ada"]
    ada.start()
    ada.package("net/back-door")
    ada.write("net/back-door/link.yaml", "a: 1\na: 2\n")
    ada.commit("Invalid")
    for kind in ("drafts", "proposed"):
        refused(ada, f"HEAD:refs/heads/{kind}/net/back-door/ws", says=("link.yaml:2", "must be valid first"))


def test_other_branches_are_free(shared: World) -> None:
    ada = shared["ada"]
    ada.start()
    ada.commit("Mine")
    ada.push("HEAD:refs/heads/feature/x")
    ada.push("+HEAD~1:refs/heads/feature/x")
    ada.push(":refs/heads/feature/x")


def test_what_has_no_good_name_can_still_be_removed(shared: World) -> None:
    ada = shared["ada"]
    ada.start()
    ada.package("Old/Name")
    ada.push(f"{ada.commit('Old')}:refs/heads/feature/old")
    for ref in ("refs/heads/drafts/x", "refs/heads/drafts/Old/Name/WS"):
        shared.server.git("update-ref", ref, ada.head())
        ada.push(f":{ref}")
        assert ref not in shared.server.refs()


def test_an_annotated_tag_stands_for_its_commit(shared: World) -> None:
    published(shared, "net/noted", "ws")
    ada = shared["ada"]
    ada.start()
    ada.standing("net/noted/v1")
    ada.git("tag", "-f", "-a", "-m", "seen", "noted", "net/noted/v1")
    answer = ada.push("refs/tags/noted:refs/portico/propose-delete/net/noted/v1")
    assert "proposed for deletion" in answer.text


def test_the_resident_answers_as_the_hooks_do_without_one(tmp_path: Path) -> None:
    answers = []
    for resident in (False, True):
        home = tmp_path / str(resident)
        home.mkdir()
        answers.append(told(make_world(home, resident=resident)))
    assert answers[0] == answers[1]


def told(world: World) -> list[str]:
    """What a person reads, without ids and places."""
    ada = world["ada"]
    ada.start()
    ada.package("net/dns")
    ada.write("net/broken/Kptfile", "")
    ada.commit("DNS")
    words = ("main", "drafts/x", "drafts/net/broken/ws", "drafts/net/dns/ws")
    answers = [ada.push(f"HEAD:refs/heads/{word}", check=False) for word in words]
    answers += [
        ada.push(f"HEAD:refs/portico/{word}/net/dns/ws", check=False) for word in ("propose", "approve", "x")
    ]
    close(world)
    return [re.sub(r"[0-9a-f]{7,40}|/tmp\S*", "…", f"{answer.code} {answer}") for answer in answers]


def test_a_stray_of_any_name_is_named(shared: World) -> None:
    ada = shared["ada"]
    ada.start()
    ada.package("net/tidy")
    ada.git("add", "-A")
    blob = ada.git("hash-object", "-w", "net/tidy/Kptfile").text.strip()
    (ada.clone / "entry").write_bytes(b"100644 blob " + blob.encode() + b"\tcaf\xe9.txt\n")
    run("sh", "-c", "git update-index --index-info <entry && rm entry", cwd=ada.clone)
    ada.git("commit", "-q", "-m", "Stray")
    ada.draft("net/tidy", "ws")
    says = ("also changes 'caf", "outside 'net/tidy'")
    refused(ada, f"{ada.standing('net/tidy/ws')}:refs/portico/propose/net/tidy/ws", says=says)
    ada.git("reset", "-q", "--hard", "origin/main")
