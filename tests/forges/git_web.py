"""Git's smart HTTP by `git http-backend`, with a pre-receive hook that asks who pushes what."""

import gzip
import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.forges.git_half import ZERO, Change

# The forge decides before Git runs, and the hook speaks, so that the person sees what a forge would say.
# What a forge cannot know before, whether commits that come along go forward, the hook finds out itself.
HOOK = """#!/bin/sh
if test -n "$FORGE_REFUSAL"; then
    printf '%s\\n' "$FORGE_REFUSAL" >&2
    exit 1
fi
while read -r old new ref; do
    case "$old$new" in *0000000000000000000000000000000000000000*) continue ;; esac
    case " $FORGE_STRAIGHT " in *" $ref "*) ;; *) continue ;; esac
    git merge-base --is-ancestor "$old" "$new" && continue
    printf "$FORGE_FORCED\\n" "$ref" >&2
    exit 1
done
"""
# What is said of a protected branch that would not go forward; %s is its full name.
FORCED = """error: GH006: Protected branch update failed for %s.
error: Cannot force-push to this branch"""
ROOMS = ("/info/refs", "/git-upload-pack", "/git-receive-pack")


@dataclass(frozen=True)
class Asked:
    """A request of Git's program: `path` begins with the repository's, from the root of all of them."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def repository(self) -> str:
        """The repository's path without `.git`."""
        room = next(room for room in ROOMS if self.path.endswith(room))
        return self.path.removesuffix(room).strip("/").removesuffix(".git")

    @property
    def writes(self) -> bool:
        """Whether it is a push, or asks for what a push needs to know."""
        return self.path.endswith("/git-receive-pack") or "service=git-receive-pack" in self.query

    @property
    def is_push(self) -> bool:
        return self.method == "POST" and self.path.endswith("/git-receive-pack")

    def content(self) -> bytes:
        """The body, unpacked."""
        packed = self.headers.get("Content-Encoding", "") == "gzip"
        return gzip.decompress(self.body) if packed else self.body

    def changes(self) -> list[Change]:
        """What a push wants to move, from the packet lines that open it."""
        found, rest = [], self.content()
        while (size := int(rest[:4], 16)) > 4:
            line, rest = rest[4:size], rest[size:]
            words = line.partition(b"\0")[0].strip().decode().split(" ", 2)
            if len(words) == 3 and len(words[0]) == len(ZERO):
                found.append(Change(words[2], words[0], words[1]))
        return found


@dataclass(frozen=True)
class Answered:
    """What Git's program said."""

    status: int
    headers: list[tuple[str, str]]
    content: bytes


def is_git(path: str) -> bool:
    """Whether a path is of smart HTTP."""
    return path.endswith(ROOMS)


def install(repository: Path) -> None:
    """Put the hook into a bare repository."""
    hook = repository / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(HOOK)
    hook.chmod(0o755)


def answer(
    asked: Asked, repository: Path, refusal: str = "", straight: Iterable[str] = (), forced: str = FORCED
) -> Answered:
    """What Git answers; `refusal` is why a push may not be.

    `straight` are refs that only go forward, and `forced` is what whoever forces them reads.
    """
    body = asked.content()
    environment = {
        "PATH": os.environ["PATH"],
        "GIT_PROJECT_ROOT": str(repository),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": next(room for room in ROOMS if asked.path.endswith(room)),
        "QUERY_STRING": asked.query,
        "REQUEST_METHOD": asked.method,
        "CONTENT_TYPE": asked.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "GIT_PROTOCOL": asked.headers.get("Git-Protocol", ""),
        "FORGE_REFUSAL": refusal,
        "FORGE_STRAIGHT": " ".join(straight),
        "FORGE_FORCED": forced,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    done = subprocess.run(
        ["git", "http-backend"], input=body, env=environment, capture_output=True, check=False
    )
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    lines = [line.decode().partition(": ")[::2] for line in head.split(b"\r\n") if line]
    status = next((int(value[:3]) for name, value in lines if name == "Status"), 200)
    return Answered(status, [(name, value) for name, value in lines if name != "Status"], content)
