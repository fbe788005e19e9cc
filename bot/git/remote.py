"""Repositories elsewhere, through the `git` program: its credential helpers, SSH agent and proxies are set up."""

import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bot.errors import Moved, Refused, TransportFailed
from bot.packages.naming import quoted
from bot.packages.registration import redacted

# Nothing that a URL could make run on this machine: `ext::` is a shell command.
_ENVIRONMENT = {"GIT_ALLOW_PROTOCOL": "file:http:https:ssh", "LC_ALL": "C"}
_REMOTE = re.compile(r"^remote: ?(?:portico: )?", re.MULTILINE)
_REASON = re.compile(r"\((.*)\)$")
# What git says when a ref was not where `expect` had it.
_MOVED = ("stale info", "fetch first", "non-fast-forward", "already exists", "needs force")
_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]*@")


class Answer(NamedTuple):
    """What the server said beside yes: the lines that its hooks wrote for the person."""

    text: str = ""


def list_refs(url: str, *patterns: str) -> dict[str, str]:
    """What each ref names (hex id), `HEAD` too; raises TransportFailed when the repository does not answer."""
    done = _git(None, "ls-remote", "--quiet", "--", url, *patterns)
    if done.returncode:
        raise _unreachable(url, done.stderr)
    lines = (line.partition("\t") for line in done.stdout.splitlines())
    return {ref: oid for oid, _, ref in lines}


def fetch(git_dir: Path, url: str) -> None:
    """Make the branches and tags of the bare repository `git_dir` those of `url`; raises TransportFailed."""
    specs = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
    done = _git(
        git_dir, "fetch", "--quiet", "--prune", "--no-write-fetch-head", "--no-auto-gc", "--", url, *specs
    )
    if done.returncode:
        raise _unreachable(url, done.stderr)


def push(
    git_dir: Path,
    url: str,
    refs: Mapping[str, str],
    *,
    expect: Mapping[str, str] = {},
    options: Sequence[str] = (),
) -> Answer:
    """Push commits (hex id by ref) all or none; `expect` says where a ref must be, '' for one that must not exist.

    Raises Moved when one is elsewhere, Refused with the server's reason, TransportFailed when it is not reached.
    """
    leases = [f"--force-with-lease={ref}:{oid}" for ref, oid in expect.items()]
    words = [f"--push-option={option}" for option in options]
    specs = [f"{oid}:{ref}" for ref, oid in refs.items()]
    done = _git(git_dir, "push", "--porcelain", "--no-verify", *leases, *words, "--", url, *specs)
    for line in done.stdout.splitlines():
        if line.startswith("!"):
            raise _refused(line, _said(done.stderr))
    if done.returncode:
        raise _unreachable(url, done.stderr)
    return Answer(_said(done.stderr))


def _git(git_dir: Path | None, *words: str) -> "subprocess.CompletedProcess[str]":
    place = ["--git-dir", str(git_dir)] if git_dir else []
    return subprocess.run(  # noqa: S603 our own words; URLs were checked when they were registered
        ["git", *place, *words],  # noqa: S607 the person's own git
        capture_output=True,
        text=True,
        errors="surrogateescape",
        check=False,
        env={**os.environ, **_ENVIRONMENT},
    )


def _said(stderr: str) -> str:
    lines: Iterable[str] = (line for line in stderr.splitlines() if line.startswith("remote:"))
    return "\n".join(_REMOTE.sub("", line).rstrip() for line in lines).strip()


def _refused(line: str, said: str) -> Moved | Refused:
    _, _, summary = line.rpartition("\t")
    reason = _REASON.search(summary)
    words = reason[1] if reason else summary
    if not summary.startswith("[remote") and any(sign in words for sign in _MOVED):
        return Moved(
            "Somebody else was faster: the branch is not where it was any more; look again and repeat."
        )
    # The reason is cut to one line by the protocol; what the hooks wrote is whole.
    return Refused(said if words in said else f"{words}\n{said}".strip())


def _unreachable(url: str, stderr: str) -> TransportFailed:
    lines = [
        line for line in stderr.splitlines() if line.startswith(("fatal: ", "ssh: ", "remote: ", "error: "))
    ]
    reason = (
        _CREDENTIALS.sub("", " ".join(line.partition(": ")[2].strip() for line in lines)) or stderr.strip()
    )
    return TransportFailed(f"The repository {quoted(redacted(url))} cannot be reached: {reason}")
