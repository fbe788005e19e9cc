"""What is well and what is wrong about a repository on any forge, by what was read of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from urllib.parse import urlsplit, urlunsplit

from bot.errors import AccessDenied, UserError
from bot.lifecycle import check_messages as say
from bot.lifecycle.examined import Hook, Hooks, Permission, PolicyFile
from bot.lifecycle.finding import Checkup, Finding
from bot.lifecycle.policy import is_team, read_policy

MOST_TEAMS = 20  # whose members are asked for
HOOK_PATH = "/webhooks/"


def checked(forge: str, repository: str, branch: str, look: Callable[[], Iterable[Finding]]) -> Checkup:
    """Everything that a look finds; where the forge refuses to talk that is a finding, too."""
    found: list[Finding] = []
    try:
        found.extend(look())
    except AccessDenied as error:
        found.append(say.not_let_in(str(error)))
    except UserError as error:
        return Checkup(forge, repository, branch, tuple(found), str(error))
    return Checkup(forge, repository, branch, tuple(found))


def of_permissions(found: Sequence[Permission], unseen: str = "") -> Iterator[Finding]:
    """Each that is missing, and the others on a line; `unseen` says where to look for what is not shown."""
    if granted := [permission.name for permission in found if permission.granted]:
        yield say.all_granted(granted)
    for permission in found:
        if permission.granted is False:
            yield say.not_granted(permission)
    if hidden := [permission.name for permission in found if permission.granted is None]:
        yield say.not_shown(hidden, unseen)


def teams_of(data: bytes | None) -> tuple[str, ...]:
    """The teams that a policy names as approvers."""
    named = (entry for _, people in read_policy(data).approvers for entry in people if is_team(entry))
    return tuple(dict.fromkeys(name.removeprefix("@") for name in named))[:MOST_TEAMS]


def asks_owners(data: bytes | None) -> bool:
    """Whether a policy leaves it to the file CODEOWNERS who may approve."""
    return read_policy(data).asks_owners


def of_policy(file: PolicyFile, branch: str) -> Iterator[Finding]:
    """Every mistake of the policy, or that there is none."""
    if file.data is None:
        yield say.no_policy(branch)
        return
    policy = read_policy(file.data)
    if not policy.problems:
        yield say.policy_good(policy.approvals)
    yield from map(say.policy_problem, policy.problems)
    if policy.asks_owners and not file.owners:
        yield say.no_owners()
    yield from map(say.team_unseen, file.unreadable)


def of_hooks(hooks: Hooks, forge: str) -> Iterator[Finding]:
    """Whether somebody tells portico what happens; `forge` is the last part of portico's own path."""
    address = _address(hooks.address, forge)
    if hooks.found is None:
        if hooks.needed:
            yield say.hooks_unseen(hooks.where)
        return
    shown = [hook._replace(url=_bare(hook.url)) for hook in hooks.found]
    ours = [hook for hook in shown if _is_ours(hook, address, forge)]
    if not ours:
        yield say.no_hook(address, hooks.where, needed=hooks.needed)
    for hook in ours:
        yield from list(_of_hook(hook)) or [say.hook_well(hook.url)]


def of_only_hook(hooks: Hooks, forge: str) -> Iterator[Finding]:
    """The same of an App, which has one webhook and no other."""
    address = _address(hooks.address, forge)
    for hook in hooks.found or ():
        url = _bare(hook.url)
        if url and hooks.needed and not _is_ours(hook._replace(url=url), address, forge):
            yield say.hook_elsewhere(url, address or f"https://<host>{HOOK_PATH}{forge}", hooks.where)
            return
    yield from of_hooks(hooks, forge)


def _bare(url: str) -> str:
    """A webhook's URL without what may be secret in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", "")).rstrip("/")


def _address(url: str, forge: str) -> str:
    path = f"{HOOK_PATH}{forge}"
    bare = url.rstrip("/")
    return f"{bare.removesuffix(path)}{path}" if bare else ""


def _is_ours(hook: Hook, address: str, forge: str) -> bool:
    return hook.url == address if address else hook.url.endswith(f"{HOOK_PATH}{forge}")


def _of_hook(hook: Hook) -> Iterator[Finding]:
    url, where = hook.url, hook.where
    if not hook.active:
        yield say.hook_inactive(url, where)
    if hook.stopped:
        yield say.hook_stopped(url, hook.stopped, where)
    if hook.lacking:
        yield say.hook_lacks(url, hook.lacking, where)
    if hook.secret is False:
        yield say.hook_unsigned(url, where)
    if hook.secret is None:
        yield say.hook_secret_unseen(url, where)
    if not hook.verifies:
        yield say.hook_unverified(url, where)
    if hook.answers and not 200 <= hook.answers[0] < 300:
        yield say.deliveries_fail(url, hook.answers, where)
