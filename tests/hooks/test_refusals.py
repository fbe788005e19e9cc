"""Every guard of the lifecycle table, by real pushes: who objects, in which words, and nothing moves."""

from collections.abc import Iterator

import pytest

from tests.hooks.gate import house, refused, refused_request, set_policy
from tests.hooks.world import POLICY, World, published

KPTFILE = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: app\n"
UPSTREAM = """upstreamLock:
  type: git
  git:
    repo: https://example.com/packages.git
    directory: net/upstream
    ref: net/upstream/v1
    commit: 0123456789012345678901234567890123456789
"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from house(tmp_path_factory.mktemp("refusals"))


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world for tests that change the policy."""
    yield from house(tmp_path_factory.mktemp("own"))


def drafted(world: World, path: str, workspace: str = "ws", *, by: str = "ada", extra: str = "") -> str:
    human = world[by]
    human.start()
    human.write(f"{path}/Kptfile", KPTFILE + extra)
    commit = human.commit(f"{path}/{workspace}")
    human.draft(path, workspace)
    return commit


def proposed(world: World, path: str, workspace: str = "ws", *, by: str = "ada") -> str:
    commit = drafted(world, path, workspace, by=by)
    world[by].ask("propose", f"{path}/{workspace}")
    return commit


def test_who_is_not_an_approver_cannot_decide(shared: World) -> None:
    proposed(shared, "net/approver")
    for word in ("approve", "reject"):
        says = ("@root may not decide about 'net/approver'", "Who may: @grace or @linus")
        refused_request(shared["root"], word, "net/approver/ws", says=says)


def test_nobody_approves_what_they_pushed(shared: World) -> None:
    proposed(shared, "net/self", by="grace")
    says = ("@grace wrote or pushed part of this", "ask another approver")
    refused_request(shared["grace"], "approve", "net/self/ws", says=says)


@pytest.mark.parametrize(
    ("case", "author", "message"),
    [
        ("author", "Grace Hopper <somewhere@example.org>", "as Grace by name"),
        ("address", "Someone <GRACE@example.com>", "as Grace by address"),
        ("login", "grace <private@example.org>", "as Grace by login"),
        ("co-author", "Ada Lovelace <ada@example.com>", "Two\n\nCo-authored-by: Grace <grace@example.com>"),
    ],
)
def test_nobody_approves_what_they_helped_to_write(
    shared: World, case: str, author: str, message: str
) -> None:
    ada, path = shared["ada"], f"net/by-{case}"
    ada.start()
    ada.write(f"{path}/Kptfile", KPTFILE)
    ada.git("add", "-A")
    ada.git("commit", "-q", f"--author={author}", "-m", message)
    ada.draft(path, "ws")
    ada.ask("propose", f"{path}/ws")
    refused_request(shared["grace"], "approve", f"{path}/ws", says="@grace wrote or pushed part of this")


def test_a_pusher_is_an_author_whatever_name_the_commit_has(shared: World) -> None:
    grace = shared["grace"]
    grace.start()
    grace.git("config", "user.name", "Nobody")
    grace.git("config", "user.email", "nobody@example.org")
    grace.write("net/disguised/Kptfile", KPTFILE)
    grace.commit("Who, me?")
    grace.draft("net/disguised", "ws")
    grace.ask("propose", "net/disguised/ws")
    refused_request(grace, "approve", "net/disguised/ws", says="@grace wrote or pushed part of this")


def test_an_approval_of_another_commit_is_refused(shared: World) -> None:
    first = drafted(shared, "net/moved")
    ada = shared["ada"]
    ada.write("net/moved/more.txt", "more")
    second = ada.commit("More")
    ada.draft("net/moved", "ws")
    ada.ask("propose", "net/moved/ws")
    says = (f"stands at {second[:10]}, not at {first[:10]}", "look at what changed, and ask again")
    grace = shared["grace"]
    grace.git("fetch", "-q", "origin")
    for word in ("approve", "reject", "delete"):
        refused_request(grace, word, "net/moved/ws", says=says, commit=first)
    refused_request(ada, "approve", "net/moved/ws", says="not at", commit=ada.head("origin/main"))


