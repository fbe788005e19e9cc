"""Every sentence of `portico forge check` about credentials, the repository, its policy and webhooks."""

from collections.abc import Sequence

from bot.lifecycle.examined import Permission
from bot.lifecycle.finding import Finding, ok, warning, wrong
from bot.lifecycle.messages import count
from bot.packages.naming import quoted
from bot.packages.problem import Problem

CREDENTIALS, PERMISSIONS, LIMIT = "credentials", "permissions", "rate limit"
REPOSITORY, POLICY, WEBHOOK = "repository", "policy", "webhook"


# Who we are


def not_let_in(reason: str) -> Finding:
    return wrong(CREDENTIALS, reason, "Nothing else could be looked at.", "")


def known_as(forge: str, me: str, how: str) -> Finding:
    return ok(CREDENTIALS, f"{forge} knows portico as {quoted(me)}, {how}.")


def a_person(me: str) -> Finding:
    return warning(
        CREDENTIALS,
        f"The token is that of a person, {quoted(me)}.",
        "What they write on changes is taken for portico's own: their words and approvals are not heard.",
        "Give portico an account of its own.",
    )


def of_a_workflow(me: str) -> Finding:
    return warning(
        CREDENTIALS,
        f"The token is that of a workflow's run, {quoted(me)}, with 1000 requests an hour.",
        "What it pushes starts no other workflow, so a check that must run after rendering never does.",
        "Where that matters, give portico the token of a GitHub App.",
    )


def actions_open_nothing(where: str) -> Finding:
    return wrong(
        PERMISSIONS,
        "GitHub Actions may not create pull requests.",
        "No draft gets a pull request.",
        f"Tick 'Allow GitHub Actions to create and approve pull requests' on {where}.",
    )


def actions_unseen(where: str) -> Finding:
    return warning(
        PERMISSIONS,
        "Whether GitHub Actions may create pull requests is not shown to this token.",
        "If they may not, no draft gets a pull request.",
        f"Tick 'Allow GitHub Actions to create and approve pull requests' on {where}.",
    )


def token_ends(day: str) -> Finding:
    return warning(
        CREDENTIALS, f"The token ends on {day}.", "Nothing works from that day on.", "Give a new one before."
    )


def allowance(remaining: int, most: int) -> Finding:
    if remaining * 10 >= most:
        return ok(LIMIT, f"{remaining} of {most} requests are left.")
    return warning(
        LIMIT,
        f"Only {remaining} of {most} requests are left.",
        "Portico waits when none is left, until the forge allows more.",
        "Find out who else uses these credentials.",
    )


def all_granted(names: Sequence[str]) -> Finding:
    return ok(PERMISSIONS, f"Portico has {_listed(names)}.")


def not_granted(permission: Permission) -> Finding:
    say = warning if permission.optional else wrong
    what = f"Portico lacks {permission.name}."
    return say(PERMISSIONS, what, f"It is needed for {permission.reason}.", permission.where)


def not_shown(names: Sequence[str], where: str) -> Finding:
    return warning(
        PERMISSIONS,
        f"Whether portico has {_listed(names)} is not shown.",
        "Without them some of its work is refused.",
        where,
    )


# The repository


def branch_there(branch: str, commit: str) -> Finding:
    return ok(REPOSITORY, f"The registered branch {quoted(branch)} is there, at {commit[:10]}.")


def no_branch(branch: str, default: str) -> Finding:
    other = f"; the default branch is {quoted(default)}" if default and default != branch else ""
    return wrong(
        REPOSITORY,
        f"The registered branch {quoted(branch)} is not there{other}.",
        "There is nothing to publish on.",
        "Push it, or register another `branch`.",
    )


def archived() -> Finding:
    return wrong(
        REPOSITORY,
        "The repository is archived.",
        "Nobody can write to it.",
        "Unarchive it, or take it from the settings.",
    )


def switched_off(what: str, where: str) -> Finding:
    return wrong(
        REPOSITORY,
        f"{what} are switched off.",
        "Drafts and proposals need them.",
        f"Switch them on: {where}.",
    )


def no_drafts(label: str) -> Finding:
    return warning(
        REPOSITORY,
        f"Draft pull requests seem not to be available: there is the label {quoted(label)}.",
        "Drafts of private repositories are part of paid plans; until then that label stands for a draft.",
        "Take the label away to propose a draft, or write `/propose`.",
    )


# The policy


def policy_good(approvals: int) -> Finding:
    return ok(POLICY, f"'.portico.yaml' can be read; it asks for {count(approvals, 'approval')}.")


def no_policy(branch: str) -> Finding:
    return ok(
        POLICY, f"There is no '.portico.yaml' on {quoted(branch)}: one approval by anybody but the authors."
    )


