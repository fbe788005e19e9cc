"""The whole lifecycle by runs of the workflow in the README, each started by what a person did."""

from tests.action.conftest import Avenue
from tests.attendant.conftest import PIPELINE
from tests.attendant.github.street import BRANCH
from tests.forges.github.faults import secondary


def test_from_a_push_to_a_published_revision(avenue: Avenue) -> None:
    avenue.write("ada", "60")
    ran = avenue.once()
    assert ran.code == 0, ran.log
    assert avenue.pull.draft
    assert ran.outputs == {
        "state": "Draft", "package": "net/dns", "revision": "", "tag": "", "changed": "false"
    }  # fmt: skip

    avenue.ready()
    ran = avenue.once()
    assert (ran.code, ran.outputs["state"]) == (0, "Proposed"), ran.log
    assert "Waiting for approvals: 0 of 1" in ran.summary
    assert "ttl" in ran.summary
    assert "**Difference:**" in ran.summary

    avenue.cast.review("grace", avenue.pull, "APPROVE", "Good.")
    ran = avenue.once()
    assert ran.code == 0, ran.log
    assert ran.outputs == {
        "state": "Published", "package": "net/dns", "revision": "1", "tag": "net/dns/v1", "changed": "true"
    }  # fmt: skip
    assert avenue.tag == avenue.repo.bare.ref("refs/heads/main")
    assert avenue.repo.bare.ref(f"refs/heads/{BRANCH}") == ""
    assert "✅ Published as v1" in avenue.living()
    assert avenue.runs() == []  # of what was done here no workflow hears


def test_what_functions_change_is_committed(avenue: Avenue) -> None:
    avenue.cast.commit("ada", BRANCH, {"net/dns/Kptfile": PIPELINE.encode()})
    ran = avenue.once()
    assert (ran.code, ran.outputs["changed"]) == (0, "true"), ran.log
    zone = avenue.repo.bare.read(avenue.repo.bare.ref(f"refs/heads/{BRANCH}"), "net/dns/zone.yaml")
    assert zone is not None
    assert b"team: net" in zone
    assert "starts no other workflow" in ran.summary


def test_a_failing_pipeline_fails_the_run_and_marks_the_line(avenue: Avenue) -> None:
    kptfile = PIPELINE.replace("set-labels:v0.2", "example.com/unknown:v1")
    avenue.cast.commit("ada", BRANCH, {"net/dns/Kptfile": kptfile.encode()})
    ran = avenue.once()
    assert (ran.code, ran.outputs["state"]) == (1, "Draft"), ran.log
    [found] = ran.annotations
    assert found.startswith("::error file=net/dns/Kptfile,line=")
    assert "example.com/unknown" in ran.summary


def test_a_word_in_a_comment_is_answered(avenue: Avenue) -> None:
    avenue.write("ada", "60")
    avenue.once()
    avenue.cast.comment("ada", avenue.pull, "/propose")
    assert avenue.once().outputs["state"] == "Proposed"
    avenue.cast.comment("grace", avenue.pull, "/reject $(touch here) `touch here`")
    ran = avenue.once()
    assert (ran.code, ran.outputs["state"]) == (0, "Draft"), ran.log
    assert list((avenue.machine.folder / "workspace").iterdir()) == []


def test_issues_without_a_word_start_nothing(avenue: Avenue) -> None:
    issue = {"action": "created", "issue": {"number": 3, "body": "/init net"}, "comment": {"body": "Well."}}
    assert not avenue.workflow.hears("issue_comment", issue)
    assert not avenue.workflow.hears("issues", {"action": "opened", "issue": {"number": 3, "body": None}})


