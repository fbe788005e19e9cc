"""Repositories elsewhere, through the `git` program, whose credential helpers and proxies are set up."""

import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bot.errors import AccessDenied, Moved, Refused, TransportFailed, UserError
from bot.git.repository import open_repository
from bot.packages.naming import quoted
from bot.packages.registration import holds_secret, is_path, redacted

# Nothing that a URL could make run on this machine: `ext::` is a shell command.
_SET = ("GIT_ALLOW_PROTOCOL=file:http:https:ssh", "LC_ALL=C")
# What a hook or an alias of Git hands to its children is about its own repository, not about ours.
_UNSET = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_QUARANTINE_PATH",
    "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE",
)
_REMOTE = re.compile(r"^remote: ?(?:portico: )?", re.MULTILINE)
_REASON = re.compile(r"\((.*)\)$")
# What it says of a ref that a hook refused, and of all others when that was the gate of the whole push.
_DECLINED = "hook declined)"
# What git says when a ref was not where `expect` had it.
_MOVED = ("stale info", "fetch first", "non-fast-forward", "already exists", "needs force")
# What the server says when a ref moved after it had shown it: in one word, or in what it told beside.
_OUTRUN = ("incorrect old value provided", "reference already exists", "reference does not exist")
_UNDONE = ("atomic transaction failed", "failed to update ref", "failed to lock")
_LOCKED = re.compile(
    r"cannot lock ref '[^']*': (?:is at [0-9a-f]+ but expected|reference already exists|unable to resolve)"
)
# Greedy: a password may have an '@' of its own.
_CREDENTIALS = re.compile(r"(?<=://)[^/\s]*@")
_SYMBOLIC = "ref: refs/heads/"
_OURS = "refs/portico/"
# What git and ssh say when it is not the address that is wrong.
_DENIED = (
    "Authentication failed",
    "could not read Username",
    "could not read Password",
    "Permission denied",
    "HTTP Basic: Access denied",
    "returned error: 403",
)
# What upload-pack says of an object that it does not have, or does not give away.
_NOT_THERE = "not our ref"
# Refs in one push: what a server judges at once must not take it too long, nor an argument list be too long.
_MOST_AT_ONCE = 100
# What `git fetch --unshallow` means, and what does no harm where nothing is shallow.
WHOLE = 0x7FFFFFFF


class Answer(NamedTuple):
    """What the server said beside yes: the lines that its hooks wrote for the person."""

    text: str = ""


def list_refs(url: str, *patterns: str, settings: Path | None = None) -> dict[str, str]:
    """What each ref names (hex id), `HEAD` too; raises TransportFailed when nobody answers.

    `settings` is a file of Git's settings, which may hold credentials for `url`.
    """
    # What is included from a command line must have its whole path.
    included = ("-c", f"include.path={settings.absolute()}") if settings else ()
    done = _git(None, *included, "ls-remote", "--quiet", "--", url, *patterns)
    if done.returncode:
        raise _unreachable(url, done.stderr)
    lines = (line.partition("\t") for line in done.stdout.splitlines())
    return {ref: oid for oid, _, ref in lines}


def default_branch(url: str) -> str:
    """Name the branch that `HEAD` stands for, '' where it stands for none; raises TransportFailed."""
    done = _git(None, "ls-remote", "--quiet", "--symref", "--", url, "HEAD")
    if done.returncode:
        raise _unreachable(url, done.stderr)
    names = (line.partition("\t")[0] for line in done.stdout.splitlines() if line.startswith(_SYMBOLIC))
    return next(names, "").removeprefix(_SYMBOLIC)