def policy_problem(problem: Problem) -> Finding:
    return wrong(POLICY, f"{problem}", "Nothing is published until it is mended.", "")


def no_owners() -> Finding:
    return wrong(
        POLICY,
        "'.portico.yaml' asks for CODEOWNERS, and there is no such file on the branch.",
        "Nobody may approve anything.",
        "Add the file, or name `approvers`.",
    )


def owners_problem(problem: Problem) -> Finding:
    return warning(
        POLICY, f"{problem}", "The forge and portico pass over this line.", "Mend it on the branch."
    )


def team_unseen(team: str) -> Finding:
    return wrong(
        POLICY,
        f"The members of the team {quoted(team)}, which may approve, are not shown to portico.",
        "Nobody of it can approve.",
        "It must exist, and be shown to portico: by 'members: read' on GitHub, by membership on GitLab.",
    )


# Webhooks


def hooks_unseen(where: str) -> Finding:
    return warning(
        WEBHOOK,
        "The webhooks are not shown to portico.",
        "Without one, all waits for the next look at everything.",
        f"Look on {where}.",
    )


def no_hook(address: str, where: str, *, needed: bool) -> Finding:
    at = address or "portico, with the path '/webhooks/…'"
    if not needed:
        return ok(WEBHOOK, "There is none that points at portico; workflows and pipelines need none.")
    return wrong(
        WEBHOOK,
        f"None points at {at}.",
        "All waits for the next look at everything.",
        f"Add it on {where}.",
    )


def hook_elsewhere(url: str, address: str, where: str) -> Finding:
    return wrong(
        WEBHOOK,
        f"It points at {quoted(url)}, not at {quoted(address)}.",
        "All waits for the next look at everything.",
        f"Set its URL on {where}.",
    )


def hook_well(url: str) -> Finding:
    return ok(WEBHOOK, f"{quoted(url)} hears all that it must.")


def hook_inactive(url: str, where: str) -> Finding:
    return wrong(
        WEBHOOK,
        f"{quoted(url)} is not active.",
        "All waits for the next look at everything.",
        f"Tick 'Active' on {where}.",
    )


def hook_stopped(url: str, stopped: str, where: str) -> Finding:
    return wrong(
        WEBHOOK,
        f"The forge has stopped {quoted(url)} {stopped}, because deliveries failed.",
        "All waits for the next look at everything.",
        f"Let portico answer, then send a test event on {where}.",
    )


def hook_lacks(url: str, events: Sequence[str], where: str) -> Finding:
    return wrong(
        WEBHOOK,
        f"{quoted(url)} does not tell of {_listed([quoted(event) for event in events])}.",
        "What they tell of waits for the next look at everything.",
        f"Tick them on {where}.",
    )


def hook_unsigned(url: str, where: str) -> Finding:
    return wrong(
        WEBHOOK,
        f"{quoted(url)} has no secret.",
        "Portico answers each delivery by 401, because anybody could have sent it.",
        f"Set one of those in `webhookSecretFiles` on {where}.",
    )


def hook_secret_unseen(url: str, where: str) -> Finding:
    return warning(
        WEBHOOK,
        f"Whether {quoted(url)} has a secret is not shown before its first delivery.",
        "Portico answers by 401 what no secret of its own goes with.",
        f"Send a test event on {where}.",
    )


def hook_unverified(url: str, where: str) -> Finding:
    return warning(
        WEBHOOK,
        f"The forge does not verify the certificate of {quoted(url)}.",
        "Somebody on the way could read and hold back what it tells.",
        f"Switch the verification on, on {where}.",
    )


def deliveries_fail(url: str, statuses: Sequence[int], where: str) -> Finding:
    bad = sum(not _is_good(status) for status in statuses)
    every = bad == len(statuses)
    what = f"The last delivery to {quoted(url)} {_answer(statuses[0])}"
    failed = f"{bad} of the last {len(statuses)} failed"
    say = wrong if every else warning
    why = "All waits for the next look at everything." if every else "What it told of waits for that look."
    return say(WEBHOOK, f"{what}; {failed}.", why, f"{_remedy(statuses[0])} Deliver again on {where}.")


def _is_good(status: int) -> bool:
    return 200 <= status < 300


def _answer(status: int) -> str:
    return f"was answered by {status}" if status else "was not answered"


def _remedy(status: int) -> str:
    if status == 401:
        return "Its secret must be one of those in `webhookSecretFiles`."
    if status == 404:
        return "Its path must be '/webhooks/github' or '/webhooks/gitlab'."
    if not status:
        return "The forge must reach portico by this address, with a certificate that it trusts."
    return "See what portico's log says."


def _listed(parts: Sequence[str]) -> str:
    *most, last = list(parts) or [""]
    return f"{', '.join(most)} and {last}" if most else last