def test_an_invalid_policy_is_told_whole_and_publishes_nothing(own: World) -> None:
    proposed(own, "net/dns")
    set_policy(
        own,
        "approvals: many\napprover: [grace]\nselfApproval: perhaps\n"
        "directPushes: {}\napprovers:\n  net/**: grace\ntypo: 1\n",
    )
    says = (
        "Nothing can be published until the policy is mended, on the registered branch",
        ".portico.yaml:1: `approvals` must be a whole number",
        ".portico.yaml:2: Unknown key 'approver'; the keys are `approvals`",
        ".portico.yaml:3: `selfApproval` must be true or false",
        ".portico.yaml:4: `directPushes` must be true, false, or a list",
        ".portico.yaml:6: `approvers` must be a list of logins",
        ".portico.yaml:7: Unknown key 'typo'",
    )
    for word in ("approve", "reject"):
        refused_request(own["grace"], word, "net/dns/ws", says=says)
    set_policy(own, "approvals: [\n")
    refused_request(
        own["grace"], "approve", "net/dns/ws", says=("until the policy is mended", ".portico.yaml")
    )
    set_policy(own, POLICY)
    assert "published as net/dns/v1" in own["grace"].ask("approve", "net/dns/ws").text


def test_what_is_not_rendered_cannot_be_proposed(shared: World) -> None:
    ada = shared["ada"]
    ada.start()
    ada.write("net/raw/Kptfile", KPTFILE)
    commit = ada.commit("Past the hooks")
    ada.git("push", "-q", "origin", "HEAD:refs/heads/elsewhere")
    shared.server.git("update-ref", "refs/heads/drafts/net/raw/ws", commit)
    refused_request(
        ada, "propose", "net/raw/ws", says=(f"not been rendered at {commit[:10]}", "portico reconcile")
    )


def test_what_fails_to_render_is_saved_but_cannot_be_proposed(shared: World) -> None:
    pipeline = "pipeline:\n  mutators:\n  - image: example.com/nobody/knows-this:v1\n"
    ada = shared["ada"]
    ada.start()
    ada.write("net/failing/Kptfile", KPTFILE + pipeline)
    ada.commit("Failing")
    answer = ada.draft("net/failing", "ws")
    for part in ("the draft is saved", "Kptfile", "knows-this"):
        assert part in answer.text
    refused_request(ada, "propose", "net/failing/ws", says=("functions must succeed first", "knows-this"))


def test_readiness_gates_must_be_met(shared: World) -> None:
    gates = "info:\n  readinessGates:\n  - conditionType: tested\n  - conditionType: audited\n"
    unmet = (
        "status:\n  conditions:\n  - {type: tested, status: 'True'}\n  - {type: audited, status: 'False'}\n"
    )
    ada, name = shared["ada"], "net/gated/ws"
    drafted(shared, "net/gated", extra=gates)
    refused_request(ada, "propose", name, says=("readiness gates 'tested', 'audited' are not met", "'True'"))
    ada.write("net/gated/Kptfile", KPTFILE + gates + unmet)
    ada.commit("Half")
    ada.draft("net/gated", "ws")
    refused_request(ada, "propose", name, says="readiness gate 'audited' is not met")
    ada.write("net/gated/Kptfile", KPTFILE + gates + unmet.replace("False", "True"))
    ada.commit("Whole")
    ada.draft("net/gated", "ws")
    ada.ask("propose", name)
    assert "published as net/gated/v1" in shared["grace"].ask("approve", name).text


def test_the_second_of_two_drafts_is_stale(shared: World) -> None:
    published(shared, "net/twice", "base")
    for workspace in ("first", "second"):
        drafted(shared, "net/twice", workspace, extra=f"info: {{description: {workspace}}}\n")
        shared["ada"].ask("propose", f"net/twice/{workspace}")
    drafted(shared, "net/twice", "third", extra="info: {description: third}\n")
    shared["grace"].ask("approve", "net/twice/first")
    says = ("Revision v2 reached the branch since 'net/twice/second' began", "portico rpkg rebase")
    refused_request(shared["grace"], "approve", "net/twice/second", says=says)
    refused_request(shared["ada"], "propose", "net/twice/third", says="Revision v2 reached the branch")


def test_packages_cannot_be_nested(shared: World) -> None:
    published(shared, "nest/middle", "ws")
    ada = shared["ada"]
    for path in ("nest/middle/inner", "nest"):
        ada.start()
        ada.write(f"{path}/Kptfile", KPTFILE)
        ada.commit(path)
        says = (f"'{path}'", "'nest/middle'", "packages cannot be nested; choose another path")
        refused(ada, f"HEAD:refs/heads/drafts/{path}/ws", says=says)