def test_a_draft_is_begun_on_an_issue(avenue: Avenue) -> None:
    number = avenue.cast.issue("ada", "/init net/mail")
    ran = avenue.once()
    assert (ran.code, ran.outputs["changed"]) == (0, "true"), ran.log
    assert avenue.pull.head_ref == "drafts/net/mail/v1"
    [answer] = avenue.repo.comments_on(number)
    assert f"/pull/{avenue.pull.number}>" in answer.body

    path = f"/repos/acme/blueprints/issues/{number}/comments"
    assert avenue.cast.ask("POST", path, {"body": "/copy net/dns as next"}).status == 201
    assert avenue.once().code == 0
    assert "has no published revision" in avenue.repo.comments_on(number)[0].body


def test_a_schedule_looks_at_everything(avenue: Avenue) -> None:
    avenue.write("ada", "60")
    avenue.write("ada", "61", "drafts/net/dns/other")
    avenue.events()  # all of them are lost
    ran = avenue.run("schedule", {"schedule": "7,37 * * * *"})
    assert (ran.code, ran.outputs["state"]) == (0, ""), ran.log
    assert {pull.head_ref for pull in avenue.repo.pulls.values()} == {BRANCH, "drafts/net/dns/other"}
    writes = avenue.cast.hub.writes()
    again = avenue.run("workflow_dispatch", {"ref": "refs/heads/main", "inputs": None})
    assert (again.code, again.summary) == (0, "Nothing to do.\n")
    assert [write for write in avenue.cast.hub.writes() if "graphql" not in write] == [
        write for write in writes if "graphql" not in write
    ]


def test_a_pull_request_from_a_fork_runs_nothing(avenue: Avenue) -> None:
    cast = avenue.cast
    fork = cast.world.fork(cast.repo, "eve")
    cast.commit("eve", BRANCH, {"net/dns/Kptfile": PIPELINE.encode()}, repo=fork)
    body = {"title": "Mine", "head": f"eve:{BRANCH}", "base": "main", "body": "", "draft": False}
    assert cast.ask("POST", "/repos/acme/blueprints/pulls", body, "eve").status == 201
    [(event, payload)] = [found for found in avenue.events() if found[0] == "pull_request"]
    asked = len(cast.hub.log)
    ran = avenue.run(event, payload, contents="read", pull_requests="read")
    assert (ran.code, ran.outputs["state"], ran.outputs["changed"]) == (0, "", "false")
    assert "from a fork" in ran.summary
    assert len(cast.hub.log) == asked


def test_a_merge_by_hand_is_tagged_or_named(avenue: Avenue) -> None:
    avenue.write("ada", "60")
    avenue.once()
    path = f"/repos/acme/blueprints/pulls/{avenue.pull.number}"
    avenue.ready()
    assert avenue.once().code == 0
    assert avenue.cast.ask("PUT", f"{path}/merge", {}, "ada").status == 200
    [ran] = avenue.runs()
    assert avenue.tag == ""
    assert "merged by hand" in avenue.living()
    assert ran.code == 0
    avenue.cast.review("grace", avenue.pull, "APPROVE")
    assert avenue.once().outputs["tag"] == "net/dns/v1"


def test_runs_of_one_change_wait_for_one_another_and_others_do_not(avenue: Avenue) -> None:
    groups = []
    for branch in (BRANCH, "drafts/net/dns/other"):
        avenue.write("ada", "60" if branch == BRANCH else "61", branch)
        groups += [avenue.workflow.group(*found) for found in avenue.events() if found[0] == "push"]
    assert len(set(groups)) == 2
    review = {"pull_request": {"number": 4}}
    comment = {"issue": {"number": 4, "pull_request": {}}}
    assert avenue.workflow.group("pull_request_review", review) == avenue.workflow.group(
        "issue_comment", comment
    )


def test_what_passes_by_itself_is_waited_for(avenue: Avenue) -> None:
    """Nobody starts a run once more."""
    avenue.cast.world.faults.order("POST", "graphql", secondary(1), 1)
    avenue.write("ada", "60")
    ran = avenue.once()
    assert (ran.code, ran.outputs["state"]) == (0, "Draft"), ran.log