def fetch_specs(git_dir: Path, url: str, specs: Sequence[str], *, depth: int = 0) -> bool:
    """Fetch what the refspecs say, as `depth` commits of history, 0 for what is missing of it.

    Refs that their patterns no longer match are pruned. False when the server does not have the object that
    was asked for by its id; raises TransportFailed when it does not give it, or nobody answers.
    """
    words = ["--quiet", "--prune", "--no-tags", "--no-write-fetch-head", "--no-auto-gc", "--update-shallow"]
    words += [f"--depth={depth}"] if depth else []
    done = _git(git_dir, "fetch", *words, "--", url, *specs)
    if done.returncode and _NOT_THERE in done.stderr:
        return False
    if done.returncode:
        raise _unreachable(url, done.stderr)
    return True


def fetch(git_dir: Path, url: str) -> None:
    """Make the branches and tags of the bare repository `git_dir` those of `url`; raises TransportFailed."""
    specs = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
    done = _git(
        git_dir, "fetch", "--quiet", "--prune", "--no-write-fetch-head", "--no-auto-gc", "--", url, *specs
    )
    if done.returncode:
        raise _unreachable(url, done.stderr)


def push(  # noqa: PLR0913 what a push is made of
    git_dir: Path,
    url: str,
    refs: Mapping[str, str],
    *,
    expect: Mapping[str, str] = {},
    options: Sequence[str] = (),
    drops: bool = False,
) -> Answer:
    """Push commits (hex id by ref), all or none; `expect` says where a ref must be, '' for not to exist.

    `drops` says that what stood there may be lost, because nobody wrote it.

    Raises Moved when one is elsewhere, Refused with the server's reason, TransportFailed when nobody answers.
    """
    if not drops:
        _check_forward(git_dir, refs, expect)
    done = _push(git_dir, url, refs, expect, options=options, atomic=len(refs) > 1)
    for line in done.stdout.splitlines():
        if line.startswith("!"):
            raise _refused(line, _said(done.stderr))
    if done.returncode:
        raise _unreachable(url, done.stderr)
    return Answer(_said(done.stderr))


def push_each(
    git_dir: Path, url: str, refs: Mapping[str, str], expect: Mapping[str, str]
) -> dict[str, Answer | UserError]:
    """Push commits (hex id by ref), each for itself: what came of every ref, with the errors of `push`.

    Many go at once. Where a hook refuses one of them, and all with it, halves are tried: few are refused, and
    only of one that goes alone is it known that what the hook wrote is about it.
    """
    outcomes: dict[str, Answer | UserError] = {}
    names = list(refs)
    waiting = [names[at : at + _MOST_AT_ONCE] for at in range(0, len(names), _MOST_AT_ONCE)][::-1]
    while waiting:
        part = waiting.pop()
        some, stand = {ref: refs[ref] for ref in part}, {ref: expect[ref] for ref in part}
        _check_forward(git_dir, some, stand)
        done = _push(git_dir, url, some, stand)
        lines = {line.split("\t")[1].rpartition(":")[2]: line for line in _reports(done.stdout)}
        if not lines:
            # Nobody is there, for the rest neither.
            error = _unreachable(url, done.stderr)
            return outcomes | dict.fromkeys([*part, *(ref for more in waiting for ref in more)], error)
        again = [ref for ref in part if len(part) > 1 and lines.get(ref, "").endswith(_DECLINED)]
        if again:
            middle = len(again) // 2 or 1
            waiting += [half for half in (again[middle:], again[:middle]) if half]
        said = _said(done.stderr)
        for ref in set(part) - set(again):
            line = lines.get(ref, "!\t\t[remote failure] (the server did not say what became of it)")
            is_refused = line.startswith("!")
            outcomes[ref] = _refused(line, said if len(part) == 1 else "") if is_refused else Answer(said)
    return outcomes


def _push(  # noqa: PLR0913 what a push is made of
    git_dir: Path,
    url: str,
    refs: Mapping[str, str],
    expect: Mapping[str, str],
    *,
    options: Sequence[str] = (),
    atomic: bool = False,
) -> "subprocess.CompletedProcess[str]":
    leases = [f"--force-with-lease={ref}:{oid}" for ref, oid in expect.items()]
    words = [f"--push-option={option}" for option in options] + (["--atomic"] if atomic else [])
    specs = [f"{oid}:{ref}" for ref, oid in refs.items()]
    return _git(git_dir, "push", "--porcelain", "--no-verify", *leases, *words, "--", url, *specs)


