"""What the token of a workflow's run cannot do, and what a person can do about it."""

from bot.packages.naming import quoted

ACTIONS = "github-actions[bot]"  # who the GITHUB_TOKEN is
OTHER_TOKEN = "or give the step the token of a GitHub App, by `with: token:`"  # noqa: S105 no secret but a sentence
# By what GitHub says, in small letters.
_ADVICE = {
    "not permitted to create or approve pull requests": (
        f"It stands under Workflow permissions, and an organization may hold it back. Tick it, {OTHER_TOKEN}."
    ),
    "resource not accessible by integration": (
        "The job must have `permissions: {contents: write, pull-requests: write, checks: write, "
        "issues: write}`; a token of a run for a fork or for Dependabot only reads, whatever the job asks "
        "for."
    ),
    "without `workflows` permission": (
        "The token of a workflow's run may never push files of workflows: take them out of the draft, "
        f"{OTHER_TOKEN} that has the permission 'workflows: write'."
    ),
}


def advice(failure: str) -> str:
    """What to do about a refusal that comes from the token, '' where it comes from something else."""
    words = failure.lower()
    return next((told for said, told in _ADVICE.items() if said in words), "")


def no_followers(me: str) -> str:
    """Say that other workflows hear nothing of what was pushed by `me`; '' where they do."""
    if me != ACTIONS:
        return ""
    return (
        f"What was pushed, merged or tagged here was by {quoted(me)}, and GitHub starts no other workflow "
        f"for it. Where one must run, such as a required check, start it by hand, {OTHER_TOKEN}."
    )
