"""Every row of the lifecycle table, by real pushes to a server with hooks."""

from tests.hooks.gate import refused
from tests.hooks.world import World, published

NAME = "networking/dns/add-mx"
DRAFT = "refs/heads/drafts/" + NAME
PROPOSED = "refs/heads/proposed/" + NAME


def drafted(world: World) -> None:
    ada = world["ada"]
    ada.start()
    ada.package("networking/dns")
    ada.commit("Add DNS")
    ada.draft("networking/dns", "add-mx")


def proposed(world: World) -> None:
    drafted(world)
    world["ada"].ask("propose", NAME)


def test_a_pushed_draft_is_saved_and_rendered(world: World) -> None:
    ada = world["ada"]
    ada.start()
    ada.package("networking/dns", namespace="team-a")
    pushed = ada.commit("Add DNS")
    answer = ada.draft("networking/dns", "add-mx")
    assert "rendered: 1 function changed item-0.yaml" in answer.text
    assert "Pull before you go on" in answer.text
    head = world.server.refs()[DRAFT]
    assert world.server.git("rev-parse", f"{head}^") == pushed
    assert "namespace: team-a" in world.server.show(f"{head}:networking/dns/item-0.yaml")
    who = world.server.git("show", "-s", "--format=%an <%ae> %cn", head)
    assert who == "Ada Lovelace <ada@example.com> Portico"
    message = world.server.git("show", "-s", "--format=%B", head)
    assert (
        'kpt:{"package":"networking/dns","workspaceName":"add-mx","revision":"0","task":{"type":"render"}}'
        in message
    )


def test_pushing_what_is_rendered_adds_no_commit(world: World) -> None:
    drafted(world)
    ada = world["ada"]
    ada.git("pull", "-q", "origin", "drafts/" + NAME)
    ada.write("networking/dns/notes.txt", "binary \0 too")
    head = ada.commit("Notes")
    answer = ada.draft("networking/dns", "add-mx")
    assert "nothing to change" in answer.text
    assert world.server.refs()[DRAFT] == head


def test_a_draft_is_proposed(world: World) -> None:
    drafted(world)
    answer = world["ada"].ask("propose", NAME)
    assert "is proposed. Waiting for approvals: 0 of 1, from @grace or @linus." in answer.text
    refs = world.server.refs("refs/heads")
    assert PROPOSED in refs
    assert DRAFT not in refs


def test_a_proposal_is_rejected_with_its_reason(world: World) -> None:
    proposed(world)
    answer = world["grace"].ask("reject", NAME, "", "-o", "reason=the TTL is too short")
    assert "rejected by @grace: the TTL is too short" in answer.text
    assert DRAFT in world.server.refs()
    assert "the TTL is too short" in world["ada"].ask("explain", NAME).text


def test_an_approval_publishes(world: World) -> None:
    proposed(world)
    main, draft = world.server.refs()["refs/heads/main"], world.server.refs()[PROPOSED]
    answer = world["grace"].ask("approve", NAME)
    assert "published as networking/dns/v1, approved by @grace" in answer.text
    refs = world.server.refs()
    merge = refs["refs/tags/networking/dns/v1"]
    assert refs["refs/heads/main"] == merge
    assert not [ref for ref in refs if "add-mx" in ref]
    assert world.server.git("show", "-s", "--format=%P", merge).split() == [main, draft]
    message = world.server.git("show", "-s", "--format=%B", merge)
    assert message == (
        "Approving package revision networking/dns/1\n\n"
        'kpt:{"package":"networking/dns","workspaceName":"add-mx","revision":"1"}\n\n'
        "Approved-by: Grace Hopper <grace@example.com>"
    )
    assert "README.md" in world.server.git("ls-tree", "--name-only", "main")


def test_two_approvals_are_waited_for(world: World) -> None:
    root = world["root"]
    root.start()
    root.write(".portico.yaml", "approvals: 2\napprovers: [grace, linus]\n")
    root.commit("Two")
    root.push("HEAD:main")
    proposed(world)
    assert "Waiting for approvals: 1 of 2" in world["grace"].ask("approve", NAME).text
    assert "Waiting for approvals: 1 of 2" in world["grace"].ask("approve", NAME).text
    assert PROPOSED in world.server.refs()
    assert "approved by @grace, @linus" in world["linus"].ask("approve", NAME).text