def _reports(stdout: str) -> list[str]:
    """The lines of `git push --porcelain` that speak of one ref each: flag, refs and summary between tabs."""
    return [line for line in stdout.splitlines() if line.count("\t") >= 2]


def _check_forward(git_dir: Path, refs: Mapping[str, str], expect: Mapping[str, str]) -> None:
    """Refuse to drop commits: Git takes a lease as leave to force, and nothing of people's is ever forced.

    Our own records aside, each of which may begin anew.
    """
    moved = {ref: (expect.get(ref, ""), oid) for ref, oid in refs.items() if not ref.startswith(_OURS)}
    for ref, (old, new) in moved.items():
        if old and new and old != new and not open_repository(git_dir).descendant_of(new, old):
            raise Refused(f"The push would drop commits of {quoted(ref)}; build on {old[:10]} instead.")


def _git(git_dir: Path | None, *words: str) -> "subprocess.CompletedProcess[str]":
    place = ["--git-dir", str(git_dir)] if git_dir else []
    # The person's environment reaches git as it is (agents, proxies, prompts), and only env(1) touches it.
    unset = [part for name in _UNSET for part in ("-u", name)]
    return subprocess.run(  # noqa: S603 our own words; URLs were checked when they were registered
        ["env", *unset, *_SET, "git", *place, *words],  # noqa: S607 the person's own git
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="surrogateescape",
        check=False,
    )


def _said(stderr: str) -> str:
    lines: Iterable[str] = (line for line in stderr.splitlines() if line.startswith("remote:"))
    return "\n".join(_REMOTE.sub("", line).rstrip() for line in lines).strip()


def _refused(line: str, said: str) -> Moved | Refused:
    _, _, summary = line.rpartition("\t")
    reason = _REASON.search(summary)
    words = reason[1] if reason else summary
    if _is_outrun(summary, words, said):
        return Moved(
            "Somebody else was faster: the branch is not where it was any more; look again and repeat."
        )
    # The protocol cuts the reason to one line, of a gate to that it declined; what hooks wrote is whole.
    whole = words.endswith("hook declined") or _flat(words) in _flat(said)
    return Refused(said if said and whole else f"{words}\n{said}".strip())


def _is_outrun(summary: str, words: str, said: str) -> bool:
    """Whether a ref was refused because it was elsewhere: seen by us, or by the server a moment later."""
    if not summary.startswith("[remote"):
        return any(sign in words for sign in _MOVED)
    return words in _OUTRUN or (words in _UNDONE and _LOCKED.search(said) is not None)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _unreachable(url: str, stderr: str) -> TransportFailed:
    lines = [
        line for line in stderr.splitlines() if line.startswith(("fatal: ", "ssh: ", "remote: ", "error: "))
    ]
    parts = [line.partition(": ")[2].strip().rstrip(".") for line in lines]
    reason = _masked(url, "; ".join(filter(None, parts)) or stderr.strip())
    if not is_path(url) and any(sign in stderr for sign in _DENIED):
        return AccessDenied(
            f"The repository {quoted(redacted(url))} denies access: {reason}. Give Git the right "
            f"credentials, by a credential helper (`git help credentials`) or an ssh key."
        )
    return TransportFailed(
        f"The repository {quoted(redacted(url))} cannot be reached: {reason}. Check the address, and that "
        f"`git ls-remote` with it works."
    )


def _masked(url: str, text: str) -> str:
    """`text` without what is secret in `url`, even where the secret is no legal part of a URL."""
    return _CREDENTIALS.sub("", text.replace(url, redacted(url)) if holds_secret(url) else text)
