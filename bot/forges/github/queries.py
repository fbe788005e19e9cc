"""The GraphQL documents that are sent; a test holds each to GitHub's own schema."""

# Asking for an e-mail address needs a scope that not every token has: see `without_emails`.
_EMAIL = " email"
WHO = "__typename login ... on User { name" + _EMAIL + " }"

# Parts of a change that a token may lack the permission for; the change is read without them.
OPTIONAL = ("checkSuites", "status", "mergedBy")

_REVIEWS = """
reviews(last: 100, before: $reviewsBefore) @include(if: $reviews) {
  pageInfo { hasPreviousPage startCursor }
  nodes { fullDatabaseId state submittedAt body commit { oid } author { WHO } }
}"""
_COMMENTS = """
comments(last: 100, before: $commentsBefore) @include(if: $comments) {
  pageInfo { hasPreviousPage startCursor }
  nodes {
    fullDatabaseId body createdAt lastEditedAt viewerDidAuthor
    reactionGroups { content viewerHasReacted }
    author { WHO }
  }
}"""
_VERDICT = """
commits(last: 1) {
  nodes {
    commit {
      oid
      status { context(name: "portico") { state creator { WHO } } }
      checkSuites(first: 20, filterBy: { checkName: "portico" }) {
        nodes {
          app { slug }
          checkRuns(first: 1, filterBy: { checkName: "portico", checkType: LATEST }) {
            nodes { status conclusion }
          }
        }
      }
    }
  }
}"""

CHANGE = (
    """
query Change(
  $owner: String!, $name: String!, $number: Int!, $first: Boolean!
  $reviews: Boolean!, $reviewsBefore: String, $comments: Boolean!, $commentsBefore: String
) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      number title url state isDraft createdAt
      baseRefName headRefName headRefOid isCrossRepository
      baseRef @include(if: $first) { target { oid } }
      headRepository @include(if: $first) { nameWithOwner }
      author { WHO }
      isInMergeQueue
      mergeCommit { oid }
      mergedBy { WHO }
      labels(first: 100) @include(if: $first) { nodes { name } }
      timelineItems(
        last: 100, itemTypes: [
          READY_FOR_REVIEW_EVENT, UNLABELED_EVENT, BASE_REF_CHANGED_EVENT, REMOVED_FROM_MERGE_QUEUE_EVENT
        ]
      ) @include(if: $first) {
        nodes {
          __typename
          ... on ReadyForReviewEvent { createdAt }
          ... on UnlabeledEvent { createdAt label { name } }
          ... on BaseRefChangedEvent { createdAt }
          ... on RemovedFromMergeQueueEvent { createdAt reason }
        }
      }
"""
    + _VERDICT.replace("commits(last: 1)", "commits(last: 1) @include(if: $first)")
    + _REVIEWS
    + _COMMENTS
    + "} } }"
).replace("WHO", WHO)

HOME = """
query Home($owner: String!, $name: String!, $branch: String) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    nameWithOwner isArchived isPrivate
    defaultBranchRef { name }
    mergeQueue(branch: $branch) { id }
  }
}"""

# What a write must know of the change at the moment of writing.
STANDING = """
query Standing($owner: String!, $name: String!, $number: Int!, $branch: String) {
  repository(owner: $owner, name: $name) {
    mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed
    mergeQueue(branch: $branch) { id }
    pullRequest(number: $number) {
      id state isDraft isInMergeQueue headRefOid mergeable mergeStateStatus
      mergeCommit { oid }
    }
  }
}"""

READY = """
mutation Ready($id: ID!) {
  markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } }
}"""

DRAFT = """
mutation Draft($id: ID!) {
  convertPullRequestToDraft(input: { pullRequestId: $id }) { pullRequest { isDraft } }
}"""

ENQUEUE = """
mutation Enqueue($id: ID!, $head: GitObjectID!) {
  enqueuePullRequest(input: { pullRequestId: $id, expectedHeadOid: $head }) { mergeQueueEntry { id } }
}"""


def without_emails(document: str) -> str:
    """The same document for a token that may not ask for e-mail addresses."""
    return document.replace(_EMAIL, "")
