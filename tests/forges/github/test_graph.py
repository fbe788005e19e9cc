"""GraphQL runs on GitHub's own schema, over the same world."""

from typing import Any

import pytest

from tests.forges.git_half import HEADS, TAGS, ZERO
from tests.forges.github.cast import Cast

Json = Any
PULLS = """
query($owner: String!, $name: String!, $after: String) {
  rateLimit { remaining }
  viewer { login }
  repository(owner: $owner, name: $name) {
    id isArchived viewerPermission defaultBranchRef { name target { oid } }
    pullRequests(states: [OPEN], first: 2, after: $after, orderBy: {field: CREATED_AT, direction: ASC}) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes {
        id number title body state isDraft url updatedAt isCrossRepository
        headRefName headRefOid baseRefName baseRefOid reviewDecision isInMergeQueue
        headRef { name target { oid } } headRepository { nameWithOwner } headRepositoryOwner { login }
        author { __typename login ... on User { databaseId } ... on Bot { databaseId } }
        mergeable mergeStateStatus
        labels(first: 10) { nodes { name color } }
        reviews(first: 10) { nodes { state body submittedAt commit { oid } author { login } } }
        latestOpinionatedReviews(first: 10) { nodes { state author { login } } }
        comments(first: 10) {
          nodes {
            databaseId body viewerDidAuthor isMinimized minimizedReason lastEditedAt author { login }
            reactions(first: 5, content: EYES) { totalCount nodes { content user { login } } }
            reactionGroups { content viewerHasReacted reactors(first: 1) { totalCount } }
          }
        }
        commits(last: 1) { nodes { commit { oid messageHeadline } } }
        statusCheckRollup {
          state
          contexts(first: 10) {
            nodes {
              __typename
              ... on StatusContext { context state description }
              ... on CheckRun { name status conclusion }
            }
          }
        }
      }
    }
  }
}"""
READY = """mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) {
    clientMutationId pullRequest { isDraft } } }"""
DRAFT = READY.replace("markPullRequestReadyForReview", "convertPullRequestToDraft")
MINIMIZE = """mutation($id: ID!) { minimizeComment(input: {subjectId: $id, classifier: OUTDATED}) {
    minimizedComment { isMinimized minimizedReason } } }"""
REFS = """mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }"""


def test_a_pull_request_with_all_that_a_bot_looks_at(cast: Cast) -> None:
    token = cast.world.installation_token(cast.installation).token
    pull = cast.pull()
    cast.review("grace", pull, "REQUEST_CHANGES", "no")
    cast.review("grace", pull)
    comment = cast.comment("ada", pull, "please look").json()["id"]
    path = f"/repos/acme/blueprints/issues/comments/{comment}/reactions"
    assert cast.ask_as(token, "POST", path, {"content": "eyes"}).status == 201
    path = f"/repos/acme/blueprints/statuses/{pull.head_sha}"
    assert cast.ask("POST", path, {"state": "pending", "context": "ci"}).status == 201
    found = cast.graph(PULLS, owner="acme", name="blueprints")["data"]["repository"]
    [node] = found["pullRequests"]["nodes"]
    assert (node["headRefOid"], node["headRef"]["target"]["oid"]) == (pull.head_sha, pull.head_sha)
    assert (node["mergeable"], node["mergeStateStatus"]) == ("UNKNOWN", "UNKNOWN")
    assert [each["state"] for each in node["reviews"]["nodes"]] == ["CHANGES_REQUESTED", "APPROVED"]
    assert [each["state"] for each in node["latestOpinionatedReviews"]["nodes"]] == ["APPROVED"]
    assert node["reviewDecision"] is None, "nothing is demanded here, so nothing is decided"
    [said] = node["comments"]["nodes"]
    assert (said["viewerDidAuthor"], said["author"]["login"]) == (True, "ada")
    assert said["reactions"]["nodes"] == [{"content": "EYES", "user": {"login": "portico"}}]
    assert node["statusCheckRollup"]["state"] == "PENDING"
    again = cast.graph(PULLS, owner="acme", name="blueprints")["data"]["repository"]
    assert again["pullRequests"]["nodes"][0]["mergeable"] == "MERGEABLE"
    assert again["pullRequests"]["nodes"][0]["mergeStateStatus"] == "UNSTABLE"