def test_drafts_begun_at_once_are_not_nested_by_publication(shared: World) -> None:
    proposed(shared, "late/outer/inner", "a")
    proposed(shared, "late/outer", "b")
    shared["grace"].ask("approve", "late/outer/b")
    says = ("'late/outer/inner'", "packages cannot be nested")
    refused_request(shared["grace"], "approve", "late/outer/inner/a", says=says)


def test_the_workspace_of_a_published_revision_is_not_used_again(shared: World) -> None:
    published(shared, "net/used", "ws")
    ada = shared["ada"]
    ada.start()
    ada.package("net/used", namespace="other")
    ada.commit("Again")
    says = ("'net/used/ws' is Published, so its content cannot change", "'drafts/net/used/<workspace>'")
    refused(ada, "HEAD:refs/heads/drafts/net/used/ws", says=says)


def test_what_is_proposed_does_not_change(shared: World) -> None:
    proposed(shared, "net/closed")
    ada = shared["ada"]
    ada.write("net/closed/more.txt", "more")
    ada.commit("Late")
    says = ("'net/closed/ws' is Proposed, so its content cannot change", "`reject`")
    refused(ada, "HEAD:refs/heads/drafts/net/closed/ws", says=says)
    says = ("The branch 'proposed/net/closed/ws' cannot be rewritten", "reject it")
    refused(ada, "HEAD:refs/heads/proposed/net/closed/ws", says=says)


def test_an_upstream_in_use_is_not_deleted(shared: World) -> None:
    published(shared, "net/upstream", "ws")
    ada, grace = shared["ada"], shared["grace"]
    ada.ask("propose-delete", "net/upstream/v1")
    drafted(shared, "net/downstream", extra=UPSTREAM)
    ada.ask("propose", "net/downstream/ws")
    grace.ask("approve", "net/downstream/ws")
    says = ("cannot be deleted while 'net/downstream' has it as upstream", "upgrade or delete that first")
    refused_request(grace, "approve", "net/upstream/v1", says=says)
    grace.ask("reject", "net/upstream/v1")
    refused_request(ada, "propose-delete", "net/upstream/v1", says=says)


def test_nobody_approves_the_deletion_that_they_asked_for(shared: World) -> None:
    published(shared, "net/doomed", "ws")
    shared["grace"].ask("propose-delete", "net/doomed/v1")
    refused_request(shared["grace"], "approve", "net/doomed/v1", says="ask another approver")
    refused_request(shared["root"], "approve", "net/doomed/v1", says="may not decide about 'net/doomed'")


def test_only_authors_and_approvers_delete(shared: World) -> None:
    drafted(shared, "net/mine")
    says = ("@root neither wrote this nor may approve it", "only its authors and approvers")
    refused_request(shared["root"], "delete", "net/mine/ws", says=says)
    refused(shared["root"], ":refs/heads/drafts/net/mine/ws", says=says)


def test_a_draft_that_moved_is_not_overwritten(shared: World) -> None:
    drafted(shared, "net/race")
    grace = shared["grace"]
    grace.start()
    grace.write("net/race/Kptfile", KPTFILE)
    grace.commit("Mine")
    # Git's own client refuses what it can tell; a lease on an old head is for the server to refuse.
    answer = grace.push("HEAD:refs/heads/drafts/net/race/ws", check=False)
    assert not answer.ok
    assert "rejected" in answer.text


def test_requests_without_the_hooks_words_have_help(shared: World) -> None:
    for ref in ("refs/portico/propose/nothing", "refs/portico/approve/x"):
        word = ref.split("/")[2]
        refused(
            shared["ada"],
            f"HEAD:{ref}",
            says=f"Name a package revision: 'refs/portico/{word}/<path>/<workspace>'",
        )


def test_a_draft_without_a_commit_of_its_own_is_not_proposed(world: World) -> None:
    published(world, "networking/dns", "first")
    world["ada"].start()
    world["ada"].draft("networking/dns", "same")
    answer = world["ada"].ask("propose", "networking/dns/same", check=False)
    assert not answer.ok
    assert "nothing to publish" in answer.text