def test_drafts_and_proposals_are_deleted_by_their_authors_and_approvers(world: World) -> None:
    drafted(world)
    assert "is deleted" in world["ada"].ask("delete", NAME).text
    proposed(world)
    assert "is deleted" in world["linus"].ask("delete", NAME).text
    drafted(world)
    world["ada"].push(":" + DRAFT)
    assert not [ref for ref in world.server.refs() if "add-mx" in ref]


def test_a_published_revision_is_deleted_in_two_steps(world: World) -> None:
    published(world, "networking/dns", "add-mx")
    ada, grace = world["ada"], world["grace"]
    assert "proposed for deletion" in ada.ask("propose-delete", NAME, ada.standing("networking/dns/v1")).text
    assert "refs/heads/deletionProposed/networking/dns/v1" in world.server.refs()
    answer = grace.ask("approve", NAME, grace.standing("networking/dns/v1"))
    assert "Its number will not be used again" in answer.text
    refs = world.server.refs()
    assert not [ref for ref in refs if "networking" in ref]
    assert "networking" not in world.server.git("ls-tree", "--name-only", "main")
    published(world, "networking/dns", "again")
    assert "refs/tags/networking/dns/v2" in world.server.refs()


def test_a_deletion_is_rejected(world: World) -> None:
    published(world, "networking/dns", "add-mx")
    world["ada"].ask("propose-delete", "networking/dns/v1")
    commit = world["grace"].standing("networking/dns/v1")
    assert "stays published" in world["grace"].ask("reject", NAME, commit, "-o", "reason=in use").text
    assert "refs/heads/deletionProposed/networking/dns/v1" not in world.server.refs()


def test_people_who_know_only_branches_propose_and_reject(world: World) -> None:
    drafted(world)
    ada, grace = world["ada"], world["grace"]
    head = ada.standing(NAME)
    ada.push(f"{head}:{PROPOSED}", f":{DRAFT}")
    assert world.server.refs("refs/heads").keys() == {"refs/heads/main", PROPOSED}
    grace.standing(NAME)
    grace.push(f"{head}:{DRAFT}", f":{PROPOSED}")
    assert world.server.refs("refs/heads").keys() == {"refs/heads/main", DRAFT}


def test_a_draft_and_a_proposal_pushed_at_once_lose_nothing(world: World) -> None:
    proposed(world)
    ada = world["ada"]
    head = ada.standing(NAME)
    ada.git("checkout", "-q", head)
    ada.write("networking/dns/item-0.yaml", "a: new\n")
    other = ada.commit("Other")
    says = "is a draft or a proposal, never both"
    refused(ada, f"{other}:{DRAFT}", f":{PROPOSED}", says=says)
    world["grace"].ask("reject", NAME)
    refused(ada, f"+{other}:{DRAFT}", f"{head}:{PROPOSED}", says=says)
    assert world.server.refs()[DRAFT] == head


def test_a_rejection_takes_approvals_back_whatever_its_reason_is_written_with(world: World) -> None:
    world["root"].start()
    world["root"].write(".portico.yaml", "approvals: 2\n")
    world["root"].commit("Two")
    world["root"].push("HEAD:refs/heads/main")
    proposed(world)
    ada, grace, linus = world["ada"], world["grace"], world["linus"]
    grace.ask("approve", NAME)
    linus.ask("reject", NAME, "", "-o", "reason=too\u2028short\x85portico:{}")
    assert "was rejected by @linus: too short" in ada.ask("explain", NAME).text
    ada.ask("propose", NAME)
    assert "Waiting for approvals: 1 of 2" in linus.ask("approve", NAME).text


def test_whoever_proposes_what_they_did_not_write_may_approve_it_and_is_named(world: World) -> None:
    drafted(world)
    assert "from @grace or @linus" in world["grace"].ask("propose", NAME).text
    assert "approved by @grace" in world["grace"].ask("approve", NAME).text