def test_pages_are_gone_through_by_their_cursors(cast: Cast) -> None:
    for number in range(5):
        cast.pull(branch=f"drafts/p{number}/v1")
    seen, after = [], None
    while True:
        found = cast.graph(PULLS, owner="acme", name="blueprints", after=after)
        page = found["data"]["repository"]["pullRequests"]
        seen += [node["number"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert (seen, page["totalCount"]) == ([1, 2, 3, 4, 5], 5)


def test_ready_and_back(cast: Cast) -> None:
    pull = cast.pull(draft=True)
    name = cast.world.place.node("PR", pull.id)
    done = cast.graph(READY, id=name)["data"]["markPullRequestReadyForReview"]
    assert done == {"clientMutationId": None, "pullRequest": {"isDraft": False}}
    assert cast.graph(READY, id=name)["data"], "again is no fault"
    assert cast.graph(DRAFT, id=name)["data"]["convertPullRequestToDraft"]["pullRequest"]["isDraft"]
    told = [action for event, action, _ in cast.world.switchboard.told if event == "pull_request"]
    assert told == ["opened", "ready_for_review", "converted_to_draft"]
    refused = cast.graph(READY, "eve", id=name)
    assert refused["errors"][0]["type"] == "FORBIDDEN"
    assert refused["data"] == {"markPullRequestReadyForReview": None}
    assert cast.graph(READY, id="PR_nothing")["errors"][0]["type"] == "NOT_FOUND"


def test_a_comment_is_folded_away(cast: Cast) -> None:
    pull = cast.pull()
    made = cast.comment("ada", pull, "old").json()
    done = cast.graph(MINIMIZE, id=made["node_id"])["data"]["minimizeComment"]["minimizedComment"]
    assert done == {"isMinimized": True, "minimizedReason": "outdated"}


@pytest.mark.parametrize("fault", ["", "stale", "missing", "forced"])
def test_refs_move_all_or_none(cast: Cast, fault: str) -> None:
    pull = cast.pull()
    main, head = HEADS + "main", HEADS + pull.head_ref
    tip = cast.repo.bare.ref(main)
    updates = [
        {"name": main, "beforeOid": tip, "afterOid": pull.head_sha},
        {"name": f"{TAGS}blue/v1", "beforeOid": ZERO, "afterOid": pull.head_sha},
        {"name": head, "beforeOid": pull.head_sha, "afterOid": ZERO},
    ]
    match fault:
        case "stale":
            updates[1] |= {"beforeOid": tip}
        case "missing":
            updates[1] |= {"afterOid": "1" * 40}
        case "forced":
            cast.commit("grace", "main", {"other": b""})
            updates[0] |= {"beforeOid": cast.repo.bare.ref(main)}
    before = cast.repo.bare.refs()
    node = cast.world.place.node("R", cast.repo.id)
    done = cast.graph(REFS, input={"repositoryId": node, "refUpdates": updates})
    if fault:
        assert done["errors"][0]["type"] == "UNPROCESSABLE"
        assert cast.repo.bare.refs() == before
        return
    assert "errors" not in done
    assert (cast.repo.bare.ref(main), cast.repo.bare.ref(head)) == (pull.head_sha, "")
    assert (pull.merged is not None, pull.merge_commit) == (True, pull.head_sha)


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("{ viewer { loginn } }", "Cannot query field 'loginn' on type 'User'"),
        ("mutation { markReady(input: {}) { id } }", "Cannot query field 'markReady'"),
        ("{ viewer {", "Syntax Error"),
        ("{ viewer { bio } }", "User.bio is not in this world"),
    ],
)
def test_what_github_would_not_take_is_found(cast: Cast, document: str, told: str) -> None:
    found = cast.graph(document)
    assert told in found["errors"][0]["message"]
    assert told in cast.hub.recorder.documents[0]
    cast.hub.recorder.documents.clear()  # it is wrong on purpose
